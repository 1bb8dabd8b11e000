"""Erases memories so that no byte of them is left: rows, what rests on them, full-text index, journal, free pages.

Stands on `store`. Rows are erased, and words changed, in one transaction with a note that the file must be scrubbed.
Every erasure scrubs at once, nightly rest too; should the program be killed before, the next one that opens the file
does it.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from time import sleep
from typing import Final

from sotto_memory.database import BUSY_S
from sotto_memory.errors import MemoryBusyError, MemoryInputError, MemoryStoreError
from sotto_memory.keeping.truth import without_successor
from sotto_memory.records import MemoryRecord
from sotto_memory.selecting import leaves
from sotto_memory.store import Store

LOG: Final = logging.getLogger("sotto.memory")
WAITING: Final = "erase_waiting"
"""The code of an erasure that is done but for bytes that cannot be overwritten yet."""

PAUSE_S: Final = 0.01
"""Between two looks whether another program is done with the journal."""

_WAITS: Final = "The memories are erased, but {}: their bytes stay in it until a later erasure, rest or opening."


def erase(store: Store, ids: Iterable[str]) -> tuple[str, ...]:
    """Erases the memories with these ids, and those that rest on nothing else. Returns what was erased."""
    if isinstance(ids, str):
        raise MemoryInputError("ids_text", "Give the ids of memories as a list, not as one text.")
    return erase_chosen(store, lambda: [one.id for one in map(store.get, dict.fromkeys(ids)) if one])


def erase_chosen(store: Store, choose: Callable[[], Sequence[str]]) -> tuple[str, ...]:
    """Erases like `erase` what is chosen when nobody else can write any more: what is new then goes too."""
    with store.writing():
        wanted = choose()
        erased, _ = _fall(store, wanted, wanted)
    _finish(store)
    return tuple(erased)


def erase_resting_on(store: Store, evidence_ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Erases the memories that rest on this evidence alone; the others no longer name it.

    Returns the ids erased and the ids changed. What rests on an erased memory alone is erased with it.
    """
    if isinstance(evidence_ids, str):
        raise MemoryInputError("ids_text", "Give the ids of evidence as a list, not as one text.")
    with store.writing():
        erased, changed = _fall(store, list(dict.fromkeys(evidence_ids)), [])
    _finish(store)
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
    """The memory without the evidence that is gone, its quotes, and whatever else names it (pure)."""
    return replace(
        record,
        evidence=tuple(one for one in record.evidence if one not in gone),
        quotes={one: words for one, words in record.quotes.items() if one not in gone},
        details={name: value for name, value in record.details.items() if value not in gone},
        doubt=_unnamed(record.doubt, gone),
        extra={name: value for name, value in record.extra.items() if gone.isdisjoint(leaves({name: value}))},
    )


def scrub(store: Store) -> None:
    """Does what is left to do of an erasure; nothing when nothing is. Raises MemoryBusyError when a reader holds on.

    The index is made anew from the rows that are left; VACUUM writes every page anew, so that no free space holds old
    bytes; truncating the journal drops the old pages.
    """
    noted = store.scrub_due()
    if not noted:
        return
    for let_go in store.before_scrub:
        let_go()
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
    """Scrubs what is left to scrub, unless another program or a full disk is in the way: then a later call will."""
    try:
        _finish(store)
    except (MemoryBusyError, MemoryStoreError) as problem:
        if problem.code != WAITING:
            raise
        LOG.warning("an erasure waits until no other program reads the memory, or until the disk has room")


def _finish(store: Store) -> None:
    """Scrubs after an erasure that is kept already: whatever is in the way now, the memories are gone."""
    try:
        scrub(store)
    except MemoryBusyError as problem:
        raise MemoryBusyError(WAITING, _WAITS.format("another program still uses the file")) from problem
    except MemoryStoreError as problem:
        if problem.code in {"store_full", "store_disk"}:
            raise MemoryStoreError(WAITING, _WAITS.format("the disk is full or fails")) from problem
        raise


def _truncate_journal(store: Store) -> None:
    """Drops the old pages. SQLite waits for readers itself, but not for another program that does the same."""
    for _ in range(round(BUSY_S / PAUSE_S)):
        busy, pages, _ = store.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        if not busy:
            return
        if pages >= 0:  # it began, and a reader outlasted it; it cannot begin (-1) while another one is at it
            break
        sleep(PAUSE_S)
    raise MemoryBusyError("store_busy", "Another program still reads the memory. Try again.")


def _fall(store: Store, gone: Sequence[str], wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """Deletes `wanted` and all that rests on `gone` alone, round by round, within the caller's transaction."""
    erased = falling(store, gone, wanted)
    lost = {*gone, *erased}
    store.delete(erased)
    changed = {record.id: record for record in (*store.resting_on(lost), *store.naming(lost))} if lost else {}
    for record in changed.values():
        store.replace(without_successor(store, record, without(record, lost), lost))
    return erased, list(changed)


def _unnamed(text: str, gone: set[str]) -> str:
    for one in gone:
        text = text.replace(one, "…")
    return text


def _standing_on(store: Store, lost: set[str], erased: Sequence[str]) -> list[MemoryRecord]:
    """Memories that rest on something lost and are not erased themselves."""
    gone_already = set(erased)
    return [record for record in store.resting_on(lost) if record.id not in gone_already]
