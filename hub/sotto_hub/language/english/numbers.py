"""Spoken English numbers (pure): "twenty one", "a", "third", "7", "21st"."""

import re
from collections.abc import Sequence
from typing import Final

from sotto_hub.language.english.tokens import vocabulary

UNITS: Final = {
    w: n
    for n, w in enumerate(
        vocabulary(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
TENS: Final = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
ORDINALS: Final = {
    w: n
    for n, w in enumerate(
        vocabulary(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        start=1,
    )
} | {"thirtieth": 30}
NTH: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")


def cardinal(words: Sequence[str], i: int) -> tuple[int, int] | None:
    """The number at place `i` (0..99 in words, or up to four digits) and the place after it."""
    if i >= len(words):
        return None
    if words[i].isdecimal() and len(words[i]) <= 4:
        return int(words[i]), i + 1
    if words[i] in UNITS:
        return UNITS[words[i]], i + 1
    if words[i] not in TENS:
        return None
    unit = UNITS.get(words[i + 1], 0) if i + 1 < len(words) else 0
    return (TENS[words[i]] + unit, i + 2) if 1 <= unit <= 9 else (TENS[words[i]], i + 1)


def amount(words: Sequence[str], i: int) -> tuple[int, int] | None:
    """Like `cardinal`, and "a", "an", "a couple of" count too."""
    if list(words[i : i + 3]) == ["a", "couple", "of"]:
        return 2, i + 3
    if i < len(words) and words[i] in ("a", "an"):
        return 1, i + 1
    return cardinal(words, i)


def ordinal(words: Sequence[str], i: int) -> tuple[int, int] | None:
    """The ordinal at place `i` (1..31) and the place after it."""
    if i >= len(words):
        return None
    if match := NTH.fullmatch(words[i]):
        return int(match.group(1)), i + 1
    if words[i] in ORDINALS:
        return ORDINALS[words[i]], i + 1
    if words[i] in ("twenty", "thirty") and i + 1 < len(words) and 1 <= ORDINALS.get(words[i + 1], 0) <= 9:
        return TENS[words[i]] + ORDINALS[words[i + 1]], i + 2
    return None
