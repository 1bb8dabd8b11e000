"""Off the record when the hub is killed on the way (P4, R3), and words that are just being said."""

import asyncio
import json
from pathlib import Path

import pytest

from sotto_hub.bus import Watcher
from sotto_hub.errors import HomeError
from sotto_hub.records import Partial
from sotto_hub.taking_back import WITHHOLDING
from tests.hub.ingest.test_taking_back import SCRIPT, plain_bytes, remember, spoken_day
from tests.hub.running_hub import running_hub
from tests.hub.scripted_device import SECOND, START_NS, Day, Line, connected


async def test_a_hub_that_was_killed_while_taking_back_finishes_when_it_starts(tmp_path: Path) -> None:
    home, day = tmp_path / "home", Day()
    async with running_hub(home, SCRIPT) as running:
        async with connected(running.credentials()) as line:
            await line.send(spoken_day(day))
            await line.acked("mic", day.sequences["mic"])
        (said,) = running.hub.stores.transcript.utterances()
        remember(running, said)
        begun = json.dumps([START_NS, START_NS + 60 * SECOND])  # the first thing that is written, and then the end
        running.hub.stores.notes.put(WITHHOLDING, begun)
    async with running_hub(home) as running:
        stores = running.hub.stores
        assert stores.transcript.count() == stores.memory.count() == 0
        assert stores.notes.get(WITHHOLDING) is None
        assert stores.transcript.is_withheld(START_NS, START_NS + 1)
        key = running.authority.database_key
    for name, content in plain_bytes(home, key):
        assert b"quokka" not in content, name


async def test_memory_goes_before_the_words_that_tell_what_rests_on_them(tmp_path: Path) -> None:
    """Where the second step fails, the first can be done again; the other way round the ids would be lost."""
    no_step = "create temp trigger no_step before delete on utterances begin delete from nowhere; end"
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send(spoken_day(day))
            await line.acked("mic", day.sequences["mic"])
        (said,) = running.hub.stores.transcript.utterances()
        remember(running, said)
        span = (START_NS, START_NS + 60 * SECOND)
        assert running.hub.stores.transcript.touching(*span) == (said.id,)
        running.hub.stores.notes._db.execute(no_step)
        with pytest.raises(HomeError, match="store_write"):
            running.hub.withhold(*span)
        assert running.hub.stores.memory.count() == 0
        assert running.hub.stores.transcript.touching(*span) == (said.id,)
        running.hub.stores.notes._db.execute("drop trigger no_step")
        assert running.hub.withhold(*span).utterance_ids == (said.id,)
        assert running.hub.stores.transcript.touching(*span) == ()
        assert running.hub.stores.notes.get(WITHHOLDING) is None


async def test_words_being_said_go_whole_once_any_of_them_are_taken_back(tmp_path: Path) -> None:
    """The utterance began before the span that is taken back; what is said after it is another."""
    script = [(START_NS + SECOND, START_NS + 7 * SECOND, "one two three four five six")]
    async with running_hub(tmp_path / "home", script) as running:
        day = Day()
        async with connected(running.credentials()) as line:
            with running.hub.bus.watch() as watcher:
                await line.send(day.gap(900))
                await say_slowly(line, day, 4_000)
                await until_shown(watcher, "two")
                running.hub.withhold(START_NS + 2 * SECOND, day.now_ns)
            with running.hub.bus.watch() as watcher:
                await say_slowly(line, day, 2_200)
                await line.send([*day.gap(1_000), *day.gap(1_000)])
                await line.acked("mic", day.sequences["mic"])
                running.hub.bus.close()
                assert all(text.startswith("five") for text in await partials(watcher))
        assert [u.text for u in running.hub.stores.transcript.utterances()] == ["five six"]
        assert all(row.unaccounted_ns == 0 for row in running.hub.ledger())


async def say_slowly(line: Line, day: Day, ms: int) -> None:
    """Each frame is heard before the next is sent: the camera's gap behind it is acknowledged."""
    for _ in range(ms // 100):
        await line.send([*day.speech(100), *day.gap(0, stream="camera")])
        await line.acked("camera", day.sequences["camera"])


async def until_shown(watcher: Watcher, word: str) -> None:
    async with asyncio.timeout(10):
        while (event := await watcher.next()) is not None:
            if isinstance(event, Partial) and word in event.text:
                return


async def partials(watcher: Watcher) -> list[str]:
    shown = []
    while (event := await watcher.next()) is not None:
        shown += [event.text] if isinstance(event, Partial) else []
    return shown
