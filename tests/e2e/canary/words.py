"""Finds words: in UTF-8 and UTF-16 of either order, in any case."""

from collections.abc import Iterable, Sequence

from tests.e2e.canary.haystack import Piece

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def find_words(pieces: Iterable[Piece], words: Sequence[str]) -> list[str]:
    """Where which of the words is."""
    wanted = [(word, word.lower().encode(encoding)) for word in words for encoding in ENCODINGS]
    found: set[str] = set()
    for piece in pieces:
        plain = piece.data.lower()
        found.update(f"{word} in {piece.name}" for word, form in wanted if form in plain)
    return sorted(found)
