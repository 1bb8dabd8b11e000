"""Whoever knocks at the pairing port without the digits: gets five guesses, one a second, and nothing else."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from google.protobuf.descriptor import MethodDescriptor
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.errors import HubError
from sotto_hub.listener import choose_port
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.codes import MOST_OPEN
from sotto_hub.pairing.service import Greeting, PairingPort, PairingRequest, Welcomed
from sotto_proto.channel import MAX_PAIRING_BYTES, client_options
from sotto_proto.errors import LinkError, PairingFailed
from sotto_proto.exchange import Exchange, is_proof
from sotto_proto.pairing import PeerRole, pair
from sotto_proto.signing import NewKey
from sotto_proto.v1 import companion_pb2, link_pb2
from sotto_proto.v1 import link_pb2 as pb
from tests.device.scripted_tls import ScriptedAuthority
from tests.hub.pairing.pairing_hub import HOST, PairingHub, other_than, pairing_hub

DEVICE = PeerRole.DEVICE
SERVICES = [*link_pb2.DESCRIPTOR.services_by_name.values(), *companion_pb2.DESCRIPTOR.services_by_name.values()]
OFFERED = {"sotto.v1.SensorLink.OpenPairing", "sotto.v1.SensorLink.Pair"}
ELSEWHERE = [m for s in SERVICES for m in s.methods if m.full_name not in OFFERED]


def request(proof: bytes = b"", pairing: str = "", name: str = "pendant") -> pb.PairRequest:
    """A request to be paired, with a proof of somebody's."""
    csr = NewKey.made().request("pendant")
    return pb.PairRequest(pairing=pairing, proof=proof, name=name, role=pb.PEER_ROLE_DEVICE, certificate_request=csr)


def raw_call(channel: grpc.aio.Channel, path: str, content: bytes) -> Any:
    """A call of bytes as they are."""
    method: Any = channel.unary_unary(path)
    return method(content, timeout=10)


