"""What was heard, and what became of every span: words, marks and ledger, written in one transaction.

The acknowledgement of a span follows this transaction, never leads it: that makes every span text at most once.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sotto_hub.records import LedgerRow, Settled, Utterance
from sotto_hub.store.accounts import Account, account
from sotto_hub.store.database import scrub
from sotto_hub.store.spans import Span, is_withheld, withhold_settled
from sotto_hub.store.writing import writing

if TYPE_CHECKING:
    from sqlite_utils import Database

_COLUMNS = "id, device_id, start_ns, end_ns, text, speaker, confidence, engine"
_TOUCHING = "start_ns < ? and end_ns > ?"


class Transcript:
    """The utterances of all devices, in order of event time."""

    def __init__(self, db: "Database") -> None:
        self._db = db
        self._withheld = [Span(*row) for row in db.execute("select from_ns, to_ns from withheld").fetchall()]

    def commit(
        self, *, device_id: str, boot_id: str, utterances: Sequence[Utterance], settled: Sequence[Settled]
    ) -> tuple[Utterance, ...]:
        """One transaction: words, marks and ledger. Gives the utterances that were stored.

        Not stored: those that touch a span taken back (their time counts as lost, `off_the_record`), and those that
        are stored already.
        """
        kept = [u for u in utterances if not is_withheld(self._withheld, u.start_ns, u.end_ns)]
        accounts = account(withhold_settled(self._withheld, settled))
        with writing(self._db):
            stored = tuple(u for u in kept if self._insert(u))
            for stream, sums in accounts.items():
                self._post((device_id, boot_id, stream), sums)
        return stored

    def marks(self, device_id: str, boot_id: str) -> dict[str, int]:
        """Stream to the number up to which everything is settled."""
        asked = "select stream, sequence from marks where device_id = ? and boot_id = ?"
        return dict(self._db.execute(asked, [device_id, boot_id]).fetchall())

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

    def withhold(self, from_ns: int, to_ns: int) -> tuple[str, ...]:
        """Takes back a span: what touches it is erased to the last byte, what arrives later is not stored.

        Gives the ids of the erased utterances.
        """
        found = self.touching(from_ns, to_ns)
        with writing(self._db):
            self._db.execute(f"delete from utterances where {_TOUCHING}", [to_ns, from_ns])  # noqa: S608  (constant)
            self._db.execute("insert into withheld (from_ns, to_ns) values (?, ?)", [from_ns, to_ns])
        self._withheld.append(Span(from_ns, to_ns))
        scrub(self._db)
        return found

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
        with writing(self._db):
            self._db.conn.executemany("update utterances set unread = 0 where id = ?", [(i,) for i in ids])

    def get(self, utterance_id: str) -> Utterance | None:
        """One utterance."""
        return next(iter(self._select("id = ?", [utterance_id])), None)

    def count(self) -> int:
        """How many utterances there are."""
        return int(self._db.table("utterances").count)

    def ledger(self) -> list[LedgerRow]:
        """What became of every settled nanosecond; what still waits is known to the ingest only."""
        rows = self._db.execute(
            "select device_id, boot_id, stream, captured_ns, committed_ns, silent_ns, muted_ns from ledger"
            " order by 1, 2, 3"
        ).fetchall()
        lost = self._losses()
        return [_ledger_row(row, lost.get(row[:3], {})) for row in rows]

    def heard_until(self) -> dict[str, int]:
        """Device to the event time up to which something of it is committed."""
        return dict(
            self._db.execute("select device_id, max(heard_until_ns) from ledger group by device_id").fetchall()
        )

    def _losses(self) -> dict[tuple[str, str, str], dict[str, int]]:
        lost: dict[tuple[str, str, str], dict[str, int]] = {}
        for *key, reason, ns in self._db.execute(
            "select device_id, boot_id, stream, reason, lost_ns from losses"
        ).fetchall():
            lost.setdefault((key[0], key[1], key[2]), {})[reason] = ns
        return lost

    def _insert(self, u: Utterance) -> bool:
        marks = "?, ?, ?, ?, ?, ?, ?, ?, 1"
        values = [u.id, u.device_id, u.start_ns, u.end_ns, u.text, u.speaker, u.confidence, u.engine]
        done = self._db.execute(f"insert or ignore into utterances ({_COLUMNS}, unread) values ({marks})", values)  # noqa: S608  (constant)
        return bool(done.rowcount)

    def _select(self, where: str, values: list[Any]) -> list[Utterance]:
        rows = self._db.execute(f"select {_COLUMNS} from utterances where {where}", values).fetchall()  # noqa: S608  (constant)
        names = _COLUMNS.split(", ")
        return [Utterance(**dict(zip(names, row, strict=True))) for row in rows]

    def _post(self, key: tuple[str, str, str], sums: Account) -> None:
        """Adds to the ledger; marks and times only ever move forward."""
        self._db.execute(
            "insert into marks values (?, ?, ?, ?)"
            " on conflict do update set sequence = max(sequence, excluded.sequence)",
            [*key, sums.sequence],
        )
        self._db.execute(
            "insert into ledger values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set"
            " captured_ns = max(captured_ns, excluded.captured_ns),"
            " committed_ns = committed_ns + excluded.committed_ns,"
            " silent_ns = silent_ns + excluded.silent_ns, muted_ns = muted_ns + excluded.muted_ns,"
            " heard_until_ns = max(heard_until_ns, excluded.heard_until_ns)",
            [*key, sums.captured_ns, sums.committed_ns, sums.silent_ns, sums.muted_ns, sums.heard_until_ns],
        )
        for reason, lost_ns in sums.lost_ns.items():
            self._db.execute(
                "insert into losses values (?, ?, ?, ?, ?)"
                " on conflict do update set lost_ns = lost_ns + excluded.lost_ns",
                [*key, reason, lost_ns],
            )


def _ledger_row(row: tuple[Any, ...], lost: dict[str, int]) -> LedgerRow:
    device_id, boot_id, stream, captured_ns, committed_ns, silent_ns, muted_ns = row
    return LedgerRow(
        device_id=device_id,
        boot_id=boot_id,
        stream=stream,
        captured_ns=captured_ns,
        committed_ns=committed_ns,
        silent_ns=silent_ns,
        muted_ns=muted_ns,
        lost_ns=lost,
    )
