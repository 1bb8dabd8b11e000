"""Pairing over the real port: the right code once, and one clear sentence for everything else."""

import asyncio
import socket
from pathlib import Path

import pytest

from sotto_hub.errors import PortInUse
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.service import PairingPort, PairingRequest, Welcomed
from sotto_proto.code import join_code, split_code
from sotto_proto.errors import PairingFailed
from sotto_proto.pairing import PeerRole, authority_pin, pair, secure_channel
from sotto_proto.v1 import companion_pb2, link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub
from tests.hub.running_hub import RunningHub, running_hub

DEVICE, CLIENT = PeerRole.DEVICE, PeerRole.CLIENT


def wrong(code: str) -> str:
    digits, pin = split_code(code)
    return join_code(str((int(digits) + 1) % 1_000_000).zfill(6), pin)


async def refusal(running: RunningHub, code: str, role: PeerRole = DEVICE, name: str = "pendant") -> PairingFailed:
    with pytest.raises(PairingFailed) as caught:
        await pair(running.address, code, name=name, role=role)
    return caught.value


async def test_a_device_is_paired_and_may_speak(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        shown = await running.desk.new_code(DEVICE)
        credentials = await pair(running.address, shown.code, name="pendant", role=DEVICE)
        async with secure_channel(credentials) as channel:
            pong = await SensorLinkStub(channel).SyncClock(link_pb2.ClockPing(sent_ns=7))
        assert pong.sent_ns == 7
        assert credentials.sealing_key == running.authority.sealing_public
        assert (credentials.hub_id, credentials.address) == (running.authority.hub_id, running.address)
        peer = running.hub.stores.peers.get(credentials.peer_id)
        assert peer is not None
        assert (peer.name, peer.role) == ("pendant", DEVICE)


async def test_a_client_is_paired_and_may_look(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        shown = await running.desk.new_code(CLIENT)
        credentials = await pair(running.address, shown.code, name="laptop", role=CLIENT)
        async with secure_channel(credentials) as channel:
            status = await CompanionStub(channel).Status(companion_pb2.StatusRequest())
        assert status.hub_id == running.authority.hub_id


async def test_a_code_works_once_and_the_port_closes(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        shown = await running.desk.new_code(DEVICE)
        await pair(running.address, shown.code, name="one", role=DEVICE)
        failed = await refusal(running, shown.code)
        assert failed.code in {"refused", "unreachable"}
        await port_closes(running)


async def port_closes(running: RunningHub) -> None:
    host, _, port = running.address.rpartition(":")
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, int(port) + 1)
            except OSError:
                return
            writer.close()


async def test_no_code_no_port(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        failed = await refusal(running, join_code("123456", running.authority.hub_id))
        assert failed.code == "unreachable"
        assert "sotto pair" in failed.sentence


async def test_five_wrong_tries_and_the_right_code_is_dead(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        shown = await running.desk.new_code(DEVICE)
        for _ in range(5):
            failed = await refusal(running, wrong(shown.code))
            assert "wrong" in failed.sentence
        assert (await refusal(running, shown.code)).code in {"refused", "unreachable"}
        assert [p.id for p in running.hub.stores.peers.all()] == ["keeper"]


async def test_a_code_of_another_hub_gives_nothing_away(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        shown = await running.desk.new_code(DEVICE)
        digits, _ = split_code(shown.code)
        other = Authority.open(tmp_path / "other")
        failed = await refusal(running, join_code(digits, authority_pin(other.root)))
        assert failed.code == "pin"
        await pair(running.address, shown.code, name="still alive", role=DEVICE)


async def test_the_role_is_the_one_the_code_was_made_for(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        shown = await running.desk.new_code(DEVICE)
        assert "another kind" in (await refusal(running, shown.code, CLIENT)).sentence


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "two\nlines"])
async def test_a_name_is_needed_and_costs_no_try(tmp_path: Path, name: str) -> None:
    async with running_hub(tmp_path / "home") as running:
        shown = await running.desk.new_code(DEVICE)
        for _ in range(6):
            assert "name" in (await refusal(running, shown.code, name=name)).sentence
        await pair(running.address, shown.code, name="at last", role=DEVICE)


async def test_a_new_code_replaces_the_old(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        old, new = await running.desk.new_code(DEVICE), await running.desk.new_code(DEVICE)
        if old.code != new.code:
            assert (await refusal(running, old.code)).code == "refused"
        await pair(running.address, new.code, name="pendant", role=DEVICE)


async def test_a_taken_pairing_port_is_said(tmp_path: Path) -> None:
    def nobody(request: PairingRequest) -> Welcomed:
        raise AssertionError(request.name)

    authority = Authority.open(tmp_path / "keys")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortInUse, match="taken"):
        await PairingPort("127.0.0.1", taken.getsockname()[1], authority, nobody).open()
