"""Times as memory and suggestions write them (pure): due dates, and days in words. British, 24 hours."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Final

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

YEARS: Final = (1900, 2200)
"""First and last year of a due time: within them no zone, lead or nanosecond runs over."""


def local_time(at_ns: int, zone: tzinfo) -> datetime:
    """Nanoseconds of event time as the wearer's local time, to the microsecond."""
    return datetime.fromtimestamp(at_ns // 1_000_000_000, tz=zone) + timedelta(microseconds=at_ns // 1000 % 1_000_000)


def nanoseconds(at: datetime) -> int:
    """An aware time as Unix nanoseconds, exact to the microsecond."""
    return int(at.replace(microsecond=0).timestamp()) * 1_000_000_000 + at.microsecond * 1000


def parse_due(due: str) -> date | datetime | None:
    """The detail `due`: an aware time, a day, or nothing.

    Memories are also brought in from elsewhere: what is no such time, or none that a calendar can reckon with, is
    nothing, and stops nobody.
    """
    try:
        at = datetime.fromisoformat(due) if "T" in due else date.fromisoformat(due)
    except ValueError:
        return None
    naive = isinstance(at, datetime) and at.tzinfo is None
    return at if YEARS[0] <= at.year <= YEARS[1] and not naive else None


def due_day(due: str, zone: tzinfo) -> date | None:
    """The local day on which something is due."""
    at = parse_due(due)
    return at.astimezone(zone).date() if isinstance(at, datetime) else at


def in_words(day: date) -> str:
    """So: "Tuesday 10 March"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def due_in_words(due: str, zone: tzinfo, *, year: bool = False) -> str:
    """So: "Tuesday 10 March at 19:00", or the day alone, or nothing."""
    at = parse_due(due)
    if at is None:
        return ""
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    day = f"{in_words(local)} {local.year}" if year else in_words(local)
    return f"{day} at {local:%H:%M}" if isinstance(local, datetime) else day


def beside(day: date, today: date) -> str:
    """How a day lies to today: "today", "tomorrow", or nothing."""
    return {0: "today", 1: "tomorrow"}.get((day - today).days, "")


def beside_due(due: str, now: datetime) -> str:
    """How the day on which something is due lies to today; nothing where there is no such day."""
    assert now.tzinfo is not None
    day = due_day(due, now.tzinfo)
    return beside(day, now.date()) if day else ""
