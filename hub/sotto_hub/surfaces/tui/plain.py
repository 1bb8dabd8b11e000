"""Words as they may be put on a terminal: between what was heard and every widget (pure).

Overheard and imported words are data. Whatever is in them, they cannot move the cursor, colour the screen, turn the
reading direction of what follows, or break a line.
"""

import unicodedata
from typing import Final

_JOINERS: Final = frozenset("\u200c\u200d\ufe0f")
"""Invisible, but they belong to words of some scripts and to emoji."""

MAX_CHARACTERS: Final = 4_000
"""More than anybody says in one breath; the rest of a longer text is not shown, and an ellipsis says so."""


def plain(text: str) -> str:
    """One line without control characters, direction overrides or doubled spaces."""
    kept = "".join(_visible(c) for c in text[:MAX_CHARACTERS])
    return " ".join(kept.split()) + ("…" if len(text) > MAX_CHARACTERS else "")


def _visible(character: str) -> str:
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category[0] == "C" else character
