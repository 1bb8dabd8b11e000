"""`--verify` over the link: an erasure is proved by a search, and what is left behind is named."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sotto_hub.client import Companion
from sotto_hub.records import Suggestion
from sotto_memory import Kind, new_memory
from sotto_proto.v1 import companion_pb2 as pb
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import SECOND, START_NS, Day, connected

SECRET = "maria keeps the blue key under the third flowerpot"
AGAIN = "the weather is fine in the harbour today"
SCRIPT = [
    (START_NS + SECOND, START_NS + 2 * SECOND, AGAIN),
    (START_NS + 300 * SECOND, START_NS + 302 * SECOND, SECRET),
    (START_NS + 310 * SECOND, START_NS + 312 * SECOND, AGAIN),
]
LAST_NS = 60 * SECOND


@asynccontextmanager
async def heard(home: Path) -> AsyncIterator[tuple[RunningHub, Companion]]:
    """A hub that has heard the script, with a memory of the secret and a suggestion that rests on it."""
    day = Day(now_ns=START_NS)
    async with running_hub(home, SCRIPT) as running, connected(running.credentials()) as line:
        for start_ns, end_ns, _ in SCRIPT:
            await line.send(day.gap((start_ns - day.now_ns) // 1_000_000))
            await line.send(day.speech((end_ns - start_ns) // 1_000_000))
        await line.send(day.gap(1_000))
        await line.acked("mic", day.sequences["mic"])
        said = running.hub.stores.transcript.utterances()[1]
        running.hub.stores.memory.add(
            new_memory(kind=Kind.FACT, text=said.text, now_ns=said.end_ns, evidence=(said.id,), id="secret")
        )
        offer = Suggestion(
            id="s1",
            at_ns=said.end_ns,
            kind="keep",
            text=f"Keep: {SECRET}",
            reason=SECRET,
            evidence=("secret", said.id),
        )
        running.hub.stores.shelf.add(offer)
        async with Companion.connect(running.keeper) as client:
            yield running, client


async def taken_back(client: Companion) -> pb.EraseReply:
    return await client.off_the_record(LAST_NS, verify=True)


async def test_what_was_taken_back_is_proved_to_be_gone(tmp_path: Path) -> None:
    async with heard(tmp_path / "home") as (_, client):
        reply = await taken_back(client)
    assert (reply.utterances, reply.memories) == (2, 1)
    assert list(reply.search.found_in) == []
    assert reply.search.files >= 4
    assert reply.search.bytes > 50_000
    assert reply.search.phrases >= 6


async def test_without_the_wish_nothing_is_searched(tmp_path: Path) -> None:
    async with heard(tmp_path / "home") as (_, client):
        assert not (await client.off_the_record(LAST_NS)).HasField("search")


async def test_what_was_said_again_elsewhere_does_not_count(tmp_path: Path) -> None:
    """The harbour was in the span, and was spoken of before it: it is still in the database, and that is right."""
    async with heard(tmp_path / "home") as (running, client):
        reply = await taken_back(client)
        assert [said.text for said in running.hub.stores.transcript.utterances()] == [AGAIN]
    assert list(reply.search.found_in) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
async def test_a_copy_in_clear_is_named(tmp_path: Path, encoding: str) -> None:
    home = tmp_path / "home"
    async with heard(home) as (_, client):
        (home / "device").mkdir()
        (home / "device/notes.txt").write_text(f"Note: {SECRET.title()}.", encoding=encoding)
        assert list((await taken_back(client)).search.found_in) == ["device/notes.txt"]


async def test_a_memory_that_should_have_gone_is_found_on_the_pages(tmp_path: Path) -> None:
    async with heard(tmp_path / "home") as (running, client):
        first = running.hub.stores.transcript.utterances()[0]
        left = new_memory(
            kind=Kind.INSIGHT, text=f"Heard: {SECRET}", now_ns=START_NS, evidence=(first.id,), id="left"
        )
        running.hub.stores.memory.add(left)
        assert list((await taken_back(client)).search.found_in) == ["memory.db (decrypted)"]


async def test_what_the_wearer_stated_may_stay(tmp_path: Path) -> None:
    async with heard(tmp_path / "home") as (running, client):
        running.hub.stores.memory.add(new_memory(kind=Kind.FACT, text=SECRET.title(), now_ns=START_NS, id="own"))
        assert list((await taken_back(client)).search.found_in) == []


async def test_a_leftover_in_the_index_is_found(tmp_path: Path) -> None:
    async with heard(tmp_path / "home") as (running, client):
        running.hub.stores.memory._store.execute("DROP TRIGGER memories_in")
        running.hub.stores.memory.add(new_memory(kind=Kind.FACT, text="not in the index", now_ns=START_NS))
        reply = await client.erase("secret", verify=True)
        assert list(reply.search.found_in) == []  # the erasure has made the index anew
        running.hub.stores.memory.add(new_memory(kind=Kind.FACT, text="nor is this", now_ns=START_NS))
        assert list((await client.off_the_record(1, verify=True)).search.found_in) == ["memory.db (index)"]


async def test_an_erased_memory_is_proved_to_be_gone(tmp_path: Path) -> None:
    async with heard(tmp_path / "home") as (running, client):
        running.hub.stores.memory.add(
            new_memory(kind=Kind.FACT, text="my bank is in the Rue du Lac", now_ns=START_NS, id="bank")
        )
        copy = tmp_path / "home/hub.db.copy"
        reply = await client.erase("bank", verify=True)
        assert (reply.memories, list(reply.search.found_in)) == (1, [])
        shutil.copy(Path(__file__), copy)
        running.hub.stores.memory.add(
            new_memory(kind=Kind.FACT, text="my bank is in the Rue du Lac", now_ns=START_NS, id="bank")
        )
        assert list((await client.erase("bank", verify=True)).search.found_in) == ["hub.db.copy"]
