"""Which rows hold a word: lists of row numbers from the full-text index, bounded however large the memory is.

Stands on `store`. A word that hardly any row holds is read in full. Of a frequent word, the newest rows are read, and
the older ones that hold another word of the question too: what it says about all others is next to nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sotto_memory.store import Store

Numbers = NDArray[np.int64]

RARE: Final = 2_000
"""A word that fewer rows hold is read in full. Further than this nothing is counted."""
ROOM: Final = 24_000
"""Most rows of frequent words that one question reads, all words together."""
MOST_SHARE: Final = 0.5
"""Of several words that are read in part, each is taken to stand in no more of all rows: it may only have come often
of late, and must still count beside the others."""
PAIRS: Final = 6
"""So many pairs of frequent words are looked for together, the exact words first."""
PAIR_ROWS: Final = 500
"""And so many rows of each pair, the newest."""

_HELD: Final = "FROM memories_fts WHERE memories_fts MATCH asked.value"
_COUNTS: Final = f"SELECT (SELECT count(*) FROM (SELECT 1 {_HELD} LIMIT :most)) FROM json_each(:matches) AS asked"  # noqa: S608  (our own words)
_LISTS: Final = f"""
SELECT (SELECT group_concat(rowid) FROM (SELECT rowid {_HELD} ORDER BY rowid DESC LIMIT :most))
FROM json_each(:matches) AS asked
"""  # noqa: S608
_ENDS: Final = "SELECT (SELECT min(number) FROM memories), (SELECT max(number) FROM memories)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The numbers of the oldest and of the newest row."""

    first: int
    last: int

    @property
    def rows(self) -> int:
        """How many rows there are, those counted that are erased: it is taken for its logarithm only."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """The rows that hold a word, in order. `rows`: how many hold it, estimated where not all of them are here."""

    numbers: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    rows: float = 0.0


def reach(store: "Store") -> Reach | None:
    """Which rows there are; None when there are none."""
    first, last = store.tuples(_ENDS)[0]
    return None if first is None else Reach(first=first, last=last)


def any_of(words: Sequence[str], column: str = "") -> str:
    """Words as FTS5 reads them: any of them, each quoted so that none is an operator."""
    expression = " OR ".join(f'"{word}"' for word in words)
    return f"{{{column}}} : ({expression})" if column else expression


def counts(store: "Store", matches: Sequence[str], most: int = RARE) -> list[int]:
    """How many rows match each expression, counted up to `most`: in one statement, which costs a third of many."""
    return [row[0] for row in store.tuples(_COUNTS, {"matches": json.dumps(matches), "most": most})]


def read(store: "Store", matches: Sequence[str], here: Reach) -> list[Postings]:
    """The postings of each expression (empty for an empty one), the rare ones in full."""
    asked = [match for match in dict.fromkeys(matches) if match]
    held = dict(zip(asked, counts(store, asked), strict=True))
    rare = [match for match, found in held.items() if 0 < found < RARE]
    frequent = [match for match, found in held.items() if found >= RARE]
    known = {match: _whole(numbers) for match, numbers in zip(rare, _lists(store, rare, RARE), strict=True)}
    room = ROOM // max(1, len(frequent))
    known |= {match: _postings(store, match, rare, here, room) for match in frequent}
    known |= _with_pairs(store, {match: known[match] for match in frequent}, room, MOST_SHARE * here.rows)
    return [known.get(match, Postings()) for match in matches]


def newest(store: "Store", match: str, most: int) -> Numbers:
    """The newest rows that match, so many at most, in order."""
    return _lists(store, [match], most)[0]


def _lists(store: "Store", matches: Sequence[str], most: int) -> list[Numbers]:
    listed = store.tuples(_LISTS, {"matches": json.dumps(matches), "most": most})
    return [np.fromstring(one or "", dtype=np.int64, sep=",")[::-1] for (one,) in listed]


def _whole(numbers: Numbers) -> Postings:
    return Postings(numbers=numbers, rows=len(numbers))


def _postings(store: "Store", match: str, rare: Sequence[str], here: Reach, room: int) -> Postings:
    """Of a frequent word."""
    numbers = newest(store, match, room)
    if len(numbers) < room:
        return _whole(numbers)
    share = room / (here.last - int(numbers[0]) + 1)
    if rare:
        both = newest(store, f"({match}) AND ({' OR '.join(f'({one})' for one in rare)})", room)
        numbers = np.union1d(numbers, both)
    return Postings(numbers=numbers, rows=share * here.rows)


def _with_pairs(store: "Store", frequent: Mapping[str, Postings], room: int, most: float) -> dict[str, Postings]:
    """Frequent words, those that are not read in full with the older rows in which two of them meet.

    `most`: the most rows that a word of several is taken to be in.
    """
    cut = frozenset(match for match, one in frequent.items() if len(one.numbers) >= room)
    ordered = sorted(combinations(range(len(frequent)), 2), key=lambda pair: pair[::-1])
    matches = list(frequent)
    pairs = [(matches[i], matches[j]) for i, j in ordered if not cut.isdisjoint((matches[i], matches[j]))][:PAIRS]
    found = _lists(store, [f"({one}) AND ({other})" for one, other in pairs], PAIR_ROWS)
    more = dict(frequent)
    more |= {one: replace(more[one], rows=min(more[one].rows, most)) for pair in pairs for one in cut & {*pair}}
    for pair, numbers in zip(pairs, found, strict=True):
        more |= {one: replace(more[one], numbers=np.union1d(more[one].numbers, numbers)) for one in cut & {*pair}}
    return more
