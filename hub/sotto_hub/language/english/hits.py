"""What the matchers for days, clocks and parts of the day hand to `times` (pure records)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sotto_hub.language.english.tokens import vocabulary

FOLLOWERS: Final = vocabulary(
    "and or but so because if when while that which it he she they we i you to with for at on in by before after "
    "until till from is was will would works suits fits seems sounds please instead as then than o'clock today "
    "tomorrow "
    "tonight this next the monday tuesday wednesday thursday friday saturday sunday sharp exactly again ok okay "
    "right can could should do does did are am be my our your his her their every not no yes sure thanks thank"
)
"""A bare number or ordinal counts as a time only before one of these words, or at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One piece of a time expression, from token `start` up to `end`.

    `weekly` marks a bare weekday name; `hour` and `minute` are as said; `half` is "am", "pm" or empty; `after` counts
    from now ("in twenty minutes"); `leading` is the word that leads a clock in, or the words of a part of the day.
    """

    start: int
    end: int
    day: date | None = None
    weekly: bool = False
    vague: bool = False
    part: str = ""
    hour: int | None = None
    minute: int = 0
    half: str = ""
    after: timedelta | None = None
    leading: str = ""


def free(words: Sequence[str], i: int) -> bool:
    """True when the word at `i` may follow a bare number of a time (a counted noun may not)."""
    return i >= len(words) or words[i] in FOLLOWERS


def phrase(words: Sequence[str], i: int, text: str) -> bool:
    """True when the words of `text` stand at place `i`."""
    return list(words[i : i + len(text.split())]) == text.split()


def longest(words: Sequence[str], i: int, phrases: Sequence[str]) -> str:
    """The longest of the phrases that stands at place `i`, or nothing."""
    return max((p for p in phrases if phrase(words, i, p)), key=len, default="")
