"""`sotto forget`: takes the last minutes back, in transcript, memory and what still waits, and proves it."""

import argparse
from typing import TYPE_CHECKING

from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, span, with_hub
from sotto_hub.surfaces.cli.out import say, say_json
from sotto_hub.surfaces.cli.prompt import agreed

if TYPE_CHECKING:
    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb

VERIFY = "then search every byte of the hub's home for the words, and say what was found"


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Takes back the last minutes: what was heard and every memory that rests on nothing else, for good."
    parser = add_command(commands, "forget", run, says)
    parser.add_argument("--last", required=True, metavar="TIME", help="how much: 90s, 10m, 2h")
    parser.add_argument("--verify", action="store_true", help=VERIFY)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Asks once, then erases; status 1 when a search that was asked for does not prove it."""
    from sotto_hub.surfaces.duration import say_duration

    last_ns = span(args.last)
    if not args.yes and not agreed(f"Erase everything of the last {say_duration(last_ns)}, for good?"):
        say("nothing was taken back")
        return 1

    async def forget(hub: "Companion") -> int:
        return show_erased(await hub.off_the_record(last_ns, verify=args.verify), "taken back", args)

    return with_hub(args.home, forget)


def show_erased(reply: "pb.EraseReply", what: str, args: argparse.Namespace) -> int:
    """Says what went and, where it was asked for, what the search has found. Status 1 when that is no proof."""
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.searched import erased_counts, proved, search_lines

    if args.json:
        say_json(as_json(reply))
    else:
        say(f"{what}: {erased_counts(reply)}", *(search_lines(reply) if args.verify else ()))
    return int(args.verify and not proved(reply))
