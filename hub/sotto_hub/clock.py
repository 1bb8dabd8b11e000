"""The hub's time: it never goes back, follows a right clock, and does not believe a wrong one at once.

Below everything: devices map their capture times to it, codes and certificates are dated by it. Understanding runs on
event time, which comes from here too, by way of the devices. Hub time is the time since this machine started (time
spent asleep counted) plus a base, and the base follows the system clock:

    a little ahead, up to a day   at once
    further ahead                 once it has stayed there for an hour, or at the next start of the hub
    a little behind, up to a day  by running slower, so that time goes on
    further behind                never while the hub runs; at its next start, and then one sentence says so

What was given out is noted (`Stored`), so that a hub that was killed, or a machine without a clock of its own, goes
on from there. Everything but `HubClock` is pure.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

Clock = Callable[[], int]
"""Gives Unix nanoseconds."""

LOG: Final = logging.getLogger("sotto.clock")

SECOND_NS: Final = 1_000_000_000
MINUTE_NS: Final = 60 * SECOND_NS
HOUR_NS: Final = 60 * MINUTE_NS
DAY_NS: Final = 24 * HOUR_NS
MADE_NS: Final = 1_767_225_600 * SECOND_NS
"""2026-01-01: Sotto was made after it, so a clock that shows an earlier time is wrong."""

TICK_NS: Final = 10_000_000
"""Closer than this the clocks agree: the two cannot be read at one instant."""

SLOWER: Final = 10
"""Time that is ahead of the system clock loses one part in ten until it is not."""

LEASE_NS: Final = MINUTE_NS
"""How far ahead of the newest time the note is written, so that it need not be written often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Both clocks of the machine at one instant. `boot` names its start: `monotonic_ns` counts from there."""

    boot: str
    monotonic_ns: int
    wall_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What outlives the process. No time beyond `mark_ns`, nor beyond `base_ns` within this boot, was given out."""

    boot: str
    base_ns: int
    mark_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leap:
    """The system clock has jumped far ahead: to which base, and since when (time since the machine started)."""

    base_ns: int
    since_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HubTime:
    """The state. `newest_ns` is the time to give out, `read_ns` when that was, since the machine started."""

    base_ns: int
    newest_ns: int
    read_ns: int
    leap: Leap | None = None


def begin(reading: Reading, stored: Stored | None) -> tuple[HubTime, str]:
    """The time at a start of the hub, and a warning, mostly empty.

    The system clock is believed, unless it lies behind what was given out before by no more than a day, or shows a
    time at which no clock can be right.
    """
    kept_ns = known(reading, stored) if stored else 0
    behind_ns = kept_ns - reading.wall_ns
    if behind_ns <= 0:
        return _starting(reading, reading.wall_ns), ""
    if behind_ns <= DAY_NS or reading.wall_ns < MADE_NS:
        return _starting(reading, kept_ns), ""
    days = behind_ns // DAY_NS
    return _starting(reading, reading.wall_ns), (
        f"the system clock is {days} days behind the newest time that this hub has used: time goes back to the clock;"
        " if the clock is wrong, set it and start the hub again"
    )


def known(reading: Reading, stored: Stored) -> int:
    """The earliest time that cannot have been given out before."""
    return reading.monotonic_ns + stored.base_ns if reading.boot == stored.boot else stored.mark_ns


def passed(state: HubTime, reading: Reading) -> HubTime:
    """The state after time has passed; its `newest_ns` is what the reading is worth."""
    moved = _followed(state, reading)
    newest_ns = max(state.newest_ns, reading.monotonic_ns + moved.base_ns)
    return replace(moved, newest_ns=newest_ns, read_ns=max(state.read_ns, reading.monotonic_ns))


