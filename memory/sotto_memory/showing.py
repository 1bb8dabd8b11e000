"""One memory, laid open: why it is kept, how it has faded so far, when it would be gone from sight, what it rests on.

Stands on `store` and on the pure `curve`, `plot` and `strength`. Looking is no use: nothing is changed by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from sotto_memory.curve import Curve, Point, curve_of, falls_below
from sotto_memory.keeping.intervals import CORRECTS, SUPERSEDED_BY
from sotto_memory.keeping.pruning import PRUNABLE_BELOW
from sotto_memory.plot import day, frame_of, plotted
from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.store import Store
from sotto_memory.strength import FADED_BELOW, retrievability, stated, still_open

POINTS: Final = 72
"""As many as the plot has columns by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One thing that a memory rests on. Of a memory: its words and when it was; else its quote, where there is one.

    `at_ns` is Unix nanoseconds, 0 where it is not known.
    """

    id: str
    text: str = ""
    at_ns: int = 0
    is_memory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A memory as a person may look at it. `now_ns`: when that is, `zone`: where days begin.

    `strength` is 0..1. `why` says in sentences why it is kept. `archive_ns`: when it goes, or went, out of sight if
    it is never used again; `prune_ns`: when it may be pruned; None: never. `resting`: the memories that rest on it.
    """

    record: MemoryRecord
    now_ns: int
    zone: tzinfo
    strength: float
    curve: Curve
    archive_ns: int | None
    prune_ns: int | None
    evidence: tuple[Ground, ...]
    resting: tuple[MemoryRecord, ...]
    why: tuple[str, ...]

    def points(self, count: int = POINTS) -> tuple[Point, ...]:
        """The curve that `plot` draws as numbers: so many points (two or more), oldest first."""
        frame = frame_of(self.curve, self.now_ns, self.archive_ns, count)
        return self.curve.points(frame.from_ns, frame.until_ns, count)

    def plot(self, width: int = 78) -> list[str]:
        """The forgetting curve as lines of plain text, `width` (40 to 200) characters at most."""
        return plotted(self.curve, now_ns=self.now_ns, archive_ns=self.archive_ns, zone=self.zone, width=width)


def show(store: Store, memory_id: str, now_ns: int, zone: tzinfo | None = None) -> Shown:
    """Lays one memory open. `zone`: where days begin, else that of the store. Raises MemoryMissingError."""
    record = store.need(memory_id)
    place = zone or store.zone
    return Shown(
        record=record,
        now_ns=now_ns,
        zone=place,
        strength=retrievability(record, now_ns),
        curve=curve_of(record),
        archive_ns=archived_from(record),
        prune_ns=prunable_from(record),
        evidence=tuple(_ground(store, record, one) for one in record.evidence),
        resting=tuple(one for one in store.resting_on([record.id]) if one.id != record.id),
        why=reasons(record, now_ns, place),
    )


def archived_from(record: MemoryRecord) -> int | None:
    """When the memory belongs in the archive if it is never used again, Unix nanoseconds; None: never (pure)."""
    return None if _holds(record) else falls_below(record, FADED_BELOW)


def prunable_from(record: MemoryRecord) -> int | None:
    """When the memory has faded so far that it may be pruned, Unix nanoseconds; None: never (pure).

    While something rests on it, it is not pruned then either.
    """
    return None if _holds(record) else falls_below(record, PRUNABLE_BELOW)


def reasons(record: MemoryRecord, now_ns: int, zone: tzinfo) -> tuple[str, ...]:
    """Why the memory is kept, and for how long, a sentence each (pure)."""
    return (*_standing(record, now_ns, zone), *_holds(record), *_strength(record, now_ns, zone), _ahead(record, zone))


def _standing(record: MemoryRecord, now_ns: int, zone: tzinfo) -> Iterator[str]:
    """What keeps it out of sight now."""
    if record.binned_ns is not None:
        yield f"It lies in the bin since {day(record.binned_ns, zone)}: emptying the bin erases it for good."
    if corrected := record.details.get(CORRECTS):
        yield f"It corrects what was believed before ({corrected})."
    if record.doubt:
        yield f"It waits for the wearer's review ({record.doubt}): until then no search finds it."
    if record.superseded_ns is not None:
        yield _replaced(record, day(record.superseded_ns, zone))
    elif _over(record, now_ns):
        assert record.valid_until_ns is not None
        yield f"It was true until {day(record.valid_until_ns, zone)}: it is kept for questions about the past."
    if record.archived:
        yield "It has faded and lies in the archive: only a search of the past finds it."


def _replaced(record: MemoryRecord, on: str) -> str:
    """A correction leaves no time at which it was true; what changed in the world does."""
    by = record.details.get(SUPERSEDED_BY, "")
    newer = f"newer memory ({by})" if by else "newer one"
    if record.valid_until_ns is not None and record.valid_until_ns <= record.at_ns:
        return f"It was corrected on {on} by a {newer}: it is kept as what was believed till then."
    return f"A {newer} took its place on {on}: it is kept for questions about the past."


def _over(record: MemoryRecord, now_ns: int) -> bool:
    """True for what was true and is no more; an episode is always over, which makes it no less true."""
    until_ns = record.valid_until_ns
    return record.kind is not Kind.EPISODE and until_ns is not None and until_ns <= now_ns


def _holds(record: MemoryRecord) -> list[str]:
    """What keeps it from ever being put away."""
    sentences = (
        (record.pinned, "It is pinned: it does not fade."),
        (stated(record), "The wearer stated it: it fades in rank, never out of reach."),
        (still_open(record), "It is an open commitment: it stays in sight until it is done or called off."),
    )
    return [sentence for holds, sentence in sentences if holds]


def _strength(record: MemoryRecord, now_ns: int, zone: tzinfo) -> Iterator[str]:
    if record.pinned:
        return
    used = f"last used on {day(record.last_use_ns, zone)}" if record.uses else "never used since it was kept"
    yield (
        f"Its strength is {retrievability(record, now_ns):.0%} now: {used}, it falls to 90% within"
        f" {_days(record.stability_days)} of a use."
    )


def _days(days: float) -> str:
    if days < 1.5:
        return "a day"
    return f"{days:,.0f} days" if days < 1000 else f"{days / 365:,.0f} years"


def _ahead(record: MemoryRecord, zone: tzinfo) -> str:
    """What becomes of it if it is never used again."""
    archive_ns, prune_ns = archived_from(record), prunable_from(record)
    if archive_ns is None:
        return "It is never put away and never pruned."
    pruned = f"It may be pruned, by hand only, from {day(prune_ns, zone)} on" if prune_ns else "It is never pruned"
    return f"If it is never used again, it belongs in the archive from {day(archive_ns, zone)} on. {pruned}."


def _ground(store: Store, record: MemoryRecord, evidence_id: str) -> Ground:
    memory = store.get(evidence_id)
    if memory is not None and memory.id != record.id:
        return Ground(id=evidence_id, text=memory.text, at_ns=memory.at_ns, is_memory=True)
    return Ground(id=evidence_id, text=record.quotes.get(evidence_id, ""))
