"""`sotto pair`: shows a one-time code for a device or a client, or pairs this machine as a client."""

import argparse
import asyncio
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sotto_hub.errors import HomeError, UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json

if TYPE_CHECKING:
    from sotto_hub.client import Companion

PROBE_S: Final = 1.0


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Shows a one-time pairing code; with HOST:PORT and CODE, pairs this machine as a client of that hub."
    parser = add_command(commands, "pair", run, says)
    parser.add_argument("address", nargs="?", metavar="HOST:PORT", help="the hub to pair this machine with")
    parser.add_argument("code", nargs="?", metavar="CODE", help="the code that the hub shows")
    parser.add_argument("--client", action="store_true", help="a code for a client (TUI, command line), not a device")
    parser.add_argument("--name", default=socket.gethostname()[:64], help="how the hub will call this machine")
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Shows a code or spends one."""
    if args.address is None:
        return with_hub(args.home, lambda hub: _show(hub, args.client, args.json))
    if args.code is None:
        raise UsageError("code", "the code is missing: the hub shows it with `sotto pair --client`")
    return asyncio.run(_spend(args.address, args.code, args.name, args.home))


async def _show(hub: "Companion", client: bool, as_data: bool) -> int:
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.localtime import clock, zone_of
    from sotto_proto.v1 import link_pb2

    code = await hub.new_code(link_pb2.PEER_ROLE_CLIENT if client else link_pb2.PEER_ROLE_DEVICE)
    if as_data:
        say_json(as_json(code))
        return 0
    zone = zone_of((await hub.status()).timezone)
    address = await asyncio.to_thread(address_for_others, hub.address, code.port)
    command = f"sotto pair {address} {code.code}" if client else f"sotto-device pair {address} {code.code}"
    say(f"code     {code.code}", f"valid    once, until {clock(code.expires_ns, zone)}")
    say(f"type on the {'other machine' if client else 'device'}:", f"  {command}")
    if _host(address) in ("127.0.0.1", "localhost", "::1"):
        say("The hub listens on this machine only; for others, start it with --listen 0.0.0.0:7443.")
    return 0


def address_for_others(link: str, pairing_port: int) -> str:
    """HOST:PORT of the link as another machine would type it. `link`: as this client reaches it. Blocks for a second.

    A hub that is reached over loopback may listen on all addresses: the pairing port, just opened, is tried on this
    machine's own address.
    """
    if _host(link) not in ("127.0.0.1", "localhost", "::1"):
        return link
    own = _own_address()
    try:
        with socket.create_connection((own, pairing_port), timeout=PROBE_S):
            return f"{own}:{link.rpartition(':')[2]}"
    except OSError:
        return link


def _own_address() -> str:
    """The address of this machine on its network. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address: nobody has it
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


async def _spend(address: str, code: str, name: str, home: Path | None) -> int:
    from sotto_hub.surfaces.credentials import as_hub_error
    from sotto_hub.surfaces.place import client_folder
    from sotto_proto.errors import LinkError
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


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")
