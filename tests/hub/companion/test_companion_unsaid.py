"""Erasing by person, span or words takes back what was heard of it, too: shown first, gone to the last byte (P6)."""

import json
from pathlib import Path

import pytest

from sotto_hub.client import Companion
from sotto_hub.records import Erased, Suggestion
from sotto_hub.surfaces.searched import proved
from sotto_hub.taking_back import UNSAYING
from sotto_memory import MemoryBusyError
from sotto_proto.v1 import companion_pb2 as pb
from tests.hub.companion.test_companion_memories import client_of, hear, ids, keep, suggest
from tests.hub.ingest.test_taking_back import SCRIPT, plain_bytes, spoken_day
from tests.hub.running_hub import NOON_NS, RunningHub, running_hub
from tests.hub.scripted_device import MS, SECOND, Day, connected

SAID = "Anna told me about her divorce lawyer Pemberton"
OTHER = "the weather is fine in the harbour today"
HOUR_NS = 3_600 * SECOND
WAYS = [
    pb.MemorySelection(person="pemberton"),
    pb.MemorySelection(query="lawyers of the Divorce"),
    pb.MemorySelection(span=pb.TimeSpan(from_ns=NOON_NS - 2 * SECOND, to_ns=NOON_NS + 1)),
]
BUSY = MemoryBusyError("erase_waiting", "another program reads the memory")


def lived(running: RunningHub) -> None:
    """What was said, a fact in other words that rests on it, a suggestion, and what has nothing to do with it."""
    hear(running, "u1", SAID)
    hear(running, "u2", OTHER, at_ns=NOON_NS - HOUR_NS)
    keep(running, "She wants to leave her husband", evidence=("u1",))
    keep(running, "The sun shines at the harbour", days_ago=1, evidence=("u2",))
    suggest(running, "s1", "u1")


def texts(running: RunningHub) -> list[str]:
    return [said.text for said in running.hub.stores.transcript.utterances()]


@pytest.mark.parametrize("selection", WAYS, ids=lambda one: str(one.WhichOneof("what")))
async def test_what_was_heard_goes_with_all_that_rests_on_it(tmp_path: Path, selection: pb.MemorySelection) -> None:
    home = tmp_path / "home"
    async with client_of(home) as (running, client):
        lived(running)
        named = keep(running, "Pemberton is the lawyer of a divorce", evidence=("u1", "gone"))
        seen = await client.select(selection)
        assert [said.text for said in await client.select_heard(selection)] == [SAID]
        assert texts(running) == [OTHER, SAID]
        gone = await client.erase(selection, verify=True)
        assert (gone.utterances, gone.memories, gone.suggestions) == (1, 2, 1)
        assert (len(seen), named in ids(seen)) == (2, True)
        assert (proved(gone), gone.search.phrases > 0, list(gone.search.found_in)) == (True, True, [])
        assert texts(running) == [OTHER]
        assert [one.text for one in running.hub.stores.memory.each()] == ["The sun shines at the harbour"]
        assert await client.select_heard(selection) == []
        key = running.authority.database_key
    for name, content in plain_bytes(home, key):
        for word in ("pemberton", "divorce", "husband"):
            for form in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
                assert form not in content.lower(), name


async def test_a_fact_in_the_words_that_were_said_is_proved_to_be_gone(tmp_path: Path) -> None:
    """The transcript and the memory say the same: none may bear witness for the other."""
    async with client_of(tmp_path / "home") as (running, client):
        hear(running, "u1", SAID)
        keep(running, SAID, evidence=("u1",))
        gone = await client.erase(pb.MemorySelection(person="Pemberton"), verify=True)
        assert (gone.utterances, gone.memories, proved(gone), texts(running)) == (1, 1, True, [])
        assert (gone.search.phrases, gone.search.still_said) == (6, 0)


