"""Recognised words as memory may hold them (pure): one line, no control characters, bounded."""

from typing import Final

LONGEST: Final = 2000


def clean(text: str) -> str:
    """The words of a text with single spaces; what is no text is left out, the end is cut at 2000 characters."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:LONGEST]
