"""The ledger on disk: marks, what became of every span, and the time that rests on utterances.

Everything here is called inside the one transaction of `Transcript`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sotto_hub.records import LedgerRow, Settled
from sotto_hub.store.accounts import Account, account, reason_among
from sotto_hub.store.spans import OFF_THE_RECORD
from sotto_proto.records import Mark

if TYPE_CHECKING:
    from sqlite_utils import Database

Key = tuple[str, str, str]
"""Device, boot and stream."""

_KEY = "device_id = ? and boot_id = ? and stream = ?"


class Books:
    """The tables `marks`, `ledger`, `losses` and `resting`."""

    def __init__(self, db: "Database") -> None:
        self._db = db

    def marks(self, device_id: str, boot_id: str) -> dict[str, Mark]:
        """Stream to the mark up to which everything is settled."""
        asked = (
            "select stream, sequence, coalesce(captured_ns, 0) from marks left join ledger"
            " using (device_id, boot_id, stream) where device_id = ? and boot_id = ?"
        )
        rows = self._db.execute(asked, [device_id, boot_id]).fetchall()
        return {stream: Mark(sequence=sequence, captured_ns=captured_ns) for stream, sequence, captured_ns in rows}

    def rows(self) -> list[LedgerRow]:
        """What became of every settled nanosecond."""
        rows = self._db.execute(
            "select device_id, boot_id, stream, captured_ns, committed_ns, silent_ns, muted_ns from ledger"
            " order by 1, 2, 3"
        ).fetchall()
        lost = self._losses()
        return [_ledger_row(row, lost.get(row[:3], {})) for row in rows]

    def heard_until(self) -> dict[str, int]:
        """Device to the event time up to which something of it is committed."""
        asked = "select device_id, max(heard_until_ns) from ledger group by device_id"
        return dict(self._db.execute(asked).fetchall())

    def post(self, key: Key, settled: Sequence[Settled]) -> None:
        """Adds to the ledger; marks and times only ever move forward."""
        sums = account(settled)
        if sums is None:
            return
        self._db.execute(
            "insert into marks values (?, ?, ?, ?)"
            " on conflict do update set sequence = max(sequence, excluded.sequence)",
            [*key, sums.sequence],
        )
        self._add(key, sums)
        if sums.lost_ns:
            self._lose(key, sums)

    def rest(self, utterance_id: str, key: Key, heard_ns: int) -> None:
        """Notes that so much of the committed time stands and falls with an utterance."""
        self._db.execute(
            "insert into resting values (?, ?, ?, ?, ?)"
            " on conflict do update set heard_ns = heard_ns + excluded.heard_ns",
            [utterance_id, *key, heard_ns],
        )

    def take_back(self, utterance_id: str) -> None:
        """What rests on the utterance was committed, and is lost, off the record."""
        asked = "select device_id, boot_id, stream, heard_ns from resting where utterance_id = ?"
        for *key, heard_ns in self._db.execute(asked, [utterance_id]).fetchall():
            self._db.execute(f"update ledger set committed_ns = committed_ns - ? where {_KEY}", [heard_ns, *key])  # noqa: S608  (constant)
            self._add_loss((key[0], key[1], key[2]), OFF_THE_RECORD, heard_ns)
        self._db.execute("delete from resting where utterance_id = ?", [utterance_id])

    def _add(self, key: Key, sums: Account) -> None:
        self._db.execute(
            "insert into ledger values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set"
            " captured_ns = max(captured_ns, excluded.captured_ns),"
            " committed_ns = committed_ns + excluded.committed_ns,"
            " silent_ns = silent_ns + excluded.silent_ns, muted_ns = muted_ns + excluded.muted_ns,"
            " heard_until_ns = max(heard_until_ns, excluded.heard_until_ns)",
            [*key, sums.captured_ns, sums.committed_ns, sums.silent_ns, sums.muted_ns, sums.heard_until_ns],
        )

    def _lose(self, key: Key, sums: Account) -> None:
        known = {row[0] for row in self._db.execute(f"select reason from losses where {_KEY}", list(key)).fetchall()}  # noqa: S608  (constant)
        for reason, lost_ns in sums.lost_ns.items():
            named = reason_among(known, reason)
            known.add(named)
            self._add_loss(key, named, lost_ns)

    def _add_loss(self, key: Key, reason: str, lost_ns: int) -> None:
        self._db.execute(
            "insert into losses values (?, ?, ?, ?, ?)"
            " on conflict do update set lost_ns = lost_ns + excluded.lost_ns",
            [*key, reason, lost_ns],
        )

    def _losses(self) -> dict[Key, dict[str, int]]:
        lost: dict[Key, dict[str, int]] = {}
        for *key, reason, ns in self._db.execute(
            "select device_id, boot_id, stream, reason, lost_ns from losses"
        ).fetchall():
            lost.setdefault((key[0], key[1], key[2]), {})[reason] = ns
        return lost


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
