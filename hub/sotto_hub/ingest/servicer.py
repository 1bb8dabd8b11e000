"""SensorLink over gRPC: only translates between the wire and a session."""

# ruff: noqa: N802  (methods carry the names of their RPCs)

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from grpc.aio import ServicerContext

from sotto_hub.errors import LinkDown, UsageError
from sotto_hub.ingest.down import Down, encode
from sotto_hub.ingest.rooms import Rooms
from sotto_hub.ingest.session import Session
from sotto_hub.pairing.gate import peer_of
from sotto_proto.codec import decode_frame, decode_hello
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Frame, Hello
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkServicer

HELLO_S: Final = 10.0
LIVE_IDLE_S: Final = 30.0


class SensorLink(SensorLinkServicer):
    """What a wearable speaks to. The gate has admitted whoever calls."""

    def __init__(self, rooms: Rooms, clock: Callable[[], int]) -> None:
        self._rooms = rooms
        self._clock = clock

    async def Pair(self, request: pb.PairRequest, context: ServicerContext[Any, Any]) -> pb.PairReply:
        """Not here: pairing has its own port, for whoever has no certificate yet."""
        raise UsageError("pairing_port", "pairing has its own port, the one after this")

    async def SyncClock(self, request: pb.ClockPing, context: ServicerContext[Any, Any]) -> pb.ClockPong:
        """Echoes the hub's clock."""
        return pb.ClockPong(sent_ns=request.sent_ns, hub_ns=self._clock())

    async def Stream(  # type: ignore[override]  # writes by itself: a task group cannot live in a generator
        self, request_iterator: AsyncIterator[pb.DeviceMessage], context: ServicerContext[Any, Any]
    ) -> None:
        """One connection of one device."""
        messages = aiter(request_iterator)
        hello = await _hello(messages)

        async def write(down: Down) -> None:
            await context.write(encode(down))

        device_id, _ = peer_of(context)
        idle_s = LIVE_IDLE_S if any(info.live for info in hello.streams) else None
        await Session(device_id, hello, self._rooms).run(frames_of(messages, idle_s), write)


async def _hello(messages: AsyncIterator[pb.DeviceMessage]) -> Hello:
    try:
        async with asyncio.timeout(HELLO_S):
            first = await anext(messages, pb.DeviceMessage())
    except TimeoutError as error:
        raise MalformedFrame("hello", "the device did not say hello in time") from error
    if first.WhichOneof("kind") != "hello":
        raise MalformedFrame("hello", "the first message of a device is its Hello")
    return decode_hello(first.hello)


async def frames_of(messages: AsyncIterator[pb.DeviceMessage], idle_s: float | None) -> AsyncIterator[Frame]:
    """Frames until the device hangs up. A live device that says nothing would hold up event time for all: it goes."""
    while (message := await _next(messages, idle_s)) is not None:
        if message.WhichOneof("kind") != "frame":
            raise MalformedFrame("body", "after its Hello a device sends only frames")
        yield decode_frame(message.frame)


async def _next(messages: AsyncIterator[pb.DeviceMessage], idle_s: float | None) -> pb.DeviceMessage | None:
    try:
        async with asyncio.timeout(idle_s):
            return await anext(messages, None)
    except TimeoutError as error:
        raise LinkDown("idle", "a live device sends at least one frame a second; this one has stopped") from error
