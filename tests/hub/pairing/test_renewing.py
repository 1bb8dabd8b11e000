"""Certificates change hands without anybody being locked out: the old one is good until the new one was used."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import grpc
import grpc.aio
import pytest
from sqlite_utils import Database

from sotto_hub.errors import UsageError
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.keeper import KEEPER, ensure_keeper
from sotto_hub.pairing.roll import Roll
from sotto_hub.store.database import open_database
from sotto_hub.store.peers import RENEW_AFTER_NS, Peer, Peers
from sotto_proto.credentials import load_credentials
from sotto_proto.pairing import Credentials, PeerRole, secure_channel
from sotto_proto.signing import NewKey, renewed
from sotto_proto.v1 import companion_pb2, link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub
from tests.hub.running_hub import NOON_NS, RunningHub, running_hub
from tests.hub.scripted_device import connected

DEVICE, CLIENT = PeerRole.DEVICE, PeerRole.CLIENT
PEER = Peer(id="device-1", name="one", role=DEVICE, fingerprint="old", paired_ns=1, renewed_ns=1)


async def echo(credentials: Credentials) -> grpc.StatusCode:
    async with secure_channel(credentials) as channel:
        try:
            await SensorLinkStub(channel).SyncClock(link_pb2.ClockPing())
        except grpc.aio.AioRpcError as error:
            return error.code()
    return grpc.StatusCode.OK


async def renewed_device(credentials: Credentials) -> Credentials:
    async with secure_channel(credentials) as channel:
        return await renewed(credentials, SensorLinkStub(channel))


def standing(running: RunningHub, peer_id: str) -> Peer:
    peer = running.hub.stores.peers.get(peer_id)
    assert peer is not None
    return peer


def grown_old(running: RunningHub, peer_id: str) -> None:
    """Moves the pairing ninety days and a moment into the past."""
    peer = standing(running, peer_id)
    long_ago = NOON_NS - RENEW_AFTER_NS - 1
    running.hub.stores.peers.add(replace(peer, paired_ns=long_ago, renewed_ns=long_ago))


async def test_the_old_one_is_good_until_the_new_one_is_used(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        old = running.credentials()
        new = await renewed_device(old)
        assert (new.peer_id, new.key != old.key) == (old.peer_id, True)
        assert await echo(old) is grpc.StatusCode.OK
        assert await echo(new) is grpc.StatusCode.OK
        assert await echo(old) is grpc.StatusCode.UNAUTHENTICATED
        peer = standing(running, old.peer_id)
        assert (peer.pending, peer.renewed_ns) == ("", NOON_NS)


async def test_an_answer_that_was_lost_locks_nobody_out(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        old = running.credentials()
        lost, kept = await renewed_device(old), await renewed_device(old)
        assert await echo(lost) is grpc.StatusCode.UNAUTHENTICATED  # the newest request counts
        assert await echo(old) is grpc.StatusCode.OK
        assert await echo(kept) is grpc.StatusCode.OK


async def test_devices_and_clients_are_told_when_it_is_time(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        device, client = running.credentials(), running.credentials(CLIENT)
        for old in (False, True):
            if old:
                grown_old(running, device.peer_id)
                grown_old(running, client.peer_id)
            async with connected(device) as line:
                assert line.renew is old
            async with secure_channel(client) as channel:
                assert (await CompanionStub(channel).Status(companion_pb2.StatusRequest())).renew is old


async def test_a_client_renews_with_any_scopes(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        client = running.credentials(CLIENT)
        running.hub.stores.peers.add(replace(standing(running, client.peer_id), scopes=()))
        async with secure_channel(client) as channel:
            fresh = await renewed(client, CompanionStub(channel))
        assert fresh.certificate != client.certificate


@pytest.mark.parametrize("request_der", [b"", b"rubbish"])
async def test_a_bad_request_changes_nothing(tmp_path: Path, request_der: bytes) -> None:
    async with running_hub(tmp_path / "home") as running:
        device = running.credentials()
        async with secure_channel(device) as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await SensorLinkStub(channel).Renew(link_pb2.RenewRequest(certificate_request=request_der))
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert standing(running, device.peer_id).pending == ""


def test_holding_a_certificate() -> None:
    waiting = replace(PEER, pending="new", pending_ns=9)
    assert waiting.holding("old") is waiting
    assert waiting.holding("new") == replace(PEER, fingerprint="new", renewed_ns=9)
    assert waiting.holding("other") is None
    assert PEER.holding("") is None


@pytest.mark.parametrize(
    ("age_ns", "wanted"), [(0, False), (RENEW_AFTER_NS, False), (RENEW_AFTER_NS + 1, True), (-9, False)]
)
def test_ninety_days_are_enough(age_ns: int, wanted: bool) -> None:
    assert PEER.wants_renewal(1 + age_ns) is wanted
    assert replace(PEER, renewed_ns=0).wants_renewal(1 + age_ns) is wanted  # from before certificates were counted


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as opened:
        yield opened


def test_a_peer_comes_out_of_the_table_as_it_went_in(db: Database) -> None:
    peer = replace(PEER, scopes=("watch", "keep"), pending="new", pending_ns=9)
    Peers(db).add(peer)
    Peers(db).add(replace(PEER, id="device-2", scopes=()))
    assert Peers(db).all() == [peer, replace(PEER, id="device-2", scopes=())]


def test_who_is_not_paired_cannot_renew(db: Database, tmp_path: Path) -> None:
    roll = Roll(Authority.open(tmp_path / "keys"), Peers(db), lambda: 1)
    with pytest.raises(UsageError, match="no peer 'device-1'"):
        roll.renew("device-1", NewKey.made().request("x"))
    assert not roll.wants_renewal("device-1")


def keep(
    tmp_path: Path, db: Database, authority: Authority, now_ns: int, address: str = "127.0.0.1:1"
) -> Credentials:
    ensure_keeper(tmp_path / "keeper", authority, Peers(db), address, now_ns)
    return load_credentials(tmp_path / "keeper")


def test_the_keeper_is_renewed_at_a_start_and_keeps_its_old_one_until_then(db: Database, tmp_path: Path) -> None:
    authority = Authority.open(tmp_path / "keys")
    first = keep(tmp_path, db, authority, 1)
    assert keep(tmp_path, db, authority, RENEW_AFTER_NS) == first
    second = keep(tmp_path, db, authority, RENEW_AFTER_NS + 2, "127.0.0.1:2")
    assert (second.certificate != first.certificate, second.address) == (True, "127.0.0.1:2")
    peer = Peers(db).get(KEEPER)
    assert peer is not None
    assert peer.pending
    first.save(tmp_path / "keeper")  # killed before the file was written
    assert keep(tmp_path, db, authority, 2) == first.at("127.0.0.1:1")


@pytest.mark.parametrize("loss", ["file", "row", "other certificate"])
def test_a_keeper_that_was_lost_is_issued_again(db: Database, tmp_path: Path, loss: str) -> None:
    authority = Authority.open(tmp_path / "keys")
    first = keep(tmp_path, db, authority, 1)
    match loss:
        case "file":
            (tmp_path / "keeper" / "identity.pem").write_bytes(b"rubbish")
        case "row":
            Peers(db).remove(KEEPER)
        case _:
            key, issued = authority.issue_with_key(KEEPER, CLIENT)
            first.with_identity(key, issued.certificate).save_identity(tmp_path / "keeper")
    again = keep(tmp_path, db, authority, 2)
    assert again.certificate != first.certificate
    peer = Peers(db).get(KEEPER)
    assert peer is not None
    assert "keep" in peer.scopes
