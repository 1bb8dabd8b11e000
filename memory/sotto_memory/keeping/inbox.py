"""The review inbox: what was heard but is doubtful waits here for the wearer's word (a shell).

Stands on `store`. Nothing in the inbox is ever found or counted as true. Accepting is the wearer's confirmation;
rejecting erases to the last byte.
"""

from dataclasses import replace

from sotto_memory import erase
from sotto_memory.errors import MemoryInputError
from sotto_memory.keeping import truth
from sotto_memory.keeping.intervals import CONFIRMED, CONTRADICTS, CORRECTS
from sotto_memory.records import MemoryRecord
from sotto_memory.store import Store
from sotto_memory.strength import used
from sotto_memory.uses import Use


def waiting(store: Store) -> list[MemoryRecord]:
    """What waits for review, newest first; `doubt` says why."""
    return store.doubtful()


def accept(store: Store, memory_id: str, now_ns: int) -> MemoryRecord:
    """Keeps what waited: the wearer said that it is so. Raises MemoryMissingError, MemoryInputError (not_waiting)."""
    with store.writing():
        record = _need_waiting(store, memory_id)
        accepted = truth.settle(store, used(_confirmed(record, now_ns), now_ns, Use.CONFIRMED), joins=False)
        store.replace(accepted)
    return accepted


def reject(store: Store, memory_id: str) -> tuple[str, ...]:
    """Erases what waited, and what rests on it alone; returns the ids. Raises as `accept` does."""
    _need_waiting(store, memory_id)
    return erase.erase(store, [memory_id])


def _confirmed(record: MemoryRecord, now_ns: int) -> MemoryRecord:
    """As known by the wearer's word since now, not since it was heard; it takes the place of what it contradicts."""
    details = {**record.details, CONFIRMED: "yes"}
    if record.doubt.startswith(f"{CONTRADICTS} "):
        details[CORRECTS] = record.doubt.removeprefix(f"{CONTRADICTS} ")
    return replace(
        record,
        doubt="",
        confidence=1.0,
        details=details,
        recorded_ns=max(now_ns, record.recorded_ns),
        valid_from_ns=record.at_ns,
    )


def _need_waiting(store: Store, memory_id: str) -> MemoryRecord:
    record = store.need(memory_id)
    if not record.doubt:
        raise MemoryInputError("not_waiting", f"The memory {memory_id[:40]!r} does not wait for review.")
    return record
