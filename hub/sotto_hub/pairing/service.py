"""The pairing port: TLS without client certificates, two methods, listening only while a code lives."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import grpc
import grpc.aio

from sotto_hub.egress.meter import Meter
from sotto_hub.errors import PortInUse
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.counted import Counting
from sotto_hub.pairing.refusal import REFUSABLE, refuse
from sotto_hub.pairing.understood import tolerant, understood
from sotto_proto.channel import pairing_server_options
from sotto_proto.pairing import PeerRole
from sotto_proto.v1 import link_pb2 as pb

GRACE_S: Final = 1.0
AT_ONCE: Final = 16
"""Calls under way, of all who knock. More are refused by gRPC itself."""

_SERVICE: Final = "sotto.v1.SensorLink"
_ROLES: Final = {pb.PEER_ROLE_DEVICE: PeerRole.DEVICE, pb.PEER_ROLE_CLIENT: PeerRole.CLIENT}
Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """The hub's half of an exchange. `authority` is PEM."""

    pairing: str
    share: bytes
    authority: bytes
    proof: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRequest:
    """What a new peer asks. `role` is `None` when the wire names none."""

    pairing: str
    proof: bytes = field(repr=False)
    name: str
    role: PeerRole | None
    certificate_request: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcomed:
    """What it gets."""

    peer_id: str
    certificate: bytes
    authority: bytes
    sealing_key: bytes
    hub_id: str
    link_port: int


class Desk(Protocol):
    """Who answers behind the port."""

    async def greet(self, share: bytes) -> Greeting:
        """Begins an exchange. Raises `HubError`."""
        ...

    def welcome(self, request: PairingRequest) -> Welcomed:
        """Ends it, and signs the peer. Raises `HubError`."""
        ...


class PairingPort:
    """The server of `OpenPairing` and `Pair`; every other method is unimplemented here."""

    def __init__(self, host: str, port: int, authority: Authority, desk: Desk) -> None:
        self._address = f"{host}:{port}"
        self._authority = authority
        self._desk = desk
        self.meter: Meter | None = None
        self._server: grpc.aio.Server | None = None
        self._lock = asyncio.Lock()

    async def open(self) -> None:
        """Listens, if it does not yet. Raises `PortInUse`."""
        async with self._lock:
            self._server = self._server or await self._listen()

    async def close(self) -> None:
        """Stops listening; answers under way may finish."""
        async with self._lock:
            server, self._server = self._server, None
            if server:
                await server.stop(GRACE_S)

    async def _listen(self) -> grpc.aio.Server:
        counting = (Counting(self.meter, "pairing"),) if self.meter else ()
        server = grpc.aio.server(
            interceptors=counting, options=pairing_server_options(), maximum_concurrent_rpcs=AT_ONCE
        )
        handlers = {
            "OpenPairing": _handler(self._open_pairing, pb.OpenPairingRequest),
            "Pair": _handler(self._pair, pb.PairRequest),
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, handlers),))
        try:
            server.add_secure_port(self._address, self._authority.pairing_credentials())
        except RuntimeError as error:
            raise PortInUse(
                "pairing_port_used", f"the pairing port {self._address} is taken by another program"
            ) from error
        await server.start()
        return server

    async def _open_pairing(self, request: pb.OpenPairingRequest) -> pb.OpenPairingReply:
        said = await self._desk.greet(request.share)
        return pb.OpenPairingReply(pairing=said.pairing, share=said.share, authority=said.authority, proof=said.proof)

    async def _pair(self, request: pb.PairRequest) -> pb.PairReply:
        reply = self._desk.welcome(_asked(request))
        return pb.PairReply(
            peer_id=reply.peer_id,
            certificate=reply.certificate,
            authority=reply.authority,
            sealing_key=reply.sealing_key,
            hub_id=reply.hub_id,
            link_port=reply.link_port,
        )


def _handler(answer: Callable[[Any], Awaitable[Any]], request: Any) -> "grpc.RpcMethodHandler[Any, Any]":
    """A method of the port: the hub's own errors become statuses, as behind the gate."""

    async def answered(asked: Any, context: Context) -> Any:
        try:
            return await answer(understood(asked))
        except REFUSABLE as error:
            await refuse(context, error)

    return grpc.unary_unary_rpc_method_handler(
        answered,
        request_deserializer=tolerant(request.FromString),
        response_serializer=lambda reply: reply.SerializeToString(),
    )


def _asked(request: pb.PairRequest) -> PairingRequest:
    return PairingRequest(
        pairing=request.pairing,
        proof=request.proof,
        name=request.name.strip(),
        role=_ROLES.get(request.role),
        certificate_request=request.certificate_request,
    )
