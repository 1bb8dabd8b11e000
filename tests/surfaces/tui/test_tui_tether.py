"""The tether connects, follows, and connects again; what happens around a snapshot is not lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import islice

from sotto_hub.errors import NotPaired
from sotto_hub.surfaces.tui.needs import CompanionClient
from sotto_hub.surfaces.tui.screen_state import MAX_HEARD, Snapshot
from sotto_hub.surfaces.tui.tether import Pace, Tether, backoff, take_snapshot
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.tui.demo_screen import demo_client
from tests.surfaces.tui.scripted_client import ScriptedClient

LIMIT_S = 5.0
QUICK = Pace(first_retry_s=0.001, most_retry_s=0.002, poll_s=60.0)


class Diary:
    """Writes down what the tether tells."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[tuple[str, object]] = asyncio.Queue()

    def hub_arrived(self, snapshot: Snapshot) -> None:
        self.told.put_nowait(("arrived", snapshot))

    def hub_event(self, event: pb.Event) -> None:
        self.told.put_nowait(("event", event))

    def hub_went(self, sentence: str, *, refused: bool) -> None:
        self.told.put_nowait(("went", sentence))

    async def next(self, kind: str) -> object:
        async with asyncio.timeout(LIMIT_S):
            while True:
                told, what = await self.told.get()
                if told == kind:
                    return what


@asynccontextmanager
async def tethered(client: ScriptedClient, pace: Pace = QUICK) -> AsyncIterator[tuple[Tether, Diary]]:
    diary = Diary()
    tether = Tether(client.connect, diary, pace)
    task = asyncio.create_task(tether.run())
    try:
        yield tether, diary
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def word(text: str) -> pb.Event:
    return pb.Event(partial=pb.Partial(text=text))


def test_the_back_off_doubles_up_to_its_limit() -> None:
    assert list(islice(backoff(0.5, 3.0), 5)) == [0.5, 1.0, 2.0, 3.0, 3.0]


async def test_it_arrives_with_a_snapshot_and_follows() -> None:
    client = demo_client()
    async with tethered(client) as (tether, diary):
        snapshot = await diary.next("arrived")
        assert isinstance(snapshot, Snapshot)
        assert (len(snapshot.utterances), len(snapshot.memories)) == (16, 5)
        client.send(word("one"), word("two"))
        assert [await diary.next("event") for _ in range(2)] == [word("one"), word("two")]
        assert await tether.client() is client


async def test_it_comes_back_after_the_hub_went() -> None:
    client = demo_client()
    async with tethered(client) as (tether, diary):
        await diary.next("arrived")
        client.drop()
        assert "cannot be reached" in str(await diary.next("went"))
        waiting = asyncio.create_task(tether.client())
        await diary.next("went")
        assert not waiting.done()
        client.away = False
        await diary.next("arrived")
        assert await asyncio.wait_for(waiting, LIMIT_S) is client
        assert client.closes >= 1


async def test_a_refusal_is_told_and_tried_again() -> None:
    client = demo_client()
    client.fail["connect"] = NotPaired("refused", "the hub refuses this client")
    async with tethered(client) as (_, diary):
        assert await diary.next("went") == "the hub refuses this client"
        del client.fail["connect"]
        await diary.next("arrived")


async def test_falling_behind_and_erasing_begin_afresh() -> None:
    client = demo_client()
    async with tethered(client) as (_, diary):
        await diary.next("arrived")
        client.utterances = client.utterances[:3]
        for event in (pb.Event(lagged=pb.Lagged(missed=9)), pb.Event(erased=pb.Erased(memory_ids=["f1"]))):
            client.send(event, word("after"))
            snapshot = await diary.next("arrived")
            assert isinstance(snapshot, Snapshot)
            assert len(snapshot.utterances) == 3
            assert await diary.next("event") == word("after")


async def test_it_looks_at_once_when_somebody_wants_to_know() -> None:
    client = demo_client()
    async with tethered(client) as (tether, diary):
        await diary.next("arrived")
        client.device("pendant", name="pendant", connected=True, muted=True)
        tether.look()
        event = await diary.next("event")
        assert isinstance(event, pb.Event)
        assert event.status.devices[0].muted


async def test_it_looks_now_and_then_by_itself() -> None:
    async with tethered(demo_client(), Pace(poll_s=0.001)) as (_, diary):
        event = await diary.next("event")
        assert isinstance(event, pb.Event)
        assert event.WhichOneof("kind") == "status"


async def test_a_lasting_client_is_used_again_and_never_closed() -> None:
    client = demo_client()
    diary = Diary()
    assert isinstance(client, CompanionClient)
    task = asyncio.create_task(Tether(client, diary, QUICK).run())
    await diary.next("arrived")
    client.drop()
    await diary.next("went")
    client.away = False
    await diary.next("arrived")
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (client.connects, client.closes) == (0, 0)


async def test_a_snapshot_asks_for_no_more_than_the_screen_holds() -> None:
    client = demo_client()
    await take_snapshot(client)
    assert ("transcript", MAX_HEARD) in client.asked
    assert ("memories", ("commitment",), 300) in client.asked
