"""A hub that does as the test says, over real gRPC and real mutual TLS on loopback.

It keeps what it got, per connection and as a whole, acknowledges by a policy, and can break, refuse and command.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import grpc.aio

from sotto_proto.channel import server_options
from sotto_proto.codec import decode_frame, decode_hello
from sotto_proto.credentials import Credentials
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Frame, Hello
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkServicer, add_SensorLinkServicer_to_server
from tests.device.scripted_tls import ScriptedAuthority

PATIENCE_S = 20.0
Context = grpc.aio.ServicerContext[Any, Any]


def everything(_: Frame) -> bool:
    """Acknowledges each frame at once."""
    return True


def nothing(_: Frame) -> bool:
    """Acknowledges nothing."""
    return False


class ScriptedHub(SensorLinkServicer):
    """`connections` holds the frames of each connection in order; `frames` each frame once, as committed."""

    def __init__(self) -> None:
        self.authority = ScriptedAuthority.made()
        self.acks: Callable[[Frame], bool] = everything
        self.refusal: tuple[grpc.StatusCode, str] | None = None
        self.clock_ahead_ns = 0
        self.hellos: list[Hello] = []
        self.connections: list[list[Frame]] = []
        self.frames: list[Frame] = []
        self.bytes = 0
        self.port = 0
        self._marks: dict[str, int] = {}
        self._received: dict[str, int] = {}
        self._changed = asyncio.Condition()
        self._down: asyncio.Queue[pb.HubMessage] = asyncio.Queue()
        self._streams: set[asyncio.Task[Any]] = set()
        self._server: grpc.aio.Server | None = None

    @property
    def credentials(self) -> Credentials:
        """Of a device that is paired with this hub."""
        return self.authority.device(f"127.0.0.1:{self.port}")

    async def start(self) -> None:
        """Listens; after a stop, on the same port as before."""
        self._server = grpc.aio.server(options=server_options())
        add_SensorLinkServicer_to_server(self, self._server)
        self.port = self._server.add_secure_port(f"127.0.0.1:{self.port}", self.authority.server())
        await self._server.start()

    async def stop(self) -> None:
        """Goes away at once."""
        if self._server is not None:
            await self._server.stop(None)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for something to become true of this hub."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(holds), PATIENCE_S)

    def command(self, command: pb.Command) -> None:
        """Sends a command down."""
        self._down.put_nowait(pb.HubMessage(command=command))

    def acknowledge(self, stream: str, sequence: int) -> None:
        """Commits and acknowledges everything of a stream up to a number."""
        self._marks[stream] = max(sequence, self._marks.get(stream, 0))
        self._down.put_nowait(pb.HubMessage(ack=pb.Ack(stream=stream, sequence=sequence)))

    def drop(self) -> None:
        """Breaks every stream, as a lost network would. What is not committed is forgotten."""
        for stream in self._streams:
            stream.cancel()

    def forget_everything(self) -> None:
        """The hub's store is another one."""
        self._marks.clear()

    def of(self, stream: str) -> list[Frame]:
        """The committed or received frames of one stream, each once."""
        return [frame for frame in self.frames if frame.stream == stream]

    async def SyncClock(self, request: pb.ClockPing, context: Context) -> pb.ClockPong:
        return pb.ClockPong(sent_ns=request.sent_ns, hub_ns=request.sent_ns + self.clock_ahead_ns)

    async def Pair(self, request: pb.PairRequest, context: Context) -> pb.PairReply:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no code is alive")
        raise AssertionError

    async def Stream(self, request_iterator: Any, context: Context) -> None:  # type: ignore[override]  # a coroutine that writes
        if self.refusal is not None:
            await context.abort(*self.refusal)
        first = await anext(request_iterator)
        self.hellos.append(decode_hello(first.hello))
        self.connections.append([])
        self._received = dict(self._marks)
        marks = [pb.Ack(stream=stream, sequence=mark) for stream, mark in self._marks.items()]
        await context.write(pb.HubMessage(welcome=pb.Welcome(hub_id="hub-1", marks=marks)))
        await self._tell()
        await self._both(request_iterator, context)

    async def _both(self, incoming: Any, context: Context) -> None:
        reading = asyncio.create_task(self._read(incoming, self.connections[-1]))
        writing = asyncio.create_task(self._write(context))
        tasks = {reading, writing}
        self._streams |= tasks
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._streams -= tasks
            writing.cancel()
        if reading.cancelled() or not reading.done():
            await context.abort(grpc.StatusCode.UNAVAILABLE, "dropped")
        if (error := reading.exception()) is not None:
            code = (
                grpc.StatusCode.INVALID_ARGUMENT
                if isinstance(error, MalformedFrame)
                else grpc.StatusCode.OUT_OF_RANGE
            )
            await context.abort(code, str(error))

    async def _read(self, incoming: Any, connection: list[Frame]) -> None:
        async for message in incoming:
            frame = decode_frame(message.frame)
            self.bytes += message.ByteSize()
            expected = self._received.get(frame.stream, 0) + 1
            if frame.sequence != expected:
                raise ValueError(f"{frame.stream}: {frame.sequence} came where {expected} was due")
            self._received[frame.stream] = frame.sequence
            connection.append(frame)
            self._keep(frame)
            if self.acks(frame):
                self.acknowledge(frame.stream, frame.sequence)
            await self._tell()

    def _keep(self, frame: Frame) -> None:
        """A frame that comes again takes the place of the one before."""
        places = [i for i, f in enumerate(self.frames) if (f.stream, f.sequence) == (frame.stream, frame.sequence)]
        for place in places:
            self.frames[place] = frame
        if not places:
            self.frames.append(frame)

    async def _write(self, context: Context) -> None:
        while True:
            await context.write(await self._down.get())

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def scripted_hub() -> AsyncIterator[ScriptedHub]:
    """A hub that listens for as long as the block."""
    hub = ScriptedHub()
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()