def doubted(state: HubTime, reading: Reading) -> str:
    """What is to be said of a system clock that is not followed; empty when it is."""
    ahead_ns = reading.wall_ns - reading.monotonic_ns - state.base_ns
    days = abs(ahead_ns) // DAY_NS
    if ahead_ns < -DAY_NS and reading.wall_ns < MADE_NS:
        return "the system clock is not set: this hub goes on from the newest time that it knew"
    if ahead_ns > DAY_NS:
        return f"the system clock is {days} days ahead of this hub's time: it is followed if it stays so for an hour"
    if ahead_ns < -DAY_NS:
        return f"the system clock is {days} days behind this hub's time: it is followed when the hub starts again"
    return ""


def stored_after(state: HubTime, reading: Reading, stored: Stored | None) -> Stored | None:
    """What must be noted before the time of `state` is given out; `None` when the note still covers it."""
    same_boot = stored is not None and stored.boot == reading.boot
    if stored and same_boot and state.base_ns <= stored.base_ns and state.newest_ns <= stored.mark_ns:
        return None
    return Stored(boot=reading.boot, base_ns=state.base_ns, mark_ns=state.newest_ns + LEASE_NS)


def _starting(reading: Reading, now_ns: int) -> HubTime:
    return HubTime(base_ns=now_ns - reading.monotonic_ns, newest_ns=now_ns, read_ns=reading.monotonic_ns)


def _followed(state: HubTime, reading: Reading) -> HubTime:
    """The base moved towards the system clock, as far as it is believed."""
    wanted_ns = reading.wall_ns - reading.monotonic_ns
    ahead_ns = wanted_ns - state.base_ns
    if ahead_ns > DAY_NS and state.newest_ns >= MADE_NS:
        return _leapt(state, wanted_ns, reading.monotonic_ns)
    if ahead_ns >= TICK_NS:
        return replace(state, base_ns=wanted_ns, leap=None)
    if not -DAY_NS <= ahead_ns <= -TICK_NS:
        return replace(state, leap=None)
    slower_ns = max(0, reading.monotonic_ns - state.read_ns) // SLOWER
    return replace(state, base_ns=state.base_ns - min(-ahead_ns, slower_ns), leap=None)


def _leapt(state: HubTime, wanted_ns: int, monotonic_ns: int) -> HubTime:
    """A far jump ahead is followed once the clock has stayed where it jumped to."""
    leap = state.leap
    if leap is None or abs(leap.base_ns - wanted_ns) > MINUTE_NS:
        return replace(state, leap=Leap(base_ns=wanted_ns, since_ns=monotonic_ns))
    if monotonic_ns - leap.since_ns < HOUR_NS:
        return state
    return replace(state, base_ns=wanted_ns, leap=None)


class HubClock:
    """Gives out the hub's time. `read` looks at the machine's clocks, `keep` writes the note durably.

    `keep` may be called by `now_ns`, about once a minute.
    """

    def __init__(self, read: Callable[[], Reading], stored: Stored | None, keep: Callable[[Stored], None]) -> None:
        self._read = read
        self._keep = keep
        self._stored = stored
        self._doubted = False
        self._state, warning = begin(reading := read(), stored)
        self._note(reading)
        self._say(warning or doubted(self._state, reading))

    def now_ns(self) -> int:
        """Unix nanoseconds; never less than the last time."""
        reading = self._read()
        self._state = passed(self._state, reading)
        self._note(reading)
        self._say(doubted(self._state, reading))
        return self._state.newest_ns

    def close(self) -> None:
        """Notes the newest time as it is: the next start need not leave room."""
        self._keep(Stored(boot=self._read().boot, base_ns=self._state.base_ns, mark_ns=self._state.newest_ns))

    def _note(self, reading: Reading) -> None:
        if fresh := stored_after(self._state, reading, self._stored):
            self._keep(fresh)
            self._stored = fresh

    def _say(self, doubt: str) -> None:
        """Once each time that the clock leaves."""
        if doubt and not self._doubted:
            LOG.warning("%s", doubt)
        self._doubted = bool(doubt)


def machine() -> Callable[[], Reading]:
    """Reads the clocks of this machine. Where it does not name its start, each process is taken for one."""
    boot = _boot()
    since_start = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return lambda: Reading(boot=boot, monotonic_ns=time.clock_gettime_ns(since_start), wall_ns=time.time_ns())


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return uuid4().hex
