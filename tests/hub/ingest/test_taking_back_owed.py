"""Off the record when memory or the disk says no on the way: refused at once, finished later, told plainly."""

import json
from pathlib import Path

import pytest

from sotto_hub.errors import HomeError
from sotto_hub.records import Utterance
from sotto_hub.store.scrubbing import is_owed
from sotto_hub.store.spans import Span
from sotto_hub.taking_back import WITHHOLDING, spans_of
from sotto_memory import MemoryBusyError
from sotto_proto.records import OffTheRecord
from tests.hub.ingest.test_taking_back import SCRIPT, plain_bytes, remember, spoken_day
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import SECOND, START_NS, Day, Line, connected

TAKEN = Span(START_NS, START_NS + 60 * SECOND)
OTHER = Span(START_NS + 100 * SECOND, START_NS + 101 * SECOND)
BUSY = MemoryBusyError("erase_waiting", "another program reads the memory")


async def heard(running: RunningHub, line: Line, day: Day) -> Utterance:
    await line.send(spoken_day(day))
    await line.acked("mic", day.sequences["mic"])
    (said,) = running.hub.stores.transcript.utterances()
    remember(running, said)
    return said


def noted(running: RunningHub) -> tuple[Span, ...]:
    return spans_of(running.hub.stores.notes.get(WITHHOLDING))


def gone(running: RunningHub) -> bool:
    stores = running.hub.stores
    return stores.transcript.count() == stores.memory.count() == 0 and noted(running) == ()


def test_notes_of_one_span_and_of_several_are_read() -> None:
    assert spans_of(None) == ()
    assert spans_of("[1, 2]") == (Span(1, 2),)
    assert spans_of(json.dumps([Span(1, 2), Span(3, 4)])) == (Span(1, 2), Span(3, 4))


async def test_what_memory_broke_off_is_refused_and_finished_by_the_next(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running, connected(running.credentials()) as line:
        await heard(running, line, Day())
        running.mind.fails = [BUSY]
        with pytest.raises(MemoryBusyError):
            running.hub.withhold(*TAKEN)
        assert running.hub.stores.transcript.is_withheld(START_NS, START_NS + 1)
        assert noted(running) == (TAKEN,)
        running.mind.fails = [BUSY]
        with pytest.raises(MemoryBusyError):
            running.hub.withhold(*OTHER)
        assert noted(running) == (TAKEN, OTHER)
        running.hub.withhold(*OTHER)
        assert gone(running)


async def test_what_memory_broke_off_is_finished_by_a_restart_which_does_not_read_it(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running, connected(running.credentials()) as line:
        said = await heard(running, line, Day())
        running.hub.stores.notes._db.execute("update utterances set unread = 1")
        running.mind.fails = [BUSY]
        with pytest.raises(MemoryBusyError):
            running.hub.withhold(*TAKEN)
    async with running_hub(tmp_path / "home") as running:
        assert said.id not in running.mind.resumed
        assert gone(running)


async def test_the_devices_are_told_even_where_memory_says_no(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running, connected(running.credentials()) as line:
        await heard(running, line, Day())
        running.mind.fails = [BUSY]
        with pytest.raises(MemoryBusyError):
            running.hub.off_the_record(60 * SECOND)
        (command,) = await line.commanded()
        assert command.off_the_record.last_ns == 60 * SECOND


async def test_a_device_need_not_ask_again_while_memory_is_busy(tmp_path: Path) -> None:
    day = Day()
    async with running_hub(tmp_path / "home", SCRIPT) as running, connected(running.credentials()) as line:
        await heard(running, line, day)
        running.mind.fails = [BUSY]
        await line.send([day.frame("control", OffTheRecord(last_ns=60 * SECOND))])
        await line.acked("control", 1)
        assert len(noted(running)) == 1
        running.hub.sweep()
        assert gone(running)


async def test_bytes_that_cannot_go_yet_are_owed_and_said(tmp_path: Path) -> None:
    """A statement under way on the same database keeps it from being rewritten, as a full disk would."""
    home, day = tmp_path / "home", Day()
    async with running_hub(home, SCRIPT) as running, connected(running.credentials()) as line:
        await heard(running, line, day)
        db = running.hub.stores.notes._db
        under_way = db.execute("select name from sqlite_master")
        under_way.fetchone()
        await line.send([day.frame("control", OffTheRecord(last_ns=60 * SECOND))])
        await line.acked("control", 1)
        assert gone(running)
        with pytest.raises(HomeError, match=r"not yet gone.*store_write"):
            running.hub.off_the_record(60 * SECOND)
        running.hub.sweep()
        assert is_owed(db)
        under_way.close()
        running.hub.sweep()
        assert not is_owed(db)
        key = running.authority.database_key
    for name, content in plain_bytes(home, key):
        assert b"quokka" not in content, name
