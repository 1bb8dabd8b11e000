"""The bond with the hub: a fresh certificate is kept whole, and only a hub that proves itself is followed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from sotto_device.bond import LOOK_AGAIN_S, Bond
from sotto_proto.channel import server_options
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.discovery import announced
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub
from tests.device.scripted_tls import ScriptedAuthority

LOOPBACK = ("127.0.0.1",)
OURS = "BDFHJKMNPQRSTVWX"
Context = grpc.aio.ServicerContext[Any, Any]


class RenewingHub:
    """A hub that renews, or answers with what it is told to. `shown`: the certificates that were used to call it."""

    def __init__(self) -> None:
        self.authority = ScriptedAuthority.made()
        self.answer: bytes | None = None
        self.shown: list[bytes] = []

    async def renew(self, request: pb.RenewRequest, context: Context) -> pb.RenewReply:
        public = x509.load_der_x509_csr(request.certificate_request).public_key()
        assert isinstance(public, EllipticCurvePublicKey)
        certificate = self.answer if self.answer is not None else self.authority.signed(public, "device-1")
        return pb.RenewReply(certificate=certificate, authority=self.authority.pem)

    async def sync_clock(self, request: pb.ClockPing, context: Context) -> pb.ClockPong:
        self.shown.append(b"".join(context.auth_context()["x509_pem_cert"]))
        return pb.ClockPong()


def handler(answer: Any, request: Any, reply: Any) -> Any:
    return grpc.unary_unary_rpc_method_handler(
        answer, request_deserializer=request.FromString, response_serializer=reply.SerializeToString
    )


@asynccontextmanager
async def renewing_hub() -> AsyncIterator[tuple[RenewingHub, Credentials]]:
    hub, server = RenewingHub(), grpc.aio.server(options=server_options())
    methods = {
        "Renew": handler(hub.renew, pb.RenewRequest, pb.RenewReply),
        "SyncClock": handler(hub.sync_clock, pb.ClockPing, pb.ClockPong),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("sotto.v1.SensorLink", methods),))
    port = server.add_secure_port("127.0.0.1:0", hub.authority.server())
    await server.start()
    try:
        yield hub, replace(hub.authority.device(f"127.0.0.1:{port}"), hub_id=OURS)
    finally:
        await server.stop(None)


class TurnedClock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def bond_of(folder: Path, credentials: Credentials, clock: TurnedClock | None = None) -> Bond:
    credentials.save(folder)
    return Bond(folder, credentials, interfaces=LOOPBACK, read_s=clock or TurnedClock())


async def test_a_renewed_certificate_is_kept_and_used_next(tmp_path: Path) -> None:
    async with renewing_hub() as (hub, credentials):
        bond = bond_of(tmp_path, credentials)
        async with bond.connect() as channel:
            assert await bond.renew(SensorLinkStub(channel))
        assert bond.credentials != credentials
        assert load_credentials(tmp_path) == bond.credentials
        async with bond.connect() as channel:
            await SensorLinkStub(channel).SyncClock(pb.ClockPing())
        assert hub.shown == [bond.credentials.certificate]


@pytest.mark.parametrize("answer", [b"", b"rubbish", "theirs"])
async def test_a_bad_answer_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, answer: bytes | str
) -> None:
    async with renewing_hub() as (hub, credentials):
        hub.answer = answer if isinstance(answer, bytes) else ScriptedAuthority.made().device("x").certificate
        bond = bond_of(tmp_path, credentials)
        async with bond.connect() as channel:
            assert not await bond.renew(SensorLinkStub(channel))
        assert load_credentials(tmp_path) == bond.credentials == credentials
        assert "the old one stays good" in caplog.text


async def test_a_hub_that_goes_away_meanwhile_changes_nothing(tmp_path: Path) -> None:
    async with renewing_hub() as (_, credentials):
        bond = bond_of(tmp_path, credentials.at("127.0.0.1:1"))
        async with bond.connect() as channel:
            assert not await bond.renew(SensorLinkStub(channel))


async def test_a_hub_that_has_moved_is_followed_and_remembered(tmp_path: Path) -> None:
    async with renewing_hub() as (_, credentials):
        port = int(credentials.address.rpartition(":")[2])
        bond = bond_of(tmp_path, credentials.at("127.0.0.1:1"))
        async with announced(OURS, port, LOOPBACK, LOOPBACK):
            assert await bond.found() == credentials.address
        assert load_credentials(tmp_path) == bond.credentials == credentials
        async with bond.connect() as channel:
            await SensorLinkStub(channel).SyncClock(pb.ClockPing())


async def test_one_look_a_minute_is_enough(tmp_path: Path) -> None:
    clock = TurnedClock()
    async with renewing_hub() as (_, credentials):
        port = int(credentials.address.rpartition(":")[2])
        bond = bond_of(tmp_path, credentials, clock)
        async with announced(OURS, port, LOOPBACK, LOOPBACK):
            assert await bond.found() is None  # it is where it was
            bond.credentials = credentials.at("127.0.0.1:1")
            clock.now_s = LOOK_AGAIN_S - 1
            assert await bond.found() is None
            clock.now_s = LOOK_AGAIN_S
            assert await bond.found() == credentials.address


async def test_an_address_that_cannot_be_written_is_used_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with renewing_hub() as (_, credentials):
        port = int(credentials.address.rpartition(":")[2])
        bond = Bond(tmp_path / "gone", credentials.at("127.0.0.1:1"), interfaces=LOOPBACK)
        async with announced(OURS, port, LOOPBACK, LOOPBACK):
            assert await bond.found() == credentials.address
        assert bond.credentials.address == credentials.address
        assert "could not be written" in caplog.text
