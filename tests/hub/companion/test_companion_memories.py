"""Memories looked at, reviewed, pruned and erased over the real link, with the keeper's credentials."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sotto_hub.client import Companion
from sotto_hub.errors import UsageError
from sotto_hub.records import Decided, Suggestion, Utterance
from sotto_memory import Kind, Memory, Source, Use, new_memory
from sotto_proto.v1 import companion_pb2 as pb
from tests.hub.running_hub import NOON_NS, RunningHub, running_hub

SECOND = 1_000_000_000
DAY_NS = 86_400 * SECOND


@asynccontextmanager
async def client_of(home: Path) -> AsyncIterator[tuple[RunningHub, Companion]]:
    async with running_hub(home, []) as running, Companion.connect(running.keeper) as client:
        yield running, client


def keep(running: RunningHub, text: str, *, days_ago: int = 0, **fields: Any) -> str:
    at_ns = NOON_NS - days_ago * DAY_NS
    given = {"kind": Kind.FACT, "source": Source.OTHER, **fields}
    return running.hub.stores.memory.add(new_memory(text=text, now_ns=at_ns, **given)).id


def hear(
    running: RunningHub, utterance_id: str, text: str, *, at_ns: int = NOON_NS, speaker: str | None = None
) -> None:
    said = Utterance(
        id=utterance_id, device_id="d", start_ns=at_ns - SECOND, end_ns=at_ns, text=text, speaker=speaker
    )
    running.hub.stores.transcript.commit([Decided(device_id="d", boot_id="b", stream="mic", utterances=(said,))])


def suggest(running: RunningHub, suggestion_id: str, memory_id: str) -> None:
    offer = Suggestion(id=suggestion_id, at_ns=1, kind="keep", text="t", reason="r", evidence=(memory_id,))
    running.hub.stores.shelf.add(offer)


def ids(memories: Iterable[pb.Memory]) -> list[str]:
    return [memory.id for memory in memories]


def faded(memory: Memory, running: RunningHub) -> list[str]:
    """Three memories of eight years ago, put away, the strongest first: too strong to be pruned yet."""
    texts = ("the tram was late", "rain at the bus stop", "a dog in the park")
    kept = [keep(running, text, days_ago=2922, importance=0.9 - 0.4 * n) for n, text in enumerate(texts)]
    memory.rest(NOON_NS)
    return kept


async def test_a_memory_is_shown_with_the_words_it_rests_on(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        hear(running, "u1", "anna likes green tea")
        tea = keep(running, "Anna likes green tea", days_ago=30, evidence=("u1", "u2"))
        drinks = keep(running, "Anna drinks a lot", kind=Kind.INSIGHT, evidence=(tea,))
        running.hub.stores.memory.use(tea, NOON_NS - 10 * DAY_NS, Use.SHOWN)
        shown = await client.show(tea, columns=60)
        assert (shown.memory.id, shown.memory.uses) == (tea, 1)
        assert shown.why[0].startswith("Its strength is 93% now: last used on 2026-07-11")
        assert shown.plot[0].startswith("100% |*")
        assert max(map(len, shown.plot)) <= 60
        assert (shown.curve[0].strength, shown.curve_complete) == (1.0, True)
        assert [(u.use, u.at_ns) for u in shown.uses] == [("shown", NOON_NS - 10 * DAY_NS)]
        said = [(c.id, c.text, c.at_ns) for c in shown.evidence]
        assert said == [("u1", "anna likes green tea", NOON_NS - SECOND), ("u2", "", 0)]
        assert ids(shown.resting) == [drinks]
        assert NOON_NS < shown.archive_ns < shown.prune_ns
        assert (await client.show(tea)).memory.uses == 1
        ground = (await client.show(drinks)).evidence[0]
        assert (ground.text, ground.at_ns) == ("Anna likes green tea", NOON_NS - 30 * DAY_NS)
        with pytest.raises(UsageError, match="unknown_memory"):
            await client.show("nobody")


async def test_the_inbox_keeps_or_erases(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        memory = running.hub.stores.memory
        first = keep(running, "he likes green tea", doubt="unclear_subject")
        second = keep(running, "she likes black coffee", doubt="unclear_subject", days_ago=1)
        suggest(running, "s1", second)
        assert ids(await client.inbox()) == [second, first]
        assert not await client.search("green tea")
        kept = await client.answer_inbox(first, keep=True)
        assert (kept.kept.id, kept.kept.doubt, kept.HasField("erased")) == (first, "", False)
        gone = await client.answer_inbox(second, keep=False)
        assert (gone.erased.memories, gone.erased.suggestions, gone.HasField("kept")) == (1, 1, False)
        assert (await client.inbox(), memory.get(second)) == ([], None)
        assert ids(hit.memory for hit in await client.search("green tea")) == [first]


async def test_what_no_longer_waits_is_not_erased_by_a_stale_list(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        kept = keep(running, "Anna likes green tea")
        suggest(running, "s1", kept)
        for keeps in (True, False):
            with pytest.raises(UsageError, match="not_waiting"):
                await client.answer_inbox(kept, keep=keeps)
            with pytest.raises(UsageError, match="unknown_memory"):
                await client.answer_inbox("nobody", keep=keeps)
        assert (running.hub.stores.memory.count(), running.hub.stores.shelf.count()) == (1, 1)


async def test_pruning_is_shown_bounded_and_undone(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        memory = running.hub.stores.memory
        strong, middling, weak = faded(memory, running)
        looked = await client.prune(cap=2, dry_run=True)
        assert (ids(looked.memories), looked.left) == ([weak, middling], 0)
        assert all(not one.binned_ns for one in looked.memories)
        done = await client.prune(cap=1)
        assert (ids(done.memories), done.left) == ([weak], 1)
        assert done.memories[0].binned_ns == NOON_NS
        assert not [hit for hit in await client.search("dog park", include_past=True) if hit.memory.id == weak]
        assert ids((await client.prune(undo=True)).memories) == [weak]
        assert ids((await client.prune()).memories) == [weak, middling]
        assert memory.get(strong) is not None
        with pytest.raises(UsageError, match="cap_range"):
            await client.prune(cap=200_000)


async def test_watchers_hear_of_what_went_to_the_bin(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        *_, weak = faded(running.hub.stores.memory, running)
        events = aiter(client.watch())
        assert (await anext(events)).HasField("status")
        await client.prune(cap=1)
        assert ((told := (await anext(events)).memory).id, bool(told.binned_ns)) == (weak, True)
        await client.prune(undo=True)
        assert ((told := (await anext(events)).memory).id, bool(told.binned_ns)) == (weak, False)


async def test_the_bin_is_emptied_with_what_rests_on_it_alone_left_standing(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        memory = running.hub.stores.memory
        _, middling, weak = faded(memory, running)
        await client.prune()
        needs = keep(running, "Somebody waits for buses", kind=Kind.INSIGHT, evidence=(middling,))
        suggest(running, "s1", weak)
        everything = pb.MemorySelection(bin=True)
        assert ids(await client.select(everything)) == [weak]
        gone = await client.erase(everything, verify=True)
        assert (gone.memories, gone.suggestions, list(gone.search.found_in)) == (1, 1, [])
        assert gone.search.phrases > 0
        assert [memory.get(one) is not None for one in (weak, middling, needs)] == [False, True, True]
        assert (await client.erase(everything)).memories == 0


@pytest.mark.parametrize(
    "selection",
    [
        pb.MemorySelection(person="anna"),
        pb.MemorySelection(query="green tea"),
        pb.MemorySelection(span=pb.TimeSpan(from_ns=NOON_NS - 2 * DAY_NS, to_ns=NOON_NS - DAY_NS + 1)),
    ],
    ids=lambda selection: str(selection.WhichOneof("what")),
)
async def test_a_selection_is_seen_erased_and_proved(tmp_path: Path, selection: pb.MemorySelection) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        tea = keep(running, "Anna likes green tea every morning", days_ago=1)
        drinks = keep(running, "Somebody here drinks rather a lot", kind=Kind.INSIGHT, evidence=(tea,))
        other = keep(running, "The dentist is near the station")
        suggest(running, "s1", drinks)
        seen = ids(await client.select(selection))
        assert seen == [tea, drinks]
        assert running.hub.stores.memory.count() == 3
        gone = await client.erase(selection, verify=True)
        assert (gone.memories, gone.suggestions, list(gone.search.found_in)) == (2, 1, [])
        assert gone.search.phrases > 0
        assert [record.id for record in running.hub.stores.memory.each()] == [other]
        assert await client.select(selection) == []


async def test_a_selection_that_says_nothing_is_refused(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        keep(running, "Anna likes green tea")
        empty = [pb.MemorySelection(), pb.MemorySelection(bin=False)]
        blank = [pb.MemorySelection(person=" "), pb.MemorySelection(query="...")]
        backwards = [pb.MemorySelection(span=pb.TimeSpan(from_ns=2, to_ns=1))]
        for selection in (*empty, *blank, *backwards):
            with pytest.raises(UsageError):
                await client.select(selection)
            with pytest.raises(UsageError):
                await client.erase(selection)
        for nobody in ("", "nobody"):
            with pytest.raises(UsageError, match="unknown_memory"):
                await client.erase(nobody)
        assert running.hub.stores.memory.count() == 1


async def test_an_older_client_erases_by_id_as_before(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        one, other = keep(running, "Anna likes green tea"), keep(running, "The dentist is near the station")
        assert (await client._stub.EraseMemory(pb.EraseMemoryRequest(id=one))).memories == 1
        assert (await client.erase(pb.MemorySelection(id=other))).memories == 1
        assert running.hub.stores.memory.count() == 0


async def test_a_search_may_ask_for_another_time(tmp_path: Path) -> None:
    async with client_of(tmp_path / "home") as (running, client):
        memory = running.hub.stores.memory
        start_ns = NOON_NS - 400 * DAY_NS
        old = keep(running, "The office is in Lund", days_ago=400, valid_from_ns=start_ns, slot="office/place")
        new = keep(running, "The office is in Malmo", days_ago=10, valid_from_ns=NOON_NS - 10 * DAY_NS)
        memory.supersede(old, new, NOON_NS - 10 * DAY_NS)
        now = await client.search("where is the office")
        assert ids(hit.memory for hit in now) == [new]
        then = await client.search("where is the office", as_of_ns=NOON_NS - 100 * DAY_NS)
        assert ids(hit.memory for hit in then) == [old]
        known = await client.search("where is the office", known_at_ns=NOON_NS - 100 * DAY_NS)
        assert ids(hit.memory for hit in known) == [old]
        assert now[0].parts
        assert sum(now[0].parts.values()) > 0
