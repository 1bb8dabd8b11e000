"""Rows in, rows out: what the rest of the room may ask of an open memory file.

Stands on `database`. One store belongs to one thread at a time (it may be handed on); any number of programs may have
the same file open. Whatever reads in order to write does both inside `writing`.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sotto_memory import database
from sotto_memory.arrivals import Arrivals
from sotto_memory.errors import (
    MemoryBusyError,
    MemoryInputError,
    MemoryMissingError,
    MemoryStoreError,
    SottoMemoryError,
)
from sotto_memory.keeping.likeness import gist
from sotto_memory.keeping.witness import GRAPH_ITEMS
from sotto_memory.limits import bounded, check_words
from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.rows import ROW, from_row, to_row

if TYPE_CHECKING:
    from sqlite_utils import Database

LOG: Final = logging.getLogger("sotto.memory")
SCRUB: Final = "scrub"
SEARCH_WAITS_S: Final = 0.25
"""How long a search waits for another program that writes, before it does without what has arrived last."""
SLOT_ITEMS: Final = 64
"""How many values of one slot are looked at when a new one comes."""
Change = Callable[[MemoryRecord], MemoryRecord]

INSERT: Final = f"INSERT INTO memories ({', '.join(ROW)}) VALUES ({', '.join(f':{name}' for name in ROW)})"  # noqa: S608  (names are our columns)
_EVIDENCE_OF: Final = "SELECT id, evidence FROM memories WHERE id IN (SELECT value FROM json_each(:ids))"
_SELECT: Final = "SELECT memories.* FROM memories"
_IN_SIGHT: Final = "superseded_ns IS NULL AND NOT archived AND doubt = '' AND binned_ns IS NULL"
_OF_KINDS: Final = "(:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))"
_RESTING_ON: Final = "number IN (SELECT number FROM links WHERE evidence IN (SELECT value FROM json_each(:ids)))"
_NAMING: Final = """
(details <> '{}' AND EXISTS (
    SELECT 1 FROM json_each(details) AS detail WHERE detail.value IN (SELECT value FROM json_each(:ids))
)) OR (extra <> '{}' AND EXISTS (
    SELECT 1 FROM json_tree(extra) AS part
    WHERE part.atom IN (SELECT value FROM json_each(:ids)) OR part.key IN (SELECT value FROM json_each(:ids))
)) OR (doubt <> '' AND EXISTS (SELECT 1 FROM json_each(:ids) AS gone WHERE instr(doubt, gone.value)))
"""


class Store:
    """An open memory file."""

    def __init__(self, path: Path, db: "Database", zone: tzinfo) -> None:
        self._path = path
        self._db = db
        self.zone = zone
        self._arrivals = Arrivals(db)
        self.before_scrub: list[Callable[[], None]] = []
        """What is called when something was erased: whoever holds it in RAM lets go."""

    @classmethod
    def open(cls, path: Path, key: bytes | None, zone: tzinfo = UTC) -> "Store":
        """Opens the file, or makes it. `zone`: where days begin. Raises MemoryStoreError, MemoryBusyError."""
        return cls(path, database.open_database(path, key, zone), zone)

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        if self._arrivals.noticed:
            with suppress(SottoMemoryError):
                self._sort_in()
            self._arrivals.forget()
        self._db.close()

    @property
    def db(self) -> "Database":
        """The open file, with everything that has arrived in its place."""
        self._sort_in()
        return self._db

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; nobody else writes between its reads and its writes."""
        with self._transaction():
            if self._arrivals.waiting():
                self._arrivals.sort_in()
            yield

    def arrive(self, record: MemoryRecord) -> bool:
        """Keeps a new memory in a transaction of its own, the quick way. False, and nothing done, if it may be known.

        It may be when something has its id, its gist or its slot, or rests on its id already: that needs a closer
        look. So does what is over at a time of its own, if it has a slot.
        """
        row = to_row(record, self.zone)
        if record.id in record.evidence or (record.slot and record.valid_until_ns is not None):
            return False
        with self._transaction():
            if not self._arrivals.is_new(record.id, row["gist"], record.slot):
                return False
            self._arrivals.arrive(tuple(row.values()), (record.id, row["gist"], record.slot, *record.evidence))
        return True

    def execute(self, sql: str) -> list[Any]:
        """Runs one statement outside a transaction and returns its rows."""
        self._sort_in()
        with database.plainly(self._path):
            return self._db.execute(sql).fetchall()

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """All rows of one query, by column."""
        self._sort_in()
        with database.plainly(self._path):
            return list(self._by_column(sql, values))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read within is of one moment, and cheaper: what has arrived is sorted in once, before.

        Without it when another program writes for longer than a search may wait.
        """
        self._sort_in_soon()
        if self._db.conn.in_transaction:
            yield
            return
        with database.plainly(self._path):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.rollback()

    def tuples(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """All rows of one query as they come, within `reading`: for a search, which asks many small ones."""
        found: list[tuple[Any, ...]] = self._db.conn.execute(sql, dict(values or {})).fetchall()
        return found

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with database.plainly(self._path), database.writing(self._db):
                yield
        except BaseException:
            self._arrivals.forget()
            raise

    def _sort_in(self) -> None:
        """Before anything is read: everything that has arrived is in its place. A full disk hinders no reading."""
        with database.plainly(self._path):
            if self._db.conn.in_transaction or not self._arrivals.waiting():
                return
        try:
            with self.writing():
                pass
        except MemoryStoreError as problem:
            if problem.code != "store_full":
                raise
            LOG.warning("the newest memories cannot be found until the disk has room")

    def _sort_in_soon(self) -> None:
        """Before a search: it does not wait for another program as long as a change would."""
        try:
            with database.plainly(self._path), database.waiting(self._db, SEARCH_WAITS_S):
                self._sort_in()
        except MemoryBusyError:
            LOG.warning("another program is writing to the memory; the search goes on without the newest memories")

    def insert(self, record: MemoryRecord) -> None:
        """Keeps a new memory, within the caller's transaction. An id is used once."""
        from sqlcipher3.dbapi2 import IntegrityError

        try:
            self._db.execute(INSERT, to_row(record, self.zone))
        except IntegrityError as problem:  # the one thing that a sound record may violate is the unique id
            sentence = f"A memory with the id {record.id!r} is kept already."
            raise MemoryInputError("id_taken", sentence) from problem

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
        self._db.execute(f"UPDATE memories SET {settings} WHERE id = :id", row)  # noqa: S608  (names are our columns)

    def put_away(self, ids: Iterable[str], *, archived: bool) -> None:
        """Moves memories to the archive, or out of it."""
        sql = "UPDATE memories SET archived = :archived WHERE id IN (SELECT value FROM json_each(:ids))"
        self._db.execute(sql, {"archived": archived, "ids": _listed(ids)})

    def put_in_bin(self, ids: Iterable[str], binned_ns: int | None) -> None:
        """Puts memories into the bin at this time, or takes them out of it (None)."""
        sql = "UPDATE memories SET binned_ns = :binned_ns WHERE id IN (SELECT value FROM json_each(:ids))"
        self._db.execute(sql, {"binned_ns": binned_ns, "ids": _listed(ids)})

    def delete(self, ids: Iterable[str]) -> None:
        """Takes rows away; their bytes are to be scrubbed."""
        listed = {"ids": _listed(ids)}
        if self._db.execute("DELETE FROM memories WHERE id IN (SELECT value FROM json_each(:ids))", listed).rowcount:
            self._note_scrub()

    def scrub_due(self) -> int:
        """0 when no bytes of erased or changed words can be left in the file, else the number of the newest note."""
        sql = "SELECT noted FROM chores WHERE name = :name AND noted > done"
        return next((int(row["noted"]) for row in self.rows(sql, {"name": SCRUB})), 0)

    def scrubbed(self, noted: int) -> None:
        """Marks the notes up to this number as done; one that another program made meanwhile stays due."""
        with self.writing():
            self._db.execute("UPDATE chores SET done = max(done, ?) WHERE name = ?", [noted, SCRUB])

    def _note_scrub(self) -> None:
        sql = "INSERT INTO chores VALUES (?, 1, 0) ON CONFLICT (name) DO UPDATE SET noted = noted + 1"
        self._db.execute(sql, [SCRUB])

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
        values = {"kinds": _listed(kinds), "past": include_past, "limit": -1 if limit is None else bounded(limit)}
        return self._records(where, values)

    def in_order(self, kinds: Iterable[Kind] = ()) -> list[MemoryRecord]:
        """All memories in the order in which they came."""
        return self._records(f"WHERE {_OF_KINDS} ORDER BY number", {"kinds": _listed(kinds)})

    def each(self) -> Iterator[MemoryRecord]:
        """All memories in the order in which they came, one at a time: they may be more than memory should hold."""
        self._sort_in()
        with database.plainly(self._path):
            yield from map(from_row, self._by_column(f"{_SELECT} ORDER BY number"))

    def like(self, record: MemoryRecord) -> list[MemoryRecord]:
        """Current memories that may say the same (see `gist`), and one with the same id; kept ones first."""
        where = (
            "WHERE (gist = :gist AND superseded_ns IS NULL) OR (id = :id AND (gist = :gist OR kind = 'episode'))"
            " ORDER BY doubt <> '', number"
        )
        return self._records(where, {"gist": gist(record), "id": record.id})

    def of_slot(self, slot: str) -> list[MemoryRecord]:
        """Memories that hold a value of this slot, binned and past ones too: current ones first, then the newest."""
        where = (
            "WHERE slot = :slot AND slot <> '' AND doubt = '' ORDER BY superseded_ns IS NOT NULL,"
            " coalesce(valid_from_ns, recorded_ns) DESC, number DESC LIMIT :most"
        )
        return self._records(where, {"slot": slot, "most": SLOT_ITEMS})

    def doubtful(self) -> list[MemoryRecord]:
        """Memories that wait for review, newest first."""
        return self._records(
            "WHERE doubt <> '' AND superseded_ns IS NULL AND binned_ns IS NULL ORDER BY number DESC", {}
        )

    def bears(self, memory_id: str) -> bool:
        """Whether anything rests on a memory with this id."""
        return bool(self.rows("SELECT 1 AS found FROM links WHERE evidence = :id LIMIT 1", {"id": memory_id}))

    def below(self, evidence: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The memories that this evidence names, and those beneath them: evidence by id, level by level, bounded."""
        found: dict[str, tuple[str, ...]] = {}
        asked = set(evidence)
        while asked and len(found) < GRAPH_ITEMS:
            rows = self.rows(_EVIDENCE_OF, {"ids": _listed(asked)})
            level = {row["id"]: tuple(json.loads(row["evidence"])) for row in rows}
            found |= level
            asked = {one for ids in level.values() for one in ids} - found.keys()
        return found

    def count_refusal(self, reason: str) -> None:
        """Counts a text that was not worth keeping, within the caller's transaction."""
        sql = "INSERT INTO refusals VALUES (?, 1) ON CONFLICT (reason) DO UPDATE SET refused = refused + 1"
        self._db.execute(sql, [reason])

    def resting_on(self, evidence_ids: Iterable[str]) -> list[MemoryRecord]:
        """Memories that have any of these ids among their evidence, oldest first."""
        return self._records(f"WHERE {_RESTING_ON} ORDER BY number", {"ids": _listed(evidence_ids)})

    def naming(self, ids: Iterable[str]) -> list[MemoryRecord]:
        """Memories that name any of these ids elsewhere than in their evidence, oldest first."""
        return self._records(f"WHERE {_NAMING} ORDER BY number", {"ids": _listed(ids)})

    def chosen(self, where: str, values: Mapping[str, object] | None = None) -> list[MemoryRecord]:
        """Memories for which a condition in SQL holds, past ones too, oldest first."""
        return self._records(f"WHERE {where} ORDER BY number", values or {})

    def stream(self, where: str) -> Iterator[MemoryRecord]:
        """As `chosen`, one at a time. Nothing may be changed before the last one has been read."""
        return map(from_row, self.scan(f"{_SELECT} WHERE {where} ORDER BY number"))

    def scan(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows of one query by column, one at a time. Nothing may be changed before the last was read."""
        self._sort_in()
        with database.plainly(self._path):
            yield from self._by_column(sql)

    def _by_column(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[dict[str, Any]]:
        cursor = self._db.conn.execute(sql, dict(values or {}))  # by the driver: sqlite-utils reads every statement
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    def _records(self, where: str, values: Mapping[str, object]) -> list[MemoryRecord]:
        return [from_row(row) for row in self.rows(f"{_SELECT} {where}", values)]


def words_go(before: MemoryRecord, after: MemoryRecord) -> bool:
    """True when something that `before` says in words is not said by `after` (pure)."""
    return not {*_words_of(after), ""}.issuperset(_words_of(before))


def _words_of(record: MemoryRecord) -> tuple[str, ...]:
    own = (record.text, record.subject, record.label, record.slot, record.doubt)
    named = (word for texts in (record.details, record.quotes) for pair in texts.items() for word in pair)
    return (*own, *record.evidence, *named, repr(dict(record.extra)) if record.extra else "")


def _listed(values: Iterable[str]) -> str:
    """Any number of values as one parameter: JSON, read back by json_each."""
    return json.dumps([str(value) for value in values])
