"""The words of a text with their places, as the readers of time expressions see them (pure).

Stands under `dates`, `relative` and `timewords`: each reads a period at a place, and says where the next word is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sotto_memory.recall.periods import Period

UNITS: Final = ("hour", "day", "week", "weekend", "month", "year")
_BEFORE_A_TIME: Final = """
in on at during throughout since until till before after of by last this next past early late mid around about from to
between and through for
"""
CUES: Final = frozenset(_BEFORE_A_TIME.split())
"""Words after which a name of a month or day is a time."""
ARTICLES: Final = frozenset(("the", "a", "an"))

_WORD: Final = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|(?<![\w-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\w-])|\d{1,2}[./]\d{1,2}[./]\d{4}|\d+(?:st|nd|rd|th|s)?(?![^\W_])|[^\W_]+(?:['’][^\W_]+)*"
)
_AHEAD: Final = re.compile(
    r"\b(?:will|shall|going to|gonna|do (?:i|we) have|have i got|am i|are we|i'm|must|need to|have to|due|coming"
    r"|upcoming|next|tomorrow|(?:'|’)ll|plans? for|planned for|scheduled)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text in words (lower case, possessive endings dropped), where each stands, and the moment it is read at.

    `ahead`: the text looks forward, so that a day without a year or week is the next one, not the last one.
    """

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    now: datetime
    ahead: bool = False

    def at(self, i: int) -> str:
        """The word at this place, empty outside."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def skip(self, i: int, *passed: str) -> int:
        """The place of the first word from `i` on that is none of these."""
        while self.at(i) in passed:
            i += 1
        return i

    def follows(self, i: int, *phrase: str) -> bool:
        """Whether these words stand at `i`."""
        return self.words[i : i + len(phrase)] == phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A period, and the place of the first word after those that name it."""

    period: Period
    after: int


Reader = Callable[[Reading, int], Found | None]


def reading(text: str, now: datetime) -> Reading:
    """The text in words. `now`: the wearer's wall clock."""
    matches = list(_WORD.finditer(text))
    return Reading(
        words=tuple(_plain(match[0]) for match in matches),
        places=tuple(match.span() for match in matches),
        now=now,
        ahead=bool(_AHEAD.search(text)),
    )


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")


def first(readers: tuple[Reader, ...], read: Reading, i: int) -> Found | None:
    """What the first of the readers that finds anything finds."""
    return next((found for reader in readers if (found := reader(read, i))), None)
