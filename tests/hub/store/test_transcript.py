"""Words, marks and ledger move together; what is taken back is gone to the last byte, and stays away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from sotto_hub.errors import HomeError
from sotto_hub.ingest.orders import Pending, read_orders
from sotto_hub.records import Decided, Fate, Settled, Utterance
from sotto_hub.store.database import open_database
from sotto_hub.store.migrations import STEPS, migrate
from sotto_hub.store.notes import Notes
from sotto_hub.store.transcript import Transcript
from sotto_proto.records import Mark

SECOND = 1_000_000_000


def said(number: int, text: str = "words", start_s: int | None = None) -> Utterance:
    start = (number if start_s is None else start_s) * SECOND
    return Utterance(id=f"u{number}", device_id="d", start_ns=start, end_ns=start + SECOND, text=text, engine="e")


def settled(sequence: int, fate: Fate = Fate.COMMITTED, reason: str = "", stream: str = "mic") -> Settled:
    """One second a frame, number n ends at second n."""
    return Settled(
        stream=stream,
        sequence=sequence,
        end_ns=sequence * SECOND,
        duration_ns=SECOND,
        captured_ns=sequence * SECOND,
        fate=fate,
        reason=reason,
    )


@pytest.fixture
def transcript(tmp_path: Path) -> Iterator[Transcript]:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        yield Transcript(db)


def commit(transcript: Transcript, utterances: list[Utterance], frames: list[Settled]) -> tuple[Utterance, ...]:
    streams = list(dict.fromkeys(frame.stream for frame in frames)) or ["mic"]
    decided = [
        Decided(
            device_id="d",
            boot_id="b",
            stream=stream,
            utterances=tuple(utterances) if stream == "mic" else (),
            settled=tuple(frame for frame in frames if frame.stream == stream),
        )
        for stream in streams
    ]
    return transcript.commit(decided)


def marks(transcript: Transcript) -> dict[str, int]:
    return {stream: mark.sequence for stream, mark in transcript.marks("d", "b").items()}


def test_marks_follow_what_is_settled(transcript: Transcript) -> None:
    assert transcript.marks("d", "b") == {}
    commit(transcript, [], [settled(1), settled(2), settled(1, stream="eyes")])
    assert marks(transcript) == {"mic": 2, "eyes": 1}
    assert transcript.marks("d", "other boot") == {}


def test_the_same_words_are_stored_once(transcript: Transcript) -> None:
    assert commit(transcript, [said(1)], [settled(1)]) == (said(1),)
    assert commit(transcript, [said(1)], []) == ()
    assert transcript.count() == 1


def test_a_full_disk_is_one_sentence_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        transcript = Transcript(db)
        commit(transcript, [said(1)], [settled(1)])
        db.execute(f"pragma max_page_count = {db.execute('pragma page_count').fetchone()[0]}").fetchall()
        with pytest.raises(HomeError, match="store_full"):
            commit(transcript, [said(n, "lorem ipsum " * 400) for n in range(2, 40)], [settled(2)])
        assert (transcript.count(), marks(transcript)) == (1, {"mic": 1})
        db.execute("pragma max_page_count = 1000000").fetchall()
        commit(transcript, [said(2)], [settled(2)])
        assert (transcript.count(), marks(transcript)) == (2, {"mic": 2})


def test_the_ledger_adds_up(transcript: Transcript) -> None:
    commit(transcript, [], [settled(1), settled(2, Fate.SILENT), settled(3, Fate.MUTED)])
    commit(
        transcript, [], [settled(4, Fate.LOST, "full"), settled(5, Fate.LOST, "full"), settled(6, Fate.LOST, "torn")]
    )
    (row,) = transcript.ledger()
    assert (row.committed_ns, row.silent_ns, row.muted_ns) == (SECOND, SECOND, SECOND)
    assert dict(row.lost_ns) == {"full": 2 * SECOND, "torn": SECOND}
    assert (row.captured_ns, row.unaccounted_ns) == (6 * SECOND, 0)
    assert transcript.heard_until() == {"d": 6 * SECOND}


def test_a_commit_is_all_or_nothing(transcript: Transcript) -> None:
    broken = said(2)
    object.__setattr__(broken, "text", object())
    with pytest.raises(Exception, match="type"):
        commit(transcript, [said(1), broken], [settled(1)])
    assert transcript.count() == 0
    assert transcript.marks("d", "b") == {}
    assert transcript.ledger() == []


def test_looking_back(transcript: Transcript) -> None:
    commit(transcript, [said(3), said(1), said(2)], [])
    assert [u.id for u in transcript.utterances()] == ["u1", "u2", "u3"]
    assert [u.id for u in transcript.utterances(last=2)] == ["u2", "u3"]
    assert [u.id for u in transcript.utterances(since_ns=2 * SECOND, until_ns=3 * SECOND)] == ["u2"]
    assert transcript.get("u2") == said(2)
    assert transcript.get("u9") is None


def test_unread_survives_until_it_is_read(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        commit(Transcript(db), [said(1), said(2)], [])
        Transcript(db).mark_read(["u1"])
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        assert [u.id for u in Transcript(db).unread()] == ["u2"]


def test_what_is_taken_back_is_gone_and_refused_ever_after(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        transcript = Transcript(db)
        commit(transcript, [said(1), said(5)], [settled(1)])
        assert transcript.withhold(4 * SECOND, 7 * SECOND) == ("u5",)
        assert commit(transcript, [], [settled(2)]) == ()
        assert commit(transcript, [said(6)], [settled(6)]) == ()
        assert [u.id for u in transcript.utterances()] == ["u1"]
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        transcript = Transcript(db)
        assert commit(transcript, [said(4)], []) == ()
        (row,) = transcript.ledger()
        assert row.committed_ns == 2 * SECOND
        assert dict(row.lost_ns) == {"off_the_record": SECOND}


@pytest.mark.parametrize(("from_s", "to_s", "gone"), [(0, 2, False), (0, 3, True), (2, 3, True), (3, 9, False)])
def test_a_touch_is_enough(transcript: Transcript, from_s: int, to_s: int, gone: bool) -> None:
    commit(transcript, [said(2)], [])
    assert transcript.withhold(from_s * SECOND, to_s * SECOND) == (("u2",) if gone else ())


def test_no_byte_is_left(tmp_path: Path) -> None:
    """The same code on a plain file, where bytes can be searched: many rows, so that pages split and merge."""
    path = tmp_path / "plain.db"
    with closing(Database(sqlite3.connect(path))) as db:
        db.execute("pragma journal_mode = wal").fetchone()
        db.execute("pragma secure_delete = on").fetchone()
        migrate(db)
        transcript = Transcript(db)
        commit(transcript, [said(n, f"canary {n} " * 40, start_s=n) for n in range(300)], [])
        assert any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())
        assert len(transcript.withhold(0, 400 * SECOND)) == 300
        for file in tmp_path.iterdir():
            assert b"canary" not in file.read_bytes(), file.name


def test_what_is_taken_back_was_committed_and_is_lost(transcript: Transcript) -> None:
    """In the transaction that erases; and what was heard of it twice, by two boots, is taken back from both."""
    commit(transcript, [said(0)], [settled(1), settled(2)])
    commit(transcript, [said(4)], [settled(5)])
    again = Decided(device_id="d", boot_id="c", stream="mic", utterances=(said(4),), settled=(settled(5),))
    assert transcript.commit([again]) == ()
    assert transcript.withhold(4 * SECOND, 5 * SECOND) == ("u4",)
    rows = {row.boot_id: (row.committed_ns, dict(row.lost_ns)) for row in transcript.ledger()}
    assert rows == {"b": (2 * SECOND, {"off_the_record": SECOND}), "c": (0, {"off_the_record": SECOND})}
    assert transcript.withhold(0, 9 * SECOND) == ("u0",)
    assert {row.boot_id: row.committed_ns for row in transcript.ledger()} == {"b": 0, "c": 0}


def test_marks_tell_what_was_captured_up_to_them(transcript: Transcript) -> None:
    commit(transcript, [], [settled(1), settled(2)])
    assert transcript.marks("d", "b") == {"mic": Mark(sequence=2, captured_ns=2 * SECOND)}


def test_spans_that_touch_are_one(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        for from_s in (5, 1, 3, 4, 4):
            Transcript(db).withhold(from_s * SECOND, (from_s + 1) * SECOND)
        assert db.table("withheld").count == 2
        assert Transcript(db).is_withheld(5 * SECOND, 6 * SECOND)
        assert not Transcript(db).is_withheld(2 * SECOND, 3 * SECOND)


def test_commands_from_before_sensors_are_about_all_of_them(tmp_path: Path) -> None:
    with closing(Database(sqlite3.connect(tmp_path / "old.db"))) as db:
        for step in STEPS[:3]:
            step(db)
        db.table("notes").insert({"name": "command.mute.d", "value": '{"muted": true, "until_ns": 0, "asked_ns": 5}'})
        for step in STEPS[3:5]:
            step(db)
        orders = read_orders(Notes(db).get("command.mute.d"))
        assert orders == {"": Pending(muted=True, until_ns=0, asked_ns=5)}
