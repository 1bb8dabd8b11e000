"""`sotto memory erase`: a memory, a person, a span of time or words; shown first, then gone for good.

By person, span or words what was heard goes too; by id only the memory.
"""

import argparse
from typing import TYPE_CHECKING, Final

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.forget import VERIFY, show_erased
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say
from sotto_hub.surfaces.cli.prompt import agreed, somebody_to_ask

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import tzinfo

    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb

    Select = Callable[[Companion], Awaitable[pb.MemorySelection]]

Parser = argparse.ArgumentParser
SAYS: Final = (
    "Erases for good: one memory; or all memories of a person, a time or some words, and what was heard of them."
)


def add(actions: "Subparsers[Parser]") -> None:
    """Adds the command."""
    erasing = add_command(actions, "erase", run, SAYS)
    erasing.add_argument("id", nargs="?", help="one memory, as `sotto memory list` shows it; what was heard stays")
    erasing.add_argument("--person", metavar="NAME", help="all that names this person: memories, and what was heard")
    erasing.add_argument(
        "--from", dest="since", metavar="TIME", help="all that was said, happened or was learnt since then ..."
    )
    erasing.add_argument("--to", dest="until", metavar="TIME", help="... to then: whole days, or times")
    erasing.add_argument("--query", metavar="WORDS", help="all that say these words: memories, and what was heard")
    erasing.add_argument("--verify", action="store_true", help=VERIFY)
    erasing.add_argument("--yes", action="store_true", help="do not ask")
    add_json(erasing)
    add_home(erasing)


def run(args: argparse.Namespace) -> int:
    """Shows what goes, asks once, then erases; status 1 when a search that was asked for does not prove it."""
    from sotto_proto.v1 import companion_pb2 as pb

    _require_one(args)
    if args.since is None:
        return erase_selected(pb.MemorySelection(id=args.id, person=args.person, query=args.query), args)
    span: list[pb.MemorySelection] = []

    async def read(hub: "Companion") -> int:
        from sotto_hub.surfaces.hub_facts import zone_at

        span.append(_span(args.since, args.until, await zone_at(hub)))
        return 0

    return with_hub(args.home, read) or erase_selected(span[0], args)


def erase_selected(selection: "pb.MemorySelection", args: argparse.Namespace) -> int:
    """Shows what goes, asks once (not with --yes), then erases."""
    if not args.yes and not _agreed(selection, args):
        say("nothing was erased")
        return 1

    async def erase(hub: "Companion") -> int:
        return show_erased(await hub.erase(selection, verify=args.verify), "erased", args)

    return with_hub(args.home, erase)


def _agreed(selection: "pb.MemorySelection", args: argparse.Namespace) -> bool:
    """Whether the person, having seen what goes, says yes. Nothing to erase is nothing to ask about."""
    somebody_to_ask()
    going: list[str] = []

    async def look(hub: "Companion") -> int:
        from sotto_hub.surfaces.hub_facts import zone_at
        from sotto_hub.surfaces.laid_open import going_lines

        going.extend(going_lines(await hub.select(selection), await hub.select_heard(selection), await zone_at(hub)))
        return 0

    with_hub(args.home, look)
    say(*going)
    return len(going) > 1 and agreed("Erase all of this, for good?")


def _require_one(args: argparse.Namespace) -> None:
    by_span = args.since is not None or args.until is not None
    if by_span and (args.since is None or args.until is None):
        raise UsageError("span", "a span of time needs both: --from and --to")
    if sum((args.id is not None, args.person is not None, args.query is not None, by_span)) != 1:
        raise UsageError("selection", "say what to erase by one of: ID, --person, --from and --to, --query")


def _span(since: str, until: str, zone: "tzinfo") -> "pb.MemorySelection":
    from sotto_hub.surfaces.localtime import day_or_time
    from sotto_proto.v1 import companion_pb2 as pb

    from_ns, to_ns = day_or_time(since, zone)[0], day_or_time(until, zone)[1]
    if to_ns <= from_ns:
        raise UsageError("span", "that span of time ends before it begins")
    return pb.MemorySelection(span=pb.TimeSpan(from_ns=from_ns, to_ns=to_ns))
