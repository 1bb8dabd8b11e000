"""Every method of the Companion API over the real link, with the keeper's credentials."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio
import pytest

from sotto_hub.records import Decided, Suggestion, Utterance
from sotto_memory import Kind, Source, new_memory
from sotto_proto.pairing import PeerRole, pair, secure_channel
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from tests.hub.running_hub import NOON_NS, RunningHub, running_hub
from tests.hub.scripted_device import SECOND, START_NS, Day, connected

if TYPE_CHECKING:
    from sotto_proto.v1.companion_pb2_grpc import CompanionAsyncStub

SCRIPT = [(START_NS + SECOND, START_NS + 2 * SECOND, "call Anna tomorrow")]


@asynccontextmanager
async def companion(home: Path) -> "AsyncIterator[tuple[RunningHub, CompanionAsyncStub]]":
    async with running_hub(home, SCRIPT) as running, secure_channel(running.keeper) as channel:
        yield running, CompanionStub(channel)


def offered(number: int) -> Suggestion:
    return Suggestion(id=f"s{number}", at_ns=number, kind="reminder", text="call", reason="because", evidence=("u1",))


def keep(running: RunningHub, text: str, kind: Kind = Kind.FACT) -> str:
    memory = new_memory(kind=kind, text=text, now_ns=NOON_NS, source=Source.WEARER, evidence=("u1",))
    return running.hub.stores.memory.add(memory).id


async def refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await (anext(aiter(call)) if hasattr(call, "__aiter__") else call)
    return caught.value


async def test_status_says_how_everything_is(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        device = running.credentials()
        async with connected(device):
            status = await stub.Status(pb.StatusRequest())
            assert (status.hub_id, status.home) == (running.authority.hub_id, str(tmp_path / "home"))
            assert status.timezone == "Europe/Stockholm"
            assert [(d.device_id, d.connected) for d in status.devices] == [(device.peer_id, True)]
        abilities = [rung.ability for rung in status.rungs]
        assert abilities == ["hear", "think", "see", "recall", "who", "speak"]
        assert all(rung.rung for rung in status.rungs)


async def test_watching_a_day(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        running.mind.says = [offered(1), new_memory(kind=Kind.COMMITMENT, text="call Anna", now_ns=NOON_NS)]
        watching = stub.Watch(pb.WatchRequest())
        events = aiter(watching)
        assert (await anext(events)).WhichOneof("kind") == "status"
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send([*day.gap(900), *day.speech(1_200), *day.gap(1_000)])
            await line.acked("mic", day.sequences["mic"])
            seen: dict[str, pb.Event] = {}
            while "memory" not in seen:
                event = await anext(events)
                seen[str(event.WhichOneof("kind"))] = event
            assert seen["utterance"].utterance.text == "call Anna tomorrow"
            assert seen["suggestion"].suggestion.reason == "because"
            assert seen["memory"].memory.kind == "commitment"
            assert [whisper.suggestion_id for whisper in line.whispers] == ["s1"]
        watching.cancel()


async def test_watching_words_while_they_are_said(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        watching = stub.Watch(pb.WatchRequest())
        events, day = aiter(watching), Day()
        await anext(events)
        async with connected(running.credentials()) as line:
            await line.send(day.gap(900))
            for number in range(1, 20):
                await line.send([*day.speech(100), *day.gap(0, stream="camera")])
                await line.acked("camera", number)
            async with asyncio.timeout(10):
                while (event := await anext(events)).WhichOneof("kind") != "partial":
                    pass
            assert event.partial.text.startswith("call")
        watching.cancel()


async def test_transcript_and_ledger(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        words = [Utterance(id=f"u{n}", device_id="d", start_ns=n, end_ns=n + 1, text=f"word {n}") for n in range(5)]
        heard = Decided(device_id="d", boot_id="b", stream="mic", utterances=tuple(words))
        running.hub.stores.transcript.commit([heard])
        texts = [u.text async for u in stub.Transcript(pb.TranscriptRequest(last=2))]
        assert texts == ["word 3", "word 4"]
        texts = [u.text async for u in stub.Transcript(pb.TranscriptRequest(since_ns=1, until_ns=3))]
        assert texts == ["word 1", "word 2"]
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send(day.gap(1_000))
            await line.acked("mic", 1)
        (row,) = (await stub.Ledger(pb.LedgerRequest())).rows
        assert (row.captured_ns, row.silent_ns, row.stream) == (SECOND, SECOND, "mic")


async def test_asking(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (_, stub):
        replies = [reply async for reply in stub.Ask(pb.AskRequest(question="Who?"))]
        assert replies[0].text == "I do not know."
        assert (replies[-1].done, replies[-1].abstained) == (True, True)
        error = await refused(stub.Ask(pb.AskRequest(question="  ")))
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_suggestions_are_answered_once_they_are_known(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        for number in (1, 2):
            running.hub.stores.shelf.add(offered(number))
        accepted = pb.AnswerSuggestionRequest(id="s1", answer=pb.SUGGESTION_STATE_ACCEPTED)
        answered = await stub.AnswerSuggestion(accepted)
        assert (answered.state, answered.answered_ns) == (pb.SUGGESTION_STATE_ACCEPTED, NOON_NS)
        still_open = [s.id async for s in stub.Suggestions(pb.SuggestionsRequest(open_only=True))]
        assert still_open == ["s2"]
        assert [s.id async for s in stub.Suggestions(pb.SuggestionsRequest())] == ["s1", "s2"]
        unknown = pb.AnswerSuggestionRequest(id="s9", answer=pb.SUGGESTION_STATE_ACCEPTED)
        assert (await refused(stub.AnswerSuggestion(unknown))).code() is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize(
    "state", [pb.SUGGESTION_STATE_UNSPECIFIED, pb.SUGGESTION_STATE_OFFERED, pb.SUGGESTION_STATE_EDITED]
)
async def test_what_is_no_answer_is_refused(tmp_path: Path, state: pb.SuggestionState) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        running.hub.stores.shelf.add(offered(1))
        error = await refused(stub.AnswerSuggestion(pb.AnswerSuggestionRequest(id="s1", answer=state)))
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_memories_are_listed_found_and_corrected(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        tea = keep(running, "Anna likes green tea", Kind.PREFERENCE)
        keep(running, "The dentist is near the station", Kind.PLACE)
        listed = [m async for m in stub.ListMemories(pb.ListMemoriesRequest(kinds=["preference"]))]
        assert [m.id for m in listed] == [tea]
        assert listed[0].retrievability == pytest.approx(1.0)
        hits = [hit async for hit in stub.SearchMemories(pb.SearchMemoriesRequest(query="green tea"))]
        assert hits[0].memory.id == tea
        assert hits[0].why
        edited = await stub.EditMemory(pb.EditMemoryRequest(id=tea, text="Anna likes black tea", pinned=True))
        assert (edited.text, edited.pinned) == ("Anna likes black tea", True)
        assert edited.id != tea
        edited = await stub.EditMemory(pb.EditMemoryRequest(id=edited.id, pinned=False))
        assert (edited.text, edited.pinned) == ("Anna likes black tea", False)


async def test_erasing_a_memory_takes_its_suggestions_along(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        memory_id = keep(running, "Anna likes green tea")
        shelf = running.hub.stores.shelf
        shelf.add(Suggestion(id="s", at_ns=1, kind="k", text="t", reason="r", evidence=(memory_id,)))
        shelf.add(offered(2))
        erased = await stub.EraseMemory(pb.EraseMemoryRequest(id=memory_id))
        assert (erased.memories, erased.suggestions) == (1, 1)
        assert [s.id for s in shelf.all()] == ["s2"]
        error = await refused(stub.EraseMemory(pb.EraseMemoryRequest(id=memory_id)))
        assert error.code() is grpc.StatusCode.NOT_FOUND


async def test_an_erasure_that_memory_breaks_off_leaves_no_suggestion_with_its_words(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        memory_id = keep(running, "Anna likes green tea")
        memory, shelf = running.hub.stores.memory, running.hub.stores.shelf
        shelf.add(Suggestion(id="s", at_ns=1, kind="k", text="green tea", reason="r", evidence=(memory_id,)))
        memory._store.execute("CREATE TEMP TRIGGER stuck BEFORE DELETE ON memories BEGIN DELETE FROM nowhere; END")
        await refused(stub.EraseMemory(pb.EraseMemoryRequest(id=memory_id)))
        assert (shelf.all(), memory.count()) == ([], 1)


async def test_an_erasure_whose_bytes_are_left_for_now_says_so(tmp_path: Path) -> None:
    """A statement under way keeps the file from being rewritten, as a full disk would."""
    async with companion(tmp_path / "home") as (running, stub):
        memory_id = keep(running, "Anna likes green tea")
        running.hub.stores.shelf.add(replace(offered(1), evidence=(memory_id,)))
        under_way = running.hub.stores.notes._db.execute("select name from sqlite_master")
        under_way.fetchone()
        error = await refused(stub.EraseMemory(pb.EraseMemoryRequest(id=memory_id)))
        assert "not yet gone" in (error.details() or "")
        assert (running.hub.stores.memory.count(), running.hub.stores.shelf.count()) == (0, 0)
        under_way.close()


async def test_memories_go_out_and_come_in(tmp_path: Path) -> None:
    async with companion(tmp_path / "one") as (running, stub):
        keep(running, "Anna likes green tea")
        lines = [pb.ImportLine(json=line.json) async for line in stub.ExportMemories(pb.ExportRequest())]
        same = await stub.ImportMemories(iter(lines))
        assert (same.added, same.unchanged) == (0, 1)
    async with companion(tmp_path / "two") as (running, stub):
        came = await stub.ImportMemories(iter(lines))
        assert (came.added, came.unchanged) == (1, 0)
        broken = await refused(stub.ImportMemories(iter([*lines, pb.ImportLine(json="{")])))
        assert broken.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert running.hub.stores.memory.count() == 1


async def test_odd_requests_get_a_sentence(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (_, stub):
        calls = [
            stub.ListMemories(pb.ListMemoriesRequest(kinds=["dream"])),
            stub.ExportMemories(pb.ExportRequest(kinds=["dream"])),
            stub.SearchMemories(pb.SearchMemoriesRequest(query=" ")),
            stub.OffTheRecord(pb.OffTheRecordRequest(last_ns=0)),
            stub.OffTheRecord(pb.OffTheRecordRequest(last_ns=2**63)),
            stub.NewPairingCode(pb.NewPairingCodeRequest()),
        ]
        for call in calls:
            error = await refused(call)
            assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert len(str(error.details())) > 10
        gone = await refused(stub.EditMemory(pb.EditMemoryRequest(id="nobody", pinned=True)))
        assert gone.code() is grpc.StatusCode.NOT_FOUND


async def test_taking_back_and_muting(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        device = running.credentials()
        said = Utterance(id="u1", device_id="d", start_ns=NOON_NS - 5, end_ns=NOON_NS, text="t")
        heard = Decided(device_id="d", boot_id="b", stream="mic", utterances=(said,))
        running.hub.stores.transcript.commit([heard])
        keep(running, "t")
        erased = await stub.OffTheRecord(pb.OffTheRecordRequest(last_ns=60 * SECOND))
        assert (erased.utterances, erased.memories) == (1, 1)
        reply = await stub.Mute(pb.MuteRequest(muted=True))
        assert list(reply.out_of_reach) == [device.peer_id]


async def test_a_code_from_the_keeper_pairs_a_new_client(tmp_path: Path) -> None:
    async with companion(tmp_path / "home") as (running, stub):
        shown = await stub.NewPairingCode(pb.NewPairingCodeRequest(role=link_pb2.PEER_ROLE_CLIENT))
        assert shown.port == int(running.address.rpartition(":")[2]) + 1
        credentials = await pair(running.address, shown.code, name="laptop", role=PeerRole.CLIENT)
        async with secure_channel(credentials) as channel:
            assert (await CompanionStub(channel).Status(pb.StatusRequest())).hub_id == credentials.hub_id
