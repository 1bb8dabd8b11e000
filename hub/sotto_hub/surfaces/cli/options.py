"""Options that commands share, and what they have in common: where the hub is, and how to reach it."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sotto_hub.errors import LinkDown
from sotto_hub.surfaces.duration import parse_duration

if TYPE_CHECKING:
    from sotto_hub.client import Companion

Subparsers = argparse._SubParsersAction  # the only name that argparse has for it
Parser = argparse.ArgumentParser
Run = Callable[[argparse.Namespace], int]
MOST: Final = 1_000_000


def add_command(commands: "Subparsers[Parser]", name: str, run: Run, says: str) -> Parser:
    """A subcommand whose help is one sentence; `run` gets the parsed arguments and returns the exit status."""
    parser = commands.add_parser(name, help=says[0].lower() + says[1:].rstrip("."), description=says)
    parser.set_defaults(run=run)
    return parser


def add_home(parser: argparse.ArgumentParser) -> None:
    """`--home DIR`: the hub's data folder."""
    says = (
        "the hub's data folder (default: $SOTTO_HOME, ~/.local/share/sotto, or the hub this machine was paired with)"
    )
    parser.add_argument("--home", type=Path, metavar="DIR", help=says)


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: for programs."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def with_hub(home: Path | None, task: "Callable[[Companion], Awaitable[int]]") -> int:
    """Runs one task with a connection to the hub; the exit status is the task's."""
    return asyncio.run(_with_hub(home, task))


async def _with_hub(home: Path | None, task: "Callable[[Companion], Awaitable[int]]") -> int:
    from sotto_hub.surfaces.reach import follow, reach

    async with reach(home) as hub:
        try:
            return await task(hub)
        except LinkDown:
            if hub.answered or not await follow(home):
                raise
    async with reach(home) as hub:
        return await task(hub)


def how_many(text: str) -> int:
    """A limit as an argument: 0 (no limit, or the default) to a million."""
    if not (text.isascii() and text.isdigit() and int(text[:8]) <= MOST):
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 to {MOST:,}")
    return int(text)


def span(text: str) -> int:
    """A length of time as an argument, nanoseconds. Raises `UsageError`, which `main` says."""
    return parse_duration(text)
