"""`sotto tui`: the companion on a terminal."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sotto_hub.errors import HubError, UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home

if TYPE_CHECKING:
    from sotto_hub.client import Companion


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    add_home(
        add_command(commands, "tui", run, "Shows the companion on this terminal, as it hears, keeps and offers.")
    )


def run(args: argparse.Namespace) -> int:
    """Runs until the person leaves. The hub may come and go meanwhile."""
    from sotto_hub.surfaces.credentials import find_credentials
    from sotto_hub.surfaces.reach import Reach

    if not sys.stdout.isatty():
        raise UsageError("terminal", "`sotto tui` needs a terminal; `sotto status` and `sotto ask` do not")
    find_credentials(args.home)
    require_textual()
    from sotto_hub.surfaces.tui.app import run as run_app

    asyncio.run(run_app(Reach(args.home).connect))
    return 0


async def show_day(hub: "Companion", finished: Callable[[], Awaitable[str]], span_ns: tuple[int, int]) -> None:
    """The screen for a recorded day: with its progress, and its summary at the end."""
    require_textual()
    from sotto_hub.surfaces.tui.app import run as run_app

    await run_app(hub, title="Sotto demo", finished=finished, span_ns=span_ns)


def require_textual() -> None:
    """Raises `HubError` with code `textual` when the screen's library is not installed."""
    if find_spec("textual") is None:
        raise HubError("textual", "the screen needs textual: pip install 'sotto[tui]'")