async def test_by_its_id_a_memory_goes_alone_and_nothing_is_called_proved(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        hear(running, "u1", SAID)
        one = pb.MemorySelection(id=keep(running, SAID, evidence=("u1",)))
        assert await client.select_heard(one) == []
        gone = await client.erase(one, verify=True)
        assert (gone.utterances, gone.memories, texts(running)) == (0, 1, [SAID])
        assert (gone.search.phrases, gone.search.still_said, list(gone.search.found_in)) == (0, 6, [])
        assert not proved(gone)


async def test_what_was_heard_goes_where_no_memory_holds_it(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        hear(running, "u1", SAID)
        hear(running, "u2", "I saw Pembertons hat")
        gone = await client.erase(pb.MemorySelection(person="Pemberton"), verify=True)
        assert (gone.utterances, gone.memories, proved(gone)) == (1, 0, True)
        assert texts(running) == ["I saw Pembertons hat"]


async def test_a_person_goes_with_what_they_said_and_what_names_them_in_an_offer(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        hear(running, "u1", "see you at the tram stop", speaker="Anna Berg")
        hear(running, "u2", OTHER)
        offer = Suggestion(id="s1", at_ns=1, kind="keep", text="Ring Anna Berg", reason="r", evidence=("u2",))
        running.hub.stores.shelf.add(offer)
        gone = await client.erase(pb.MemorySelection(person="anna berg"), verify=True)
        assert (gone.utterances, gone.suggestions, proved(gone), texts(running)) == (1, 1, True, [OTHER])


async def test_an_empty_span_takes_nothing(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        lived(running)
        at_ns = NOON_NS - SECOND // 2
        empty = pb.MemorySelection(span=pb.TimeSpan(from_ns=at_ns, to_ns=at_ns))
        assert await client.select_heard(empty) == []
        assert (await client.erase(empty)).utterances == 0
        assert len(texts(running)) == 2


async def test_the_ledger_follows_and_its_time_is_not_refused(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running, Companion.connect(running.keeper) as client:
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send(spoken_day(day))
            await line.acked("mic", day.sequences["mic"])
        (said,) = running.hub.stores.transcript.utterances()
        (before,) = running.hub.ledger()
        with running.hub.bus.watch() as watcher:
            gone = await client.erase(pb.MemorySelection(query="canary quokka"), verify=True)
            while not isinstance(told := await watcher.next(), Erased):
                assert told is not None
        assert (told.utterance_ids, told.memory_ids) == ((said.id,), ())
        assert (gone.utterances, proved(gone)) == (1, True)
        (row,) = running.hub.ledger()
        assert dict(row.lost_ns) == {"off_the_record": before.committed_ns}
        assert (row.committed_ns, row.unaccounted_ns) == (0, 0)
        assert before.committed_ns > 100 * MS
        assert not running.hub.stores.transcript.is_withheld(said.start_ns, said.end_ns)


async def test_what_is_broken_off_on_the_way_is_finished(tmp_path: Path) -> None:
    """Memory goes first, as when a span is taken back; what was heard of it is noted until it is gone, too."""
    async with client_of(tmp_path / "home") as (running, client):
        lived(running)
        running.mind.fails = [BUSY]
        with pytest.raises(Exception, match="erase_waiting"):
            await client.erase(WAYS[0])
        assert (len(texts(running)), running.hub.stores.notes.get(UNSAYING)) == (2, json.dumps(["u1"]))
        running.hub.sweep()
        assert (texts(running), running.hub.stores.notes.get(UNSAYING)) == ([OTHER], None)
        assert running.hub.stores.shelf.count() == 0


async def test_a_hub_that_was_killed_on_the_way_finishes_when_it_starts(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        lived(running)
        running.hub.stores.notes.put(UNSAYING, json.dumps(["u1", "nobody"]))
    async with running_hub(tmp_path / "home") as running:
        assert (texts(running), running.hub.stores.notes.get(UNSAYING)) == ([OTHER], None)
        assert running.hub.stores.memory.count() == 1


async def test_words_that_wait_to_be_understood_are_not(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        lived(running)
        reader = running.hub.reader
        reader.heed(running.hub.stores.transcript.utterances())
        await client.erase(WAYS[0])
        assert [said.id for said in reader._waiting] == ["u2"]
