"""Whoever is removed is gone at once, in mid-sentence; nobody else notices, and the keeper cannot be removed."""

import asyncio
from contextlib import closing
from pathlib import Path

import grpc
import grpc.aio
import pytest

from sotto_hub.errors import NotPaired, UsageError
from sotto_hub.pairing.calls import Calls
from sotto_hub.pairing.roll import find
from sotto_hub.store.database import open_database
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.pairing import Credentials, PeerRole, secure_channel
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub
from tests.hub.pairing.any_call import code_of
from tests.hub.pairing.pairing_hub import pairing_hub
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import Day, connected

DEVICE, CLIENT = PeerRole.DEVICE, PeerRole.CLIENT
SOON_S = 10.0


async def companion(running: RunningHub, credentials: Credentials, name: str, request: object) -> object:
    async with secure_channel(credentials) as channel:
        return await getattr(CompanionStub(channel), name)(request)


async def roll_of(running: RunningHub) -> dict[str, pb.PeerInfo]:
    reply = await companion(running, running.keeper, "Peers", pb.PeersRequest())
    assert isinstance(reply, pb.PeersReply)
    return {peer.id: peer for peer in reply.peers}


async def test_a_device_is_cut_off_while_it_streams(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        device, other = running.credentials(), running.credentials()
        async with connected(device) as line, connected(other) as bystander:
            await line.send(Day().gap(100))
            await line.acked("mic", 1)
            assert (await roll_of(running))[device.peer_id].connected
            gone = await companion(running, running.keeper, "Revoke", pb.RevokeRequest(id=device.peer_id))
            assert isinstance(gone, pb.PeerInfo)
            assert (gone.id, gone.connected) == (device.peer_id, False)
            error = await line.broken()
            assert error.code() is grpc.StatusCode.UNAUTHENTICATED
            assert "removed" in str(error.details())
            await bystander.send(Day().gap(100))
            await bystander.acked("mic", 1)
        assert device.peer_id not in await roll_of(running)
        async with secure_channel(device) as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await SensorLinkStub(channel).SyncClock(link_pb2.ClockPing())
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
        assert device.peer_id not in {status.device_id for status in running.hub.status().devices}


async def test_a_client_is_cut_off_while_it_watches(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        client = running.credentials(CLIENT)
        async with secure_channel(client) as channel, asyncio.timeout(SOON_S):
            events = aiter(CompanionStub(channel).Watch(pb.WatchRequest()))
            assert (await anext(events)).WhichOneof("kind") == "status"
            assert (await roll_of(running))[client.peer_id].connected
            running.desk.roll.revoke(client.peer_id)
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await anext(events)
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
            assert code_of(caught.value) == "unpaired"
            with pytest.raises(grpc.aio.AioRpcError):
                await CompanionStub(channel).Status(pb.StatusRequest())


async def test_the_roll_says_who_may_what_since_when(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        device, client = running.credentials(), running.credentials(CLIENT)
        roll = await roll_of(running)
        assert set(roll) == {"keeper", client.peer_id, device.peer_id}
        assert roll["keeper"].connected  # it is asking
        assert list(roll["keeper"].scopes) == ["watch", "ask", "memory", "control", "keep"]
        assert list(roll[client.peer_id].scopes) == ["watch", "ask", "memory", "control"]
        assert list(roll[device.peer_id].scopes) == []
        assert (roll[device.peer_id].connected, roll[device.peer_id].seen_ns) == (False, 0)
        assert roll[device.peer_id].renewed_ns == roll[device.peer_id].paired_ns > 0


async def test_a_new_code_says_all_that_a_person_needs(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        asked = pb.NewPairingCodeRequest(role=CLIENT.value, scopes=["watch"])
        code = await companion(running, running.keeper, "NewPairingCode", asked)
        assert isinstance(code, pb.PairingCode)
        assert code.link.startswith(f"sotto://{running.address}/{code.code}-")
        assert code.fingerprint.replace("-", "") == running.authority.hub_id


@pytest.mark.parametrize(
    ("named", "status", "words"),
    [
        ("keeper", grpc.StatusCode.FAILED_PRECONDITION, "own machine"),
        (" this machine ", grpc.StatusCode.FAILED_PRECONDITION, "own machine"),
        ("nobody", grpc.StatusCode.NOT_FOUND, "no peer 'nobody'"),
        ("", grpc.StatusCode.NOT_FOUND, "no peer"),
    ],
)
async def test_who_cannot_be_revoked(tmp_path: Path, named: str, status: grpc.StatusCode, words: str) -> None:
    async with running_hub(tmp_path / "home") as running:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await companion(running, running.keeper, "Revoke", pb.RevokeRequest(id=named))
        assert caught.value.code() is status
        assert words in str(caught.value.details())
        assert "keeper" in await roll_of(running)


def peer(peer_id: str, name: str) -> Peer:
    return Peer(id=peer_id, name=name, role=DEVICE, fingerprint="f", paired_ns=1)


def test_a_peer_is_named_by_id_or_by_a_name_of_its_own() -> None:
    pendant, twin, odd = peer("device-1", "Pendant"), peer("device-2", "pendant"), peer("device-3", "device-1")
    assert find([pendant, odd], "device-1") is pendant  # an id goes before a name
    assert find([pendant, odd], "PENDANT ") is pendant
    with pytest.raises(UsageError, match=r"device-1, device-2") as caught:
        find([pendant, twin], "pendant")
    assert caught.value.code == "several_peers"


class Endless:
    """Calls that do not end by themselves."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.begun = asyncio.Semaphore(0)

    async def call(self, peer_id: str) -> None:
        with self.calls.under_way(peer_id):
            self.begun.release()
            await asyncio.Event().wait()


async def test_a_cancellation_by_others_stays_one(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        endless = Endless(Calls(hub.peers))
        running = asyncio.create_task(endless.call("device-1"))
        await endless.begun.acquire()
        assert endless.calls.connected("device-1")
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not endless.calls.connected("device-1")


async def test_all_calls_of_a_peer_end_and_nobody_elses(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        hub.peers.add(peer("device-1", "one"))
        endless = Endless(Calls(hub.peers))
        ended = [asyncio.create_task(endless.call("device-1")) for _ in range(3)]
        other = asyncio.create_task(endless.call("device-2"))
        for _ in range(4):
            await endless.begun.acquire()
        hub.peers.remove("device-1")
        for task in ended:
            with pytest.raises(NotPaired, match="removed"):
                await task
        assert [endless.calls.connected(peer_id) for peer_id in ("device-1", "device-2")] == [False, True]
        other.cancel()


def test_the_table_forgets_whoever_is_removed(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        peers = Peers(db)
        told: list[str] = []
        peers.when_removed(told.append)
        peers.add(peer("device-1", "one"))
        peers.remove("device-1")
        peers.remove("device-1")
        assert (Peers(db).all(), told) == ([], ["device-1"])
