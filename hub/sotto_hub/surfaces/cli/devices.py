"""`sotto devices`: who is paired with the hub, and how to end it."""

import argparse
from typing import TYPE_CHECKING

from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json
from sotto_hub.surfaces.cli.prompt import agreed

if TYPE_CHECKING:
    from sotto_hub.client import Companion


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command and its two parts."""
    says = "Lists devices and clients that are paired with the hub, and revokes them."
    parts = commands.add_parser("devices", help=says[0].lower() + says[1:-1], description=says)
    actions = parts.add_subparsers(required=True, dest="action")
    listing = add_command(actions, "list", run_list, "Lists who is paired, what each may do and when it was seen.")
    says = "Ends a pairing: the peer is cut off at once, and its certificate opens nothing any more."
    revoking = add_command(actions, "revoke", run_revoke, says)
    revoking.add_argument("peer", metavar="NAME", help="its name, or its id where two have the same name")
    revoking.add_argument("--yes", action="store_true", help="do not ask")
    for parser in (listing, revoking):
        add_json(parser)
        add_home(parser)


def run_list(args: argparse.Namespace) -> int:
    """Lists."""
    return with_hub(args.home, lambda hub: _list(hub, args.json))


async def _list(hub: "Companion", as_data: bool) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.peers import peer_lines

    peers = await hub.peers()
    if as_data:
        say_json(as_json(peer) for peer in peers)
    else:
        say(*peer_lines(peers, await zone_at(hub)))
    return 0


def run_revoke(args: argparse.Namespace) -> int:
    """Asks once, then revokes."""
    if not args.yes and not agreed(f"Revoke {args.peer}? To come back it must be paired again."):
        say("nothing was revoked")
        return 1
    return with_hub(args.home, lambda hub: _revoke(hub, args.peer, args.json))


async def _revoke(hub: "Companion", peer: str, as_data: bool) -> int:
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.peers import kind_word

    gone = await hub.revoke(peer)
    if as_data:
        say_json(as_json(gone))
    else:
        say(f"revoked: the {kind_word(gone)} {gone.name} is cut off, and its certificate opens nothing any more")
    return 0
