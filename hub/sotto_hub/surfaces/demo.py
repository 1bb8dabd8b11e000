"""The demo: a throw-away home, a real hub and a real device, one recorded day, and what came of it."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from sotto_hub.client import Companion
from sotto_hub.surfaces.examination.day import Day, read_day
from sotto_hub.surfaces.household import Household
from sotto_hub.surfaces.lines import event_lines
from sotto_hub.surfaces.localtime import iso, local
from sotto_hub.surfaces.summary import Outcome, summary_sentence

LINGER_NS: Final = 600_000_000_000
"""The demo goes on for ten quiet minutes after the last scene, so that what waits for a pause gets one."""

LONGEST_REST_S: Final = "5"
"""At real pace nobody wants to wait an hour for the walk to the store."""

LAST_S: Final = 0.5
"""For the last lines, or the last words of a process, to come through."""

Say = Callable[[str], None]
Screen = Callable[[Companion, Callable[[], Awaitable[str]], tuple[int, int]], Awaitable[None]]
"""Shows the hub until the person leaves; gets what waits for the day's summary, and the span of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """`pace`: "fast" or "real". `hear`: arguments that choose the recogniser. `screen`: none for plain lines."""

    pace: str
    hear: Sequence[str] = ()
    screen: Screen | None = None


@contextmanager
def throw_away_home(keep: bool) -> Iterator[Path]:
    """A private temporary folder, removed at the end unless it shall be kept."""
    home = Path(tempfile.mkdtemp(prefix="sotto-demo-"))
    try:
        yield home
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


async def run_demo(home: Path, options: DemoOptions, say: Say) -> Outcome:
    """Lives the demo day in `home`, on a screen or line by line through `say`; returns what stands at the end."""
    with as_file(files("sotto_hub.surfaces") / "demo_day") as folder:
        day = read_day(folder)
        async with Household(home, hear=options.hear) as house, house.companion() as hub:
            await house.pair_device("pendant")
            lived = asyncio.create_task(house.while_hub_lives(_live(house, hub, day, options.pace)))
            try:
                if options.screen is None:
                    await _show_lines(hub, day, lived, say)
                else:
                    await _show_screen(hub, day, lived, options.screen)
            finally:
                lived.cancel()
                await asyncio.gather(lived, return_exceptions=True)
            return await outcome_of(hub, day.zone, finished=not lived.cancelled())


async def outcome_of(hub: Companion, zone: tzinfo, *, finished: bool = True) -> Outcome:
    """What stands at the hub now."""
    return Outcome(
        utterances=await hub.transcript(),
        memories=await hub.memories(),
        suggestions=await hub.suggestions(),
        ledger=await hub.ledger(),
        zone=zone,
        finished=finished,
    )


def heading(day: Day) -> str:
    """How a lived day is announced (pure)."""
    return f"{local(day.start_ns, day.zone):%A %d %B %Y}, as {day.wearer.title() or 'somebody'} lived it"


async def _live(house: Household, hub: Companion, day: Day, pace: str) -> None:
    """The device lives the day; done when the hub has understood it."""
    until_ns = day.end_ns + LINGER_NS
    options = ("--pace", pace, "--longest-rest", LONGEST_REST_S, "--until", iso(until_ns, day.zone))
    device = await house.start_device(f"replay:{day.folder}", *options)
    await device.until("done", None)
    await house.settled(hub, until_ns)


async def _show_lines(hub: Companion, day: Day, lived: asyncio.Task[None], say: Say) -> None:
    """Prints what happens below a heading, until the day is done."""
    say(heading(day))
    shown = asyncio.create_task(_say_events(hub, day.zone, say))
    try:
        await asyncio.wait((shown, lived), return_when=asyncio.FIRST_COMPLETED)
        if shown.done():  # why the hub ended says more than that it is gone
            await asyncio.wait((lived,), timeout=LAST_S)
            lived.result() if lived.done() else shown.result()
        lived.result()
        await asyncio.wait((shown,), timeout=LAST_S)
    finally:
        shown.cancel()
        await asyncio.gather(shown, return_exceptions=True)


async def _say_events(hub: Companion, zone: tzinfo, say: Say) -> None:
    async for event in hub.watch():
        for line in event_lines(event, zone):
            say(line)


async def _show_screen(hub: Companion, day: Day, lived: asyncio.Task[None], screen: Screen) -> None:
    """Shows the screen until the person leaves it; raises what went wrong with the day."""

    async def summary() -> str:
        await asyncio.shield(lived)
        return summary_sentence(await outcome_of(hub, day.zone))

    await screen(hub, summary, (day.start_ns, day.end_ns))
    if lived.done():
        lived.result()
