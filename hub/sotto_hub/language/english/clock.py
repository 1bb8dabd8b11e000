"""Times of day in English talk (pure): "at seven", "half past four", "quarter to five", "in twenty minutes"."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sotto_hub.language.english.hits import Hit, free, longest, phrase
from sotto_hub.language.english.numbers import amount, cardinal
from sotto_hub.language.english.tokens import vocabulary

LEADS: Final = ("at", "by", "before", "until", "till", "after", "around", "about", "from", "to", "for", "between")
SOFT: Final = ("about", "around", "exactly", "roughly", "just before")
NAMED: Final = {"noon": (12, 0, "pm"), "midday": (12, 0, "pm"), "midnight": (0, 0, "am")}
PARTS: Final = {
    "in the morning": "morning",
    "in the afternoon": "afternoon",
    "in the evening": "evening",
    "at night": "night",
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
    "after lunch": "after lunch",
    "before lunch": "before lunch",
    "after work": "after work",
    "after dinner": "after dinner",
    "after school": "after school",
    "after breakfast": "after breakfast",
    "at lunch": "lunch",
    "at lunchtime": "lunch",
    "this morning": "morning",
    "this afternoon": "afternoon",
    "this evening": "evening",
}
TRUSTED: Final = frozenset({"at", "by", "before", "until", "till", "after", "around"})
RANGES: Final = frozenset({"from", "between"})
TOWARDS: Final = frozenset({"to", "until", "till", "and"})
MOVING: Final = frozenset(
    vocabulary("move moved moving change changed push pushed postpone postponed shift shifted reschedule rescheduled")
)
"""With one of these before it, "from two to four" is no span: it says that a time has changed."""
MISHEARD: Final = frozenset({"and", "an", "add", "it", "that", "as", "the", "a"})
QUARTERS: Final = {"half": 30, "quarter": 15, "have": 30}
SIDES: Final = {"past": "past", "passed": "past", "to": "to"}
"""With what recognisers make of "half past"."""
UNITS: Final = {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600}


def match_part(words: Sequence[str], i: int) -> Hit | None:
    """A part of the day at place `i`. A bare "morning" counts only beside a day (see `times`)."""
    name = longest(words, i, tuple(PARTS))
    return Hit(start=i, end=i + len(name.split()), part=PARTS[name], leading=name) if name else None


def match_after(words: Sequence[str], i: int) -> Hit | None:
    """So: "in twenty minutes", "in half an hour", "in two hours". "In a minute" is a manner of speaking."""
    if not phrase(words, i, "in"):
        return None
    if half := longest(words, i + 1, ("half an hour", "an hour and a half", "a quarter of an hour")):
        minutes = {"half an hour": 30, "an hour and a half": 90}.get(half, 15)
        return Hit(start=i, end=i + 1 + len(half.split()), after=timedelta(minutes=minutes))
    count = amount(words, i + 1)
    if count is None or count[1] >= len(words) or words[count[1]] not in UNITS or words[count[1]] == "minute":
        return None
    return Hit(start=i, end=count[1] + 1, after=timedelta(seconds=count[0] * UNITS[words[count[1]]]))


def match_clock(words: Sequence[str], i: int) -> Hit | None:
    """A time of day at place `i`, with the word that leads it in."""
    lead = words[i] if i < len(words) and words[i] in LEADS else ""
    j = i + (1 if lead else 0)
    soft = longest(words, j, SOFT) if lead else ""
    j += len(soft.split())
    if lead in RANGES and MOVING.isdisjoint(words[:i]) and (span := between(words, j)):
        return Hit(start=i, end=span[3], hour=span[0], minute=span[1], half=span[2], leading="at")
    read = named(words, j) or past_or_to(words, j) or plain(words, j, lead)
    if read is None:
        return None
    hour, minute, half, end = read
    return Hit(start=i, end=end, hour=hour, minute=minute, half=half, leading=lead)


def between(words: Sequence[str], j: int) -> "Read | None":
    """So: "two to four", "nine and eleven" after "from" or "between": when it begins, and where the words end.

    The half of the day that is said of the end goes for the beginning too, unless noon lies between.
    """
    begins = named(words, j) or plain(words, j, "at")
    if begins is None or begins[3] >= len(words) or words[begins[3]] not in TOWARDS:
        return None
    ends = named(words, begins[3] + 1) or plain(words, begins[3] + 1, "at")
    if ends is None:
        return None
    same_half = begins[0] % 12 <= ends[0] % 12
    return (begins[0], begins[1], begins[2] or (ends[2] if same_half else ""), ends[3])


def match_misheard(words: Sequence[str], i: int) -> Hit | None:
    """An hour right after a day, with "at" misheard or lost: "tomorrow and seven", "friday ten thirty"."""
    j = i + 1 if i < len(words) and words[i] in MISHEARD else i
    read = past_or_to(words, j) or plain(words, j, "at") if j < len(words) and words[j] not in TRUSTED else None
    if read is None or not free(words, read[3]):
        return None
    return Hit(start=i, end=read[3], hour=read[0], minute=read[1], half=read[2], leading="at")


Read = tuple[int, int, str, int]


def named(words: Sequence[str], j: int) -> Read | None:
    """So: "noon", "midnight"."""
    return (*NAMED[words[j]], j + 1) if j < len(words) and words[j] in NAMED else None


def past_or_to(words: Sequence[str], j: int) -> Read | None:
    """So: "half past four", "a quarter to five", "ten past six", "five minutes to seven"."""
    k = j + 1 if phrase(words, j, "a quarter") else j
    if k < len(words) and words[k] in QUARTERS:
        minute, k = QUARTERS[words[k]], k + 1
    elif count := cardinal(words, k):
        minute, k = count
        k += 1 if phrase(words, k, "minutes") else 0
    else:
        return None
    side = SIDES.get(words[k], "") if k < len(words) else ""
    hour = cardinal(words, k + 1) if side in ("past", "to") else None
    if hour is None or not 1 <= hour[0] <= 12 or not 1 <= minute < 60 or (side == "to" and minute == 30):
        return None
    if side == "past":
        return (hour[0], minute, *half_of(words, hour[1]))
    return ((hour[0] + 10) % 12 + 1, 60 - minute, *half_of(words, hour[1]))


def plain(words: Sequence[str], j: int, lead: str) -> Read | None:
    """So: "seven", "seven thirty", "seven o'clock", "19:30", "7 pm": a bare number needs a leading word."""
    if j < len(words) and (":" in words[j] or "." in words[j]):
        hour, minute = (int(n) for n in words[j].replace(".", ":").split(":"))
        supported = ":" in words[j] or lead in TRUSTED
        return (hour, minute, *half_of(words, j + 1)) if hour < 24 and minute < 60 and supported else None
    count = cardinal(words, j)
    if count is None or not 1 <= count[0] <= 24:
        return None
    minute, k = minutes_after(words, count[1])
    half, end = half_of(words, k)
    supported = end > k or (bool(lead) and lead != "for" and free(words, end) and (minute > 0 or count[0] <= 12))
    return (count[0] % 24, minute, half, end) if supported else None


def minutes_after(words: Sequence[str], j: int) -> tuple[int, int]:
    """So: "thirty" in "seven thirty", "oh five" in "seven oh five": the minutes, and the place after them."""
    if j + 1 < len(words) and words[j] in ("oh", "o") and (unit := cardinal(words, j + 1)):
        return unit
    count = cardinal(words, j)
    return count if count and 10 <= count[0] <= 59 else (0, j)


def half_of(words: Sequence[str], j: int) -> tuple[str, int]:
    """So: "am", "pm" or "o'clock" after an hour."""
    if phrase(words, j, "o'clock"):
        half, end = half_of(words, j + 1)
        return half, end
    return (words[j], j + 1) if j < len(words) and words[j] in ("am", "pm") else ("", j)
