"""Erases memories so that no byte of them is left: rows, what rests on them, full-text index, journal, free pages.

Stands on `store`. Rows are erased, and words changed, in one transaction with a note that the file must be scrubbed.
Every erasure scrubs at once, nightly rest too; should the program be killed before, the next one that opens the file
does it.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sotto_memory.errors import MemoryBusyError, MemoryStoreError
from sotto_memory.records import MemoryRecord
from sotto_memory.store import Store

LOG: Final = logging.getLogger("sotto.memory")


def erase(store: Store, ids: Iterable[str]) -> tuple[str, ...]:
    """Erases the memories with these ids, and those that rest on nothing else. Returns what was erased."""
    with store.writing():
        wanted = [record.id for record in map(store.get, dict.fromkeys(ids)) if record]
        erased, _ = _fall(store, wanted, wanted)
    scrub(store)
    return tuple(erased)


def erase_resting_on(store: Store, evidence_ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Erases the memories that rest on this evidence alone; the others no longer name it.

    Returns the ids erased and the ids changed. What rests on an erased memory alone is erased with it.
    """
    with store.writing():
        erased, changed = _fall(store, list(dict.fromkeys(evidence_ids)), [])
    scrub(store)
    return tuple(erased), tuple(changed)


def falling(store: Store, gone: Iterable[str], wanted: Iterable[str] = ()) -> list[str]:
    """The ids that would be erased with `wanted`, and with evidence that is `gone`; nothing is changed."""
    erased = list(wanted)
    lost = {*gone, *erased}
    while fallen := [record.id for record in _standing_on(store, lost, erased) if falls(record, lost)]:
        erased += fallen
        lost |= set(fallen)
    return erased


def falls(record: MemoryRecord, gone: set[str]) -> bool:
    """True when nothing is left that the memory rests on (pure)."""
    return bool(record.evidence) and gone.issuperset(record.evidence)


def without(record: MemoryRecord, gone: set[str]) -> MemoryRecord:
    """The memory without the evidence that is gone (pure)."""
    return replace(record, evidence=tuple(one for one in record.evidence if one not in gone))


def scrub(store: Store) -> None:
    """Does what is left to do of an erasure; nothing when nothing is. Raises MemoryBusyError when a reader holds on.

    The index is made anew from the rows that are left; VACUUM writes every page anew, so that no free space holds old
    bytes; truncating the journal drops the old pages.
    """
    noted = store.scrub_due()
    if not noted:
        return
    store.execute("INSERT INTO memories_fts (memories_fts) VALUES ('rebuild')")
    store.execute("VACUUM")
    _truncate_journal(store)
    store.scrubbed(noted)


def index_holds(store: Store) -> bool:
    """Whether the index and the rows agree to the word (https://www.sqlite.org/fts5.html#the_integrity_check_command)."""
    try:
        store.execute("INSERT INTO memories_fts (memories_fts, rank) VALUES ('integrity-check', 1)")
    except MemoryStoreError as problem:
        if problem.code != "store_damaged":
            raise
        return False
    return True


def scrub_if_free(store: Store) -> None:
    """Scrubs what is left to scrub, unless another program is in the way: then a later call will."""
    try:
        scrub(store)
    except MemoryBusyError:
        LOG.warning("an erasure waits until no other program reads the memory")


def _truncate_journal(store: Store) -> None:
    busy, _, _ = store.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0]
    if busy:
        sentence = (
            "The memories are erased, but another program still reads the file: their bytes stay until it ends."
        )
        raise MemoryBusyError("erase_waiting", sentence)


def _fall(store: Store, gone: Sequence[str], wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """Deletes `wanted` and all that rests on `gone` alone, round by round, within the caller's transaction."""
    erased = falling(store, gone, wanted)
    lost = {*gone, *erased}
    changed = _standing_on(store, lost, erased)
    for record in changed:
        store.replace(without(record, lost))
    store.delete(erased)
    return erased, [record.id for record in changed]


def _standing_on(store: Store, lost: set[str], erased: Sequence[str]) -> list[MemoryRecord]:
    """Memories that rest on something lost and are not erased themselves."""
    gone_already = set(erased)
    return [record for record in store.resting_on(lost) if record.id not in gone_already]
