"""The memory as its users see it: one small class that hands every request to the module that knows how.

Stands at the top of the room. No method reads a clock; `now_ns` is Unix nanoseconds of event time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Self

from sotto_memory import erase, portable
from sotto_memory.errors import MemoryInputError, SottoMemoryError
from sotto_memory.hits import Hit
from sotto_memory.keeping import likeness
from sotto_memory.portable import Imported
from sotto_memory.recall import lexical
from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.store import Store
from sotto_memory.strength import belongs_in_archive, used
from sotto_memory.uses import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """How many memories went to the archive, and how many came back (a clock that had jumped is right again)."""

    archived: int
    returned: int = 0


class Memory:
    """An open memory: keeps, finds, strengthens, lets fade, erases, exports. Close it, or use it in `with`.

    One memory belongs to one thread at a time; any number of programs may have the same file open. Every method may
    raise MemoryStoreError (the file fails) or MemoryBusyError (another program holds it).
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path, *, key: bytes | None, zone: tzinfo = UTC) -> Self:
        """Opens the memory in this file, or makes one.

        `key`: 32 bytes, or None for a file that is not encrypted. `zone`: where the wearer's days begin.
        """
        store = Store.open(Path(path), key, zone)
        try:
            erase.scrub_if_free(store)
        except SottoMemoryError:
            store.close()
            raise
        return cls(store)

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, record: MemoryRecord) -> MemoryRecord:
        """Keeps a memory and returns it.

        When a current memory says the same (see `likeness`), that one is returned, resting on the evidence of both.
        New evidence is one use of it: what is told again lasts longer.
        """
        with self._store.writing():
            known = next((one for one in self._store.like(record) if likeness.says_the_same(one, record)), None)
            if known is None:
                self._store.insert(record)
                return record
            return self._told_again(known, record)

    def get(self, memory_id: str) -> MemoryRecord | None:
        """The memory with this id, past ones too."""
        return self._store.get(memory_id)

    def put(self, record: MemoryRecord) -> MemoryRecord:
        """Replaces the memory that has the record's id. Raises MemoryMissingError.

        Words that it no longer says leave the index at once, and the file with the next erasure, rest or opening.
        """
        return self._store.change(record.id, lambda _: record)

    def count(self) -> int:
        """How many memories are kept, past ones too."""
        return self._store.count()

    def search(self, query: str, *, now_ns: int, limit: int = 10, include_past: bool = False) -> list[Hit]:
        """Memories for the words of a question, best first, each with the reason. Finding is not using: see `use`."""
        return lexical.search(self._store, query, now_ns=now_ns, limit=limit, include_past=include_past)

    def use(self, memory_id: str, now_ns: int, use: Use = Use.SHOWN) -> MemoryRecord:
        """Notes what happened to a memory and lets it last longer or shorter. Raises MemoryMissingError."""
        return self._store.change(memory_id, lambda record: used(record, now_ns, use))

    def supersede(self, memory_id: str, by_id: str, now_ns: int) -> MemoryRecord:
        """Closes a memory because `by_id` takes its place: it is known no longer, and true until the other began.

        Raises MemoryMissingError for either id. A memory that is closed already stays as it is.
        """
        if memory_id == by_id:
            raise MemoryInputError("supersede_self", "A memory cannot take its own place.")
        successor = self._store.need(by_id)
        return self._store.change(memory_id, lambda record: _closed(record, successor, now_ns))

    def each(self) -> Iterator[MemoryRecord]:
        """All memories, past ones too, oldest first, one at a time: for whoever looks through all of them.

        Nothing may be changed before the last one has been read.
        """
        return self._store.each()

    def rest(self, now_ns: int) -> Rested:
        """Moves what has faded to the archive, and back what has not. How often it ran makes no difference."""
        with self._store.writing():
            wanted = {
                r.id: now for r in self._store.each() if (now := belongs_in_archive(r, now_ns)) is not r.archived
            }
            faded = [memory_id for memory_id, archived in wanted.items() if archived]
            back = [memory_id for memory_id, archived in wanted.items() if not archived]
            self._store.put_away(faded, archived=True)
            self._store.put_away(back, archived=False)
        erase.scrub_if_free(self._store)
        return Rested(archived=len(faded), returned=len(back))

    def erase(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Erases these memories and what rests on them alone, to the last byte. Returns the ids that were erased."""
        return erase.erase(self._store, ids)

    def erase_resting_on(self, evidence_ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Erases what rests on this evidence alone; others no longer name it. Returns ids erased, ids changed."""
        return erase.erase_resting_on(self._store, evidence_ids)

    def falling(self, ids: Iterable[str], evidence_ids: Iterable[str] = ()) -> tuple[str, ...]:
        """The ids that `erase` and `erase_resting_on` would erase, these included; nothing is changed."""
        return tuple(erase.falling(self._store, evidence_ids, ids))

    def index_holds(self) -> bool:
        """Whether the full-text index holds the words of the memories that are kept, and no others."""
        return erase.index_holds(self._store)

    def export_lines(self, kinds: Sequence[Kind] = ()) -> Iterator[str]:
        """All memories, past ones too, as sotto-memory/1 lines without line ends, as they are now."""
        return portable.to_lines(self._store.in_order(kinds))

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """Brings sotto-memory/1 lines in, all or none. Twice changes nothing. Raises MemoryInputError."""
        return portable.bring_in(self._store, lines)

    def list(
        self, kinds: Iterable[Kind] = (), include_past: bool = False, limit: int | None = None
    ) -> list[MemoryRecord]:
        """Memories, newest first, of these kinds (none: of all). Past: superseded and archived."""
        return self._store.newest(kinds, include_past=include_past, limit=limit)

    def _told_again(self, known: MemoryRecord, told: MemoryRecord) -> MemoryRecord:
        both = likeness.merged(known, told)
        if both == known and not known.archived:
            return known
        stronger = used(both, told.recorded_ns, Use.TOLD)
        self._store.replace(stronger)
        return stronger


def _closed(record: MemoryRecord, successor: MemoryRecord, now_ns: int) -> MemoryRecord:
    """The record as known no longer; its validity ends where its successor's begins (pure)."""
    if not record.current:
        return record
    ends_ns = successor.valid_from_ns if successor.valid_from_ns is not None else now_ns
    valid_until_ns = record.valid_until_ns
    if valid_until_ns is None:
        valid_until_ns = max(ends_ns, record.valid_from_ns if record.valid_from_ns is not None else ends_ns)
    return replace(
        record,
        superseded_ns=now_ns,
        valid_until_ns=valid_until_ns,
        details={**record.details, "superseded_by": successor.id},
    )
