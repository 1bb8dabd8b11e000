"""The evening look-ahead (pure): tomorrow's open commitments in one suggestion."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from sotto_hub.bridge.days import due_day, parse_due
from sotto_memory import MemoryRecord

EVENING: Final = time(21, 0)
NIGHT: Final = time(3, 0)
MOST: Final = 4


def next_time(clock: time, now: datetime) -> datetime:
    """The next time after the local time `now` at which the local clock shows `clock`."""
    today = datetime.combine(now.date(), clock, tzinfo=now.tzinfo)
    return today if today > now else datetime.combine(now.date() + timedelta(days=1), clock, tzinfo=now.tzinfo)


def tomorrows(standing: Iterable[MemoryRecord], tomorrow: date, zone: tzinfo) -> list[MemoryRecord]:
    """At most four open commitments of a day: those with a clock first, in order of time."""
    found = [r for r in standing if due_day(r.details.get("due", ""), zone) == tomorrow]
    return sorted(found, key=order)[:MOST]


def order(record: MemoryRecord) -> tuple[bool, float, int]:
    """Timed before untimed, early before late."""
    due = parse_due(record.details.get("due", ""))
    timed = isinstance(due, datetime)
    return (not timed, due.timestamp() if isinstance(due, datetime) else 0.0, record.recorded_ns)
