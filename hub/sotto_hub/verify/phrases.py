"""What to look for after an erasure, and which of what is found should not be there (pure).

    texts before ─┐
                  ├─► wanted: pieces of what is gone ─► search ─► left_behind: those that nothing rightly holds
    texts after ──┘

A piece is rightly there when somebody said it at another time, or when the wearer stated it or brought it in. A
memory of what was heard has no words of its own: it may hold them only while what it rests on says them all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

WINDOW: Final = 4
LEAST: Final = 8
"""Shorter pieces are found in any large file by chance, in ciphertext too."""

LONGEST: Final = 400
MOST: Final = 20_000
"""Of more pieces than this, evenly chosen ones are looked for."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All words that are kept, by id. `said`: what was heard, and what is remembered; `offered`: suggestions.

    `rightful`: the ids of what may hold its words, whatever else was erased.
    """

    said: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    rightful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look for: pieces of what was heard or remembered, and pieces that only suggestions held."""

    said: frozenset[str] = frozenset()
    offered: frozenset[str] = frozenset()

    def phrases(self) -> tuple[str, ...]:
        """All of them in order."""
        return tuple(sorted(self.said | self.offered))


def wanted(before: Texts, after: Texts) -> Wanted:
    """The pieces of what was there before and is not there any more."""
    said, offered = _gone(before.said, after.said), _gone(before.offered, after.offered)
    return Wanted(said=_bounded(said), offered=_bounded(offered - said))


def left_behind(found: Iterable[str], looked_for: Wanted, after: Texts) -> frozenset[str]:
    """Of the pieces that were found, those that should not be there."""
    stated = lowered("\n".join(text for name, text in after.said.items() if name in after.rightful))
    offered = lowered("\n".join(after.offered.values()))
    return frozenset(
        piece for piece in found if piece not in stated and not (piece in looked_for.offered and piece in offered)
    )


def pieces(text: str) -> Iterator[str]:
    """The text as a whole, and every four words of it in a row, lower case; nothing shorter than two words."""
    words = list(_WORD.finditer(text))
    if len(words) < 2:
        return
    runs = [(0, len(words) - 1), *((at, at + WINDOW - 1) for at in range(len(words) - WINDOW + 1))]
    for first, last in runs:
        piece = lowered(text[words[first].start() : words[last].end()])
        if LEAST <= len(piece) <= LONGEST:
            yield piece


def words_of(text: str) -> frozenset[str]:
    """The words of a text, lower case."""
    return frozenset(_WORD.findall(lowered(text)))


def lowered(text: str) -> str:
    """ASCII letters in lower case, as bytes are compared."""
    return text.encode(errors="replace").lower().decode()


def _gone(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    texts = (text for name, text in before.items() if after.get(name) != text)
    return frozenset(piece for text in texts for piece in pieces(text))


def _bounded(phrases: frozenset[str]) -> frozenset[str]:
    step = max(1, -(-len(phrases) // MOST))
    return frozenset(sorted(phrases)[::step])
