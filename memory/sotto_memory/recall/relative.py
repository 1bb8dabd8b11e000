"""Reads what is named from today: yesterday, last week, three days ago, on Tuesday (pure).

Stands under `timewords`. A weekday alone is the last one before today, or the next one where the text looks ahead.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from sotto_memory.recall import periods
from sotto_memory.recall.periods import Period
from sotto_memory.recall.reading import ARTICLES, CUES, UNITS, Found, Reading, first
from sotto_memory.wording import calendar, numbers

VAGUE_AMOUNTS: Final = {
    ("a", "couple", "of"): (2, 3),
    ("a", "couple"): (2, 3),
    ("couple", "of"): (2, 3),
    ("a", "few"): (2, 5),
    ("few",): (2, 5),
    ("several",): (3, 7),
    ("some",): (2, 7),
    ("many",): (5, 30),
}
"""Amounts that are no number: the least and the most that they may mean."""
_RECENT_DAYS: Final = {
    ("the", "other", "day"): 7,
    ("recently",): 30,
    ("lately",): 30,
    ("these", "days"): 30,
    ("just", "now"): 1,
}
_DAYS_FROM_TODAY: Final = {
    ("the", "day", "before", "yesterday"): -2,
    ("day", "before", "yesterday"): -2,
    ("the", "day", "after", "tomorrow"): 2,
    ("day", "after", "tomorrow"): 2,
    ("yesterday",): -1,
    ("today",): 0,
    ("tomorrow",): 1,
}


def relative_time(read: Reading, i: int) -> Found | None:
    """A period named from today at `i`."""
    readers = (_night, _part_of_today, _ago, _last_units, _weekday_in_week, _which_unit, _weekday, _day, _recent)
    return first(readers, read, i)


def unit_at(read: Reading, i: int) -> str:
    """The unit of time at `i`, singular, empty when there is none."""
    word = read.at(i).removesuffix("s")
    return word if word in UNITS else ""


def amount_at(read: Reading, i: int) -> tuple[int, int, int] | None:
    """The least and the most of an amount at `i`, and the place after it."""
    for words, (least, most) in VAGUE_AMOUNTS.items():
        if read.follows(i, *words):
            return least, most, i + len(words)
    number = numbers.amount(read.words, i)
    return (number[0], number[0], number[1]) if number else None


def weekday_at(read: Reading, i: int) -> int | None:
    """The weekday at `i` (Monday is 0); short forms count after a word of time alone."""
    word = read.at(i)
    number = calendar.WEEKDAYS.get(word, calendar.WEEKDAYS.get(word.removesuffix("s")))
    if number is None and read.at(i - 1) in CUES | {"the"}:
        number = calendar.SHORT_WEEKDAYS.get(word) if word not in ("sun", "sat") or _bare_on(read, i) else None
    return number


def _bare_on(read: Reading, i: int) -> bool:
    return read.at(i - 1) in ("on", "last", "next", "this")


def moved(day: date, unit: str, by: int) -> Period:
    """The day, week, weekend, month or year that is so many of them later."""
    if unit == "month":
        return periods.month(day.year, day.month + by)
    if unit == "year":
        return periods.year(day.year + by)
    if unit == "week":
        return periods.week(day + timedelta(weeks=by))
    if unit == "weekend":
        return periods.weekend(day + timedelta(weeks=by))
    return periods.days(day + timedelta(days=by))


def _day(read: Reading, i: int) -> Found | None:
    for words, by in _DAYS_FROM_TODAY.items():
        if read.follows(i, *words):
            return Found(period=periods.days(read.now.date() + timedelta(days=by)), after=i + len(words))
    return None


def _night(read: Reading, i: int) -> Found | None:
    if read.follows(i, "last", "night"):
        return Found(period=periods.hours(read.now.date() - timedelta(days=1), 18, 30), after=i + 2)
    if read.at(i) == "tonight":
        return Found(period=periods.hours(read.now.date(), 18, 30), after=i + 1)
    return None


def _part_of_today(read: Reading, i: int) -> Found | None:
    part = calendar.PARTS.get(read.at(i + 1))
    if read.at(i) not in ("this", "earlier") or part is None:
        return None
    return Found(period=periods.hours(read.now.date(), *part), after=i + 2)


def _ago(read: Reading, i: int) -> Found | None:
    to_the_day = read.at(i) == "today"
    amount = amount_at(read, i + to_the_day)
    unit = unit_at(read, amount[2]) if amount else ""
    if amount is None or not unit or read.at(amount[2] + 1) not in ("ago", "back", "earlier"):
        return None
    least, most, after = amount
    if least == most and unit != "hour" and (to_the_day or read.at(after + 2) == "today"):
        return Found(period=_this_day_ago(read, unit, most), after=after + 2 + (not to_the_day))
    return Found(period=_span_ago(read, unit, least, most), after=after + 2)


def _this_day_ago(read: Reading, unit: str, count: int) -> Period:
    """Such as "a year ago today": the same day of that month or year, or its last one."""
    day = read.now.date()
    if unit in ("month", "year"):
        start = periods.month_start(day.year, day.month - count * (12 if unit == "year" else 1))
        return periods.days(start.replace(day=min(day.day, monthrange(start.year, start.month)[1])))
    return periods.days(day - timedelta(days=count * (1 if unit == "day" else 7)))


def _span_ago(read: Reading, unit: str, least: int, most: int) -> Period:
    """Around the moment: a week ago means a few days more or less, a month ago two weeks, a year ago that year."""
    day = read.now.date()
    if unit == "hour":
        start, end = read.now - timedelta(hours=most + 0.5), read.now - timedelta(hours=least - 0.5)
        return Period(start=start, end=end, exact=least == most)
    if unit == "week":
        start_day, last = day - timedelta(weeks=most, days=3), day - timedelta(weeks=least, days=-3)
        return periods.between(start_day, last + timedelta(days=1), exact=False)
    if unit == "month":
        start, end = moved(day, unit, -most).start, moved(day, unit, -least).end
        return Period(start=start + _share_of_month(day), end=end - _rest_of_month(day), exact=False)
    start, end = moved(day, unit, -most).start, moved(day, unit, -least).end
    return Period(start=start, end=end, exact=unit == "day" and least == most)


def _share_of_month(day: date) -> timedelta:
    """How far a span about the same day of another month begins after that month does (or before it)."""
    return timedelta(days=day.day - 1 - 15)


def _rest_of_month(day: date) -> timedelta:
    return timedelta(days=max(0, 30 - day.day) - 15)


def _last_units(read: Reading, i: int) -> Found | None:
    """Such as "the last two weeks", "the past few days", "the past year"."""
    i = read.skip(i, "the", "these")
    if read.at(i) not in ("last", "past"):
        return None
    amount = amount_at(read, i + 1) or ((1, 1, i + 1) if read.at(i) == "past" else None)
    unit = unit_at(read, amount[2]) if amount else ""
    if amount is None or not unit:
        return None
    return Found(period=_until_today(read, unit, amount[1], exact=amount[0] == amount[1]), after=amount[2] + 1)


def _until_today(read: Reading, unit: str, count: int, *, exact: bool) -> Period:
    day = read.now.date()
    tomorrow = periods.days(day).end
    if unit == "hour":
        return Period(start=read.now - timedelta(hours=count), end=tomorrow, exact=exact)
    if unit in ("month", "year"):
        month = periods.month_start(day.year, day.month - count * (12 if unit == "year" else 1))
        return Period(start=periods.days(month + timedelta(days=day.day - 1)).start, end=tomorrow, exact=exact)
    start = day - timedelta(days=count * (1 if unit == "day" else 7))
    return Period(start=periods.days(start).start, end=tomorrow, exact=exact)


def _which_unit(read: Reading, i: int) -> Found | None:
    """Such as "last week", "this month", "next year", "the weekend", "the week before last"."""
    at = read.skip(i, *ARTICLES)
    if unit_at(read, at) not in ("", "hour") and read.follows(at + 1, "before", "last"):
        return Found(period=moved(read.now.date(), unit_at(read, at), -2), after=at + 3)
    if read.follows(i, "the", "weekend") or read.at(i) == "weekend":
        return Found(period=_weekend(read), after=i + 1 + (read.at(i) == "the"))
    by = {"last": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}.get(read.at(i))
    unit = unit_at(read, i + 1)
    if by is None or unit in ("", "hour", "day") or read.at(i + 1).endswith("s"):
        return None
    return Found(period=moved(read.now.date(), unit, by), after=i + 2)


def _weekend(read: Reading) -> Period:
    """Such as "the weekend": this one from Saturday on and where the text looks ahead, else the last one."""
    today = read.now.date()
    here = today.weekday() >= 5 or read.ahead
    return moved(today, "weekend", 0 if here else -1)


def _weekday(read: Reading, i: int) -> Found | None:
    which = read.at(i) if read.at(i) in ("last", "this", "next", "past", "coming") else ""
    weekday = weekday_at(read, i + bool(which))
    if weekday is None:
        return None
    return Found(period=periods.days(_day_of_week(read, which, weekday)), after=i + bool(which) + 1)


def _day_of_week(read: Reading, which: str, weekday: int) -> date:
    today = read.now.date()
    if which == "this":
        return today + timedelta(days=weekday - today.weekday())
    if which in ("next", "coming"):
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if read.ahead and not which:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _weekday_in_week(read: Reading, i: int) -> Found | None:
    """Such as "tuesday last week", "last week on Tuesday"."""
    day_first = weekday_at(read, i)
    if day_first is not None:
        week = _which_unit(read, read.skip(i + 1, "of", "the", "in"))
        return _in_week(week, day_first, week.after) if week and _whole_week(week.period) else None
    week = _which_unit(read, i)
    if week is None or not _whole_week(week.period):
        return None
    at = read.skip(week.after, "on")
    weekday = weekday_at(read, at)
    return _in_week(week, weekday, at + 1) if weekday is not None else None


def _in_week(week: Found, weekday: int, after: int) -> Found:
    return Found(period=periods.days(week.period.start.date() + timedelta(days=weekday)), after=after)


def _whole_week(period: Period) -> bool:
    return period.end - period.start == timedelta(days=7)


def _recent(read: Reading, i: int) -> Found | None:
    for words, count in _RECENT_DAYS.items():
        if read.follows(i, *words):
            return Found(period=_until_today(read, "day", count, exact=False), after=i + len(words))
    return None
