"""Every method of both services asks who calls (P9): found by reading the descriptors, so that none is forgotten."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from sotto_hub.errors import NotPaired
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.gate import admit
from sotto_hub.store.peers import Peer
from sotto_proto.channel import client_options
from sotto_proto.pairing import Credentials, PeerRole, secure_channel
from sotto_proto.v1 import companion_pb2, link_pb2
from tests.hub.running_hub import running_hub

SERVICES = {
    **link_pb2.DESCRIPTOR.services_by_name,
    **companion_pb2.DESCRIPTOR.services_by_name,
}
METHODS = [method for service in SERVICES.values() for method in service.methods]
WRONG = {"SensorLink": PeerRole.CLIENT, "Companion": PeerRole.DEVICE}


def name_of(method: MethodDescriptor) -> str:
    return str(method.full_name)


async def call(channel: grpc.aio.Channel, method: MethodDescriptor) -> grpc.aio.AioRpcError:
    """Calls any method with an empty message; the refusal it got."""
    request = GetMessageClass(method.input_type)()
    path = f"/{method.containing_service.full_name}/{method.name}"
    options: dict[str, Any] = {
        "request_serializer": GetMessageClass(method.input_type).SerializeToString,
        "response_deserializer": GetMessageClass(method.output_type).FromString,
    }
    up: Any = iter([request]) if method.client_streaming else request
    kinds: dict[tuple[bool, bool], Any] = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }
    running = kinds[method.client_streaming, method.server_streaming](path, **options)(up, timeout=10)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await anext(aiter(running)) if method.server_streaming else await running
    return caught.value


def test_all_methods_are_known() -> None:
    assert len(METHODS) == 3 + 16


async def refusals(credentials: Credentials, methods: list[MethodDescriptor]) -> AsyncIterator[grpc.aio.AioRpcError]:
    async with secure_channel(credentials) as channel:
        for method in methods:
            yield await call(channel, method)


async def test_a_peer_that_is_not_paired_is_refused_everywhere(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        stranger = running.credentials(paired=False)
        async for error in refusals(stranger, METHODS):
            assert error.code() is grpc.StatusCode.UNAUTHENTICATED
            assert "not paired" in str(error.details())
            assert ("sotto-code", "unpaired") in tuple(error.trailing_metadata() or ())


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
        peer = running.credentials(WRONG[service])
        methods = [method for method in METHODS if method.containing_service.name == service]
        async for error in refusals(peer, methods):
            assert error.code() is grpc.StatusCode.PERMISSION_DENIED
            assert "may do this" in str(error.details())


async def test_a_certificate_of_another_hub_does_not_get_as_far_as_a_request(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        key, issued = Authority.open(tmp_path / "other").issue_with_key("keeper", PeerRole.CLIENT)
        forged = replace(running.keeper, key=key, certificate=issued.certificate)
        async for error in refusals(forged, METHODS[:4]):
            assert error.code() is grpc.StatusCode.UNAVAILABLE


async def test_without_a_certificate_there_is_no_connection(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        tls = grpc.ssl_channel_credentials(running.authority.root_pem)
        async with grpc.aio.secure_channel(running.address, tls, options=client_options()) as channel:
            assert (await call(channel, METHODS[1])).code() is grpc.StatusCode.UNAVAILABLE


async def test_pairing_is_not_done_on_the_link_port(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        pairing = next(method for method in METHODS if method.name == "Pair")
        async for error in refusals(running.credentials(), [pairing]):
            assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
            assert "own port" in str(error.details())


def peers() -> Iterator[Peer]:
    for role in PeerRole:
        yield Peer(id="p", name="p", role=role, fingerprint="f", paired_ns=1)


@pytest.mark.parametrize("peer", list(peers()))
@pytest.mark.parametrize("service", ["sotto.v1.SensorLink", "sotto.v1.Companion"])
def test_admission_is_by_role(peer: Peer, service: str) -> None:
    fits = (peer.role is PeerRole.DEVICE) == service.endswith("SensorLink")
    if fits:
        assert admit(peer, "f", service) is peer
    else:
        with pytest.raises(NotPaired, match="may do this"):
            admit(peer, "f", service)
    with pytest.raises(NotPaired, match="not paired"):
        admit(peer, "other", service)
    with pytest.raises(NotPaired, match="not paired"):
        admit(None, "", service)
