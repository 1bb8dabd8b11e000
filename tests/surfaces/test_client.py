"""The typed client over real gRPC: what comes back, and what gRPC's errors become."""

import asyncio

import grpc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.client import as_hub_error
from sotto_hub.errors import HubError, LinkDown, NotPaired, UsageError
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from tests.surfaces.scripted_companion import ScriptedCompanion, scripted_companion


async def test_reading(hub: ScriptedCompanion) -> None:
    hub.utterances += [pb.Utterance(id="u1", text="good morning"), pb.Utterance(id="u2", text="the rent is due")]
    hub.rows.append(pb.LedgerRow(stream="mic", captured_ns=5))
    hub.memories += [pb.Memory(id="m1", kind="fact", text="the rent"), pb.Memory(id="m2", kind="place", text="a gym")]
    async with hub.client() as client:
        assert (await client.status()).hub_id == "hub-1"
        assert [row.captured_ns for row in await client.ledger()] == [5]
        assert [u.id for u in await client.transcript(last=1)] == ["u2"]
        assert [m.id for m in await client.memories(kinds=["place"])] == ["m2"]
        assert [h.memory.id for h in await client.search("rent")] == ["m1"]
        assert len([line async for line in client.export()]) == 2


async def test_asking_streams_pieces(hub: ScriptedCompanion) -> None:
    citation = pb.Citation(id="u1", text="the rent is due on Friday")
    hub.answers["when is the rent due"] = (
        pb.AskReply(text="On "),
        pb.AskReply(text="Friday."),
        pb.AskReply(done=True, citations=[citation]),
    )
    async with hub.client() as client:
        replies = [reply async for reply in client.ask("when is the rent due", asked_at_ns=7)]
    assert "".join(reply.text for reply in replies) == "On Friday."
    assert replies[-1].citations[0].id == "u1"
    assert hub.requests(pb.AskRequest)[0].asked_at_ns == 7


async def test_changing(hub: ScriptedCompanion) -> None:
    hub.memories.append(pb.Memory(id="m1", text="old"))
    hub.offered.append(pb.Suggestion(id="s1", state=pb.SUGGESTION_STATE_OFFERED))
    hub.control = pb.ControlReply(reached=["d1"])
    hub.erased = pb.EraseReply(utterances=3)
    async with hub.client() as client:
        assert (await client.edit("m1", text="new", pinned=True)).text == "new"
        assert (await client.answer("s1", pb.SUGGESTION_STATE_ACCEPTED)).state == pb.SUGGESTION_STATE_ACCEPTED
        assert not await client.suggestions(open_only=True)
        assert (await client.mute(for_ns=9)).reached == ["d1"]
        assert (await client.off_the_record(60)).utterances == 3
        assert (await client.import_(["{}", "{}"])).added == 2
        assert (await client.new_code(link_pb2.PEER_ROLE_CLIENT)).code == "482913"
        assert (await client.erase("m1")).memories == 1
    assert hub.requests(pb.NewPairingCodeRequest)[0].role == link_pb2.PEER_ROLE_CLIENT
    assert hub.requests(pb.MuteRequest)[0].muted


async def test_watching_ends_with_one_error(hub: ScriptedCompanion) -> None:
    seen: list[str | None] = []

    async def watch() -> None:
        async for event in client.watch():
            seen.append(event.WhichOneof("kind"))  # noqa: PERF401 - what came before the error counts

    async with hub.client() as client:
        task = asyncio.create_task(watch())
        await hub.emit(pb.Event(partial=pb.Partial(text="a")), pb.Event(lagged=pb.Lagged(missed=2)))
        await hub.hang_up()
        with pytest.raises(LinkDown):
            await asyncio.wait_for(task, 10)
    assert seen == ["partial", "lagged"]


async def test_a_hub_that_is_away_is_link_down() -> None:
    async with scripted_companion() as hub:
        client = hub.client()
    async with client:
        with pytest.raises(LinkDown) as caught:
            await client.status()
    assert hub.address in caught.value.sentence


async def test_a_refusal_says_what_the_hub_says(hub: ScriptedCompanion) -> None:
    hub.fail["Status"] = (grpc.StatusCode.UNAUTHENTICATED, "this client is not paired")
    async with hub.client() as client:
        with pytest.raises(NotPaired, match="not paired"):
            await client.status()


async def test_a_hub_of_another_authority_is_not_trusted(hub: ScriptedCompanion) -> None:
    async with scripted_companion() as other:
        other.address = hub.address
        async with other.client() as client:
            with pytest.raises(NotPaired, match="sotto pair"):
                await client.status()


async def test_the_hubs_own_sentence_is_kept(hub: ScriptedCompanion) -> None:
    async with hub.client() as client:
        with pytest.raises(UsageError) as caught:
            await client.erase("nothing")
    assert caught.value.sentence == "there is no such memory"
    assert caught.value.exit_status == 2


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(grpc.StatusCode)), st.text(max_size=40))
def test_every_status_has_a_sentence(code: grpc.StatusCode, details: str) -> None:
    error = as_hub_error(code, details, "127.0.0.1:7443")
    assert isinstance(error, HubError)
    assert error.sentence
    assert error.exit_status > 0
