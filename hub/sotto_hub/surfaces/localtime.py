"""Unix nanoseconds of event time as the wearer's local time, and back (pure)."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sotto_hub.errors import UsageError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MOST_NS: Final = 2**63 - 1


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name; UTC when the name is empty or unknown (a hub that has met no device yet)."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def local(at_ns: int, zone: tzinfo) -> datetime:
    """The aware local time of an instant, to the microsecond."""
    return (_EPOCH + timedelta(microseconds=at_ns // 1000)).astimezone(zone)


def iso(at_ns: int, zone: tzinfo) -> str:
    """ISO 8601 with the zone's offset, to the microsecond."""
    return local(at_ns, zone).isoformat()


def clock(at_ns: int, zone: tzinfo) -> str:
    """The time of day: "08:30:07"."""
    return f"{local(at_ns, zone):%H:%M:%S}"


def day_clock(at_ns: int, zone: tzinfo) -> str:
    """The day and the time: "Mon 2026-03-09 08:30:07"."""
    return f"{local(at_ns, zone):%a %Y-%m-%d %H:%M:%S}"


def from_iso(text: str) -> int:
    """Unix nanoseconds of an ISO 8601 time with offset. Raises `UsageError` with code `time`."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no offset")
        return (moment - _EPOCH) // _MICROSECOND * 1000
    except (ValueError, OverflowError):
        raise UsageError("time", f"'{text}' is not a time with offset, like 2026-03-09T09:10:00+01:00") from None


def day_or_time(text: str, zone: tzinfo) -> tuple[int, int]:
    """From the first to the last instant that is meant, Unix nanoseconds, the last not included.

    A day is the whole day there; a time is one instant, there unless it has an offset. Raises `UsageError`, `time`.
    """
    try:
        moment = datetime.fromisoformat(text)
        until = moment + timedelta(days=1) if _is_day(text) else moment
        ends = [one if one.tzinfo else one.replace(tzinfo=zone) for one in (moment, until)]
        from_ns, until_ns = [(one - _EPOCH) // _MICROSECOND * 1000 for one in ends]
    except (ValueError, OverflowError):
        raise UsageError("time", f"'{text}' is no day like 2026-03-09, and no time like 2026-03-09T18:00") from None
    return _representable(from_ns), _representable(until_ns)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def say_due(due: str, zone: tzinfo) -> str:
    """A due time as it is read; a bare date stays a day: "Tue 2026-03-10 19:00", "Tue 2026-03-10"."""
    try:
        moment = datetime.fromisoformat(due)
    except ValueError:
        return due
    if "T" not in due and " " not in due:
        return f"{moment:%a %Y-%m-%d}"
    return f"{moment.astimezone(zone) if moment.tzinfo else moment:%a %Y-%m-%d %H:%M}"


def next_hour(at_ns: int, zone: tzinfo, hour: int) -> int:
    """The first instant after `at_ns` at which the local clock shows this full hour, Unix nanoseconds."""
    now = local(at_ns, zone)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if then <= now:
        then = (then + timedelta(days=1)).replace(hour=hour)
    return (then.astimezone(UTC) - _EPOCH) // _MICROSECOND * 1000


def _representable(at_ns: int) -> int:
    """A time far out, as the nearest that the link can carry."""
    return max(-_MOST_NS, min(at_ns, _MOST_NS))
