"""What meaning may add to words: little where words are found, and never more than they do (pure).

An embedder may be poor, or wrong for the language; so a near meaning lifts a row that was found by words by a bounded
share of the best score. A row that no word found may come in as a guest only when it stands out: of n cosines that
mean nothing, the greatest lies about sqrt(2 ln n) deviations above their mean (the maximum of n normal variates), so
it must lie further. Even then it stays behind the hits that cover the question, where there are any.
"""

from collections.abc import Mapping
from math import log, sqrt
from typing import Final

from sotto_memory.recall.tuning import Tuning
from sotto_memory.recall.vectors import Nearest

NEAREST: Final = 50
"""So many are looked at among those that no word found."""
_CERTAIN: Final = 1.5
"""So many times the gate is as near as it needs to be."""


def gate(compared: int) -> float:
    """By how many deviations a cosine must stand out among so many."""
    return sqrt(2 * log(max(2, compared)))


def nearness(z: float, compared: int) -> float:
    """0..1: how near a meaning is, by how far its cosine stands out."""
    return min(1.0, max(0.0, z / (_CERTAIN * gate(compared))))


def bonus(cosines: Mapping[int, float], near: Nearest, best: float, tuning: Tuning) -> dict[int, float]:
    """What meaning adds to rows that were found by words. `best`: the best score by words."""
    return {
        number: tuning.meaning * best * share
        for number, cosine in cosines.items()
        if (share := nearness(near.z(cosine), near.compared)) > 0
    }


def guests(near: Nearest, found: frozenset[int], best: float, covered: float, tuning: Tuning) -> dict[int, float]:
    """Rows that no word found and that stand out, with their scores.

    `best`: the best score by words, 0 where there is none; `covered`: how much of the question those rows cover. The
    less they do, the higher a guest may stand, and never above them all.
    """
    most = (tuning.guest + (1 - tuning.guest) * (1 - covered)) * (best or 1.0)
    standing_out = [
        (number, near.z(cosine))
        for number, cosine in near.rows
        if number not in found and near.z(cosine) >= gate(near.compared)
    ]
    return {number: most * nearness(z, near.compared) for number, z in standing_out}
