"""Sound becomes frames: packets of 20 ms are judged, gated, encoded and framed.

The parts are behind protocols, so that this file decides nothing by a model or a clock of its own.
"""

from collections import deque
from typing import Final

from sotto_device.framer import JITTER_NS, AudioFramer
from sotto_device.gate import Gate, Gated, Packet
from sotto_device.opus import Coder
from sotto_device.samples import SAMPLE_BYTES, SAMPLE_NS, AudioSample, later
from sotto_device.vad import PACKET_BYTES, Voice
from sotto_proto.records import PACKET_NS, CaptureTime, Frame, GapKind

CUT: Final = "cut"
"""The reason of the loss of less than 20 ms where speech is cut off in the middle of a packet."""


class Listening:
    """One audio stream from blocks of sound to frames."""

    def __init__(self, *, voice: Voice, gate: Gate, coder: Coder, framer: AudioFramer) -> None:
        self._voice = voice
        self._gate = gate
        self._coder = coder
        self._framer = framer
        self._unjudged: deque[Packet] = deque()
        self._tail = b""  # less than one packet of sound
        self._next: CaptureTime | None = None  # where the next block is expected

    def hear(self, sample: AudioSample) -> list[Frame]:
        """Takes a block of sound."""
        frames = [] if self._goes_on(sample.at) else self.cut()
        start = later(sample.at, -(len(self._tail) // SAMPLE_BYTES * SAMPLE_NS))
        sound = self._tail + sample.pcm
        whole = len(sound) - len(sound) % PACKET_BYTES
        for number, offset in enumerate(range(0, whole, PACKET_BYTES)):
            at = later(start, number * PACKET_NS)
            frames += self._judge(Packet(at=at, pcm=sound[offset : offset + PACKET_BYTES]))
        self._tail = sound[whole:]
        self._next = later(sample.at, sample.duration_ns)
        return frames

    def absent(self, at: CaptureTime, duration_ns: int, kind: GapKind, reason: str = "") -> list[Frame]:
        """Takes a span without sound; what came before it is decided now."""
        frames = self._settle()
        self._next = None
        return frames + self._framer.gap(at, duration_ns, kind, reason)

    def cut(self) -> list[Frame]:
        """Decides and completes all that came so far."""
        frames = self._settle()
        self._next = None
        return frames + self._framer.flush()

    def _goes_on(self, at: CaptureTime) -> bool:
        return self._next is not None and abs(self._next.monotonic_ns - at.monotonic_ns) <= JITTER_NS

    def _settle(self) -> list[Frame]:
        frames = self._decide(self._voice.finish())
        speaking = self._gate.is_open
        for gated in self._gate.finish():
            frames += self._pass(gated)
        self._coder.restart()
        return frames + self._drop_tail(speaking=speaking)

    def _drop_tail(self, *, speaking: bool) -> list[Frame]:
        """Less than 20 ms cannot be encoded: silence, or, while somebody speaks, a loss that is named."""
        tail, self._tail = self._tail, b""
        if not tail or self._next is None:
            return []
        duration_ns = len(tail) // SAMPLE_BYTES * SAMPLE_NS
        kind, reason = (GapKind.LOST, CUT) if speaking else (GapKind.SILENT, "")
        return self._framer.gap(later(self._next, -duration_ns), duration_ns, kind, reason)

    def _judge(self, packet: Packet) -> list[Frame]:
        self._unjudged.append(packet)
        return self._decide(self._voice.judge(packet.pcm))

    def _decide(self, voices: bytes) -> list[Frame]:
        frames: list[Frame] = []
        for voice in voices:
            for gated in self._gate.push(self._unjudged.popleft(), voice):
                frames += self._pass(gated)
        return frames

    def _pass(self, gated: Gated) -> list[Frame]:
        at = gated.packet.at
        if gated.speech:
            return self._framer.packet(at, self._coder.encode(gated.packet.pcm), gated.voice)
        self._coder.restart()
        return self._framer.gap(at, PACKET_NS, GapKind.SILENT)
