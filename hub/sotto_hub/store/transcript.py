"""What was heard, and what became of every span: words, marks and ledger, written in one transaction.

The acknowledgement of a span follows this transaction, never leads it: that makes every span text at most once.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sotto_hub.records import Decided, LedgerRow, Settled, Utterance
from sotto_hub.store.books import Books
from sotto_hub.store.scrubbing import owe, scrub, try_scrub
from sotto_hub.store.spans import Sifted, Span, is_withheld, merged, sift
from sotto_hub.store.writing import writing
from sotto_proto.records import Mark

if TYPE_CHECKING:
    from sqlite_utils import Database

_COLUMNS = "id, device_id, start_ns, end_ns, text, speaker, confidence, engine"
_TOUCHING = "start_ns < ? and end_ns > ?"


class Transcript:
    """The utterances of all devices, in order of event time."""

    def __init__(self, db: "Database") -> None:
        self._db = db
        self._books = Books(db)
        self._withheld = merged(Span(*row) for row in db.execute("select from_ns, to_ns from withheld").fetchall())

    def commit(self, decided: Sequence[Decided]) -> tuple[Utterance, ...]:
        """One transaction: words, marks and ledger of any number of streams. Gives the utterances that were stored.

        Not stored: those that touch a span taken back (their time counts as lost, `off_the_record`), and those that
        are stored already. What was decided of one stream is given in order.
        """
        sifted = [(one, sift(self._withheld, one)) for one in decided]
        streams: dict[tuple[str, str, str], list[Settled]] = {}
        for one, kept in sifted:
            streams.setdefault((one.device_id, one.boot_id, one.stream), []).extend(kept.settled)
        with writing(self._db):
            stored = tuple(u for one, kept in sifted if kept.utterances for u in self._store(one, kept))
            for key, settled in streams.items():
                self._books.post(key, settled)
        return stored

    def marks(self, device_id: str, boot_id: str) -> dict[str, Mark]:
        """Stream to the mark up to which everything is settled."""
        return self._books.marks(device_id, boot_id)

    def utterances(
        self, *, since_ns: int = 0, until_ns: int | None = None, last: int | None = None
    ) -> list[Utterance]:
        """Utterances that begin in the span, oldest first; with `last` only the newest so many."""
        where, values = "start_ns >= ?", [since_ns]
        if until_ns is not None:
            where, values = f"{where} and start_ns < ?", [*values, until_ns]
        newest = self._select(
            f"{where} order by start_ns desc, id desc limit ?", [*values, -1 if last is None else last]
        )
        return newest[::-1]

    def refuse(self, from_ns: int, to_ns: int) -> None:
        """What arrives of this span is not stored from now on, even where the disk cannot be told so.

        What is stored of it stays (`withhold`).
        """
        self._withheld = merged((*self._withheld, Span(from_ns, to_ns)))
        with writing(self._db):
            self._note_withheld()

    def withhold(self, from_ns: int, to_ns: int) -> tuple[str, ...]:
        """Takes back a span: what touches it is erased to the last byte, what arrives later is not stored.

        Its time moves from committed to lost, `off_the_record`. Gives the ids of the erased utterances. Where the
        file cannot be scrubbed now, that is owed (`scrub`).
        """
        found = self.touching(from_ns, to_ns)
        self._withheld = merged((*self._withheld, Span(from_ns, to_ns)))
        with writing(self._db):
            for utterance_id in found:
                self._books.take_back(utterance_id)
            self._db.execute(f"delete from utterances where {_TOUCHING}", [to_ns, from_ns])  # noqa: S608  (constant)
            self._note_withheld()
            owe(self._db)
        try_scrub(self._db)
        return found

    def brought(self, device_id: str, boot_id: str, span: Span) -> tuple[str, ...]:
        """The ids of utterances that share an instant with the span and came of this boot."""
        asked = (
            f"select distinct id from utterances join resting on id = utterance_id where {_TOUCHING}"  # noqa: S608  (constant)
            " and resting.device_id = ? and resting.boot_id = ?"
        )
        values = [span.to_ns, span.from_ns, device_id, boot_id]
        return tuple(row[0] for row in self._db.execute(asked, values).fetchall())

    def erase(self, utterance_ids: Sequence[str]) -> None:
        """Erases these to the last byte; their time moves from committed to lost, `off_the_record`."""
        with writing(self._db):
            for utterance_id in utterance_ids:
                self._books.take_back(utterance_id)
                self._db.execute("delete from utterances where id = ?", [utterance_id])
            owe(self._db)
        try_scrub(self._db)

    def scrub(self) -> None:
        """Does what an erasure, here or on the shelf, still owes the file; raises `HomeError` while it cannot be."""
        scrub(self._db)

    def touching(self, from_ns: int, to_ns: int) -> tuple[str, ...]:
        """The ids of utterances that share an instant with the span."""
        asked = f"select id from utterances where {_TOUCHING}"  # noqa: S608  (constant)
        return tuple(row[0] for row in self._db.execute(asked, [to_ns, from_ns]).fetchall())

    def is_withheld(self, from_ns: int, to_ns: int) -> bool:
        """Whether any instant of the span has been taken back."""
        return is_withheld(self._withheld, from_ns, to_ns)

    def unread(self) -> list[Utterance]:
        """What was committed but not yet understood, oldest first: read again after a restart."""
        return self._select("unread = 1 order by start_ns, id", [])

    def mark_read(self, ids: Iterable[str]) -> None:
        """Notes that these have been understood."""
        if read := [(i,) for i in ids]:
            with writing(self._db):
                self._db.conn.executemany("update utterances set unread = 0 where id = ?", read)

    def get(self, utterance_id: str) -> Utterance | None:
        """One utterance."""
        return next(iter(self._select("id = ?", [utterance_id])), None)

    def count(self) -> int:
        """How many utterances there are."""
        return int(self._db.table("utterances").count)

    def ledger(self) -> list[LedgerRow]:
        """What became of every settled nanosecond; what still waits is known to the ingest only."""
        return self._books.rows()

    def heard_until(self) -> dict[str, int]:
        """Device to the event time up to which something of it is committed."""
        return self._books.heard_until()

    def _note_withheld(self) -> None:
        self._db.execute("delete from withheld")
        self._db.conn.executemany("insert into withheld (from_ns, to_ns) values (?, ?)", self._withheld)

    def _store(self, one: Decided, kept: Sifted) -> list[Utterance]:
        stored = [u for u in kept.utterances if self._insert(u)]
        for utterance_id, heard_ns in kept.resting_ns.items():
            self._books.rest(utterance_id, (one.device_id, one.boot_id, one.stream), heard_ns)
        return stored

    def _insert(self, u: Utterance) -> bool:
        marks = "?, ?, ?, ?, ?, ?, ?, ?, 1"
        values = [u.id, u.device_id, u.start_ns, u.end_ns, u.text, u.speaker, u.confidence, u.engine]
        done = self._db.execute(f"insert or ignore into utterances ({_COLUMNS}, unread) values ({marks})", values)  # noqa: S608  (constant)
        return bool(done.rowcount)

    def _select(self, where: str, values: list[Any]) -> list[Utterance]:
        rows = self._db.execute(f"select {_COLUMNS} from utterances where {where}", values).fetchall()  # noqa: S608  (constant)
        names = _COLUMNS.split(", ")
        return [Utterance(**dict(zip(names, row, strict=True))) for row in rows]
