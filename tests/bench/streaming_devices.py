"""The devices of `tests.bench.streams`, in a process of their own: many connections, one thin loop each."""

import asyncio
import json
import random
import sys
import time
from array import array
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

import grpc.aio

from sotto_device.opus import OpusCoder
from sotto_proto.codec import encode_hello
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.records import PACKET_NS, Hello, Modality, MuteState, StreamInfo
from sotto_proto.secure import secure_channel
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub

PACKETS = 5
FRAME_NS = PACKETS * PACKET_NS
CYCLE = 100
SPOKEN = 30
"""Of every hundred frames so many are speech."""

PATIENCE_S = 2.0


@dataclass
class Report:
    """What the devices saw. Latencies are from the instant a frame was due to its acknowledgement."""

    took_s: float
    sent: int
    unacknowledged: int
    ack_p50_ms: float
    ack_p99_ms: float


def sound() -> list[bytes]:
    """Opus packets of noise: as large as speech."""
    coder, noise = OpusCoder(), random.Random(1)
    pcm = [array("h", [noise.randint(-6000, 6000) for _ in range(320)]).tobytes() for _ in range(200)]
    return [coder.encode(block) for block in pcm]


@dataclass
class Device:
    """One connection."""

    credentials: Credentials
    packets: list[bytes]
    phase: int
    due: "deque[tuple[int, int]]" = field(default_factory=deque)
    acks_ms: list[float] = field(default_factory=list)
    sent: int = 0

    async def live(self, start_ns: int, frames: int) -> None:
        """Sends so many frames, each when it is due."""
        async with secure_channel(self.credentials) as channel:
            call = SensorLinkStub(channel).Stream()
            await call.write(pb.DeviceMessage(hello=encode_hello(hello(self.credentials.peer_id))))
            await call.read()
            listening = asyncio.create_task(self.listen(call))
            for number in range(1, frames + 1):
                await until(start_ns + number * FRAME_NS)
                await call.write(self.frame(number, start_ns + (number - 1) * FRAME_NS))
            await call.write(self.end(frames + 1, start_ns + frames * FRAME_NS))
            await self.drained()
            listening.cancel()
            call.cancel()

    def frame(self, number: int, wall_ns: int) -> pb.DeviceMessage:
        """Speech or not, five packets."""
        voice = bytes([230 if (number + self.phase) % CYCLE < SPOKEN else 10]) * PACKETS
        at = (number * PACKETS) % (len(self.packets) - PACKETS)
        self.note(number, wall_ns + FRAME_NS)
        return pb.DeviceMessage(
            frame=pb.Frame(
                stream="mic",
                sequence=number,
                at=pb.CaptureTime(monotonic_ns=number * FRAME_NS, wall_ns=wall_ns),
                duration_ns=FRAME_NS,
                captured_ns=number * FRAME_NS,
                audio=pb.Audio(packets=self.packets[at : at + PACKETS], voice=voice),
            )
        )

    def end(self, number: int, wall_ns: int) -> pb.DeviceMessage:
        """The sensor closes: whatever the ear held as the beginning of something is decided now."""
        self.note(number, wall_ns)
        return pb.DeviceMessage(
            frame=pb.Frame(
                stream="mic",
                sequence=number,
                at=pb.CaptureTime(monotonic_ns=number * FRAME_NS, wall_ns=wall_ns),
                captured_ns=(number - 1) * FRAME_NS,
                gap=pb.Gap(kind=pb.GAP_KIND_MUTED),
            )
        )

    def note(self, number: int, due_ns: int) -> None:
        """From here on it waits for its acknowledgement."""
        self.due.append((number, due_ns))
        self.sent += 1

    async def listen(self, call: "grpc.aio.StreamStreamCall[pb.DeviceMessage, pb.HubMessage]") -> None:
        while isinstance(message := await call.read(), pb.HubMessage):
            now_ns = time.time_ns()
            while self.due and message.HasField("ack") and self.due[0][0] <= message.ack.sequence:
                self.acks_ms.append((now_ns - self.due.popleft()[1]) / 1e6)

    async def drained(self) -> None:
        """Waits for the last acknowledgement, not for long."""
        deadline = time.monotonic() + PATIENCE_S
        while self.due and time.monotonic() < deadline:
            await asyncio.sleep(0.02)


def hello(boot: str) -> Hello:
    stream = StreamInfo(stream="mic", modality=Modality.AUDIO, live=True)
    return Hello(boot_id=boot, timezone="UTC", streams=(stream,), software="bench 1", mute=MuteState(muted=False))


async def until(wall_ns: int) -> None:
    """Sleeps until that time; not at all when it has passed."""
    await asyncio.sleep(max(0.0, (wall_ns - time.time_ns()) / 1e9))


async def main(folder: Path, streams: int, seconds: float) -> None:
    """Lives all devices at random phases and prints the report."""
    packets, chance = sound(), random.Random(streams)
    devices = [Device(load_credentials(folder / str(n)), packets, chance.randrange(CYCLE)) for n in range(streams)]
    began, start_ns = time.monotonic(), time.time_ns() + 1_000_000_000 + streams * 15_000_000
    async with asyncio.TaskGroup() as group:
        for device in devices:
            group.create_task(device.live(start_ns + chance.randrange(FRAME_NS), round(seconds * 10)))
    acks = sorted(ack for device in devices for ack in device.acks_ms)
    report = Report(
        took_s=time.monotonic() - began,
        sent=sum(device.sent for device in devices),
        unacknowledged=sum(len(device.due) for device in devices),
        ack_p50_ms=round(acks[len(acks) // 2], 1) if acks else 0.0,
        ack_p99_ms=round(acks[len(acks) * 99 // 100], 1) if acks else 0.0,
    )
    print(json.dumps(asdict(report)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
