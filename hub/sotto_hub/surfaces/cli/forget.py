"""`sotto forget`: takes the last minutes back, in transcript, memory and what still waits."""

import argparse
import sys
from typing import TYPE_CHECKING

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, span, with_hub
from sotto_hub.surfaces.cli.out import say, say_json, say_piece

if TYPE_CHECKING:
    from sotto_hub.client import Companion


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Takes back the last minutes: what was heard and every memory that rests on nothing else, for good."
    parser = add_command(commands, "forget", run, says)
    parser.add_argument("--last", required=True, metavar="TIME", help="how much: 90s, 10m, 2h")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Asks once, then erases."""
    from sotto_hub.surfaces.duration import say_duration

    last_ns = span(args.last)
    if not args.yes and not _agreed(say_duration(last_ns)):
        say("nothing was taken back")
        return 1
    return with_hub(args.home, lambda hub: _forget(hub, last_ns, args.json))


def _agreed(span_text: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("confirm", "this erases for good and nobody can be asked here: say --yes")
    say_piece(f"Erase everything of the last {span_text}, for good? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


async def _forget(hub: "Companion", last_ns: int, as_data: bool) -> int:
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.lines import count

    reply = await hub.off_the_record(last_ns)
    if as_data:
        say_json(as_json(reply))
        return 0
    went = (count(reply.utterances, "utterance"), count(reply.memories, "memory", "memories"))
    say(f"taken back: {', '.join(went)}, {count(reply.suggestions, 'suggestion')}")
    return 0
