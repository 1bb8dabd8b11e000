"""Reads one period of time, however many words it takes (pure).

Stands between `timewords` and the readers of simple times (`dates`, `relative`): "the week before 3 August", "the
first weekend of May", "early March", "the morning of May 8".
"""

from datetime import date, time, timedelta
from typing import Final

from sotto_memory.recall import periods
from sotto_memory.recall.dates import calendar_time
from sotto_memory.recall.periods import Period
from sotto_memory.recall.reading import Found, Reading, first
from sotto_memory.recall.relative import amount_at, relative_time, unit_at, weekday_at
from sotto_memory.wording import calendar, numbers

_ABOUT: Final = ("around", "about", "near", "roughly", "approximately")


def period(read: Reading, i: int) -> Found | None:
    """One period at `i`."""
    found = first(_READERS, read, i)
    return _in_part(read, found) if found and _one_day(found.period) else found


def _in_part(read: Reading, found: Found) -> Found:
    """The day, or the part of it that the next words name: "yesterday morning", "8 May in the evening"."""
    at = read.skip(found.after, "in", "at", "the")
    part = calendar.PARTS.get(read.at(at))
    if part is None or found.period.start.time() != time():
        return found
    return Found(period=periods.hours(found.period.start.date(), *part), after=at + 1)


def _roughly(read: Reading, i: int) -> Found | None:
    found = first((_share, *_PLAIN), read, i + 1) if read.at(i) in _ABOUT else None
    if found is None:
        return None
    margin = (found.period.end - found.period.start) / 4
    return Found(period=periods.vague(found.period, margin), after=found.after)


def _share(read: Reading, i: int) -> Found | None:
    """Such as "early March", "the beginning of 2022", "the second half of September"."""
    i = read.skip(i, "the")
    for words, part in _SHARES.items():
        if read.follows(i, *words):
            found = first(_PLAIN, read, read.skip(i + len(words), "of", "in", "the"))
            return Found(period=periods.share(found.period, part), after=found.after) if found else None
    return None


_SHARES: Final = {
    ("early",): "early",
    ("beginning",): "early",
    ("start",): "early",
    ("mid",): "mid",
    ("middle",): "mid",
    ("late",): "late",
    ("end",): "late",
    ("first", "half"): "first half",
    ("second", "half"): "second half",
}


def _part_of_day(read: Reading, i: int) -> Found | None:
    """Such as "the morning of May 8"."""
    i = read.skip(i, "the")
    part = calendar.PARTS.get(read.at(i))
    if part and read.at(i + 1) in ("of", "on"):
        found = calendar_time(read, read.skip(i + 2, "the")) or relative_time(read, i + 2)
        if found and _one_day(found.period):
            return Found(period=periods.hours(found.period.start.date(), *part), after=found.after)
    return None


def _one_day(period: Period) -> bool:
    return timedelta(hours=20) < period.end - period.start <= timedelta(days=1)


def _dated_weekday(read: Reading, i: int) -> Found | None:
    """Such as "monday, May 8, 2023": the date counts."""
    if weekday_at(read, i) is None:
        return None
    found = calendar_time(read, read.skip(i + 1, "the"))
    return found if found and _one_day(found.period) else None


def _nth(read: Reading, i: int) -> Found | None:
    """Such as "the first weekend of August 2023", "the second week of November", "the last Friday in May"."""
    i = read.skip(i, "the")
    count = (-1, i + 1) if read.at(i) == "last" else numbers.ordinal(read.words, i)
    if count is None or count[0] > 5 or read.at(count[1] + 1) not in ("of", "in"):
        return None
    month = calendar_time(read, read.skip(count[1] + 2, "the"))
    weekday = 5 if unit_at(read, count[1]) == "weekend" else weekday_at(read, count[1])
    if month is None or not timedelta(days=28) <= month.period.end - month.period.start <= timedelta(days=31):
        return None
    if weekday is None and unit_at(read, count[1]) != "week":
        return None
    length = 7 if weekday is None else 2 if unit_at(read, count[1]) == "weekend" else 1
    start = _nth_start(month.period, weekday, count[0])
    return Found(period=periods.days(start, length, exact=weekday is not None), after=month.after)


