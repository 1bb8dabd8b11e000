"""Reads the English time expressions of a question, resolved against now and the wearer's zone (pure).

Stands before the search: the spans say when to look, and which words of the question were used up by saying so. Most
questions mean the past: "in March" is the last March that has begun. `phrases` reads single periods; here are the
words that join them or leave one side open: before, after, since, until, between.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sotto_memory.recall import periods
from sotto_memory.recall.periods import EVER, NEVER, Period
from sotto_memory.recall.phrases import period
from sotto_memory.recall.reading import UNITS, Found, Reading, reading
from sotto_memory.wording import calendar, numbers

TEXT_CHARS: Final = 2_000
"""So much of a text is read: times of more than that are no longer one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in Unix nanoseconds, from the first to before the second.

    `words`: where in the text it is named, first character to before the last. `exact`: False for what leaves room
    ("in summer", "a few weeks ago"). Without beginning or end: the lowest or highest 64-bit number.
    """

    from_ns: int
    to_ns: int
    words: tuple[int, int]
    exact: bool


def spans(text: str, now_ns: int, zone: tzinfo) -> tuple[Span, ...]:
    """The times that a text names, in the order of its words; none when `now_ns` is outside every calendar."""
    try:
        read = reading(text[:TEXT_CHARS], periods.local_time(now_ns, zone))
    except (OverflowError, ValueError):
        return ()
    found: list[Span] = []
    named = [_names_time(word) for word in read.words]
    i = 0
    while i < len(read.words):
        span, i = _next(read, i, zone) if any(named[i : i + _REACH]) else (None, i + 1)
        found += [span] if span else []
    return tuple(found)


def looks_back(text: str) -> bool:
    """Whether a question asks for what is no longer so: "where did I use to live", "my old address"."""
    return bool(_FORMERLY.search(text))


_FORMERLY: Final = re.compile(
    r"\b(?:use(?:d)? to\b(?! (?:it|the|this|that|being|having|doing)\b)|previous(?:ly)?|former(?:ly)?|originally"
    r"|(?:my|our|his|her|their|'s) (?:old|last|ex) (?!name|time|few|year|week|month)|before (?:that|then|this|now)\b"
    r"|before\s*\?*$|back then|in the past|anymore|any more|no longer)",
    re.IGNORECASE,
)


def _names_time(word: str) -> bool:
    """Whether a word may be the heart of a time: most words of a question are passed over quickly."""
    return word in _HEARTS or word[0].isdecimal()


_HEARTS: Final = frozenset(
    (
        *(f"{unit}{end}" for unit in UNITS for end in ("", "s")),
        *(f"{day}{end}" for day in calendar.WEEKDAYS for end in ("", "s")),
        *(*calendar.MONTHS, *calendar.SHORT_MONTHS, *calendar.SHORT_WEEKDAYS, *calendar.SEASONS, *calendar.PARTS),
        *(*calendar.DECADES, *numbers.ORDINALS, *(words[0] for words in calendar.FEASTS)),
        *("easter", "nineteen", "twenty", "thousand"),
        *("yesterday", "today", "tomorrow", "tonight", "recently", "lately", "now"),
    )
)
_REACH: Final = 7
"""How many words a time has before its heart, at most."""


def _next(read: Reading, i: int, zone: tzinfo) -> tuple[Span | None, int]:
    """The span at `i`, if any, and where to read on."""
    try:
        found = _time_at(read, i)
        if found is None:
            return None, i + 1
        words = (read.places[i][0], read.places[found.after - 1][1])
        return _span(found.period, words, zone), found.after
    except (OverflowError, ValueError):  # a year 0 or 10000 is no time to look for
        return None, i + 1


def _span(period: Period, words: tuple[int, int], zone: tzinfo) -> Span | None:
    from_ns, to_ns = periods.nanoseconds(period.start, zone), periods.nanoseconds(period.end, zone)
    return Span(from_ns=from_ns, to_ns=to_ns, words=words, exact=period.exact) if from_ns < to_ns else None


def _time_at(read: Reading, i: int) -> Found | None:
    """A time at `i`, with the words that lead to it: "in", "during the"."""
    joined = _joined(read, i)
    if joined:
        return joined
    at = read.skip(i, *_LEADING)
    return period(read, at) or (period(read, at - 1) if at > i else None)


_LEADING: Final = ("in", "on", "at", "during", "throughout", "of", "for", "through", "within", "over", "the")


def _joined(read: Reading, i: int) -> Found | None:
    """Such as "before X", "since X", "between X and Y" at `i`."""
    word = read.at(i)
    if word in ("between", "from"):
        return _from_to(read, i)
    bounds = _BOUNDS.get(word)
    found = period(read, _past_articles(read, i + 1)) if bounds else None
    if bounds is None or found is None:
        return None
    starts, ends = bounds
    start = EVER if starts == "ever" else getattr(found.period, starts)
    end = NEVER if ends == "never" else getattr(found.period, ends)
    return Found(period=Period(start=start, end=end, exact=found.period.exact), after=found.after)


_BOUNDS: Final = {
    "before": ("ever", "start"),
    "after": ("end", "never"),
    "since": ("start", "never"),
    "until": ("ever", "end"),
    "till": ("ever", "end"),
    "by": ("ever", "end"),
}


def _past_articles(read: Reading, i: int) -> int:
    """Past "the", unless it leads a date: "on the third"."""
    return i if period(read, i) else read.skip(i, "the", "in", "on")


def _from_to(read: Reading, i: int) -> Found | None:
    one = period(read, _past_articles(read, i + 1))
    if one is None:
        one = _day_before_its_month(read, i + 1)
    if one is None or read.at(one.after) not in ("and", "to", "until", "till", "through"):
        return None
    other = period(read, _past_articles(read, one.after + 1))
    if other is None:
        return None
    dateless = not _names_year(read, i, one.after) and _names_year(read, one.after, other.after)
    start, end = _in_order(one.period, other.period, same_year=dateless)
    exact = one.period.exact and other.period.exact
    return Found(period=Period(start=start, end=end, exact=exact), after=other.after)


def _names_year(read: Reading, i: int, after: int) -> bool:
    return any(numbers.year(read.words, at) or read.at(at) == "year" or "-" in read.at(at) for at in range(i, after))


def _in_order(one: Period, other: Period, *, same_year: bool) -> tuple[datetime, datetime]:
    """From the first to the second, which may lend it its year; "from Monday to Friday" is one week's, and "between
    November and January" begins the year before.
    """
    start = _in_year(one.start, other.start.year) if same_year else one.start
    if start < other.end:
        return start, other.end
    if start - other.end < timedelta(days=7):
        return start - timedelta(days=7), other.end
    return _in_year(start, other.start.year - (start.month > other.start.month)), other.end


def _in_year(at: datetime, year: int) -> datetime:
    return at.replace(year=year, day=min(at.day, 28) if at.month == 2 else at.day)


def _day_before_its_month(read: Reading, i: int) -> Found | None:
    """The first day in "between 3 and 8 May", which names the month once."""
    day = numbers.ordinal(read.words, i) or numbers.cardinal(read.words, i)
    other = period(read, _past_articles(read, day[1] + 1)) if day else None
    if day is None or other is None or other.period.end - other.period.start != timedelta(days=1):
        return None
    return Found(period=periods.days(other.period.start.date().replace(day=day[0])), after=day[1])
