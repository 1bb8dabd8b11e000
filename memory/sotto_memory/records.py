"""The words of memory: what one memory is, and who said it (pure, immutable).

A memory has two lines of time. `valid_from_ns`..`valid_until_ns` is when it was true; `recorded_ns`..`superseded_ns`
is when it was known. All times are Unix nanoseconds; the caller gives them, no clock is read here.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sotto_memory import limits
from sotto_memory.decay import DIFFICULTY_MAX, DIFFICULTY_MIN, STABILITY_MIN_DAYS, Grade, first_state
from sotto_memory.errors import MemoryInputError
from sotto_memory.uses import HISTORY_ITEMS, Use, UseNote


class Kind(StrEnum):
    """What sort of thing a memory holds."""

    EPISODE = "episode"
    FACT = "fact"
    PREFERENCE = "preference"
    COMMITMENT = "commitment"
    PERSON = "person"
    PLACE = "place"
    ROUTINE = "routine"
    INSIGHT = "insight"


class Source(StrEnum):
    """Where a memory comes from. Only WEARER is the wearer's own word."""

    WEARER = "wearer"
    OTHER = "other"
    UNKNOWN = "unknown"
    INFERRED = "inferred"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryRecord:
    """One memory, what it rests on, when it was true and known, and how it fades. Out of bounds: MemoryInputError.

    `evidence` holds ids of utterances, looks and memories, `quotes` words of some of these by id. `slot` names the
    question that the memory answers with one value ("wearer/home"): of two memories with one slot, one at a time is
    true. `doubt` says why it waits for the wearer's review, empty for what is kept. `binned_ns`: when it was pruned.
    `history` holds the newest uses, oldest first. `confidence` and `importance` are 0..1. `extra` holds fields that a
    newer version wrote; they are carried along untouched.
    """

    id: str
    kind: Kind
    text: str
    recorded_ns: int
    stability_days: float
    difficulty: float
    last_use_ns: int
    uses: int = 0
    subject: str = ""
    source: Source = Source.UNKNOWN
    evidence: tuple[str, ...] = ()
    valid_from_ns: int | None = None
    valid_until_ns: int | None = None
    superseded_ns: int | None = None
    confidence: float = 1.0
    importance: float = 0.5
    pinned: bool = False
    label: str = ""
    archived: bool = False
    slot: str = ""
    doubt: str = ""
    binned_ns: int | None = None
    history: tuple[UseNote, ...] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            _check_words(self)
            _check_times(self)
            _check_numbers(self)
        except (TypeError, AttributeError) as problem:
            sentence = "A field of a memory holds a value of another type than its own."
            raise MemoryInputError("field_type", sentence) from problem

    @property
    def current(self) -> bool:
        """True until a newer memory has taken its place, as recorded. What holds now, `recall.view` works out."""
        return self.superseded_ns is None

    @property
    def kept(self) -> bool:
        """False while it waits for review, and once it is in the bin: then no search finds it."""
        return not self.doubt and self.binned_ns is None

    @property
    def at_ns(self) -> int:
        """When it happened or began to be true; when it was recorded where that is not known."""
        return self.recorded_ns if self.valid_from_ns is None else self.valid_from_ns


def new_memory(*, kind: Kind, text: str, now_ns: int, **fields: Any) -> MemoryRecord:
    """A memory known since `now_ns`, with a new id and the first state of its decay. `fields` set the rest.

    The id is a ULID of `now_ns`; give `id` to choose another. Importance decides how well it is learned at first.
    """
    if not isinstance(text, str):
        raise MemoryInputError("field_type", "The text of a memory must be a text.")
    limits.check_times(now_ns=now_ns)
    importance = fields.get("importance", 0.5)
    limits.check_range("importance", importance, 0, 1)
    state = first_state(_first_grade(importance))
    given: dict[str, Any] = {
        "recorded_ns": now_ns,
        "last_use_ns": now_ns,
        "stability_days": state.stability_days,
        "difficulty": state.difficulty,
    }
    if "id" not in fields:
        given["id"] = _new_id(now_ns)
    return MemoryRecord(kind=kind, text=text.strip(), **given | fields)


