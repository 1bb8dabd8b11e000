"""Takes memories in: judged, compared with what is known, then kept, joined, put up for review, or refused (a shell).

Stands on `store`, below the facade. What decides is pure (`gate`, `likeness`, `witness`); this file fetches for it
and writes what it decided, in one transaction.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from sotto_memory.errors import MemoryInputError
from sotto_memory.keeping import gate, likeness, truth, witness
from sotto_memory.keeping.intervals import lasts_at
from sotto_memory.records import MemoryRecord, Source, resting
from sotto_memory.store import Store
from sotto_memory.strength import used
from sotto_memory.uses import Use


class Outcome(StrEnum):
    """What became of a memory that was offered."""

    KEPT = "kept"
    JOINED = "joined"
    """It was known; the one that is known rests on this telling too."""
    DOUBTFUL = "doubtful"
    """It waits in the inbox for the wearer's word."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What became of an offer; `record` as it is kept now, None when refused; `reason` is a stable word, or empty."""

    outcome: Outcome
    record: MemoryRecord | None
    reason: str = ""


def add(store: Store, record: MemoryRecord) -> MemoryRecord:
    """Keeps a memory, or joins it to the one that says the same. MemoryInputError: id_taken, evidence_loop."""
    return _kept(store, record)[0]


def offer(store: Store, record: MemoryRecord) -> Offered:
    """Lets a memory through the gate: kept, joined, doubtful or refused, and refusals are counted."""
    judged = gate.judge(record)
    if judged.verdict is gate.Verdict.JUNK:
        with store.writing():
            store.count_refusal(judged.reason)
        return Offered(outcome=Outcome.REFUSED, record=None, reason=judged.reason)
    kept, joined = _kept(store, replace(record, doubt=judged.reason) if judged.reason else record)
    outcome = Outcome.DOUBTFUL if kept.doubt else Outcome.JOINED if joined else Outcome.KEPT
    return Offered(outcome=outcome, record=kept, reason=kept.doubt)


def put(store: Store, record: MemoryRecord) -> MemoryRecord:
    """Writes all fields of a memory that is kept. Raises MemoryMissingError, MemoryInputError (evidence_loop)."""
    with store.writing():
        before = store.need(record.id)
        after = truth.reread(store, before, _witnessed(store, record))
        if after != before:
            store.replace(after)
    return after


def _kept(store: Store, record: MemoryRecord) -> tuple[MemoryRecord, bool]:
    """Keeps or joins, the quick way where nothing is known that it could touch; True when it was joined."""
    record = truth.slotted(record)
    if store.arrive(record):
        return record, False
    with store.writing():
        return _taken_in(store, record)


def _taken_in(store: Store, record: MemoryRecord) -> tuple[MemoryRecord, bool]:
    """Keeps or joins within the caller's transaction; True when it was joined to one that is known."""
    known = next((one for one in store.like(record) if _says_it_of_now(one, record)), None)
    if known is not None:
        return _told_again(store, known, record), True
    told = truth.settle(store, _witnessed(store, record))
    if told.id != record.id:
        return _told_again(store, told, record), True
    store.insert(told)
    return told, False


def _says_it_of_now(known: MemoryRecord, told: MemoryRecord) -> bool:
    """Whether both say the same, and of one time: what is over, or still to come, says nothing of the present."""
    return likeness.says_the_same(known, told) and (not known.slot or known.id == told.id or lasts_at(known, told))


def _told_again(store: Store, known: MemoryRecord, told: MemoryRecord) -> MemoryRecord:
    fresh = _fresh(store, known, told)
    after = likeness.merged(known, told, fresh)
    if fresh or (not told.evidence and told.id != known.id):
        after = replace(used(after, told.recorded_ns, Use.TOLD), binned_ns=None)
    after = replace(after, doubt=gate.doubt_left(known, told, after.confidence))
    if known.doubt and not after.doubt:  # it comes into sight only now
        after = truth.settle(store, after, joins=False)
    if after != known:
        store.replace(after)
    return after


def _fresh(store: Store, known: MemoryRecord, told: MemoryRecord) -> tuple[str, ...]:
    new = set(told.evidence) - set(known.evidence)
    if not new:
        return ()
    return witness.fresh(told.evidence, known.id, known.evidence, store.below((*known.evidence, *new)))


def _witnessed(store: Store, record: MemoryRecord) -> MemoryRecord:
    """The record without evidence that rests on itself. A conclusion that does is refused."""
    if not record.evidence or not (record.id in record.evidence or store.bears(record.id)):
        return record
    sound = witness.sound(record.evidence, record.id, store.below(record.evidence))
    if len(sound) == len(record.evidence):
        return record
    if record.source is Source.INFERRED:
        raise MemoryInputError("evidence_loop", "A conclusion cannot rest on itself.")
    return resting(record, sound)


def refused(store: Store) -> dict[str, int]:
    """How often the gate refused, by reason."""
    return {row["reason"]: row["refused"] for row in store.rows("SELECT * FROM refusals ORDER BY reason")}
