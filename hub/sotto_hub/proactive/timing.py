"""When a suggestion may go out (pure): breakpoints, quiet hours, the daily budget, and pauses between offers.

Silence is the default. An offer waits for the end of the conversation, a reminder for a pause in it; neither goes out
in quiet hours, over the budget, too soon after another, or later than it can help.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from sotto_hub.bridge.days import nanoseconds

KEEP = "keep"
REMINDER = "reminder"
LOOK_AHEAD = "look_ahead"
"""The kinds of suggestions: keep this commitment; its time is near; this is tomorrow."""

MINUTE_NS = 60_000_000_000
HOUR_NS = 60 * MINUTE_NS
DAY_NS = 24 * HOUR_NS


class Breakpoint(Enum):
    """Where the talk stands: nobody may be interrupted, a pause, or over."""

    NONE = 0
    PAUSE = 1
    OVER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that could be offered. `ready_ns`..`until_ns` is when it helps; `about` is the memory it is about."""

    kind: str
    about: str
    ready_ns: int
    until_ns: int
    needs: Breakpoint = Breakpoint.OVER
    weight: float = 0.5

    @property
    def key(self) -> str:
        """What must not be offered twice."""
        return f"{self.kind}/{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """The wearer's limits. Quiet hours are local; `together` is how many may go out at once."""

    quiet_from: time = time(22, 30)
    quiet_until: time = time(7, 0)
    cooldown_ns: int = 5 * MINUTE_NS
    budget_a_day: int = 12
    together: int = 3
    later_ns: int = HOUR_NS
    hold_ns: int = 12 * HOUR_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What goes out now, what goes on waiting, and when to look again (`None`: at the next breakpoint)."""

    offer: tuple[Candidate, ...] = ()
    waiting: tuple[Candidate, ...] = ()
    again_ns: int | None = None


def quiet_until(now: datetime, manners: Manners) -> datetime | None:
    """The end of the quiet hours that the local time `now` lies in, or `None` outside them."""
    begins, ends = manners.quiet_from, manners.quiet_until
    clock = now.time()
    inside = begins <= clock or clock < ends if begins > ends else begins <= clock < ends
    if not inside:
        return None
    day = now.date() + timedelta(days=1 if clock >= ends else 0)
    return datetime.combine(day, ends, tzinfo=now.tzinfo)


def choose(
    waiting: Iterable[Candidate], *, now: datetime, point: Breakpoint, offered_ns: Sequence[int], manners: Manners
) -> Choice:
    """What may go out now (aware local time); `offered_ns` are the times of earlier offers."""
    now_ns = nanoseconds(now)
    standing = tuple(sorted((c for c in waiting if c.until_ns >= now_ns), key=lambda c: (-c.weight, c.ready_ns)))
    ready = [c for c in standing if c.ready_ns <= now_ns and c.needs.value <= point.value]
    later_ns = min((c.ready_ns for c in standing if c.ready_ns > now_ns), default=None)
    if not ready:
        return Choice(waiting=standing, again_ns=later_ns)
    if held_ns := held_until(now_ns, now, offered_ns, manners):
        return Choice(waiting=standing, again_ns=held_ns)
    left = manners.budget_a_day - today(offered_ns, now)
    offer = tuple(ready[: min(left, manners.together)])
    rest = tuple(c for c in standing if c not in offer)
    again_ns = now_ns + manners.cooldown_ns if len(ready) > len(offer) else later_ns
    return Choice(offer=offer, waiting=rest, again_ns=again_ns)


def held_until(now_ns: int, now: datetime, offered_ns: Sequence[int], manners: Manners) -> int | None:
    """Until when nothing may go out, or `None` when something may."""
    if over := quiet_until(now, manners):
        return nanoseconds(over)
    if today(offered_ns, now) >= manners.budget_a_day:
        return nanoseconds(datetime.combine(now.date() + timedelta(days=1), manners.quiet_until, tzinfo=now.tzinfo))
    last_ns = max((t for t in offered_ns if t <= now_ns), default=None)
    if last_ns is not None and last_ns + manners.cooldown_ns > now_ns:
        return last_ns + manners.cooldown_ns
    return None


def today(offered_ns: Sequence[int], now: datetime) -> int:
    """How many offers there were since local midnight."""
    midnight_ns = nanoseconds(now.replace(hour=0, minute=0, second=0, microsecond=0))
    return sum(1 for t in offered_ns if t >= midnight_ns)
