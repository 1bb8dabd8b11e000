"""A hub that does as the test says, over real gRPC and real mutual TLS on loopback.

It keeps what it got, per connection and as a whole, opens what is sealed, acknowledges by a policy, keeps a ledger
that has to balance, and can break, refuse, forget, go away and command.
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
from sotto_proto.records import Frame, Gap, GapKind, Hello, Mark, Sealed
from sotto_proto.sealing import Opener
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


def counted_ns(frame: Frame) -> int:
    """What a frame adds to what was captured."""
    return 0 if isinstance(frame.body, Gap) and frame.body.kind is GapKind.OFF else frame.duration_ns


class ScriptedHub(SensorLinkServicer):
    """`connections` holds the frames of each connection in order; `frames` each frame once, as committed.

    `boots` has the frames of each boot. `sealed` counts those that came sealed.
    """

    def __init__(self) -> None:
        self.authority = ScriptedAuthority.made()
        self.acks: Callable[[Frame], bool] = everything
        self.refusal: tuple[grpc.StatusCode, str] | None = None
        self.refused_boots: set[str] = set()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.clock_ahead_ns = 0
        self.echoes = 0
        self.hellos: list[Hello] = []
        self.connections: list[list[Frame]] = []
        self.frames: list[Frame] = []
        self.boots: dict[str, list[Frame]] = {}
        self.bytes = 0
        self.sealed = 0
        self.port = 0
        self._boot = ""
        self._marks: dict[tuple[str, str], Mark] = {}
        self._received: dict[str, Mark] = {}
        self._opener = Opener(self.authority.sealing)
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
        """Commits and acknowledges everything of a stream of the newest boot up to a number."""
        kept = {f.sequence: f.captured_ns for f in self.of(stream, self._boot)}
        captured_ns = kept.get(sequence, 0)
        mark = max(Mark(sequence=sequence, captured_ns=captured_ns), self.mark(stream), key=lambda m: m.sequence)
        self._marks[self._boot, stream] = mark
        ack = pb.Ack(stream=stream, sequence=sequence, captured_ns=captured_ns)
        self._down.put_nowait(pb.HubMessage(ack=ack))

    def mark(self, stream: str, boot: str | None = None) -> Mark:
        """How far a stream is committed."""
        return self._marks.get((self._boot if boot is None else boot, stream), Mark())

    def drop(self) -> None:
        """Breaks every stream, as a lost network would. What is not committed is forgotten."""
        for stream in self._streams:
            stream.cancel()

    def forget_everything(self) -> None:
        """The hub's store is another one."""
        self._marks.clear()

    def restore(self, stream: str, sequence: int) -> None:
        """The hub's store is older: from a backup."""
        kept = {f.sequence: f.captured_ns for f in self.of(stream, self._boot)}
        self._marks[self._boot, stream] = Mark(sequence=sequence, captured_ns=kept.get(sequence, 0))

    def of(self, stream: str, boot: str | None = None) -> list[Frame]:
        """The committed or received frames of one stream, each once."""
        frames = self.frames if boot is None else self.boots.get(boot, [])
        return [frame for frame in frames if frame.stream == stream]

    def lost(self, stream: str, boot: str | None = None) -> dict[str, int]:
        """What was lost of a stream, by reason."""
        found: dict[str, int] = {}
        for frame in self.of(stream, boot):
            if isinstance(frame.body, Gap) and frame.body.kind is GapKind.LOST:
                found[frame.body.reason] = found.get(frame.body.reason, 0) + frame.duration_ns
        return found

    async def SyncClock(self, request: pb.ClockPing, context: Context) -> pb.ClockPong:
        self.echoes += 1
        return pb.ClockPong(sent_ns=request.sent_ns, hub_ns=request.sent_ns + self.clock_ahead_ns)

    async def OpenPairing(self, request: pb.OpenPairingRequest, context: Context) -> pb.OpenPairingReply:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no code is alive")
        raise AssertionError

    async def Renew(self, request: pb.RenewRequest, context: Context) -> pb.RenewReply:
        await context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
        raise AssertionError

    async def Pair(self, request: pb.PairRequest, context: Context) -> pb.PairReply:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no code is alive")
        raise AssertionError

    async def Stream(self, request_iterator: Any, context: Context) -> None:  # type: ignore[override]  # a coroutine that writes
        if self.refusal is not None:
            await context.abort(*self.refusal)
        first = await anext(request_iterator)
        hello = decode_hello(first.hello)
        if hello.boot_id in self.refused_boots:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "a box cannot be opened [sealed]")
        self.hellos.append(hello)
        self.connections.append([])
        self._boot = hello.boot_id
        self._down = asyncio.Queue()
        self._received = {stream: mark for (boot, stream), mark in self._marks.items() if boot == self._boot}
        marks = [
            pb.Ack(stream=stream, sequence=mark.sequence, captured_ns=mark.captured_ns)
            for stream, mark in self._received.items()
        ]
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
            malformed = isinstance(error, MalformedFrame)
            code = grpc.StatusCode.INVALID_ARGUMENT if malformed else grpc.StatusCode.OUT_OF_RANGE
            await context.abort(code, str(error))
        while not self._down.empty():
            await context.write(self._down.get_nowait())

    async def _read(self, incoming: Any, connection: list[Frame]) -> None:
        async for message in incoming:
            frame = decode_frame(message.frame)
            self.bytes += message.ByteSize()
            self.sealed += isinstance(frame.body, Sealed)
            frame = self._opener.open(frame)
            self._count(frame)
            connection.append(frame)
            self._keep(frame, self.frames)
            self._keep(frame, self.boots.setdefault(self._boot, []))
            if self.acks(frame):
                self.acknowledge(frame.stream, frame.sequence)
            await self._tell()
        await self.may_end.wait()

    def _count(self, frame: Frame) -> None:
        """Numbers have no holes, and what was captured is the sum of what came."""
        before = self._received.get(frame.stream, Mark())
        if frame.first_sequence != before.sequence + 1:
            came, due = frame.first_sequence, before.sequence + 1
            raise ValueError(f"{frame.stream}: {came} came where {due} was due")
        if frame.captured_ns != before.captured_ns + counted_ns(frame):
            raise ValueError(f"{frame.stream}: the ledger does not balance at {frame.sequence}")
        self._received[frame.stream] = Mark(sequence=frame.sequence, captured_ns=frame.captured_ns)

    def _keep(self, frame: Frame, kept: list[Frame]) -> None:
        """A frame that comes again, or stands for several, takes the place of those before."""
        numbers = range(frame.first_sequence, frame.sequence + 1)
        places = [
            i for i, f in enumerate(kept) if f.stream == frame.stream and f.sequence in numbers and self._is_of(f)
        ]
        for place in reversed(places[1:]):
            del kept[place]
        if places:
            kept[places[0]] = frame
        else:
            kept.append(frame)

    def _is_of(self, frame: Frame) -> bool:
        """Whether a kept frame may be of the boot that is speaking: another's numbers mean nothing here."""
        return any(frame is f for f in self.boots.get(self._boot, []))

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
