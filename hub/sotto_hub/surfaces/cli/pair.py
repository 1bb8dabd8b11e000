"""`sotto pair`: shows a code until somebody has used it, or pairs this machine as a client with a code of a hub."""

import argparse
import asyncio
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sotto_hub.errors import HomeError, UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json
from sotto_proto.errors import LinkError
from sotto_proto.scopes import ALL_SCOPES, checked_scopes

if TYPE_CHECKING:
    from datetime import tzinfo

    from sotto_hub.client import Companion
    from sotto_hub.surfaces.pairing_card import PairingCard
    from sotto_proto.v1 import companion_pb2 as pb

LIFE_S: Final = 600.0
"""How long a code lives; for a hub whose clock is not this machine's."""

POLL_S: Final = 1.0
SCHEME: Final = "sotto://"


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Shows a code for a device or a client; with the code of another hub, pairs this machine as its client."
    parser = add_command(commands, "pair", run, says)
    where = "the hub to pair this machine with; may be left out in the hub's own network"
    parser.add_argument("address", nargs="?", metavar="HOST:PORT", help=where)
    parser.add_argument("code", nargs="?", metavar="CODE", help="the six digits that the hub shows, or its link")
    parser.add_argument("--client", action="store_true", help="a code for a client (TUI, command line), not a device")
    may = f"what the client may do: {', '.join(ALL_SCOPES)} (default: all but keep); says --client by itself"
    parser.add_argument("--scopes", type=scopes_named, default=(), metavar="A,B", help=may)
    parser.add_argument("--name", default=socket.gethostname()[:64], help="how the hub will call this machine")
    parser.add_argument(
        "--no-wait", action="store_true", help="show the code and go, without waiting until it is used"
    )
    add_json(parser)
    add_home(parser)


def scopes_named(text: str) -> tuple[str, ...]:
    """Scopes as an argument: "watch,ask"."""
    try:
        return checked_scopes(word for word in text.replace(",", " ").split())
    except LinkError as error:
        raise argparse.ArgumentTypeError(error.sentence) from None


def run(args: argparse.Namespace) -> int:
    """Shows a code or spends one; status 1 when a code that was shown expires unused."""
    if args.address is None:
        return with_hub(args.home, lambda hub: _show(hub, args))
    address, code = told_apart(args.address, args.code)
    return asyncio.run(_spend(address, code, args.name, args.home))


def told_apart(first: str, second: str | None) -> tuple[str | None, str]:
    """Address and code of what was typed (pure); no address where the code stands alone.

    Raises `UsageError` with code `code`.
    """
    if second is not None:
        return (None, first + second) if f"{first}{second}".isdigit() else (first, second)
    if first.lower().startswith(SCHEME) or not set(first.partition("-")[0]) - set("0123456789 "):
        return None, first
    raise UsageError("code", "the code is missing: the hub shows it with `sotto pair --client`")


# ---- showing a code


async def _show(hub: "Companion", args: argparse.Namespace) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_proto.v1 import link_pb2

    client = args.client or bool(args.scopes)
    role = link_pb2.PEER_ROLE_CLIENT if client else link_pb2.PEER_ROLE_DEVICE
    known = set() if args.json or args.no_wait else {peer.id for peer in await hub.peers()}
    code = await hub.new_code(role, scopes=args.scopes)
    if args.json:
        say_json(as_json(code))
        return 0
    card = card_of(code, hub.address, await zone_at(hub), client, args.scopes)
    _draw(card)
    return 0 if args.no_wait else await _wait(hub, known, left_s(code.expires_ns, time.time_ns()))


def card_of(
    code: "pb.PairingCode", reached: str, zone: "tzinfo", client: bool, scopes: tuple[str, ...]
) -> "PairingCard":
    """The card of a code (pure). `reached`: the hub as this client reaches it, where the code says no address."""
    from sotto_hub.surfaces.localtime import clock
    from sotto_hub.surfaces.pairing_card import PairingCard

    address = code.link.removeprefix(SCHEME).partition("/")[0] or reached
    return PairingCard(
        digits=code.code,
        address=address,
        fingerprint=code.fingerprint,
        until=clock(code.expires_ns, zone),
        client=client,
        local=address.rpartition(":")[0].strip("[]") in ("127.0.0.1", "localhost", "::1"),
        may=", ".join(scopes),
        link=code.link,
    )


def left_s(expires_ns: int, now_ns: int) -> float:
    """How long a code still lives, seconds (pure). A clock that is not the hub's cannot tell: then all its life."""
    left = (expires_ns - now_ns) / 1e9
    return left if 0 < left <= LIFE_S else LIFE_S


def _draw(card: "PairingCard") -> None:
    from sotto_hub.surfaces.pairing_card import card_lines, plain_lines, white_on_black

    if not sys.stdout.isatty():
        say(*plain_lines(card))
        return
    from sotto_hub.surfaces.qr import qr_lines

    qr = [] if card.local or not card.link else qr_lines(card.link)
    say(*card_lines(card, qr, shutil.get_terminal_size().columns, white_on_black))


async def _wait(hub: "Companion", known: set[str], within_s: float) -> int:
    """Until a peer is there that was not before, or the code has expired."""
    say("waiting; Ctrl-C leaves, the code stays valid")
    try:
        async with asyncio.timeout(within_s):
            peer = await _newcomer(hub, known)
    except TimeoutError:
        say("the code has expired and nobody has used it: `sotto pair` makes another")
        return 1
    from sotto_hub.surfaces.peers import kind_word, may_words

    say(f"paired: {peer.name}, a {kind_word(peer)}; it may {may_words(peer)}")
    return 0


async def _newcomer(hub: "Companion", known: set[str]) -> "pb.PeerInfo":
    while True:
        for peer in await hub.peers():
            if peer.id not in known:
                return peer
        await asyncio.sleep(POLL_S)


# ---- spending one


async def _spend(address: str | None, code: str, name: str, home: Path | None) -> int:
    from sotto_hub.surfaces.credentials import as_hub_error
    from sotto_hub.surfaces.place import client_folder
    from sotto_proto.pairing import PeerRole, pair

    folder = client_folder(home)
    try:
        credentials = await pair(address, code, name=name, role=PeerRole.CLIENT)
        credentials.save(folder)
    except LinkError as error:
        raise as_hub_error(error) from None
    except OSError as error:
        raise HomeError("client", f"{folder} cannot be written: {error.strerror}") from None
    say(f"paired with the hub at {credentials.address}; try `sotto status`")
    return 0
