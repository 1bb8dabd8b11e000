"""Recorded sound as a device would send it: voice probabilities, a gate with pre-roll and hangover, Opus, frames.

The device's own voice detection and gate, without its clock and its link, so that hearing can be measured alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sotto_device.gate import Gate, GateRules
from sotto_device.gate import Packet as GatePacket
from sotto_device.vad import SileroVoice
from sotto_proto.records import PACKET_NS, Audio, Body, CaptureTime, Frame, Gap, GapKind

Pcm = NDArray[np.int16]
PACKET = 320
PER_FRAME = 5
START_NS = 1_772_434_800_000_000_000
DATA = Path(__file__).parents[2] / "data"
FIXTURE = DATA / "whisper-nano-fixture"
DEMO_AUDIO = Path(__file__).parents[3] / "hub/sotto_hub/surfaces/demo_day/audio"


def read_sound(path: Path) -> Pcm:
    """A sound file as 16 kHz mono int16."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
    with av.open(str(path)) as file:
        blocks = [
            part.to_ndarray().reshape(-1) for frame in file.decode(audio=0) for part in resampler.resample(frame)
        ]
    return np.concatenate(blocks).astype(np.int16)


def silence(seconds: float) -> Pcm:
    """Faint noise, the same every time: real rooms are never digitally silent."""
    noise = np.random.default_rng(7).normal(0, 4, round(seconds * 16_000))
    return noise.astype(np.int16)


def packets_of(pcm: Pcm) -> list[bytes]:
    """Whole packets of 20 ms."""
    return [pcm[at : at + PACKET].tobytes() for at in range(0, len(pcm) - PACKET + 1, PACKET)]


def voice_of(pcm: Pcm) -> bytes:
    """The device's speech probability of every packet, 0..255."""
    detector = SileroVoice()
    return b"".join([*(detector.judge(packet) for packet in packets_of(pcm)), detector.finish()])


def encode(pcm: Pcm) -> list[bytes]:
    """Opus packets of 20 ms, as a device makes them."""
    import av

    codec: Any = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = 16_000, "mono", "s16", 24_000
    codec.options = {"frame_duration": "20", "application": "voip"}
    packets = []
    for at in range(0, len(pcm) - PACKET + 1, PACKET):
        block = av.AudioFrame.from_ndarray(pcm[at : at + PACKET].reshape(1, -1), format="s16", layout="mono")
        block.sample_rate, block.pts = 16_000, at
        packets += [bytes(packet) for packet in codec.encode(block)]
    return packets


def sent(voice: bytes) -> list[bool]:
    """Which packets the device's gate lets through: speech, what came just before it, and what follows."""
    gate, silent = Gate(GateRules()), GatePacket(at=CaptureTime(monotonic_ns=0, wall_ns=0), pcm=b"")
    decided = [found for value in voice for found in gate.push(silent, value)]
    return [found.speech for found in (*decided, *gate.finish())]


@dataclass
class Microphone:
    """Numbers frames of one stream from 1 and keeps its clock."""

    now_ns: int = START_NS
    captured_ns: int = 0
    sequence: int = 0

    def frame(self, body: Body, duration_ns: int) -> Frame:
        """The next frame."""
        at = CaptureTime(monotonic_ns=self.now_ns - START_NS, wall_ns=self.now_ns)
        off = isinstance(body, Gap) and body.kind is GapKind.OFF
        self.sequence += 1
        self.now_ns += duration_ns
        self.captured_ns += 0 if off else duration_ns
        return Frame(
            stream="mic",
            sequence=self.sequence,
            at=at,
            duration_ns=duration_ns,
            captured_ns=self.captured_ns,
            body=body,
        )

    def gap(self, kind: GapKind, seconds: float, reason: str = "") -> Frame:
        """A span of which nothing is sent."""
        return self.frame(Gap(kind=kind, reason=reason), round(seconds * 1e9))

    def audio(self, packets: Sequence[bytes], voice: bytes) -> Iterator[Frame]:
        """Sound in frames of five packets."""
        for at in range(0, len(packets), PER_FRAME):
            part = tuple(packets[at : at + PER_FRAME])
            yield self.frame(Audio(packets=part, voice=voice[at : at + PER_FRAME]), len(part) * PACKET_NS)

    def scene(self, pcm: Pcm, voice: bytes | None = None) -> Iterator[Frame]:
        """One recording through the gate: runs of sound and silent gaps of at most a second."""
        voice = voice_of(pcm) if voice is None else voice
        passed = sent(voice)
        at = 0
        while at < len(voice):
            end = next((n for n in range(at, len(voice)) if passed[n] != passed[at]), len(voice))
            if passed[at]:
                yield from self.audio(encode(pcm[at * PACKET : end * PACKET]), voice[at:end])
            else:
                yield from self._silent(end - at)
            at = end

    def _silent(self, packets: int) -> Iterator[Frame]:
        while packets > 0:
            yield self.gap(GapKind.SILENT, min(packets, 50) * 0.02)
            packets -= 50


def resent(frames: Sequence[Frame], after: int) -> list[Frame]:
    """The frames that a device sends again after a reconnect, from the mark on."""
    return [replace(frame) for frame in frames if frame.sequence > after]
