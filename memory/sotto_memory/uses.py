"""What counts as a use of a memory, and how much each use weighs (pure).

Stands beside `decay`: a use is a review of the FSRS model with a grade, taken at a weight. Finding is no use: whoever
looks a memory up for reasoning of its own leaves it as it was, and only what a person saw, said or answered counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sotto_memory.decay import Grade

HISTORY_ITEMS: Final = 32
"""How many of the newest uses a memory carries with it; `uses` counts all."""


class Use(StrEnum):
    """What happened to a memory."""

    SHOWN = "shown"
    """Recalled, and put before the wearer."""
    TOLD = "told"
    """Told again, with evidence that is new."""
    CONFIRMED = "confirmed"
    """The wearer said that it is so."""
    CORRECTED = "corrected"
    """The wearer said what is right instead."""
    CONTRADICTED = "contradicted"
    """Something newer says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A use as the model sees it: a review of this grade, of which this share (0..1) counts."""

    grade: Grade
    share: float = 1.0


WEIGHTS: Final[Mapping[Use, Weight]] = MappingProxyType(
    {
        Use.SHOWN: Weight(grade=Grade.GOOD, share=0.5),
        Use.TOLD: Weight(grade=Grade.GOOD),
        Use.CONFIRMED: Weight(grade=Grade.EASY),
        Use.CORRECTED: Weight(grade=Grade.AGAIN),
        Use.CONTRADICTED: Weight(grade=Grade.AGAIN, share=0.5),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseNote:
    """One use and when it was (Unix nanoseconds)."""

    at_ns: int
    use: Use
