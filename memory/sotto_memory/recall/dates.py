"""Reads what the calendar names: dates, months, seasons, feasts, years, decades (pure).

Stands under `timewords`. What comes every year and is named without one is the last that has begun, or the next one
where the text looks ahead.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sotto_memory.recall import periods
from sotto_memory.recall.periods import Period
from sotto_memory.recall.reading import CUES, UNITS, Found, Reading, first
from sotto_memory.wording import calendar, numbers

_IN_FIGURES: Final = re.compile(r"(\d+)[-./](\d+)[-./](\d+)")
_MONTH_IN_FIGURES: Final = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """What comes every year: its period in a year, and the place after its words."""

    of_year: Callable[[int], Period]
    after: int


def calendar_time(read: Reading, i: int) -> Found | None:
    """A date, month, season, feast, year or decade at `i`."""
    return first((_in_figures, _month_in_figures, _every_year, _decade, _year_first, _year, _day_of_month), read, i)


def month_at(read: Reading, i: int) -> tuple[int, int] | None:
    """The month at `i` and the place after it; names and common words count only beside another word of time."""
    word = read.at(i)
    number = calendar.MONTHS.get(word) or calendar.SHORT_MONTHS.get(word)
    if number is None:
        return None
    sure = word in calendar.MONTHS and word not in calendar.NAMES_TOO
    return (number, i + 1) if sure or _beside_time(read, i) else None


def year_after(read: Reading, i: int) -> tuple[int, int] | None:
    """The year that "2023", "of 2023", "last year" at `i` adds to what stands before, and the place after."""
    i = read.skip(i, "of", "in", "the")
    for words, years in _YEARS_FROM_NOW.items():
        if read.follows(i, *words):
            return read.now.year + years, i + len(words)
    ago = numbers.amount(read.words, i)
    if ago and read.at(ago[1]) in ("year", "years") and read.at(ago[1] + 1) == "ago":
        return max(1, read.now.year - ago[0]), ago[1] + 2
    return numbers.year(read.words, i)


_YEARS_FROM_NOW: Final = {("last", "year"): -1, ("this", "year"): 0, ("next", "year"): 1, ("that", "year"): 0}


def _beside_time(read: Reading, i: int) -> bool:
    before = read.at(i - 1)
    day_before = before not in ("a", "one") and bool(numbers.ordinal(read.words, i - 1) or before.isdecimal())
    after = year_after(read, i + 1) or numbers.ordinal(read.words, i + 1)
    return before in CUES or day_before or bool(after) or read.at(i + 1).isdecimal()


def _month_in_figures(read: Reading, i: int) -> Found | None:
    match = _MONTH_IN_FIGURES.fullmatch(read.at(i))
    return Found(period=periods.month(int(match[1]), int(match[2])), after=i + 1) if match else None


def _in_figures(read: Reading, i: int) -> Found | None:
    match = _IN_FIGURES.fullmatch(read.at(i))
    if match is None:
        return None
    one, two, three = (int(part) for part in match.groups())
    day, month, year = (three, two, one) if one > 31 else (one, two, three)
    if month > 12 >= day:
        day, month = month, day
    unsure = "/" in read.at(i) and one <= 12 and two <= 12 and one != two  # 5/8/2023 is two dates
    found = _day(year, month, day)
    return Found(period=periods.days(found, exact=not unsure), after=i + 1) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _every_year(read: Reading, i: int) -> Found | None:
    """Something yearly at `i`, with its year or with "last", "this", "next", or alone."""
    which = read.at(i) if read.at(i) in ("last", "this", "next") else ""
    yearly = yearly_at(read, i + bool(which))
    if yearly is None:
        return None
    if named := year_after(read, yearly.after):
        return Found(period=yearly.of_year(named[0]), after=named[1])
    return Found(period=_which(read, yearly, which), after=yearly.after)


def _which(read: Reading, yearly: Yearly, which: str) -> Period:
    if which == "this":
        return yearly.of_year(read.now.year)
    if which == "next":
        years = range(read.now.year, read.now.year + 2)
        return next(p for year in years if (p := yearly.of_year(year)).start > read.now)
    return periods.nearest(yearly.of_year, read.now, ahead=read.ahead and not which, over=which == "last")


def yearly_at(read: Reading, i: int) -> Yearly | None:
    """A day of a month, a month, a season or a feast at `i`, of whichever year."""
    readers = (_day_then_month, _month_then_day, _whole_month, _season, _feast)
    return next((yearly for reader in readers if (yearly := reader(read, i))), None)


def _number_of_day(read: Reading, i: int) -> tuple[int, int] | None:
    found = numbers.ordinal(read.words, i) or numbers.cardinal(read.words, i)
    return found if found and 1 <= found[0] <= 31 else None


def _day_then_month(read: Reading, i: int) -> Yearly | None:
    i = read.skip(i, "the")
    day = _number_of_day(read, i)
    month = month_at(read, read.skip(day[1], "of")) if day else None
    return _dated(month[0], day[0], month[1]) if day and month else None


def _month_then_day(read: Reading, i: int) -> Yearly | None:
    month = month_at(read, i)
    day = _number_of_day(read, read.skip(month[1], "the")) if month else None
    if not month or not day or numbers.year(read.words, month[1]) or _counts(read, day[1]):
        return None
    return _dated(month[0], day[0], day[1])


def _counts(read: Reading, i: int) -> bool:
    """In "in May two weeks ago" the number is no day."""
    return read.at(i) in _UNIT_WORDS


_UNIT_WORDS: Final = frozenset(f"{unit}{end}" for unit in UNITS for end in ("", "s"))


def _dated(month: int, day: int, after: int) -> Yearly | None:
    if day > monthrange(2024, month)[1]:
        return None

    def of_year(year: int) -> Period:
        return periods.days(date(year, month, min(day, monthrange(year, month)[1])))

    return Yearly(of_year=of_year, after=after)


def _whole_month(read: Reading, i: int) -> Yearly | None:
    month = month_at(read, i)
    return Yearly(of_year=lambda year: periods.month(year, month[0]), after=month[1]) if month else None


def _season(read: Reading, i: int) -> Yearly | None:
    i = read.skip(i, "the")
    begins = calendar.SEASONS.get(read.at(i))
    if begins is None or (read.at(i) in ("spring", "fall") and not _in_season(read, i)):
        return None
    return Yearly(of_year=lambda year: periods.months(year, begins, 3, exact=False), after=i + 1)


def _in_season(read: Reading, i: int) -> bool:
    """Springs and falls are other things too: only "in", "last" and the like, or a year, make them seasons."""
    before = read.at(i - 2) if read.at(i - 1) == "the" else read.at(i - 1)
    return before in _WITH_A_SEASON or bool(year_after(read, i + 1))


_WITH_A_SEASON: Final = frozenset(("in", "last", "this", "next", "during", "since", "until", "early", "late", "mid"))


def _feast(read: Reading, i: int) -> Yearly | None:
    if read.at(i) == "easter":
        return Yearly(of_year=lambda year: periods.days(periods.easter(year) - timedelta(days=2), 4), after=i + 1)
    for words, (month, day, count) in calendar.FEASTS.items():
        if read.follows(i, *words):
            return _fixed(month, day, count, read.skip(i + len(words), "day"))
    return None


def _fixed(month: int, day: int, count: int, after: int) -> Yearly:
    return Yearly(of_year=lambda year: periods.days(date(year, month, day), count, exact=count == 1), after=after)


def _year_first(read: Reading, i: int) -> Found | None:
    """Such as "last year in March", "in 2022, in the summer"."""
    named = year_after(read, i) if read.at(i) not in ("of", "in", "the") else None
    if named is None:
        return None
    yearly = yearly_at(read, read.skip(named[1], "in", "on", "at", "during"))
    if yearly is None or yearly.after == named[1] or year_after(read, yearly.after):
        return None
    return Found(period=yearly.of_year(named[0]), after=yearly.after)


def _year(read: Reading, i: int) -> Found | None:
    after_word = i + (read.at(i) == "year")
    cued = after_word > i or read.at(i - 1) in CUES
    named = numbers.year(read.words, after_word)
    return Found(period=periods.year(named[0]), after=named[1]) if named and cued else None


def _decade(read: Reading, i: int) -> Found | None:
    i = read.skip(i, "the")
    match = re.fullmatch(r"(?:(19|20)?([0-9])0)s", read.at(i))
    tens = int(match[2]) if match else calendar.DECADES.get(read.at(i))
    if tens is None or (not (match and match[1]) and read.at(i - 1) not in ("the", "early", "late", "mid")):
        return None
    century = int(match[1]) * 100 if match and match[1] else 1900 if tens > 2 else 2000
    first_year = century + 10 * tens
    return Found(period=periods.months(first_year, 1, 120, exact=False), after=i + 1)


def _day_of_month(read: Reading, i: int) -> Found | None:
    """Such as "on the third": of this month or the last; looking ahead, of this or the next."""
    if read.at(i - 1) not in ("on", "since", "until", "till", "before", "after", "by") or read.at(i) != "the":
        return None
    day = numbers.ordinal(read.words, i + 1)
    if day is None or not _ends_here(read, day[1]):
        return None
    here = read.now.year, read.now.month
    order = (0, 1, 2) if read.ahead else (0, -1, -2)
    dates = (_day(*_moved(*here, by), day[0]) for by in order)
    today = read.now.date()
    found = next((d for d in dates if d and (d >= today if read.ahead else d <= today)), None)
    return Found(period=periods.days(found), after=day[1]) if found else None


def _moved(year: int, month: int, by: int) -> tuple[int, int]:
    start = periods.month_start(year, month + by)
    return start.year, start.month


def _ends_here(read: Reading, i: int) -> bool:
    """Such as "on the third" ends a phrase; "on the third floor" goes on."""
    if not read.at(i):
        return True
    return read.at(i) in ("of", "at", "in", "and", "with", "when", "did", "was", "i", "we") or _gap(read, i)


def _gap(read: Reading, i: int) -> bool:
    return read.places[i][0] - read.places[i - 1][1] > 1
