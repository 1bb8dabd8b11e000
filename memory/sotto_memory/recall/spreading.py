"""Words that count for the rows beside them too, and bm25 over such windows (pure, numpy).

The question "what dog did you get?" is answered in the next row, which says neither "dog" nor "get". So what a row
says counts for its neighbours, the less the further; the sums are taken word by word and saturate only then:

    Y_t(i) = p_t(i) + sum over places o of k_o p_t(i + o)
    S(i) = sum over words t of weight_t idf_t Y_t(i) (k1 + 1) / (Y_t(i) + k1 (1 - b + b L(i) / mean L))

with p_t(i) the presence of the word in the row (1, or less for a variant), L the length of a window summed in the
same way, and idf_t = ln(1 + (N - n_t + 0.5) / (n_t + 0.5)), n_t the number of windows that hold the word. It is BM25F
(Robertson, Zaragoza and Taylor 2004) with windows for fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sotto_memory.recall.postings import Numbers, Postings
from sotto_memory.recall.tuning import Tuning

Floats = NDArray[np.float64]

_ROOM: Final = 8
"""Places beyond the first and last row, so that a neighbour always has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Where a word is: row numbers in order, and how much it is there (0..1). `rows`: how many rows hold it."""

    numbers: Numbers
    shares: Floats
    rows: float

    def at(self, numbers: Numbers) -> Floats:
        """How much of the word each of these rows holds."""
        if not len(self.numbers):
            return np.zeros(numbers.shape)
        places = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[places] == numbers, self.shares[places], 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Every row that a word of the question touches, roughly judged: numbers in order, and idf by word.

    `scores`: with what is beside; `own`: by the row's own words.
    """

    numbers: Numbers
    scores: Floats
    own: Floats
    idf: Floats


def presence(exact: Postings, variants: Postings, share: float) -> Presence:
    """A word and its variants as one."""
    others = np.setdiff1d(variants.numbers, exact.numbers, assume_unique=True)
    numbers = np.concatenate([exact.numbers, others])
    order = np.argsort(numbers, kind="stable")
    shares = np.concatenate([np.ones(len(exact.numbers)), np.full(len(others), share)])
    union = len(numbers) / max(1, len(exact.numbers) + len(variants.numbers))
    rows = (exact.rows + variants.rows) * union
    return Presence(numbers=numbers[order], shares=shares[order], rows=rows)


def spread(found: Sequence[Presence], weights: Sequence[float], rows: int, tuning: Tuning) -> Field:
    """Judges all touched rows by words and places alone; how long rows are, and who spoke, is not known yet."""
    numbers, places = _touched([one.numbers for one in found], tuning)
    scores, own = np.zeros(len(numbers)), np.zeros(len(numbers))
    idf = np.full(len(found), information(0, rows))
    for term, (one, weight) in enumerate(zip(found, weights, strict=True)):
        if not len(one.numbers):
            continue
        sums = np.zeros(len(numbers))
        for offset, share in ((0, 1.0), *tuning.kernel):
            sums[places(one.numbers - offset)] += share * one.shares
        windows = np.count_nonzero(sums) * max(1.0, one.rows / len(one.numbers))
        idf[term] = information(min(windows, rows), rows)
        scores += weight * idf[term] * sums * (tuning.k1 + 1) / (sums + tuning.k1)
        own[places(one.numbers)] += weight * idf[term] * one.shares
    return Field(numbers=numbers, scores=scores, own=own, idf=idf)


def information(holding: float, rows: float) -> float:
    """How much a word says that so many of the rows hold."""
    return float(np.log(1 + (rows - holding + 0.5) / (holding + 0.5)))


def best(field: Field, most: int) -> list[int]:
    """The numbers of the best rows by both scores in turn, each once, best first; of equals the newer."""
    several = (_best(field.numbers, scores, most).tolist() for scores in (field.scores, field.own))
    return list(dict.fromkeys(number for pair in zip(*several, strict=True) for number in pair))[:most]


def _best(numbers: Numbers, scores: Floats, most: int) -> Numbers:
    places = np.arange(len(numbers))
    if len(numbers) > most:
        places = np.flatnonzero(scores >= np.partition(scores, -most)[-most])
    return numbers[places[np.lexsort((-numbers[places], -scores[places]))][:most]]


class _Places:
    """Where a touched row stands among all of them."""

    def __init__(self, first: int, marked: NDArray[np.bool_]) -> None:
        self._first = first
        self.numbers: Numbers = np.flatnonzero(marked) + first
        self._at = np.empty(len(marked), np.int32)  # only what is touched is ever set or read
        self._at[self.numbers - first] = np.arange(len(self.numbers), dtype=np.int32)

    def __call__(self, numbers: Numbers) -> NDArray[np.int32]:
        return self._at[numbers - self._first]


def _touched(lists: Sequence[Numbers], tuning: Tuning) -> tuple[Numbers, _Places]:
    held = [numbers for numbers in lists if len(numbers)]
    first = min((int(numbers[0]) for numbers in held), default=0) - _ROOM
    last = max((int(numbers[-1]) for numbers in held), default=0) + _ROOM
    marked = np.zeros(last - first + 1, np.bool_)
    for numbers in held:
        for offset, _ in ((0, 1.0), *tuning.kernel):
            marked[numbers - offset - first] = True
    places = _Places(first, marked)
    return places.numbers, places
