"""What a search hands back: the memories it found, what each part of it had to say, and how sure it is (pure)."""

from dataclasses import dataclass, field
from enum import StrEnum

from sotto_memory.records import MemoryRecord


class Part(StrEnum):
    """One reason why a memory may be found."""

    WORDS = "words"
    """It says words of the question (bm25)."""
    CONTEXT = "context"
    """What was said right before or after it does."""
    VECTOR = "vector"
    """Its meaning is near, says the embedder."""
    PERSON = "person"
    """It is by or about a person whom the question names."""
    PLACE = "place"
    """It is at or about a place that the question names."""
    TIME = "time"
    """It happened, or was true, when the question says."""
    SLOT = "slot"
    """It holds the very value that is asked for."""
    HOP = "hop"
    """It shares evidence, people or rare words with another hit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One memory that a search found.

    `score` ranks hits of the same search: the sum of `parts`, times a bounded factor of strength. `why` says in words
    why it is here.
    """

    record: MemoryRecord
    score: float
    why: str
    parts: dict[Part, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """All that a question brought back. `certainty` is 0..1: how much of the question the best hits answer.

    `known` is False when that is too little: then "I don't know that" is the honest answer, whatever the hits say.
    `trouble`: why the question was compared by its words alone, in one sentence; empty when there is no trouble.
    """

    hits: tuple[Hit, ...]
    certainty: float
    known: bool
    trouble: str = ""
