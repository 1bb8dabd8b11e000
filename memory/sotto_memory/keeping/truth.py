"""Keeps one truth at a time: settles contradictions by slot, and takes the wearer's corrections (a shell).

Stands between `keep` and the store: `intervals` decides, this file fetches for it and writes what it decided, within
the caller's transaction or in one of its own.
"""

from collections.abc import Container
from dataclasses import replace

from sotto_memory.keeping.claims import claim
from sotto_memory.keeping.intervals import CONFIRMED, CORRECTS, LASTING_TO, SUPERSEDED_BY, closed, judged, reopened
from sotto_memory.records import Kind, MemoryRecord, Source, new_memory
from sotto_memory.store import Store
from sotto_memory.strength import used
from sotto_memory.uses import Use

_IN_PLACE = frozenset({Kind.EPISODE, Kind.COMMITMENT})
"""Kinds that others know by their id while they last: their words are changed where they stand."""


def slotted(record: MemoryRecord) -> MemoryRecord:
    """The record with the slot that its words claim; one that it has already stays (pure)."""
    if record.slot:
        return record
    found = claim(record)
    return replace(record, slot=found.slot) if found else record


def settle(store: Store, record: MemoryRecord, *, joins: bool = True) -> MemoryRecord:
    """Makes room for a new truth, within the caller's transaction, after the check for duplicates.

    Returns the record as it is to be inserted: with its slot, past already when it is told late, or doubtful when it
    contradicts a higher authority; those that it ends are closed. With `joins` it may instead return the memory that
    is kept already and says the same in other words (another id): the record is to join it. What waits for review
    settles nothing; settle it when it is accepted.
    """
    record = slotted(record)
    if not record.slot or record.doubt or not record.current:
        return record
    verdict = judged(record, store.of_slot(record.slot), joins=joins)
    for changed in verdict.changed:
        store.replace(changed)
    return verdict.known or verdict.record


def without_successor(store: Store, before: MemoryRecord, after: MemoryRecord, gone: Container[str]) -> MemoryRecord:
    """What becomes of a memory that named ids that are erased: `after`, reopened if its successor is among them.

    Within the caller's transaction. For values of a slot alone: the end of anything else was its caller's decision.
    """
    if not after.slot or before.details.get(SUPERSEDED_BY, "") not in gone:
        return after
    return reopened(after, store.of_slot(after.slot))


def reread(store: Store, before: MemoryRecord, after: MemoryRecord) -> MemoryRecord:
    """What is to be kept of a memory whose words were changed, within the caller's transaction.

    A slot that was read from the old words is read again from the new ones, and what they contradict is settled. One
    that the caller gave stays.
    """
    if after.text == before.text or after.slot != before.slot or after.slot != _read_slot(before):
        return after
    after = replace(after, slot=_read_slot(after))
    if after.slot != before.slot:
        _give_way(store, before)
    return settle(store, after, joins=False)


def _give_way(store: Store, before: MemoryRecord) -> None:
    """What a memory had ended goes on: it does not say any more what ended it."""
    others = [one for one in store.of_slot(before.slot) if one.id != before.id]
    for one in others:
        if one.details.get(SUPERSEDED_BY) == before.id:
            store.replace(reopened(one, others))


def _read_slot(record: MemoryRecord) -> str:
    found = claim(replace(record, slot=""))
    return found.slot if found else ""


def correct(store: Store, memory_id: str, text: str, now_ns: int) -> MemoryRecord:
    """Lets the wearer's words take the place of a memory that is wrong. Raises MemoryMissingError, MemoryInputError.

    The correction is true for the time for which the wrong one was thought true, and rests on the same evidence: when
    the occasion is forgotten, both are. The wrong one stays as what was believed until now, true at no time. The same
    words again confirm. Episodes and commitments are changed in their place.
    """
    with store.writing():
        wrong = store.need(memory_id)
        own = _corrected(wrong, text, now_ns)
        if own.text == wrong.text:
            return _confirmed(store, wrong, now_ns)
        if wrong.kind in _IN_PLACE:
            return _reworded(store, wrong, own.text, now_ns)
        store.replace(replace(closed(wrong, own, wrong.at_ns, Use.CORRECTED), doubt=""))
        kept = settle(store, own, joins=False)
        store.insert(kept)
    return kept


def _corrected(wrong: MemoryRecord, text: str, now_ns: int) -> MemoryRecord:
    details = {name: value for name, value in wrong.details.items() if name not in (SUPERSEDED_BY, LASTING_TO)}
    past = not wrong.current
    told_ahead = wrong.at_ns <= wrong.recorded_ns  # and when that is to come, a clock was ahead
    from_ns = min(wrong.at_ns, now_ns) if told_ahead else wrong.at_ns
    own = new_memory(
        kind=wrong.kind,
        text=text,
        now_ns=now_ns,
        subject=wrong.subject,
        source=Source.WEARER,
        evidence=wrong.evidence,
        valid_from_ns=from_ns,
        valid_until_ns=wrong.valid_until_ns,
        superseded_ns=now_ns if past else None,
        importance=wrong.importance,
        pinned=wrong.pinned,
        label=wrong.label,
        details={**details, CORRECTS: wrong.id},
    )
    return replace(own, slot=_slot(wrong, own))


def _slot(wrong: MemoryRecord, own: MemoryRecord) -> str:
    """The slot that the new words claim; else, and where the caller had chosen it, that of the wrong one."""
    read, said = claim(replace(wrong, slot="")), claim(own)
    chosen = bool(wrong.slot) and (read is None or read.slot != wrong.slot)
    return wrong.slot if chosen or said is None else said.slot


def _confirmed(store: Store, record: MemoryRecord, now_ns: int) -> MemoryRecord:
    sure = replace(record, doubt="", confidence=1.0, details={**record.details, CONFIRMED: "yes"})
    after = used(sure, now_ns, Use.CONFIRMED)
    store.replace(after)
    return after


def _reworded(store: Store, record: MemoryRecord, text: str, now_ns: int) -> MemoryRecord:
    own = replace(record, text=text, source=Source.WEARER, confidence=1.0, doubt="")
    after = used(own, now_ns, Use.CONFIRMED)
    store.replace(after)
    return after