async def refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def test_guessing_is_stopped_after_five(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub, hub.knocking() as stub:
        shown = await hub.desk.new_code(DEVICE)
        for _ in range(5):
            key, reply = await hub.guessed(stub, other_than(shown.code))
            assert not is_proof(key.hub_proof(hub.root_der), reply.proof)  # that is all that a guesser learns
            wrong = request(pairing=reply.pairing)
            wrong.proof = key.peer_proof(wrong.certificate_request)
            assert (await refused(stub.Pair(wrong))).code() is grpc.StatusCode.PERMISSION_DENIED
            hub.clock.turn(1)
        error = await refused(hub.guessed(stub, shown.code))
        assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
        assert hub.peers.all() == []


async def test_guessing_fast_gets_no_answer_and_costs_nothing(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub, hub.knocking() as stub:
        shown = await hub.desk.new_code(DEVICE)
        await hub.guessed(stub, other_than(shown.code))
        for _ in range(20):
            error = await refused(hub.guessed(stub, other_than(shown.code)))
            assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        hub.clock.turn(1)
        await pair(hub.address, shown.code, name="pendant", role=DEVICE)


async def test_many_at_once_are_one_guess(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub, hub.knocking() as stub:
        shown = await hub.desk.new_code(DEVICE)
        guesses = [hub.guessed(stub, other_than(shown.code)) for _ in range(30)]
        done = await asyncio.gather(*guesses, return_exceptions=True)
        assert sum(not isinstance(answer, BaseException) for answer in done) == 1


async def test_a_proof_is_good_for_one_request_and_one_use(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub, hub.knocking() as stub:
        shown = await hub.desk.new_code(DEVICE)
        key, reply = await hub.guessed(stub, shown.code)
        mine, theirs = request(pairing=reply.pairing), request(pairing=reply.pairing)
        theirs.proof = key.peer_proof(mine.certificate_request)  # seen on the way, put to another request
        assert (await refused(stub.Pair(theirs))).code() is grpc.StatusCode.PERMISSION_DENIED
        mine.proof = key.peer_proof(mine.certificate_request)
        assert (await refused(stub.Pair(mine))).code() is grpc.StatusCode.FAILED_PRECONDITION
        assert hub.peers.all() == []


async def test_the_hubs_own_words_are_no_proof(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub, hub.knocking() as stub:
        shown = await hub.desk.new_code(DEVICE)
        key, reply = await hub.guessed(stub, shown.code)
        asked = request(pairing=reply.pairing, proof=reply.proof)
        assert (await refused(stub.Pair(asked))).code() is grpc.StatusCode.PERMISSION_DENIED
        assert key.hub_proof(b"x") != key.peer_proof(b"x")


async def test_a_share_that_is_sent_back_is_refused(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        await hub.desk.new_code(DEVICE)
        for side in (b"A", b"B", b"S"):
            with pytest.raises((LinkError, HubError)):
                await hub.desk.greet(side + bytes([1]) + bytes(31))  # the neutral element: its key would be known
        greeting = await hub.desk.greet(Exchange.of_peer("000000", hub.root_der).share)
        hub.clock.turn(1)
        with pytest.raises(LinkError, match="no half"):
            await hub.desk.greet(greeting.share)


async def test_those_that_wait_are_bounded_and_expire(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub, hub.knocking() as stub:
        shown = await hub.desk.new_code(DEVICE)
        opened = []
        for _ in range(5):
            opened.append(await hub.guessed(stub, shown.code))
            hub.clock.turn(1)
        for key, reply in opened[: 5 - MOST_OPEN]:
            asked = request(pairing=reply.pairing)
            asked.proof = key.peer_proof(asked.certificate_request)
            assert (await refused(stub.Pair(asked))).code() is grpc.StatusCode.FAILED_PRECONDITION
        hub.clock.turn(31)
        key, reply = opened[-1]
        asked = request(pairing=reply.pairing)
        asked.proof = key.peer_proof(asked.certificate_request)
        assert (await refused(stub.Pair(asked))).code() is grpc.StatusCode.FAILED_PRECONDITION


class InTheMiddle:
    """Shows a peer its own authority, and passes on what is said; or answers by itself, with a guess."""

    def __init__(self, hub: PairingHub, own: Authority, guess: str | None, *, honest: bool) -> None:
        self.hub, self.own, self.guess, self.honest = hub, own, guess, honest
        self.requests = 0

    async def greet(self, share: bytes) -> Greeting:
        if self.guess is not None:
            der = self.own.root.public_bytes(Encoding.DER)
            exchange = Exchange.of_hub(self.guess, der)
            proof = exchange.finish(share).hub_proof(der)
            return Greeting(pairing="x", share=exchange.share, authority=self.own.root_pem, proof=proof)
        async with self.hub.knocking() as stub:
            said = await stub.OpenPairing(pb.OpenPairingRequest(share=share))
        authority = said.authority if self.honest else self.own.root_pem
        return Greeting(pairing=said.pairing, share=said.share, authority=authority, proof=said.proof)

    def welcome(self, asked: PairingRequest) -> Welcomed:
        self.requests += 1
        raise AssertionError(asked.name)


@asynccontextmanager
async def in_the_middle(
    hub: PairingHub, folder: Path, guess: str | None = None, *, honest: bool = True
) -> AsyncIterator[tuple[InTheMiddle, str]]:
    own = Authority.open(folder)
    desk, port = InTheMiddle(hub, own, guess, honest=honest), choose_port(HOST, 0)
    door = PairingPort(HOST, port + 1, own, desk)
    await door.open()
    try:
        yield desk, f"{HOST}:{port}"
    finally:
        await door.close()


@pytest.mark.parametrize(("honest", "code"), [(True, "pin"), (False, "wrong_code")])
async def test_in_the_middle_nothing_is_gained(tmp_path: Path, honest: bool, code: str) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        async with in_the_middle(hub, tmp_path / "mallory", honest=honest) as (mallory, address):
            with pytest.raises(PairingFailed) as caught:
                await pair(address, shown.code, name="pendant", role=DEVICE)
            assert caught.value.code == code
            assert mallory.requests == 0
        hub.clock.turn(1)
        await pair(hub.address, shown.code, name="it cost one try", role=DEVICE)


async def test_a_false_hub_has_one_guess_and_sees_no_proof(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        async with in_the_middle(hub, tmp_path / "mallory", other_than(shown.code)) as (mallory, address):
            with pytest.raises(PairingFailed, match="wrong"):
                await pair(address, shown.code, name="pendant", role=DEVICE)
            assert mallory.requests == 0


@asynccontextmanager
async def somebody(tls: ssl.SSLContext | None) -> AsyncIterator[str]:
    """Whoever listens on a pairing port and is no hub; the address of the link that is not there."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, HOST, 0, ssl=tls)
    async with server:
        yield f"{HOST}:{server.sockets[0].getsockname()[1] - 1}"


@pytest.mark.parametrize(("speaks_tls", "code"), [(False, "unreachable"), (True, "pin")])
async def test_whoever_is_no_hub_is_told_nothing(tmp_path: Path, speaks_tls: bool, code: str) -> None:
    tls = None
    if speaks_tls:
        alone = ScriptedAuthority.made().device("nowhere:1")  # a certificate without its authority
        (tmp_path / "pair.pem").write_bytes(alone.key + alone.certificate)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(tmp_path / "pair.pem")
    async with somebody(tls) as address:
        with pytest.raises(PairingFailed) as caught:
            await pair(address, "482913", name="pendant", role=DEVICE)
    assert caught.value.code == code


@pytest.mark.parametrize("method", ELSEWHERE, ids=lambda method: str(method.full_name))
async def test_the_port_offers_nothing_else(tmp_path: Path, method: MethodDescriptor) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        await hub.desk.new_code(DEVICE)
        tls = grpc.ssl_channel_credentials(hub.authority.root_pem)
        path = f"/{method.containing_service.full_name}/{method.name}"
        async with grpc.aio.secure_channel(f"{HOST}:{hub.port + 1}", tls, options=client_options()) as channel:
            error = await refused(raw_call(channel, path, b""))
        assert error.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_plain_speech_is_not_understood(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        await hub.desk.new_code(DEVICE)
        async with grpc.aio.insecure_channel(f"{HOST}:{hub.port + 1}") as channel:
            call = raw_call(channel, "/sotto.v1.SensorLink/OpenPairing", b"")
            assert (await refused(call)).code() in {
                grpc.StatusCode.UNAVAILABLE,
                grpc.StatusCode.DEADLINE_EXCEEDED,
            }


async def test_a_large_message_is_refused(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub, hub.knocking() as stub:
        await hub.desk.new_code(DEVICE)
        call = stub.OpenPairing(pb.OpenPairingRequest(share=bytes(MAX_PAIRING_BYTES + 1)))
        assert (await refused(call)).code() is grpc.StatusCode.RESOURCE_EXHAUSTED


SHARES = st.one_of(st.binary(max_size=40), st.binary(min_size=32, max_size=32).map(lambda point: b"A" + point))
METHODS = st.sampled_from(["OpenPairing", "Pair"])


@dataclass
class Bench:
    """A desk that lives as long as this module's tests, and the loop that it lives in."""

    runner: asyncio.Runner
    hub: PairingHub
    channel: grpc.aio.Channel


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    stack = AsyncExitStack()

    async def begin(runner: asyncio.Runner) -> Bench:
        hub = await stack.enter_async_context(pairing_hub(tmp_path_factory.mktemp("garbage")))
        await hub.desk.new_code(DEVICE)
        tls = grpc.ssl_channel_credentials(hub.authority.root_pem)
        address = f"{HOST}:{hub.port + 1}"
        channel = grpc.aio.secure_channel(address, tls, options=client_options())
        return Bench(runner=runner, hub=hub, channel=await stack.enter_async_context(channel))

    with asyncio.Runner() as runner:
        yield runner.run(begin(runner))
        runner.run(stack.aclose())


@settings(max_examples=60, deadline=None)
@given(share=SHARES, proof=st.binary(max_size=40), name=st.text(max_size=70), csr=st.binary(max_size=60))
def test_garbage_is_refused_with_a_sentence(bench: Bench, share: bytes, proof: bytes, name: str, csr: bytes) -> None:
    async def rubbish() -> None:
        desk = bench.hub.desk
        await desk.new_code(DEVICE)
        pairing = "nothing"
        with suppress(HubError, LinkError):
            pairing = (await desk.greet(share)).pairing
        asked = PairingRequest(pairing=pairing, proof=proof, name=name, role=None, certificate_request=csr)
        with pytest.raises((HubError, LinkError)):
            desk.welcome(asked)

    bench.runner.run(rubbish())


@settings(max_examples=60, deadline=None)
@given(method=METHODS, content=st.binary(max_size=200))
def test_garbage_on_the_wire_is_refused(bench: Bench, method: str, content: bytes) -> None:
    async def send() -> grpc.StatusCode:
        call = raw_call(bench.channel, f"/sotto.v1.SensorLink/{method}", content)
        return (await refused(call)).code()

    assert bench.runner.run(send()) in {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.FAILED_PRECONDITION,
    }
    assert bench.hub.peers.all() == []
