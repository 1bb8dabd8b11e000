"""The real `sotto-device`, with a witness at its wire: `python -m tests.e2e.chaos.device_process LOG WAY run …`.

LOG is where the witness writes. The day is accelerated, and so is the wait before the hub is tried again: five times.
WAY is `honest`, or how this double shall go wrong: `doubling` sends every fiftieth sound a second time under a number
of its own, as a sender does that does not number before it stores.
"""

import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any, Final, Self

import grpc.aio

from sotto_proto.v1 import link_pb2 as pb
from tests.e2e.chaos.witness import heard, sent

STREAM: Final = "/sotto.v1.SensorLink/Stream"
DOUBLED: Final = 50
HASTE: Final = 5


class Log:
    """One write() a line, at the end of the file."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def write(self, row: dict[str, Any]) -> None:
        """Writes a line down."""
        os.write(self._file, json.dumps(row).encode() + b"\n")


class Doubling:
    """Sends some frames twice and shifts all numbers and sums, so that neither side sees a hole."""

    def __init__(self) -> None:
        self._twice: dict[str, list[tuple[int, int]]] = {}  # by stream: number on the wire, how long it was
        self._written = 0

    def out(self, frame: pb.Frame) -> list[pb.Frame]:
        """What goes out instead of a frame."""
        twice = self._twice.setdefault(frame.stream, [])
        one = _shifted(frame, len(twice), sum(ns for _, ns in twice))
        self._written += frame.HasField("audio")
        if self._written % DOUBLED or not frame.HasField("audio"):
            return [one]
        twice.append((one.sequence + 1, frame.duration_ns))
        return [one, _shifted(one, 1, frame.duration_ns)]

    def back(self, message: pb.HubMessage) -> pb.HubMessage:
        """What the device hears instead of an acknowledgement: its own numbers."""
        known = [ns for number, ns in self._twice.get(message.ack.stream, ()) if number <= message.ack.sequence]
        message.ack.sequence -= len(known)
        message.ack.captured_ns -= sum(known)
        return message


def _shifted(frame: pb.Frame, numbers: int, captured_ns: int) -> pb.Frame:
    moved = pb.Frame.FromString(frame.SerializeToString())
    moved.sequence += numbers
    moved.captured_ns += captured_ns
    return moved


class Call:
    """A stream whose messages are written down on their way."""

    def __init__(self, call: Any, log: Log, doubling: Doubling | None) -> None:
        self._call = call
        self._log = log
        self._doubling = doubling
        self._boot = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    async def write(self, message: pb.DeviceMessage) -> None:
        """A frame is written down before it goes out: what is not in the log was never sent."""
        if message.HasField("hello"):
            self._boot = message.hello.boot_id
        else:
            self._log.write(sent(self._boot, message.frame))
        for out in self._out(message):
            await self._call.write(out)

    async def read(self) -> Any:
        """An acknowledgement is written down before the device acts on it."""
        message = await self._call.read()
        if isinstance(message, pb.HubMessage):
            if self._doubling is not None and message.HasField("ack"):
                message = self._doubling.back(message)
            for row in heard(self._boot, message):
                self._log.write(row)
        return message

    async def __aiter__(self) -> AsyncIterator[Any]:
        while isinstance(message := await self.read(), pb.HubMessage):
            yield message

    def _out(self, message: pb.DeviceMessage) -> list[pb.DeviceMessage]:
        if self._doubling is None or message.HasField("hello"):
            return [message]
        return [pb.DeviceMessage(frame=frame) for frame in self._doubling.out(message.frame)]


class Channel:
    """A channel whose `Stream` has a witness."""

    def __init__(self, channel: grpc.aio.Channel, log: Log, doubling: Doubling | None) -> None:
        self._channel = channel
        self._log = log
        self._doubling = doubling

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    async def __aenter__(self) -> Self:
        await self._channel.__aenter__()
        return self

    async def __aexit__(self, *why: Any) -> None:
        await self._channel.__aexit__(*why)

    def stream_stream(self, method: str, *rest: Any, **named: Any) -> Any:
        """The stub's way to `Stream`."""
        start = self._channel.stream_stream(method, *rest, **named)
        if method != STREAM:
            return start
        return lambda *a, **k: Call(start(*a, **k), self._log, self._doubling)


def with_witness(log: Log, doubling: Doubling | None) -> None:
    """From now on every channel of this process has a witness."""
    make = grpc.aio.secure_channel

    def secure_channel(*arguments: Any, **named: Any) -> Any:
        return Channel(make(*arguments, **named), log, doubling)

    grpc.aio.secure_channel = secure_channel


def hurried() -> None:
    """From now on this device waits a fifth as long before it tries the hub again."""
    from sotto_device import backoff

    patient = backoff.backoff_s
    backoff.backoff_s = lambda attempt, chance: patient(attempt, chance) / HASTE


def main() -> int:
    from sotto_device.__main__ import main as device

    log, way, *words = sys.argv[1:]
    hurried()
    with_witness(Log(log), Doubling() if way == "doubling" else None)
    return device(words)


if __name__ == "__main__":
    sys.exit(main())
