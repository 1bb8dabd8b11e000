"""No key is lost: errands wait for the hub, in order, bounded, and say what became of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from sotto_hub.errors import LinkDown, UsageError
from sotto_hub.surfaces.tui import requests
from sotto_hub.surfaces.tui.errands import MAX_WAITING, Errand, Errands, Told
from sotto_hub.surfaces.tui.needs import CompanionClient
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.tui.scripted_client import ScriptedClient, gone

LIMIT_S = 5.0


class Desk:
    """Errands with a hub that can be kept away, and all that was told."""

    def __init__(self) -> None:
        self.client = ScriptedClient()
        self.here = asyncio.Event()
        self.told: asyncio.Queue[Told] = asyncio.Queue()
        self.errands = Errands(self._client, self.told.put_nowait, retry_s=0.0)
        self.done: list[str] = []

    async def _client(self) -> CompanionClient:
        await self.here.wait()
        return self.client

    async def next(self) -> Told:
        return await asyncio.wait_for(self.told.get(), LIMIT_S)

    def errand(self, topic: str, *failures: Exception) -> Errand:
        left = list(failures)

        async def run(client: CompanionClient) -> str:
            if left:
                raise left.pop(0)
            self.done.append(topic)
            return f"{topic} done."

        return Errand(topic=topic, name=topic, run=run)


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[Desk]:
    task = asyncio.create_task(desk.errands.run())
    try:
        yield desk
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_errands_wait_for_the_hub_and_run_in_order() -> None:
    async with running(Desk()) as desk:
        assert desk.errands.add(desk.errand("one"))
        assert desk.errands.add(desk.errand("two"))
        assert desk.errands.waiting == 2
        desk.here.set()
        assert [(await desk.next()).sentence for _ in range(2)] == ["one done.", "two done."]
        assert desk.errands.waiting == 0


async def test_a_newer_wish_takes_the_place_of_an_older_one() -> None:
    async with running(Desk()) as desk:
        for topic in ("mute", "answer", "mute"):
            desk.errands.add(desk.errand(topic))
        desk.here.set()
        assert [(await desk.next()).sentence for _ in range(2)] == ["answer done.", "mute done."]
        assert desk.done == ["answer", "mute"]


async def test_a_link_that_breaks_loses_nothing() -> None:
    async with running(Desk()) as desk:
        desk.here.set()
        desk.errands.add(desk.errand("mute", gone(), gone()))
        waits = await desk.next()
        assert waits == Told(sentence="Hub away: mute waits and is sent when it is back.", bad=True)
        assert (await desk.next()).bad
        assert (await desk.next()).sentence == "mute done."


async def test_a_refusal_is_told_and_not_repeated() -> None:
    async with running(Desk()) as desk:
        desk.here.set()
        desk.errands.add(desk.errand("answer", UsageError("not_found", "there is no such suggestion")))
        assert await desk.next() == Told(sentence="there is no such suggestion", bad=True)
        assert desk.errands.waiting == 0
        assert desk.done == []


async def test_the_line_is_bounded() -> None:
    desk = Desk()
    assert all(desk.errands.add(desk.errand(f"n{n}")) for n in range(MAX_WAITING))
    assert not desk.errands.add(desk.errand("one more"))
    assert desk.errands.add(desk.errand("n3")), "a newer wish on the same topic still has its place"
    assert desk.errands.waiting == MAX_WAITING


@pytest.mark.parametrize(
    ("reached", "away", "sentence"),
    [
        (["p"], [], "Mute for 10 minutes reached pendant."),
        (["p"], ["l"], "Mute for 10 minutes reached pendant. Out of reach: l; it is done on return."),
        ([], ["p"], "Mute for 10 minutes reached no device yet. Out of reach: pendant; it is done on return."),
        ([], [], "Mute for 10 minutes: there is no device."),
    ],
)
def test_mute_says_who_has_it(reached: list[str], away: list[str], sentence: str) -> None:
    reply = pb.ControlReply(reached=reached, out_of_reach=away)
    what = requests.mute_words(True, 600 * 10**9, ())
    assert requests.mute_sentence(what, reply, {"p": "pendant"}) == sentence


async def test_a_sensor_is_closed_by_its_name() -> None:
    client = ScriptedClient()
    client.control = pb.ControlReply(reached=["p"])
    errand = requests.mute(True, 0, {"p": "pendant"}, ("camera",))
    assert (errand.topic, errand.name) == ("mute camera", "closing the camera")
    assert await errand.run(client) == "Closing the camera reached pendant."
    assert client.calls("mute") == [("mute", True, 0, "camera")]
    assert requests.mute_words(False, 0, ("mic",)) == "Opening the microphone"


async def test_off_the_record_reaches_back_to_when_the_key_was_pressed() -> None:
    now_s = [100.0]
    errand = requests.off_the_record(600 * 10**9, lambda: now_s[0])
    now_s[0] = 220.4
    client = ScriptedClient()
    assert await errand.run(client) == "Gone, of the last 12 minutes: 2 utterances, 1 memory, 0 suggestions."
    assert client.calls("off_the_record") == [("off_the_record", 720 * 10**9)]


async def test_off_the_record_is_proved_where_that_is_wanted() -> None:
    client = ScriptedClient()
    said = await requests.off_the_record(60 * 10**9, lambda: 1.0, verify=True).run(client)
    assert said.endswith("0 suggestions. Searched 45 files, 12.3 MB, for 7 phrases: none left.")
    assert client.calls("off_the_record") == [("off_the_record", 60 * 10**9, "verify")]


async def test_a_lost_link_is_not_taken_for_an_answer() -> None:
    client = ScriptedClient()
    client.away = True
    with pytest.raises(LinkDown):
        await requests.mute(True, 0, {}).run(client)
