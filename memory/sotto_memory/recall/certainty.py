"""How much of a question the best hits cover, 0..1: too little, and "I don't know that" is the answer (pure).

Every word of the question weighs by its information. One that no memory knows weighs most of all: what is asked about
was then never told. A row covers a word that it holds, or that is said beside it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sotto_memory.recall.people import folded
from sotto_memory.recall.query import Term
from sotto_memory.recall.spreading import Floats, Presence, information

KNOWN_FROM: Final = 0.6
"""Chosen on made-up facts and questions; see the tests."""
LOOKED_AT: Final = 5
"""So many of the best hits may each cover the question alone."""
STRANGER: Final = 0.5
"""What is left of it when a hit is neither by nor about the person who is named."""
UNHELD: Final = 0.85
"""What is left of it when a single value is asked for that no memory holds as such."""
LOOKALIKE: Final = 0.5
"""What is left of it when not even the words of the row may tell that value."""
_OF_ANSWER: Final = 0.3
"""What the sort of the answer weighs: who answers seldom says it."""
_FULL: Final = 0.66
"""So much of a word, said beside, is as good as said; a variant a little less."""


def coverage(
    terms: Sequence[Term], known: Sequence[Presence], sums: Floats, rows: int, names: frozenset[str]
) -> Floats:
    """By row: the share of the question that it covers. `sums`: by word and row, see `windows.held`.

    Names, names of days, and words that only frame the question do not count beside others.
    """
    told = [term.weight >= 1 and not term.of_day and folded(term.word) not in names for term in terms]
    if not any(told):
        told = [True] * len(terms)
    pairs = zip(terms, known, told, strict=True)
    weights = np.array([_weight(term, one, rows) if counts else 0.0 for term, one, counts in pairs])
    if not weights.sum():
        return np.zeros(sums.shape[1])
    covered: Floats = weights @ np.minimum(1.0, sums / _FULL) / weights.sum()
    return covered


def _weight(term: Term, where: Presence, rows: int) -> float:
    """Between a half, for a word that says nothing, and 1, for one that no memory knows."""
    weight = 0.5 + 0.5 * information(min(where.rows, rows), rows) / information(0, rows)
    return _OF_ANSWER * weight if term.of_answer else weight


def certainty(covered: Sequence[float], of_person: Sequence[bool], holds_slot: Sequence[bool]) -> float:
    """How sure the best hits are, best first. `of_person`: by or about whom the question names, if it does."""
    best = 0.0
    for share, belongs, holds in list(zip(covered, of_person, holds_slot, strict=True))[:LOOKED_AT]:
        best = max(best, 1.0 if holds else share * (1.0 if belongs else STRANGER))
    return best