def resting(record: MemoryRecord, evidence: tuple[str, ...]) -> MemoryRecord:
    """The record resting on this evidence instead; quotes of other evidence go with it."""
    quotes = {one: words for one, words in record.quotes.items() if one in evidence}
    return replace(record, evidence=evidence, quotes=quotes)


def _new_id(now_ns: int) -> str:
    from ulid import ULID  # importing this module needs nothing installed

    millis = now_ns // 1_000_000
    if not 0 <= millis < 2**48:
        raise MemoryInputError("time_range", "The time of a new memory must be between the years 1970 and 10889.")
    return str(ULID.from_bytes(millis.to_bytes(6) + secrets.token_bytes(10)))


def _first_grade(importance: float) -> Grade:
    if importance >= 0.75:
        return Grade.EASY
    return Grade.GOOD if importance >= 0.25 else Grade.HARD


def _check_words(record: MemoryRecord) -> None:
    if not (isinstance(record.kind, Kind) and isinstance(record.source, Source)):
        raise MemoryInputError("field_type", "The kind and the source of a memory must be a Kind and a Source.")
    if not (isinstance(record.pinned, bool) and isinstance(record.archived, bool) and isinstance(record.uses, int)):
        raise MemoryInputError("field_type", "Pinned and archived must be True or False, and uses a whole number.")
    limits.check_id("id", record.id)
    limits.check_text("text", record.text)
    limits.check_words("subject", record.subject)
    limits.check_words("label", record.label)
    limits.check_ids("evidence", record.evidence)
    limits.check_words("slot", record.slot)
    limits.check_words("doubt", record.doubt)
    limits.check_texts("details", record.details)
    limits.check_texts("quotes", record.quotes)
    if not record.quotes.keys() <= set(record.evidence):
        sentence = "A memory can only quote evidence that it rests on: an id among its quotes is not."
        raise MemoryInputError("quotes_evidence", sentence)
    _check_extra(record.extra)


def _check_extra(extra: Mapping[str, Any]) -> None:
    if not isinstance(extra, Mapping):
        raise MemoryInputError("extra_json", "The unknown fields of a memory must be sound JSON.")
    if not extra:
        return
    try:
        written = json.dumps(dict(extra), ensure_ascii=False, allow_nan=False)
        length = len(json.dumps(dict(extra)))
        written.encode()
    except (ValueError, TypeError, RecursionError) as problem:
        raise MemoryInputError("extra_json", "The unknown fields of a memory must be sound JSON.") from problem
    if length > limits.EXTRA_CHARS:
        sentence = f"The unknown fields have {length:,} characters; {limits.EXTRA_CHARS:,} is the most."
        raise MemoryInputError("extra_long", sentence)


def _check_times(record: MemoryRecord) -> None:
    limits.check_time("recorded_ns", record.recorded_ns)
    limits.check_time("last_use_ns", record.last_use_ns)
    limits.check_times(
        superseded_ns=record.superseded_ns,
        valid_from_ns=record.valid_from_ns,
        valid_until_ns=record.valid_until_ns,
        binned_ns=record.binned_ns,
    )
    from_ns, until_ns = record.valid_from_ns, record.valid_until_ns
    if from_ns is not None and until_ns is not None and until_ns < from_ns:
        raise MemoryInputError("time_order", "A memory cannot stop being true before it began.")


def _check_numbers(record: MemoryRecord) -> None:
    limits.check_range("confidence", record.confidence, 0, 1)
    limits.check_range("importance", record.importance, 0, 1)
    limits.check_range("stability_days", record.stability_days, STABILITY_MIN_DAYS, limits.STABILITY_MAX_DAYS)
    limits.check_range("difficulty", record.difficulty, DIFFICULTY_MIN, DIFFICULTY_MAX)
    limits.check_range("uses", record.uses, 0, 2**31)
    if len(record.history) > HISTORY_ITEMS:
        sentence = f"The history has {len(record.history):,} uses; {HISTORY_ITEMS} is the most."
        raise MemoryInputError("history_many", sentence)
    for note in record.history:
        if not isinstance(note.use, Use):
            raise MemoryInputError("field_type", "Every use in the history must be a Use.")
        limits.check_times(history=note.at_ns)
