"""Waits until the screen is as a test says, or fails."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from sotto_hub.surfaces.tui.hanging import lines
from sotto_hub.surfaces.tui.widgets.sheet import Sheet

LIMIT_S = 10.0


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Lets the app work until the condition holds and all of it is painted."""
    async with asyncio.timeout(LIMIT_S):
        while not holds() or getattr(pilot.app, "painting", False):
            await pilot.pause(0.005)
    await pilot.pause(0)


def sheet_text(app: Any, selector: str) -> str:
    """What a sheet shows, line by line, at a width at which nothing wraps."""
    return _text(app.screen_stack[0].query_one(selector, Sheet))


def top_sheet(app: Any, selector: str) -> str:
    """The same of whatever is on top, such as a question or the ledger."""
    return _text(app.screen_stack[-1].query_one(selector, Sheet))


def _text(sheet: Sheet) -> str:
    return "\n".join("".join(p.text for p in line).rstrip() for line in lines(sheet.rows, 1_000))
