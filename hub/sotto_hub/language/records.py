"""What a language makes of talk: words with their local time in, findings out (pure).

Second step of `moments → language → bridge → proactive`. No record here knows memory or suggestions.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One utterance as a language reads it. `at` is aware: the wearer's local time when it began."""

    id: str
    text: str
    at: datetime
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time expression, resolved: `at` to the minute, else `day`, else only the words.

    `part` names the part of the day ("evening", "after lunch"), `deadline` that it is a latest time ("by", "before").
    """

    words: str
    day: date | None = None
    at: datetime | None = None
    part: str = ""
    deadline: bool = False

    @property
    def due(self) -> str:
        """ISO 8601 with offset, or a bare date, or empty when only the words are known."""
        if self.at is not None:
            return self.at.isoformat()
        return self.day.isoformat() if self.day else ""


class FindingKind(Enum):
    """What a finding is. The first five become commitments."""

    PROMISE = "promise"
    REQUEST = "request"
    EVENT = "event"
    REMINDER = "reminder"
    OTHER_PROMISE = "other_promise"
    FACT = "fact"
    ACCEPTANCE = "acceptance"
    CANCELLED = "cancelled"
    DONE = "done"


COMMITTING = frozenset(
    {
        FindingKind.PROMISE,
        FindingKind.REQUEST,
        FindingKind.EVENT,
        FindingKind.REMINDER,
        FindingKind.OTHER_PROMISE,
    }
)
"""Kinds of findings that become a commitment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in an utterance. `what` is in the words that were said; `evidence` names the utterances.

    Confidence 0..1. `moved` marks a finding that says a known time has changed, `denied` names the days that no
    longer hold ("not on thursday").
    """

    kind: FindingKind
    what: str
    evidence: tuple[str, ...]
    when: When | None = None
    confidence: float = 0.7
    moved: bool = False
    denied: tuple[date, ...] = ()


class Asked(Enum):
    """What a question wants to know; AGENDA: all that is to be done. NOTHING for words that are no question."""

    TIME = "time"
    DAY = "day"
    AGENDA = "agenda"
    OTHER = "other"
    NOTHING = "nothing"
