"""Spoken English numbers (pure): "twenty one", "a couple of", "third", "7", "21st", "nineteen ninety nine".

Every function takes words in lower case and a place, and returns the number there and the place after it, or None.
"""

import re
from collections.abc import Sequence
from typing import Final

_SMALL: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
UNITS: Final = {word: number for number, word in enumerate(_SMALL.split())}
_BY_TEN: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS: Final = {word: 10 * number for number, word in enumerate(_BY_TEN.split(), start=2)}
_IN_ORDER: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS: Final = {word: number for number, word in enumerate(_IN_ORDER.split(), start=1)} | {"thirtieth": 30}
_NTH: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")

Read = tuple[int, int] | None
"""A number and the place after it."""


def cardinal(words: Sequence[str], i: int) -> Read:
    """0..99 in words, or up to three digits."""
    word = _at(words, i)
    if word.isascii() and word.isdecimal() and len(word) <= 3:
        return int(word), i + 1
    if word in UNITS:
        return UNITS[word], i + 1
    if word not in TENS:
        return None
    unit = UNITS.get(_at(words, i + 1), 0)
    return (TENS[word] + unit, i + 2) if 1 <= unit <= 9 else (TENS[word], i + 1)


def amount(words: Sequence[str], i: int) -> Read:
    """Like `cardinal`, and "a", "an" and "one" are 1."""
    return (1, i + 1) if _at(words, i) in ("a", "an") else cardinal(words, i)


def ordinal(words: Sequence[str], i: int) -> Read:
    """1..31: "third", "3rd", "twenty first"."""
    word = _at(words, i)
    if match := _NTH.fullmatch(word):
        return int(match[1]), i + 1
    if word in ORDINALS:
        return ORDINALS[word], i + 1
    unit = ORDINALS.get(_at(words, i + 1), 0)
    return (TENS[word] + unit, i + 2) if word in ("twenty", "thirty") and 1 <= unit <= 9 else None


def year(words: Sequence[str], i: int) -> Read:
    """1900..2099: "2023", "twenty twenty three", "nineteen ninety", "two thousand (and) five", "twenty oh five"."""
    word = _at(words, i)
    if re.fullmatch(r"(?:19|20)[0-9]{2}", word):
        return int(word), i + 1
    if [word, _at(words, i + 1)] == ["two", "thousand"]:
        return _in_this_century(words, i + 2)
    if word not in ("nineteen", "twenty"):
        return None
    return _of_two_halves(words, i, 1900 if word == "nineteen" else 2000)


def _in_this_century(words: Sequence[str], i: int) -> Read:
    after = cardinal(words, i + (_at(words, i) == "and"))
    return (2000 + after[0], after[1]) if after and after[0] < 100 else (2000, i)


def _of_two_halves(words: Sequence[str], i: int, century: int) -> Read:
    if _at(words, i + 1) in ("oh", "o") and 1 <= UNITS.get(_at(words, i + 2), 0) <= 9:
        return century + UNITS[words[i + 2]], i + 3
    rest = cardinal(words, i + 1)
    return (century + rest[0], rest[1]) if rest and 10 <= rest[0] <= 99 and not words[i + 1].isdecimal() else None


def _at(words: Sequence[str], i: int) -> str:
    return words[i] if 0 <= i < len(words) else ""
