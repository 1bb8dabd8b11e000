"""`sotto memory`: what is kept, found, erased, carried away and brought in."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sotto_hub.errors import HubError, UsageError
from sotto_hub.surfaces.cli.forget import VERIFY, show_erased
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json
from sotto_hub.surfaces.cli.prompt import agreed

if TYPE_CHECKING:
    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb

Parser = argparse.ArgumentParser
MOST: Final = 1_000_000


def add(commands: "Subparsers[Parser]") -> None:
    """Adds the command and its five parts."""
    says = "Lists, searches, erases, exports and imports memories."
    parts = commands.add_parser("memory", help=says[0].lower() + says[1:-1], description=says)
    actions = parts.add_subparsers(required=True, dest="action")
    listing = add_command(actions, "list", run_list, "Lists memories, strongest first within the newest.")
    listing.add_argument("--limit", type=how_many, default=0, metavar="N", help="only so many")
    searching = add_command(actions, "search", run_search, "Finds memories by words and says why each was found.")
    searching.add_argument("words", nargs="+")
    searching.add_argument("--limit", type=how_many, default=10, metavar="N", help="only so many (default 10)")
    erasing = add_command(actions, "erase", run_erase, "Erases one memory for good, with every copy of its words.")
    erasing.add_argument("id", help="as `sotto memory list` shows it")
    erasing.add_argument("--verify", action="store_true", help=VERIFY)
    erasing.add_argument("--yes", action="store_true", help="do not ask")
    add_json(erasing)
    exporting = add_command(actions, "export", run_export, "Writes memories in the portable form, a JSON line each.")
    exporting.add_argument("--out", type=Path, metavar="FILE", help="a new file instead of standard output")
    importing = add_command(actions, "import", run_import, "Brings exported memories in: all of a file or nothing.")
    importing.add_argument("file", type=Path, help="a file that `sotto memory export` wrote, or - for standard input")
    add_home(erasing)
    _add_common(listing, searching, exporting, importing)


def _add_common(listing: Parser, searching: Parser, exporting: Parser, importing: Parser) -> None:
    for parser in (listing, exporting):
        parser.add_argument("--kind", action="append", default=[], metavar="KIND", help="only this kind (repeatable)")
    for parser in (listing, searching):
        parser.add_argument("--past", action="store_true", help="also what is no longer true, or archived")
        add_json(parser)
    for parser in (listing, searching, exporting, importing):
        add_home(parser)


def run_list(args: argparse.Namespace) -> int:
    """Lists."""

    async def show(hub: "Companion") -> int:
        memories = await hub.memories(kinds=args.kind, include_past=args.past, limit=args.limit)
        return await _show(hub, [(memory, "") for memory in memories], args.json)

    return with_hub(args.home, show)


def run_search(args: argparse.Namespace) -> int:
    """Searches."""

    async def show(hub: "Companion") -> int:
        hits = await hub.search(" ".join(args.words), limit=args.limit, include_past=args.past)
        return await _show(hub, [(hit.memory, hit.why) for hit in hits], args.json)

    return with_hub(args.home, show)


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


def run_erase(args: argparse.Namespace) -> int:
    """Asks once, then erases; status 1 when a search that was asked for does not prove it."""
    if not args.yes and not agreed(f"Erase the memory {args.id}, for good?"):
        say("nothing was erased")
        return 1

    async def erase(hub: "Companion") -> int:
        return show_erased(await hub.erase(args.id, verify=args.verify), "erased", args)

    return with_hub(args.home, erase)


def run_export(args: argparse.Namespace) -> int:
    """Exports; a file is written whole or not at all and never replaces another."""

    async def export(hub: "Companion") -> int:
        lines = [line async for line in hub.export(args.kind)]
        if args.out is None:
            say(*lines)
        else:
            _write_new(args.out, lines)
            say(f"{len(lines)} lines in {args.out}")
        return 0

    return with_hub(args.home, export)


def _write_new(path: Path, lines: list[str]) -> None:
    """Memories are private: 0600."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    except FileExistsError:
        raise UsageError("exists", f"{path} exists: choose a new file") from None
    except OSError as error:
        raise HubError("write", f"{path} cannot be written: {error.strerror}") from None


def run_import(args: argparse.Namespace) -> int:
    """Imports."""
    lines = _read(args.file)

    async def bring(hub: "Companion") -> int:
        reply = await hub.import_(lines)
        say(f"{reply.added} added, {reply.unchanged} were known already")
        return 0

    return with_hub(args.home, bring)


def _read(path: Path) -> list[str]:
    try:
        text = piped() if str(path) == "-" else path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError("read", f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError("read", f"{path} is not UTF-8 text: it must hold lines of `sotto memory export`") from None
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise UsageError("empty", f"{path} holds no lines")
    return lines


def piped() -> str:
    """All of standard input; nothing when there is none."""
    return sys.stdin.read() if sys.stdin else ""


def how_many(text: str) -> int:
    """A limit as an argument: 0 (no limit, or the default) to a million."""
    if not (text.isascii() and text.isdigit() and int(text[:8]) <= MOST):
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 to {MOST:,}")
    return int(text)
