"""`sotto memory`: what is kept, and what is found; its other parts have files of their own."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from sotto_hub.surfaces.cli import memory_erase, memory_files, memory_review, memory_show
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, how_many, with_hub
from sotto_hub.surfaces.cli.out import say, say_json

if TYPE_CHECKING:
    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb

Parser = argparse.ArgumentParser
PAST: Final = "also what is no longer true, or archived"
DAY: Final = "a day like 2026-03-09 (its end), or a time like 2026-03-09T18:00"


def add(commands: "Subparsers[Parser]") -> None:
    """Adds the command and its parts."""
    says = "Lists, searches, shows, corrects, reviews, prunes, erases, exports and imports memories."
    parts = commands.add_parser("memory", help=says[0].lower() + says[1:-1], description=says)
    actions = parts.add_subparsers(required=True, dest="action")
    _add_list(actions)
    _add_search(actions)
    for part in (memory_show, memory_review, memory_erase, memory_files):
        part.add(actions)


def _add_list(actions: "Subparsers[Parser]") -> None:
    listing = add_command(actions, "list", run_list, "Lists memories, strongest first within the newest.")
    listing.add_argument("--limit", type=how_many, default=0, metavar="N", help="only so many")
    listing.add_argument("--kind", action="append", default=[], metavar="KIND", help="only this kind (repeatable)")
    listing.add_argument("--past", action="store_true", help=PAST)
    add_json(listing)
    add_home(listing)


def _add_search(actions: "Subparsers[Parser]") -> None:
    searching = add_command(actions, "search", run_search, "Finds memories by words and says why each was found.")
    searching.add_argument("words", nargs="+")
    searching.add_argument("--limit", type=how_many, default=10, metavar="N", help="only so many (default 10)")
    searching.add_argument("--past", action="store_true", help=PAST)
    searching.add_argument("--as-of", metavar="DATE", help=f"what was true then: {DAY}")
    searching.add_argument("--known-at", metavar="DATE", help="as it was known then, before later corrections")
    add_json(searching)
    add_home(searching)


def run_list(args: argparse.Namespace) -> int:
    """Lists."""

    async def show(hub: "Companion") -> int:
        memories = await hub.memories(kinds=args.kind, include_past=args.past, limit=args.limit)
        return await _show(hub, [(memory, "") for memory in memories], args.json)

    return with_hub(args.home, show)


def run_search(args: argparse.Namespace) -> int:
    """Searches; a day stands for its end, so that all that began to be true on it counts."""
    words = " ".join(args.words)

    async def show(hub: "Companion") -> int:
        as_of_ns, known_at_ns = await _instant(hub, args.as_of), await _instant(hub, args.known_at)
        hits = await hub.search(
            words, limit=args.limit, include_past=args.past, as_of_ns=as_of_ns, known_at_ns=known_at_ns
        )
        return await _show(hub, [(hit.memory, hit.why) for hit in hits], args.json)

    return with_hub(args.home, show)


async def _instant(hub: "Companion", text: str | None) -> int:
    """The last nanosecond of a day, or a time; 0 when none was given."""
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.localtime import day_or_time

    if text is None:
        return 0
    from_ns, until_ns = day_or_time(text, await zone_at(hub))
    return max(from_ns, until_ns - 1)


async def _show(hub: "Companion", found: "Iterable[tuple[pb.Memory, str]]", as_data: bool) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.lines import memory_text

    if as_data:
        say_json({**as_json(memory), **({"why": why} if why else {})} for memory, why in found)
        return 0
    zone = await zone_at(hub)
    lines = [f"{memory.id}  {memory_text(memory, zone)}" + (f"  [{why}]" if why else "") for memory, why in found]
    say(*(lines or ["nothing is kept that fits"]))
    return 0
