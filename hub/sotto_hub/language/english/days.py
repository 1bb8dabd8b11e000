"""Days in English talk (pure): "tomorrow", "next friday", "tuesday in two weeks", "on the third of may".

Words that are often something else ("may", "march", "second", "sat") count only with support beside them.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from sotto_hub.language.english.hits import Hit, free, longest, phrase
from sotto_hub.language.english.numbers import amount, cardinal, ordinal
from sotto_hub.language.english.tokens import vocabulary

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = vocabulary("january february march april may june july august september october november december")
ENDS: Final = ("the end of the week", "the end of this week", "the end of the month", "the end of this month")
RELATIVE: Final = {"today": 0, "tonight": 0, "tomorrow": 1, "the day after tomorrow": 2, "day after tomorrow": 2}
VAGUE: Final = ("next week", "later this week", "this week", "next month", "this month", "one of these days")
WEEKENDS: Final = {"this weekend": 0, "the weekend": 0, "next weekend": 7}
SPANS: Final = {"day": 1, "days": 1, "week": 7, "week's": 7, "weeks": 7, "fortnight": 14, "fortnights": 14}


def match_day(words: Sequence[str], i: int, today: date) -> Hit | None:
    """The day named at place `i`, if any; the most telling form wins."""
    forms: tuple[Callable[[Sequence[str], int, date], Hit | None], ...] = (
        relative,
        weekday,
        weekend,
        in_span,
        end_of,
        dated,
        vague,
    )
    return next((hit for form in forms if (hit := form(words, i, today))), None)


def relative(words: Sequence[str], i: int, today: date) -> Hit | None:
    """So: "today", "tonight", "tomorrow", "the day after tomorrow"."""
    name = longest(words, i, tuple(RELATIVE))
    if not name:
        return None
    end = i + len(name.split())
    if name == "tomorrow" and phrase(words, end, "week"):
        return None
    return Hit(
        start=i, end=end, day=today + timedelta(days=RELATIVE[name]), part="tonight" if name == "tonight" else ""
    )


def weekday(words: Sequence[str], i: int, today: date) -> Hit | None:
    """A full weekday, with "next", "this", "a week from", "in two weeks" or a date to go with it."""
    lead = longest(words, i, ("next", "this", "this coming", "coming", "a week from", "a week on"))
    j = i + len(lead.split())
    if j >= len(words) or words[j] not in WEEKDAYS:
        return None
    day = upcoming(today, WEEKDAYS.index(words[j]), after_next_week=lead == "next")
    if not lead and phrase(words, j + 1, "week"):
        return Hit(start=i, end=j + 2, day=day + timedelta(days=7))
    if lead.startswith("a week"):
        return Hit(start=i, end=j + 1, day=day + timedelta(days=7))
    if span := in_span(words, j + 1, today):
        far = span.day or today
        return Hit(start=i, end=span.end, day=far + timedelta(days=WEEKDAYS.index(words[j]) - far.weekday()))
    if (exact := dated(words, j + 1, today)) and exact.day and exact.day.weekday() == WEEKDAYS.index(words[j]):
        return Hit(start=i, end=exact.end, day=exact.day)
    return Hit(start=i, end=j + 1, day=day, weekly=not lead)


def upcoming(today: date, index: int, *, after_next_week: bool) -> date:
    """The next such weekday from today on; with "next", the one in the coming calendar week."""
    if after_next_week:
        return today + timedelta(days=7 - today.weekday() + index)
    return today + timedelta(days=(index - today.weekday()) % 7)


def weekend(words: Sequence[str], i: int, today: date) -> Hit | None:
    """So: "this weekend", "the weekend": its Saturday, or today when it has begun."""
    name = longest(words, i, tuple(WEEKENDS))
    if not name:
        return None
    near = today if today.weekday() >= 5 else today + timedelta(days=5 - today.weekday())
    return Hit(start=i, end=i + 2, day=near + timedelta(days=WEEKENDS[name]))


def in_span(words: Sequence[str], i: int, today: date) -> Hit | None:
    """So: "in two weeks", "in a fortnight", "in three days", "in two months"."""
    count = amount(words, i + 1) if i < len(words) and words[i] == "in" else None
    if count is None or count[1] >= len(words) or count[0] > 60:
        return None
    number, j = count
    if words[j] in SPANS:
        end = j + 2 if phrase(words, j + 1, "time") else j + 1
        return Hit(start=i, end=end, day=today + timedelta(days=number * SPANS[words[j]]))
    if words[j] in ("month", "months"):
        return Hit(start=i, end=j + 1, day=months_on(today, number))
    return None


def end_of(words: Sequence[str], i: int, today: date) -> Hit | None:
    """So: "the end of the week" (its Friday, on a weekend its Sunday), "the end of the month"."""
    name = longest(words, i, ENDS)
    if not name:
        return None
    if name.endswith("month"):
        return Hit(start=i, end=i + 5, day=today.replace(day=monthrange(today.year, today.month)[1]))
    return Hit(start=i, end=i + 5, day=today + timedelta(days=(4 if today.weekday() < 5 else 6) - today.weekday()))


def months_on(today: date, number: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def dated(words: Sequence[str], i: int, today: date) -> Hit | None:
    """So: "the third of may", "may the third", "may 3rd", "3 may", "the ninth"."""
    j = i + 1 if phrase(words, i, "the") else i
    if nth := ordinal(words, j) or (cardinal(words, j) if words[j : j + 1] and words[j].isdecimal() else None):
        month_at = nth[1] + 1 if phrase(words, nth[1], "of") else nth[1]
        if month_at < len(words) and words[month_at] in MONTHS:
            return on_date(i, month_at + 1, today, words[month_at], nth[0])
        if j > i and ordinal(words, j) and free(words, nth[1]) and before(words, i) in ("on", "by", *WEEKDAYS):
            return of_month(i, nth[1], today, nth[0])
    if j == i and i < len(words) and words[i] in MONTHS:
        k = i + 2 if phrase(words, i + 1, "the") else i + 1
        digits = cardinal(words, k) if k < len(words) and words[k].isdecimal() else None
        if nth := ordinal(words, k) or digits:
            return on_date(i, nth[1], today, words[i], nth[0])
    return None


def before(words: Sequence[str], i: int) -> str:
    """The word before place `i`, or nothing."""
    return words[i - 1] if i > 0 else ""


def on_date(start: int, end: int, today: date, month: str, number: int) -> Hit | None:
    """The next such date (one up to a week past still counts as this year's)."""
    index = MONTHS.index(month) + 1
    for year in (today.year, today.year + 1):
        if 1 <= number <= monthrange(year, index)[1] and date(year, index, number) >= today - timedelta(days=7):
            return Hit(start=start, end=end, day=date(year, index, number))
    return None


def of_month(start: int, end: int, today: date, number: int) -> Hit | None:
    """The next day of a month with this number."""
    for ahead in range(3):
        month = months_on(today.replace(day=1), ahead)
        if 1 <= number <= monthrange(month.year, month.month)[1] and month.replace(day=number) >= today:
            return Hit(start=start, end=end, day=month.replace(day=number))
    return None


def vague(words: Sequence[str], i: int, today: date) -> Hit | None:
    """So: "next week": a time, but no day."""
    name = longest(words, i, VAGUE)
    return Hit(start=i, end=i + len(name.split()), vague=True) if name else None
