"""`sotto memory export` and `import`: memories carried away and brought in, in the portable form."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sotto_hub.errors import HubError, UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, with_hub
from sotto_hub.surfaces.cli.out import say

if TYPE_CHECKING:
    from sotto_hub.client import Companion

Parser = argparse.ArgumentParser


def add(actions: "Subparsers[Parser]") -> None:
    """Adds both."""
    exporting = add_command(actions, "export", run_export, "Writes memories in the portable form, a JSON line each.")
    exporting.add_argument("--out", type=Path, metavar="FILE", help="a new file instead of standard output")
    exporting.add_argument("--kind", action="append", default=[], metavar="KIND", help="only this kind (repeatable)")
    importing = add_command(actions, "import", run_import, "Brings exported memories in: all of a file or nothing.")
    importing.add_argument("file", type=Path, help="a file that `sotto memory export` wrote, or - for standard input")
    for parser in (exporting, importing):
        add_home(parser)


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
