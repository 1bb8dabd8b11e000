"""One `Stream` call: a Hello, a Welcome, frames up, acknowledgements and commands down, until one side ends it.

Used by the uplink, for the boot that is running and for those before it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import grpc
import grpc.aio

from sotto_device.outbox import Outbox
from sotto_proto.codec import encode_frame, encode_hello
from sotto_proto.records import Hello, Mark
from sotto_proto.v1 import link_pb2 as pb

ANSWER_S: Final = 10.0
Call = grpc.aio.StreamStreamCall[pb.DeviceMessage, pb.HubMessage]


async def _nothing(_: pb.Welcome) -> None:
    """A Welcome that says nothing but its marks."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """Empties one outbox. `heed` takes note of what comes down, beside acknowledgements, and returns at once.

    `welcomed` is told of the Welcome before anything is sent; `meanwhile` runs beside, for as long as the call lasts.
    """

    outbox: Outbox
    heed: Callable[[pb.HubMessage], None]
    welcomed: Callable[[pb.Welcome], Awaitable[None]] = _nothing
    meanwhile: Callable[[], Coroutine[None, None, None]] | None = None

    async def hold(self, stub: Any, hello: Hello) -> bool:
        """One call from beginning to end. True: everything is said. Raises `AioRpcError` or `TimeoutError`."""
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
            sender = tasks.create_task(self._send(call))
            beside = [tasks.create_task(self.meanwhile())] if self.meanwhile is not None else []
            failure = await self._receive(call)
            said_all = sender.done() and not sender.cancelled() and sender.result()
            for task in (sender, *beside):
                task.cancel()
        if failure is not None and not said_all:
            raise failure
        return said_all

    async def _send(self, call: Call) -> bool:
        """Sends until everything is said (true) or the call is over (false; `_receive` learns why)."""
        try:
            while (frame := await self.outbox.next()) is not None:
                await call.write(pb.DeviceMessage(frame=encode_frame(frame)))
            await call.done_writing()
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            return False
        return True

    async def _receive(self, call: Call) -> grpc.aio.AioRpcError | None:
        """Hears the hub until it ends the call; why, when it was not the usual end."""
        try:
            while isinstance(message := await call.read(), pb.HubMessage):
                self.heed(message)
                if message.HasField("ack"):
                    self.outbox.ack(message.ack.stream, _mark(message.ack))
            await _raise_status(call)
        except grpc.aio.AioRpcError as error:
            return error


def _mark(ack: pb.Ack) -> Mark:
    return Mark(sequence=ack.sequence, captured_ns=ack.captured_ns)


async def _raise_status(call: Call) -> NoReturn:
    """The end of a call as an error, whatever its status."""
    code, details = await call.code(), await call.details()
    raise grpc.aio.AioRpcError(
        code, await call.initial_metadata(), await call.trailing_metadata(), details=details or "the stream ended"
    )
