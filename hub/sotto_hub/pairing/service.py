"""The pairing port: TLS without client certificates, one method, listening only while a code lives."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
import grpc.aio

from sotto_hub.errors import PortInUse
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.refusal import REFUSABLE, refuse
from sotto_proto.channel import server_options
from sotto_proto.pairing import PeerRole
from sotto_proto.v1 import link_pb2 as pb

GRACE_S: Final = 1.0
_ROLES: Final = {pb.PEER_ROLE_DEVICE: PeerRole.DEVICE, pb.PEER_ROLE_CLIENT: PeerRole.CLIENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRequest:
    """What a new peer asks. `role` is `None` when the wire names none."""

    digits: str = field(repr=False)
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


Desk = Callable[[PairingRequest], Welcomed]


class PairingPort:
    """The server of `SensorLink.Pair`; every other method is unimplemented here."""

    def __init__(self, host: str, port: int, authority: Authority, desk: Desk) -> None:
        self._address = f"{host}:{port}"
        self._authority = authority
        self._desk = desk
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
        server = grpc.aio.server(options=server_options())
        handler = grpc.unary_unary_rpc_method_handler(
            self._pair, request_deserializer=pb.PairRequest.FromString, response_serializer=_wire
        )
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("sotto.v1.SensorLink", {"Pair": handler}),)
        )
        try:
            server.add_secure_port(self._address, self._authority.pairing_credentials())
        except RuntimeError as error:
            raise PortInUse(
                "pairing_port_used", f"the pairing port {self._address} is taken by another program"
            ) from error
        await server.start()
        return server

    async def _pair(self, request: pb.PairRequest, context: grpc.aio.ServicerContext[Any, Any]) -> Welcomed:
        try:
            return self._desk(_asked(request))
        except REFUSABLE as error:
            await refuse(context, error)


def _asked(request: pb.PairRequest) -> PairingRequest:
    return PairingRequest(
        digits=request.code,
        name=request.name,
        role=_ROLES.get(request.role),
        certificate_request=request.certificate_request,
    )


def _wire(reply: Welcomed) -> bytes:
    message = pb.PairReply(
        peer_id=reply.peer_id,
        certificate=reply.certificate,
        authority=reply.authority,
        sealing_key=reply.sealing_key,
        hub_id=reply.hub_id,
        link_port=reply.link_port,
    )
    return message.SerializeToString()
