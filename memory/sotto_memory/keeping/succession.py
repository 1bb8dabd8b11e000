"""One memory takes the place of another, because its caller says so (a shell).

Stands on `store`, below the facade. What closes by itself, because a slot has one value at a time, is `truth`'s.
"""

from dataclasses import replace

from sotto_memory.errors import MemoryInputError
from sotto_memory.keeping.intervals import SUPERSEDED_BY
from sotto_memory.records import MemoryRecord
from sotto_memory.store import Store


def supersede(store: Store, memory_id: str, by_id: str, now_ns: int) -> MemoryRecord:
    """Closes a memory because `by_id` takes its place. Raises MemoryMissingError, and MemoryInputError.

    Codes: supersede_self; supersede_loop when the successor was itself replaced by the memory, by way of others too:
    neither would be in sight any more.
    """
    if memory_id == by_id:
        raise MemoryInputError("supersede_self", "A memory cannot take its own place.")

    def close(record: MemoryRecord) -> MemoryRecord:
        successor = store.need(by_id)
        if _leads_to(store, successor, memory_id):
            raise MemoryInputError("supersede_loop", "A memory cannot take the place of the one that replaced it.")
        return closed(record, successor, now_ns)

    return store.change(memory_id, close)


def closed(record: MemoryRecord, successor: MemoryRecord, now_ns: int) -> MemoryRecord:
    """The record as known no longer; its validity ends where its successor's begins (pure)."""
    if not record.current:
        return record
    ends_ns = successor.valid_from_ns if successor.valid_from_ns is not None else now_ns
    valid_until_ns = record.valid_until_ns
    if valid_until_ns is None:
        valid_until_ns = max(ends_ns, record.valid_from_ns if record.valid_from_ns is not None else ends_ns)
    to_come = bool(record.slot) and valid_until_ns > max(now_ns, record.at_ns)  # until then it answers; see `view`
    return replace(
        record,
        superseded_ns=None if to_come else now_ns,
        valid_until_ns=valid_until_ns,
        details={**record.details, SUPERSEDED_BY: successor.id},
    )


def _leads_to(store: Store, record: MemoryRecord, memory_id: str) -> bool:
    """Whether the successors of a memory, one after the other, come to this id. A ring is walked once."""
    seen: set[str] = set()
    one: MemoryRecord | None = record
    while one is not None and not one.current and one.id not in seen:
        seen.add(one.id)
        by_id = one.details.get(SUPERSEDED_BY, "")
        if by_id == memory_id:
            return True
        one = store.get(by_id) if by_id else None
    return False
