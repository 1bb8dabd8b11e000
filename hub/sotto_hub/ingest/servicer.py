"""SensorLink over gRPC: only translates between the wire and a session."""

# ruff: noqa: N802  (methods carry the names of their RPCs)

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from grpc.aio import InternalError, ServicerContext

from sotto_hub.errors import LinkDown, UsageError
from sotto_hub.ingest.down import Down, Welcome, encode
from sotto_hub.ingest.rooms import Rooms
from sotto_hub.ingest.session import Session
from sotto_hub.pairing.gate import peer_of
from sotto_hub.pairing.roll import Roll
from sotto_proto.codec import decode_frame, decode_hello
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Frame, Hello
from sotto_proto.sealing import Opener
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkServicer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

HELLO_S: Final = 10.0
LIVE_IDLE_S: Final = 30.0


class SensorLink(SensorLinkServicer):
    """What a wearable speaks to. The gate has admitted whoever calls."""

    def __init__(self, rooms: Rooms, clock: Callable[[], int], roll: Roll, sealing_key: "X25519PrivateKey") -> None:
        self._rooms = rooms
        self._clock = clock
        self._roll = roll
        self._sealing_key = sealing_key

    async def OpenPairing(
        self, request: pb.OpenPairingRequest, context: ServicerContext[Any, Any]
    ) -> pb.OpenPairingReply:
        """Not here: pairing has its own port, for whoever has no certificate yet."""
        raise _elsewhere()

    async def Pair(self, request: pb.PairRequest, context: ServicerContext[Any, Any]) -> pb.PairReply:
        """Not here either."""
        raise _elsewhere()

    async def Renew(self, request: pb.RenewRequest, context: ServicerContext[Any, Any]) -> pb.RenewReply:
        """A fresh certificate for the device that calls."""
        renewed = self._roll.renew(peer_of(context)[0], request.certificate_request)
        return pb.RenewReply(certificate=renewed.certificate, authority=renewed.authority)

    async def SyncClock(self, request: pb.ClockPing, context: ServicerContext[Any, Any]) -> pb.ClockPong:
        """Echoes the hub's clock."""
        return pb.ClockPong(sent_ns=request.sent_ns, hub_ns=self._clock())

    async def Stream(  # type: ignore[override]  # writes by itself: a task group cannot live in a generator
        self, request_iterator: AsyncIterator[pb.DeviceMessage], context: ServicerContext[Any, Any]
    ) -> None:
        """One connection of one device."""
        messages = aiter(request_iterator)
        hello = await _hello(messages)

        device_id, _ = peer_of(context)

        async def write(down: Down) -> None:
            if isinstance(down, Welcome):
                down = replace(down, renew=self._roll.wants_renewal(device_id))
            with suppress(InternalError):  # the device is gone: gRPC is about to cancel this call
                await context.write(encode(down))

        idle_s = LIVE_IDLE_S if any(info.live for info in hello.streams) else None
        frames = frames_of(messages, idle_s, Opener(self._sealing_key).open)
        await Session(device_id, hello, self._rooms).run(frames, write)


def _elsewhere() -> UsageError:
    return UsageError("pairing_port", "pairing has its own port, the one after this")


async def _hello(messages: AsyncIterator[pb.DeviceMessage]) -> Hello:
    try:
        first = await _next(messages, HELLO_S)
    except LinkDown as error:
        raise MalformedFrame("hello", "the device did not say hello in time") from error
    if first is None or first.WhichOneof("kind") != "hello":
        raise MalformedFrame("hello", "the first message of a device is its Hello")
    return decode_hello(first.hello)


async def frames_of(
    messages: AsyncIterator[pb.DeviceMessage], idle_s: float | None, unseal: Callable[[Frame], Frame]
) -> AsyncIterator[Frame]:
    """Frames until the device hangs up, what waited on its disk in clear.

    A live device that says nothing would hold up event time for all: it goes.
    """
    while (message := await _next(messages, idle_s)) is not None:
        if message.WhichOneof("kind") != "frame":
            raise MalformedFrame("body", "after its Hello a device sends only frames")
        yield unseal(decode_frame(message.frame))


async def _next(messages: AsyncIterator[pb.DeviceMessage], idle_s: float | None) -> pb.DeviceMessage | None:
    try:
        async with asyncio.timeout(idle_s):
            return await anext(messages, None)
    except TimeoutError as error:
        raise LinkDown("idle", "a live device sends at least one frame a second; this one has stopped") from error
