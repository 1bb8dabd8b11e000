"""Of facts that answer a question equally well, the newest is so now (pure).

Not every fact has a slot (see `keeping.claims`): people say what is new in more ways than rules can read. So of the
statements that cover a question as well as the best one does, about the same person, the one that came last leads; at
a time that the question names, the last that held then. What happened (episodes) is not replaced by what happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sotto_memory.records import Kind

AS_WELL: Final = 0.1
"""Rows whose coverage differs by no more than this cover a question equally well."""
NEAR: Final = 0.6
"""And none of them scores less than this share of the best: it would lack a word that coverage does not count."""
_PASSING: Final = frozenset({Kind.EPISODE.value, Kind.COMMITMENT.value, Kind.ROUTINE.value, Kind.INSIGHT.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A row as it stands for an answer. `covered`: the share of the question, 0..1; `of_whom`: about whom it asks."""

    number: int
    kind: str
    at_ns: int
    score: float
    covered: float
    of_whom: bool
    fits_time: bool


def leading(rows: Sequence[Statement]) -> Statement | None:
    """The statement that should lead instead of the best one, or None. `rows`: best first."""
    best = next((row for row in rows if row.of_whom and row.fits_time), None)
    if best is None or best.kind in _PASSING or best.covered <= 0:
        return None
    equals = [row for row in rows if _as_well(row, best)]
    newest = max(equals, key=lambda row: (row.at_ns, row.number))
    return None if newest.number == rows[0].number else newest


def _as_well(row: Statement, best: Statement) -> bool:
    return (
        row.kind not in _PASSING
        and row.of_whom
        and row.fits_time
        and row.covered >= best.covered - AS_WELL
        and row.score >= NEAR * best.score
    )
