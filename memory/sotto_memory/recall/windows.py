"""The rows of the pool with what was said beside them, judged exactly (pure, numpy).

Stands after `pool`: what `spreading` judged roughly by places is judged again with lengths, and within conversations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sotto_memory.recall.pool import FAR, SAME_TALK_NS, Seen, Talk
from sotto_memory.recall.postings import Numbers
from sotto_memory.recall.spreading import Floats, Presence
from sotto_memory.recall.tuning import Tuning

HEAD_CHARS: Final = 20
"""So much longer every row is taken to be, or the shortest would always be the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Rows and what is beside them. `norm`: the length term of bm25 by row; `shares`: what each place gives each row.

    `places`: steps to the givers, one for each line of `shares`.
    """

    numbers: Numbers
    norm: Floats
    places: tuple[int, ...]
    shares: Floats


def windows(rows: Sequence[Seen], said: Talk, tuning: Tuning) -> Windows:
    """The windows of these rows. `said`: what was said at and beside them."""
    numbers = np.array([row.number for row in rows], np.int64)
    lengths = np.array([row.chars + HEAD_CHARS for row in rows], np.float64)
    places = tuple(place for place in range(-FAR, FAR + 1) if place)
    shares = np.zeros((len(places), len(rows)))
    own, at = said.where(numbers)
    for line, place in enumerate(places) if len(said.numbers) else ():
        there, beside = said.where(numbers + place)
        lies = _lies(said, at, beside, place)
        near = own & there & (lies != 0)
        shares[line] = near * _shares(tuning)[lies + FAR]
        lengths += shares[line] * (said.chars[beside] + HEAD_CHARS)
        shares[line] += tuning.answers * (near & (lies == -1) & said.asks[beside])
    mean = lengths.mean() if len(rows) else 1.0
    return Windows(
        numbers=numbers,
        norm=tuning.k1 * (1 - tuning.b + tuning.b * lengths / mean),
        places=places,
        shares=shares,
    )


def _lies(said: Talk, one: NDArray[np.intp], other: NDArray[np.intp], place: int) -> NDArray[np.int64]:
    """Where others lie beside these rows in time; 0: not in one conversation, more than ten minutes a step apart.

    What was kept later may have been said earlier: then it lies before.
    """
    apart_ns = said.at_ns[other] - said.at_ns[one]
    lies = np.where(apart_ns == 0, place, np.sign(apart_ns) * abs(place))
    return np.where(np.abs(apart_ns) <= SAME_TALK_NS * abs(place), lies, 0)


def _shares(tuning: Tuning) -> Floats:
    """What a giver gives by where it lies, from the furthest before on."""
    known = dict(tuning.kernel)
    return np.array([known.get(place, 0.0) for place in range(-FAR, FAR + 1)])


def held(found: Sequence[Presence], within: Windows) -> tuple[Floats, Floats]:
    """By word and row: how much of it the row holds, and the same with what is beside it."""
    own = np.stack([one.at(within.numbers) for one in found]) if found else np.zeros((0, len(within.numbers)))
    sums = own.copy()
    beside = within.numbers + np.array(within.places)[:, np.newaxis]
    for term, one in enumerate(found):
        sums[term] += (within.shares * one.at(beside)).sum(axis=0)
    return own, sums


def bm25(sums: Floats, weights: Floats, norm: Floats, tuning: Tuning) -> Floats:
    """The score of each row; `weights`: of each word, idf and all."""
    scores: Floats = weights @ (sums * (tuning.k1 + 1) / (sums + norm))
    return scores
