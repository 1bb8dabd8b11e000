"""Every method of both services asks who calls (P9): found by reading the descriptors, so that none is forgotten."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import grpc
import grpc.aio
import pytest
from google.protobuf.descriptor import MethodDescriptor

from sotto_hub.errors import NotPaired
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.gate import admit
from sotto_hub.pairing.scopes import SCOPES
from sotto_hub.store.peers import Peer
from sotto_proto.channel import client_options
from sotto_proto.pairing import Credentials, PeerRole, secure_channel
from sotto_proto.scopes import ALL_SCOPES
from tests.hub.pairing.any_call import METHODS, SERVICES, code_of, methods_of, path_of, refused
from tests.hub.running_hub import RunningHub, running_hub

WRONG = {"SensorLink": PeerRole.CLIENT, "Companion": PeerRole.DEVICE}
STRANGE = b"\xff\xff\xff\xff"
"""Bytes that no message begins with."""


async def refusals(
    credentials: Credentials, methods: list[MethodDescriptor], raw: bytes | None = None
) -> AsyncIterator[grpc.aio.AioRpcError]:
    async with secure_channel(credentials) as channel:
        for method in methods:
            yield await refused(channel, method, raw)


def client_with(running: RunningHub, scopes: tuple[str, ...]) -> Credentials:
    credentials = running.credentials(PeerRole.CLIENT)
    peer = running.hub.stores.peers.get(credentials.peer_id)
    assert peer is not None
    running.hub.stores.peers.add(replace(peer, scopes=scopes))
    return credentials


def test_every_method_is_in_the_table_and_nothing_else() -> None:
    assert sorted(SCOPES) == sorted(path_of(method) for method in METHODS)
    assert set(SCOPES.values()) == {"", *ALL_SCOPES}
    assert len(METHODS) == 5 + 27


@pytest.mark.parametrize("raw", [None, STRANGE], ids=["empty", "garbage"])
async def test_a_peer_that_is_not_paired_is_refused_everywhere(tmp_path: Path, raw: bytes | None) -> None:
    async with running_hub(tmp_path / "home") as running:
        async for error in refusals(running.credentials(paired=False), METHODS, raw):
            assert error.code() is grpc.StatusCode.UNAUTHENTICATED
            assert "not paired" in str(error.details())
            assert code_of(error) == "unpaired"


@pytest.mark.parametrize("role", PeerRole)
async def test_a_revoked_peer_is_refused_everywhere(tmp_path: Path, role: PeerRole) -> None:
    async with running_hub(tmp_path / "home") as running:
        revoked = running.credentials(role)
        running.desk.roll.revoke(revoked.peer_id)
        async for error in refusals(revoked, METHODS):
            assert error.code() is grpc.StatusCode.UNAUTHENTICATED
            assert code_of(error) == "unpaired"


async def test_an_older_certificate_of_a_paired_peer_is_refused_everywhere(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        older = running.credentials()
        peer = running.hub.stores.peers.get(older.peer_id)
        assert peer is not None
        running.hub.stores.peers.add(replace(peer, fingerprint="of a newer one"))
        async for error in refusals(older, METHODS):
            assert error.code() is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize("service", SERVICES)
async def test_the_wrong_role_is_refused_everywhere(tmp_path: Path, service: str) -> None:
    async with running_hub(tmp_path / "home") as running:
        async for error in refusals(running.credentials(WRONG[service]), methods_of(service)):
            assert error.code() is grpc.StatusCode.PERMISSION_DENIED
            assert "may do this" in str(error.details())
            assert code_of(error) == "wrong_role"


@pytest.mark.parametrize("scope", ALL_SCOPES)
async def test_a_client_without_the_scope_is_refused_everywhere(tmp_path: Path, scope: str) -> None:
    async with running_hub(tmp_path / "home") as running:
        client = client_with(running, tuple(other for other in ALL_SCOPES if other != scope))
        methods = [method for method in METHODS if SCOPES[path_of(method)] == scope]
        async for error in refusals(client, methods):
            assert error.code() is grpc.StatusCode.PERMISSION_DENIED
            assert f"without the scope '{scope}'" in str(error.details())
            assert code_of(error) == "wrong_scope"
        assert methods


async def test_a_client_with_one_scope_may_do_nothing_else(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        client = client_with(running, ("watch",))
        others = [m for m in methods_of("Companion") if SCOPES[path_of(m)] not in ("watch", "")]
        async for error in refusals(client, others):
            assert code_of(error) == "wrong_scope"


async def test_a_certificate_of_another_hub_does_not_get_as_far_as_a_request(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        key, issued = Authority.open(tmp_path / "other").issue_with_key("keeper", PeerRole.CLIENT)
        forged = replace(running.keeper, key=key, certificate=issued.certificate)
        async for error in refusals(forged, METHODS):
            assert error.code() is grpc.StatusCode.UNAVAILABLE


async def test_without_a_certificate_there_is_no_connection(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        tls = grpc.ssl_channel_credentials(running.authority.root_pem)
        async with grpc.aio.secure_channel(running.address, tls, options=client_options()) as channel:
            for method in METHODS:
                assert (await refused(channel, method)).code() is grpc.StatusCode.UNAVAILABLE


async def test_plain_speech_is_not_understood(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running, grpc.aio.insecure_channel(running.address) as channel:
        for method in METHODS[:3] + METHODS[-3:]:
            assert (await refused(channel, method)).code() is grpc.StatusCode.UNAVAILABLE


async def test_pairing_is_not_done_on_the_link_port(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        pairing = [method for method in METHODS if method.name in ("OpenPairing", "Pair")]
        async for error in refusals(running.credentials(), pairing):
            assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
            assert "own port" in str(error.details())


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_no_message_gets_a_sentence(
    tmp_path: Path, service: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_hub(tmp_path / "home") as running:
        peer = running.credentials() if service == "SensorLink" else running.keeper
        async for error in refusals(peer, methods_of(service), STRANGE):
            assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert "no message" in str(error.details())
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("role", PeerRole)
@pytest.mark.parametrize("method", METHODS, ids=path_of)
def test_admission_is_by_certificate_role_and_scope(role: PeerRole, method: MethodDescriptor) -> None:
    path = path_of(method)
    peer = Peer(id="p", name="p", role=role, fingerprint="f", paired_ns=1, scopes=("watch",))
    fits = (role is PeerRole.DEVICE) == ("SensorLink" in path)
    if fits and SCOPES[path] in ("", "watch"):
        assert admit(peer, "f", path) is peer
    else:
        with pytest.raises(NotPaired, match=r"may do this|without the scope"):
            admit(peer, "f", path)
    for known, shown in ((peer, "other"), (None, ""), (peer, ""), (replace(peer, fingerprint=""), "")):
        with pytest.raises(NotPaired, match="not paired"):
            admit(known, shown, path)


def test_a_method_that_nobody_listed_is_refused() -> None:
    peer = Peer(id="p", name="p", role=PeerRole.CLIENT, fingerprint="f", paired_ns=1, scopes=ALL_SCOPES)
    for path in ("/sotto.v1.Companion/New", "/other.Service/Watch", "", "/"):
        with pytest.raises(NotPaired, match="no peer"):
            admit(peer, "f", path)
