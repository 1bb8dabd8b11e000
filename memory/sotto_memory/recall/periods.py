"""Stretches of the calendar, and the same in Unix nanoseconds (pure).

Stands under `timewords`. A period is two wall-clock times; only `nanoseconds` knows of zones, so that a day on which
the clocks change has 23 or 25 hours. Weeks begin on Monday; seasons are the northern, meteorological ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

EVER: Final = datetime.combine(date.min, time.min)
NEVER: Final = datetime.combine(date.max, time.max)
"""Stand for a period without beginning, and one without end."""
FIRST_NS: Final = -(2**63)
LAST_NS: Final = 2**63 - 1

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` to before `end`, wall-clock times of the wearer; not `exact` when the words leave room."""

    start: datetime
    end: datetime
    exact: bool = True


def local_time(at_ns: int, zone: tzinfo) -> datetime:
    """The wall-clock time of a moment, without its zone. Raises OverflowError for one that no calendar holds."""
    return (_EPOCH + timedelta(microseconds=at_ns // 1_000)).astimezone(zone).replace(tzinfo=None)


def nanoseconds(wall: datetime, zone: tzinfo) -> int:
    """The moment of a wall-clock time: of two the first, of none the one right after the gap."""
    if wall in (EVER, NEVER):
        return FIRST_NS if wall == EVER else LAST_NS
    at_ns = (wall.replace(tzinfo=zone) - _EPOCH) // timedelta(microseconds=1) * 1_000
    return min(max(at_ns, FIRST_NS), LAST_NS)


def days(first: date, count: int = 1, *, exact: bool = True) -> Period:
    """So many whole days."""
    start = datetime.combine(first, time())
    return Period(start=start, end=start + count * _DAY, exact=exact)


def between(first: date, after_last: date, *, exact: bool = True) -> Period:
    """From one day to before another."""
    return Period(start=datetime.combine(first, time()), end=datetime.combine(after_last, time()), exact=exact)


def hours(day: date, from_hour: int, to_hour: int) -> Period:
    """Part of a day; hours past 24 are of the next one."""
    start = datetime.combine(day, time())
    return Period(start=start + timedelta(hours=from_hour), end=start + timedelta(hours=to_hour))


def week(day: date) -> Period:
    """The week of a day."""
    return days(day - timedelta(days=day.weekday()), 7)


def weekend(day: date) -> Period:
    """Saturday and Sunday of the week of a day."""
    return days(day + timedelta(days=5 - day.weekday()), 2)


def month(year: int, number: int) -> Period:
    """A month; numbers outside 1..12 are of the years before and after."""
    return between(month_start(year, number), month_start(year, number + 1))


def months(year: int, number: int, count: int, *, exact: bool = True) -> Period:
    """So many months from the first of one."""
    return between(month_start(year, number), month_start(year, number + count), exact=exact)


def year(number: int) -> Period:
    """A year."""
    return months(number, 1, 12)


def month_start(year: int, number: int) -> date:
    """The first day of a month; numbers outside 1..12 are of the years before and after."""
    years, index = divmod(number - 1, 12)
    return date(year + years, index + 1, 1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the Meeus/Jones/Butcher rule, Nature, 20 April 1876)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    correction = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - correction - in_century % 4) % 7
    late = (golden + 11 * correction + 22 * weekday) // 451
    number, day = divmod(correction + weekday - 7 * late + 114, 31)
    return date(year, number, day + 1)


def nearest(of_year: Callable[[int], Period], now: datetime, *, ahead: bool, over: bool = False) -> Period:
    """The last one of a yearly period that has begun (`over`: ended), or with `ahead` the next not ended."""
    years = range(now.year - 1, now.year + 2)
    found = [of_year(number) for number in (years if ahead else reversed(years))]
    if ahead:
        return next(period for period in found if period.end > now)
    return next((period for period in found if (period.end if over else period.start) <= now), found[-1])


def share(period: Period, part: str) -> Period:
    """The beginning, middle or end of a period: about a third of it; a "half" is just that."""
    length = period.end - period.start
    from_share, to_share = _SHARES[part]
    start, end = period.start + length * from_share, period.start + length * to_share
    return Period(start=start, end=end, exact=False)


_SHARES: Final = {
    "early": (0, 0.37),
    "mid": (0.3, 0.7),
    "late": (0.63, 1),
    "first half": (0, 0.5),
    "second half": (0.5, 1),
}


def vague(period: Period, margin: timedelta = timedelta()) -> Period:
    """The period, wider by a margin on both sides, and no longer exact."""
    return replace(period, start=period.start - margin, end=period.end + margin, exact=False)