def _nth_start(month: Period, weekday: int | None, count: int) -> date:
    """The nth such weekday of a month, from its end for -1; without a weekday the nth seven days."""
    start, end = month.start.date(), month.end.date()
    if weekday is None:
        return end - timedelta(days=7) if count < 0 else start + timedelta(weeks=count - 1)
    if count < 0:
        return end - timedelta(days=(end.weekday() - weekday - 1) % 7 + 1)
    return start + timedelta(days=(weekday - start.weekday()) % 7, weeks=count - 1)


def _beside(read: Reading, i: int) -> Found | None:
    """Such as "the week before 3 August", "the Monday after Easter", "two weeks before May 8"."""
    i = read.skip(i, "the")
    amount = amount_at(read, i) if unit_at(read, i) == "" else (1, 1, i)
    if weekday_at(read, i) is not None:
        amount = (1, 1, i)
    side = read.at(amount[2] + 1) if amount else ""
    if amount is None or side not in ("before", "after", "following", "of"):
        return None
    anchor = _anchor(read, amount[2] + 2)
    weekday = weekday_at(read, amount[2])
    unit = unit_at(read, amount[2])
    if anchor is None or (weekday is None and not unit):
        return None
    period = _aside(anchor.period, side, unit, weekday, amount[0])
    return Found(period=period, after=anchor.after) if period else None


def _anchor(read: Reading, i: int) -> Found | None:
    """The date beside which something was: no longer than a month."""
    i = read.skip(i, "the")
    found = calendar_time(read, i) or relative_time(read, i)
    return found if found and found.period.end - found.period.start <= timedelta(days=31) else None


def _aside(anchor: Period, side: str, unit: str, weekday: int | None, count: int) -> Period | None:
    if side == "of":
        day = anchor.start.date()
        around = {"week": periods.week(day), "weekend": periods.weekend(day)}
        return around.get(unit) if _one_day(anchor) else None
    sign = -1 if side == "before" else 1
    edge = anchor.start.date() - timedelta(days=1) if sign < 0 else anchor.end.date()
    if weekday is not None or unit == "weekend":
        return _weekday_beside(edge, sign, 5 if weekday is None else weekday, 2 if weekday is None else 1)
    return _units_beside(anchor, sign, unit, count)


def _weekday_beside(edge: date, sign: int, weekday: int, length: int) -> Period:
    """The nearest such weekday (or weekend) from the day beside the anchor outwards."""
    if sign < 0:
        return periods.days(edge - timedelta(days=(edge.weekday() - weekday) % 7), length)
    return periods.days(edge + timedelta(days=(weekday - edge.weekday()) % 7), length)


def _units_beside(anchor: Period, sign: int, unit: str, count: int) -> Period | None:
    """Such as "the week before": the seven days up to it. "Three weeks before": about the day three weeks earlier."""
    day = anchor.start.date()
    if unit == "week" and count == 1:
        start, end = anchor.start, anchor.end
        week = timedelta(days=7)
        return Period(start=start - week, end=start) if sign < 0 else Period(start=end, end=end + week)
    if unit in ("day", "week"):
        moved = periods.days(day + sign * timedelta(days=count * (7 if unit == "week" else 1)))
        return moved if unit == "day" else periods.vague(moved, timedelta(days=3))
    if unit in ("month", "year"):
        months = periods.month(day.year, day.month + sign * count * (12 if unit == "year" else 1))
        return periods.vague(months)
    return None


_PLAIN: Final = (_beside, _nth, _part_of_day, _dated_weekday, calendar_time, relative_time)
_READERS: Final = (_share, _roughly, *_PLAIN)
