"""The link to the hub, for as long as the daemon runs: connects, sends, resumes, and obeys.

    away ──channel, echo, Hello──► welcomed ──frames up, acknowledgements and commands down──► broken ──back-off─┐
     ▲───────────────────────────────────────────────────────────────────────────────────────────────────────────┘

That the hub is away is said once, and once that it is back. Nothing is dropped here: the outbox keeps what is not
acknowledged, and a new connection begins at the marks of the hub's Welcome.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import grpc
import grpc.aio

from sotto_device.backoff import backoff_s
from sotto_device.echo import Echo, best
from sotto_device.errors import LinkRefused, NotPaired
from sotto_device.outbox import Outbox
from sotto_proto.codec import decode_mute, encode_frame, encode_hello
from sotto_proto.records import Control, Hello, MuteState, OffTheRecord
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub

LOG: Final = logging.getLogger("sotto.uplink")
ECHOES: Final = 5
ANSWER_S: Final = 10.0
GOODBYE_S: Final = 2.0
Call = grpc.aio.StreamStreamCall[pb.DeviceMessage, pb.HubMessage]

_UNPAIRED: Final = {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}
_REFUSED: Final = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.OUT_OF_RANGE,
}
_WHY: Final = {
    grpc.StatusCode.UNAVAILABLE: "it cannot be reached",
    grpc.StatusCode.DEADLINE_EXCEEDED: "it does not answer",
    grpc.StatusCode.OK: "it has ended the stream",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "its disk is full",
    grpc.StatusCode.ABORTED: "another connection of this device took over",
}


@dataclass(slots=True, kw_only=True)
class Uplink:
    """One device's link to its hub.

    `connect` makes a channel. `hello` tells who is speaking, given the best echo. `obey` takes note of a command of
    the hub and returns at once: acknowledgements must not wait for it. `read_wall_ns` is the live clock, or `None`
    for a recorded day. `welcomed` is set while the hub takes frames.
    """

    address: str
    connect: Callable[[], grpc.aio.Channel]
    hello: Callable[[Echo | None], Hello]
    outbox: Outbox
    obey: Callable[[Control], None]
    read_wall_ns: Callable[[], int] | None = None
    chance: Callable[[], float] = random.random
    welcomed: asyncio.Event = field(default_factory=asyncio.Event)
    _attempt: int = 0
    _away: bool = False
    _offset_ns: int = 0

    async def run(self) -> None:
        """Keeps the link up until the outbox is closed and empty. Raises `NotPaired` or `LinkRefused`."""
        while not await self._attempted():
            await asyncio.sleep(backoff_s(self._attempt, self.chance()))
            self._attempt += 1

    async def _attempted(self) -> bool:
        """One connection, from beginning to end. True: everything is said."""
        try:
            async with self.connect() as channel:
                return await self._session(SensorLinkStub(channel))
        except grpc.aio.AioRpcError as error:
            self._say_away(judged(error, self.address))
        except (TimeoutError, asyncio.InvalidStateError):
            self._say_away("it does not answer")
        finally:
            self.welcomed.clear()
        return False

    async def _session(self, stub: Any) -> bool:
        echo = await self._echoed(stub)
        self._offset_ns = 0 if echo is None else echo.offset_ns
        call: Call = stub.Stream()
        await call.write(pb.DeviceMessage(hello=encode_hello(self.hello(echo))))
        async with asyncio.timeout(ANSWER_S):  # `wait_for` of Python 3.11 may swallow a cancellation
            welcome = await call.read()
        if not isinstance(welcome, pb.HubMessage) or welcome.WhichOneof("kind") != "welcome":
            await _raise_status(call)
        self.outbox.rewind({mark.stream: mark.sequence for mark in welcome.welcome.marks})
        self.welcomed.set()
        return await self._both_ways(call)

    async def _both_ways(self, call: Call) -> bool:
        """Sends and receives until one side ends; true when it was this one, with everything said."""
        async with asyncio.TaskGroup() as tasks:
            sender = tasks.create_task(self._send(call))
            failure = await self._receive(call)
            said_all = sender.done() and not sender.cancelled() and sender.result()
            sender.cancel()
        if failure is not None and not said_all:
            raise failure
        return said_all

    async def _echoed(self, stub: Any) -> Echo | None:
        """The best of a few echoes of the hub's clock; none for a recorded day, which has its own calendar."""
        read = self.read_wall_ns
        if read is None:
            return None
        return best([await self._one_echo(stub, read) for _ in range(ECHOES)])

    @staticmethod
    async def _one_echo(stub: Any, read: Callable[[], int]) -> Echo:
        sent_ns = read()
        pong = await stub.SyncClock(pb.ClockPing(sent_ns=sent_ns), timeout=ANSWER_S)
        return Echo(sent_ns=sent_ns, hub_ns=pong.hub_ns, received_ns=read())

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
                self._heed(message)
            await _raise_status(call)
        except grpc.aio.AioRpcError as error:
            return error

    def _heed(self, message: pb.HubMessage) -> None:
        match message.WhichOneof("kind"):
            case "ack":
                self._say_back()
                self.outbox.ack(message.ack.stream, message.ack.sequence)
            case "command":
                self._command(message.command)
            case "whisper":
                LOG.info("whisper %s: %d characters", message.whisper.suggestion_id, len(message.whisper.text))

    def _command(self, command: pb.Command) -> None:
        """Does what the wearer asked for elsewhere; the hub's times become the device's."""
        if command.HasField("off_the_record"):
            self.obey(OffTheRecord(last_ns=command.off_the_record.last_ns))
        elif command.HasField("mute"):
            mute = decode_mute(command.mute)
            until = None if mute.until_wall_ns is None else mute.until_wall_ns - self._offset_ns
            self.obey(MuteState(muted=mute.muted, until_wall_ns=until))

    def _say_away(self, why: str) -> None:
        if not self._away:
            LOG.warning("The hub at %s is away (%s). What is sensed waits here; trying again.", self.address, why)
        self._away = True

    def _say_back(self) -> None:
        """A hub is back when it commits again; one that greets and then breaks is not."""
        if self._away:
            LOG.warning("The hub at %s is back.", self.address)
        self._away, self._attempt = False, 0


def judged(error: grpc.aio.AioRpcError, address: str) -> str:
    """Why the hub is away, in a few words. Raises `DeviceError` where trying again would not help."""
    details = error.details() or ""
    if error.code() in _UNPAIRED:
        raise NotPaired("unpaired", f"the hub at {address} does not accept this device: pair it again ({details})")
    if error.code() in _REFUSED:
        raise LinkRefused(
            "refused", f"the hub at {address} refuses what this device sends: are both of one version? ({details})"
        )
    if "handshake failed" in details:
        return "something else answers there, or its certificate is not the one that this device was paired with"
    return _WHY.get(error.code(), error.code().name.lower().replace("_", " "))


async def _raise_status(call: Call) -> NoReturn:
    """The end of a call as an error, whatever its status."""
    code, details = await call.code(), await call.details()
    raise grpc.aio.AioRpcError(
        code, await call.initial_metadata(), await call.trailing_metadata(), details=details or "the stream ended"
    )
