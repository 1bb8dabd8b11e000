"""Rows in, rows out: what the rest of the room may ask of an open memory file.

Stands on `database`. One store belongs to one thread at a time (it may be handed on); any number of programs may have
the same file open. Whatever reads in order to write does both inside `writing`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sotto_memory import database
from sotto_memory.errors import MemoryInputError, MemoryMissingError
from sotto_memory.keeping.likeness import gist
from sotto_memory.limits import check_words
from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.rows import from_row, to_row

if TYPE_CHECKING:
    from sqlite_utils import Database

TABLE: Final = "memories"
SCRUB: Final = "scrub"
Change = Callable[[MemoryRecord], MemoryRecord]

_SELECT: Final = "SELECT memories.* FROM memories"
_IN_SIGHT: Final = "superseded_ns IS NULL AND NOT archived AND doubt = '' AND binned_ns IS NULL"
_OF_KINDS: Final = "(:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))"
_RESTING_ON: Final = "number IN (SELECT number FROM links WHERE evidence IN (SELECT value FROM json_each(:ids)))"


class Store:
    """An open memory file."""

    def __init__(self, path: Path, db: "Database", zone: tzinfo) -> None:
        self._path = path
        self.db = db
        self.zone = zone

    @classmethod
    def open(cls, path: Path, key: bytes | None, zone: tzinfo = UTC) -> "Store":
        """Opens the file, or makes it. `zone`: where days begin. Raises MemoryStoreError, MemoryBusyError."""
        return cls(path, database.open_database(path, key, zone), zone)

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; nobody else writes between its reads and its writes."""
        with database.plainly(self._path), database.writing(self.db):
            yield

    def execute(self, sql: str) -> list[Any]:
        """Runs one statement outside a transaction and returns its rows."""
        with database.plainly(self._path):
            return self.db.execute(sql).fetchall()

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """All rows of one query, by column."""
        with database.plainly(self._path):
            return list(self.db.query(sql, dict(values or {})))

    def insert(self, record: MemoryRecord) -> None:
        """Keeps a new memory. An id is used once."""
        if self.get(record.id) is not None:
            raise MemoryInputError("id_taken", f"A memory with the id {record.id!r} is kept already.")
        self.db.table(TABLE).insert(to_row(record, self.zone))

    def change(self, memory_id: str, change: Change) -> MemoryRecord:
        """Reads one memory, changes it and keeps it, with nobody in between. Raises MemoryMissingError."""
        with self.writing():
            before = self.need(memory_id)
            after = change(before)
            if after != before:
                self.replace(after)
        return after

    def replace(self, record: MemoryRecord) -> None:
        """Writes all fields of a memory that is kept already. Words that it no longer says are to be scrubbed."""
        if words_go(self.need(record.id), record):
            self._note_scrub()
        row = to_row(record, self.zone)
        settings = ", ".join(f"{name} = :{name}" for name in row)
        self.db.execute(f"UPDATE memories SET {settings} WHERE id = :id", row)  # noqa: S608  (names are our columns)

    def put_away(self, ids: Iterable[str], *, archived: bool) -> None:
        """Moves memories to the archive, or out of it."""
        sql = "UPDATE memories SET archived = :archived WHERE id IN (SELECT value FROM json_each(:ids))"
        self.db.execute(sql, {"archived": archived, "ids": _listed(ids)})

    def delete(self, ids: Iterable[str]) -> None:
        """Takes rows away; their bytes are to be scrubbed."""
        listed = {"ids": _listed(ids)}
        if self.db.execute("DELETE FROM memories WHERE id IN (SELECT value FROM json_each(:ids))", listed).rowcount:
            self._note_scrub()

    def scrub_due(self) -> int:
        """0 when no bytes of erased or changed words can be left in the file, else the number of the newest note."""
        sql = "SELECT noted FROM chores WHERE name = :name AND noted > done"
        return next((int(row["noted"]) for row in self.rows(sql, {"name": SCRUB})), 0)

    def scrubbed(self, noted: int) -> None:
        """Marks the notes up to this number as done; one that another program made meanwhile stays due."""
        with self.writing():
            self.db.execute("UPDATE chores SET done = max(done, ?) WHERE name = ?", [noted, SCRUB])

    def _note_scrub(self) -> None:
        sql = "INSERT INTO chores VALUES (?, 1, 0) ON CONFLICT (name) DO UPDATE SET noted = noted + 1"
        self.db.execute(sql, [SCRUB])

    def get(self, memory_id: str) -> MemoryRecord | None:
        """The memory with this id. Raises MemoryInputError for an id that is no text."""
        check_words("id", memory_id)
        return next(iter(self._records("WHERE id = :id", {"id": memory_id})), None)

    def need(self, memory_id: str) -> MemoryRecord:
        """The memory with this id. Raises MemoryMissingError."""
        record = self.get(memory_id)
        if record is None:
            raise MemoryMissingError(memory_id)
        return record

    def count(self) -> int:
        """How many memories are kept, past ones too."""
        return int(self.rows("SELECT count(*) AS memories FROM memories")[0]["memories"])

    def newest(self, kinds: Iterable[Kind], *, include_past: bool, limit: int | None) -> list[MemoryRecord]:
        """Memories by the time they were recorded, newest first."""
        where = f"WHERE {_OF_KINDS} AND (:past OR ({_IN_SIGHT})) ORDER BY recorded_ns DESC, number DESC LIMIT :limit"
        values = {"kinds": _listed(kinds), "past": include_past, "limit": -1 if limit is None else limit}
        return self._records(where, values)

    def in_order(self, kinds: Iterable[Kind] = ()) -> list[MemoryRecord]:
        """All memories in the order in which they came."""
        return self._records(f"WHERE {_OF_KINDS} ORDER BY number", {"kinds": _listed(kinds)})

    def each(self) -> Iterator[MemoryRecord]:
        """All memories in the order in which they came, one at a time: they may be more than memory should hold."""
        with database.plainly(self._path):
            for row in self.db.query(f"{_SELECT} ORDER BY number"):
                yield from_row(row)

    def like(self, record: MemoryRecord) -> list[MemoryRecord]:
        """Current memories that may say the same (see `gist`), and one with the same id; oldest first."""
        where = "WHERE gist = :gist AND (superseded_ns IS NULL OR id = :id) ORDER BY number"
        return self._records(where, {"gist": gist(record), "id": record.id})

    def resting_on(self, evidence_ids: Iterable[str]) -> list[MemoryRecord]:
        """Memories that have any of these ids among their evidence, oldest first."""
        return self._records(f"WHERE {_RESTING_ON} ORDER BY number", {"ids": _listed(evidence_ids)})

    def _records(self, where: str, values: Mapping[str, object]) -> list[MemoryRecord]:
        return [from_row(row) for row in self.rows(f"{_SELECT} {where}", values)]


def words_go(before: MemoryRecord, after: MemoryRecord) -> bool:
    """True when something that `before` says in words is not said by `after` (pure)."""
    return not {*_words_of(after), ""}.issuperset(_words_of(before))


def _words_of(record: MemoryRecord) -> tuple[str, ...]:
    own = (record.text, record.subject, record.label, record.slot, record.doubt)
    return (*own, *record.details.values(), *record.quotes.values())


def _listed(values: Iterable[str]) -> str:
    """Any number of values as one parameter: JSON, read back by json_each."""
    return json.dumps([str(value) for value in values])
