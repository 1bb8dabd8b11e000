"""The words by which a memory's day and place are found (pure): indexed beside its text."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from sotto_memory.records import MemoryRecord

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def setting(record: MemoryRecord, zone: tzinfo) -> str:
    """So: "saturday 8 july 2023 bergen"; the place alone for a time that no calendar holds."""
    place = record.details.get("place", "")
    return f"{day_words(record.at_ns, zone)} {place}".strip()


def day_words(at_ns: int, zone: tzinfo) -> str:
    """Weekday, day, month and year of a time, empty for one that no calendar holds."""
    try:
        day = (_EPOCH + timedelta(seconds=at_ns // 10**9)).astimezone(zone)
    except (OverflowError, ValueError):
        return ""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
