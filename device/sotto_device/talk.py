"""One `Stream` call: a Hello, a Welcome, frames up, acknowledgements and commands down, until one side ends it.

Used by the uplink, for the boot that is running and for those before it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, Protocol

import grpc
import grpc.aio

from sotto_proto.codec import encode_frame, encode_hello
from sotto_proto.records import Frame, Hello, Mark
from sotto_proto.v1 import link_pb2 as pb

ANSWER_S: Final = 10.0
Call = grpc.aio.StreamStreamCall[pb.DeviceMessage, pb.HubMessage]


class Box(Protocol):
    """What a call empties: an outbox, or what overtakes in it."""

    @property
    def settled(self) -> bool:
        """Whether the hub has acknowledged everything."""
        ...

    async def next(self) -> Frame | None:
        """The next frame to send, as soon as there is one; `None`: no more will come."""
        ...

    def ack(self, stream: str, mark: Mark) -> None:
        """The hub has committed everything up to this mark."""
        ...

    def rewind(self, marks: Mapping[str, Mark]) -> None:
        """A new call begins at these marks."""
        ...


class Stalled(TimeoutError):
    """The hub took it, and said nothing more of it."""


async def _nothing(_: pb.Welcome) -> None:
    """A Welcome that says nothing but its marks."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """Empties one outbox. `heed` takes note of what comes down, beside acknowledgements, and returns at once.

    `welcomed` is told of the Welcome before anything is sent; `meanwhile` runs beside, and when it returns
    the call is broken off. `quiet_s`: how long the hub may say nothing.
    """

    outbox: Box
    heed: Callable[[pb.HubMessage], None]
    welcomed: Callable[[pb.Welcome], Awaitable[None]] = _nothing
    meanwhile: Callable[[], Coroutine[None, None, None]] | None = None
    quiet_s: float | None = None

    async def hold(self, stub: Any, hello: Hello) -> bool:
        """One call from beginning to end. True: everything is said; false: `meanwhile` broke it off.

        Raises `AioRpcError`, `Stalled` or another `TimeoutError`.
        """
        call: Call = stub.Stream()
        await call.write(pb.DeviceMessage(hello=encode_hello(hello)))
        async with asyncio.timeout(ANSWER_S):  # `wait_for` of Python 3.11 may swallow a cancellation
            welcome = await call.read()
        if not isinstance(welcome, pb.HubMessage) or welcome.WhichOneof("kind") != "welcome":
            await _raise_status(call)
        await self.welcomed(welcome.welcome)
        self.outbox.rewind({mark.stream: _mark(mark) for mark in welcome.welcome.marks})
        return await self._both_ways(call)

    async def _both_ways(self, call: Call) -> bool:
        """Sends and receives until one side ends; true when it was this one, with everything said."""
        async with asyncio.TaskGroup() as tasks:
            sender, receiver = tasks.create_task(self._send(call)), tasks.create_task(self._receive(call))
            beside = {tasks.create_task(self.meanwhile())} if self.meanwhile is not None else set()
            await asyncio.wait({receiver, *beside}, return_when=asyncio.FIRST_COMPLETED)
            said_all = sender.done() and not sender.cancelled() and sender.result()
            for task in (sender, receiver, *beside):
                task.cancel()  # whoever is cancelled while it reads breaks the call off
        if receiver.cancelled():
            return False
        return self._judged(receiver.result(), said_all)

    def _judged(self, end: grpc.aio.AioRpcError | Stalled, said_all: bool) -> bool:
        """What the end of the call means: after the last word only what the hub still owes counts."""
        usual = isinstance(end, grpc.aio.AioRpcError) and end.code() is grpc.StatusCode.OK
        if said_all and (usual or self.outbox.settled):
            return True
        raise end

    async def _send(self, call: Call) -> bool:
        """Sends until everything is said (true) or the call is over (false; `_receive` learns why)."""
        try:
            while (frame := await self.outbox.next()) is not None:
                await call.write(pb.DeviceMessage(frame=encode_frame(frame)))
            await call.done_writing()
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            return False
        return True

    async def _receive(self, call: Call) -> grpc.aio.AioRpcError | Stalled:
        """Hears the hub until it ends the call, or says nothing for too long: how it ended."""
        try:
            while isinstance(message := await self._heard(call), pb.HubMessage):
                self.heed(message)
                if message.HasField("ack"):
                    self.outbox.ack(message.ack.stream, _mark(message.ack))
            await _raise_status(call)
        except (grpc.aio.AioRpcError, Stalled) as end:
            return end

    async def _heard(self, call: Call) -> object:
        try:
            async with asyncio.timeout(self.quiet_s):
                return await call.read()
        except TimeoutError as error:
            raise Stalled("it takes no more") from error


def _mark(ack: pb.Ack) -> Mark:
    return Mark(sequence=ack.sequence, captured_ns=ack.captured_ns)


async def _raise_status(call: Call) -> NoReturn:
    """The end of a call as an error, whatever its status."""
    code, details = await call.code(), await call.details()
    raise grpc.aio.AioRpcError(
        code, await call.initial_metadata(), await call.trailing_metadata(), details=details or "the stream ended"
    )
