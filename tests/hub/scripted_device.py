"""A device without senses: says hello, sends the frames it is told to send, and expects acknowledgements."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import grpc.aio

from sotto_proto.codec import encode_frame, encode_hello
from sotto_proto.pairing import Credentials, secure_channel
from sotto_proto.records import (
    Audio,
    Body,
    CaptureTime,
    Frame,
    Gap,
    GapKind,
    Hello,
    Modality,
    MuteState,
    StreamInfo,
)
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub

START_NS: Final = 1_784_620_800_000_000_000
MS: Final = 1_000_000
SECOND: Final = 1_000 * MS
WAIT_S: Final = 10.0
QUIET_PACKET: Final = b"\xf8\xff\xfe"
"""20 ms of Opus."""

STREAMS: Final = (
    StreamInfo(stream="mic", modality=Modality.AUDIO, live=False),
    StreamInfo(stream="camera", modality=Modality.PICTURE, live=False),
    StreamInfo(stream="eyes", modality=Modality.GAZE, live=False),
    StreamInfo(stream="control", modality=Modality.CONTROL, live=False),
)


@dataclass
class Day:
    """Frames of one boot, numbered and timed as a device would."""

    now_ns: int = START_NS
    sequences: dict[str, int] = field(default_factory=dict)
    captured: dict[str, int] = field(default_factory=dict)

    def frame(self, stream: str, body: Body, duration_ns: int = 0, at_ns: int | None = None) -> Frame:
        self.sequences[stream] = self.sequences.get(stream, 0) + 1
        off = isinstance(body, Gap) and body.kind is GapKind.OFF
        self.captured[stream] = self.captured.get(stream, 0) + (0 if off else duration_ns)
        at = self.now_ns if at_ns is None else at_ns
        return Frame(
            stream=stream,
            sequence=self.sequences[stream],
            at=CaptureTime(monotonic_ns=max(at - START_NS, 0), wall_ns=at),
            duration_ns=duration_ns,
            captured_ns=self.captured[stream],
            body=body,
        )

    def speech(self, ms: int, voice: int = 255) -> list[Frame]:
        frames = []
        for _ in range(ms // 100):
            body = Audio(packets=(QUIET_PACKET,) * 5, voice=bytes([voice]) * 5)
            frames.append(self.frame("mic", body, 100 * MS))
            self.now_ns += 100 * MS
        return frames

    def gap(self, ms: int, kind: GapKind = GapKind.SILENT, reason: str = "", stream: str = "mic") -> list[Frame]:
        frame = self.frame(stream, Gap(kind=kind, reason=reason), ms * MS)
        self.now_ns += ms * MS
        return [frame]


class Line:
    """One open connection."""

    def __init__(self, call: "grpc.aio.StreamStreamCall[pb.DeviceMessage, pb.HubMessage]") -> None:
        self._call = call
        self._news = asyncio.Condition()
        self.welcome: dict[str, int] = {}
        self.acks: dict[str, int] = {}
        self.captured: dict[str, int] = {}
        self.commands: list[pb.Command] = []
        self.whispers: list[pb.Whisper] = []
        self.renew = False
        self.error: grpc.aio.AioRpcError | None = None

    async def send(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            await self._call.write(pb.DeviceMessage(frame=encode_frame(frame)))

    async def send_raw(self, message: pb.DeviceMessage) -> None:
        await self._call.write(message)

    async def hang_up(self) -> None:
        """Half-closes and waits until the hub has said its last word."""
        await self._call.done_writing()
        await self._call.code()

    async def acked(self, stream: str, sequence: int) -> None:
        async with asyncio.timeout(WAIT_S), self._news:
            await self._news.wait_for(lambda: self.acks.get(stream, 0) >= sequence or self.error is not None)
        assert self.acks.get(stream, 0) >= sequence, self.error

    async def commanded(self, count: int = 1) -> list[pb.Command]:
        async with asyncio.timeout(WAIT_S), self._news:
            await self._news.wait_for(lambda: len(self.commands) >= count)
        return self.commands

    async def broken(self) -> grpc.aio.AioRpcError:
        async with asyncio.timeout(WAIT_S), self._news:
            await self._news.wait_for(lambda: self.error is not None)
        assert self.error is not None
        return self.error

    async def listen(self, ready: asyncio.Event) -> None:
        try:
            async for message in self._call:
                await self._note(message)
                ready.set()
        except grpc.aio.AioRpcError as error:
            async with self._news:
                self.error = error
                self._news.notify_all()
        ready.set()

    async def _note(self, message: pb.HubMessage) -> None:
        async with self._news:
            match message.WhichOneof("kind"):
                case "welcome":
                    self.renew = message.welcome.renew
                    self.welcome = {mark.stream: mark.sequence for mark in message.welcome.marks}
                    self.captured = {mark.stream: mark.captured_ns for mark in message.welcome.marks}
                case "ack":
                    self.acks[message.ack.stream] = message.ack.sequence
                    self.captured[message.ack.stream] = message.ack.captured_ns
                case "command":
                    self.commands.append(message.command)
                case "whisper":
                    self.whispers.append(message.whisper)
            self._news.notify_all()


def hello(boot: str = "boot-1", streams: tuple[StreamInfo, ...] = STREAMS, *, muted: bool = False) -> Hello:
    return Hello(
        boot_id=boot,
        timezone="Europe/Stockholm",
        streams=streams,
        software="scripted 1",
        mute=MuteState(muted=muted),
    )


@asynccontextmanager
async def connected(credentials: Credentials, greeting: Hello | None = None) -> AsyncIterator[Line]:
    """A connection that has been welcomed, or refused (`line.error`). Leaving breaks it off, as a crash would."""
    async with secure_channel(credentials) as channel:
        call = SensorLinkStub(channel).Stream()
        line, ready = Line(call), asyncio.Event()
        await call.write(pb.DeviceMessage(hello=encode_hello(greeting or hello())))
        listening = asyncio.create_task(line.listen(ready))
        try:
            async with asyncio.timeout(WAIT_S):
                await ready.wait()
            yield line
        finally:
            call.cancel()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
