"""Spans become numbered frames: five packets to a frame, gaps merged up to a limit (pure).

Stands between the gate and the spool. Whatever the order of calls, numbers have no holes and `captured_ns` is the sum
of all durations that are not OFF.
"""

from dataclasses import dataclass, replace
from typing import Final

from sotto_device.samples import later
from sotto_proto.records import PACKET_NS, Audio, Body, CaptureTime, Frame, Gap, GapKind

PACKETS_PER_FRAME: Final = 5
JITTER_NS: Final = 1_000_000
"""Spans that touch within this are one: live blocks are placed by a clock, not by counting alone."""

LONGEST_OFF_NS: Final = 6 * 86_400_000_000_000


class Numbering:
    """Numbers the frames of one stream and counts what it captured."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._sequence = 0
        self._captured_ns = 0

    def frame(self, at: CaptureTime, duration_ns: int, body: Body) -> Frame:
        """The next frame."""
        self._sequence += 1
        if not (isinstance(body, Gap) and body.kind is GapKind.OFF):
            self._captured_ns += duration_ns
        return Frame(
            stream=self._stream,
            sequence=self._sequence,
            at=at,
            duration_ns=duration_ns,
            captured_ns=self._captured_ns,
            body=body,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A frame that is still growing."""

    at: CaptureTime
    duration_ns: int
    body: Audio | Gap

    def touches(self, at: CaptureTime) -> bool:
        """Whether something that begins at `at` goes on where this ends."""
        return abs(self.at.monotonic_ns + self.duration_ns - at.monotonic_ns) <= JITTER_NS


class AudioFramer:
    """Collects packets and gaps of one audio stream; what is complete comes out as frames."""

    def __init__(self, stream: str, *, longest_gap_ns: int) -> None:
        self._numbering = Numbering(stream)
        self._longest_gap_ns = longest_gap_ns
        self._growing: Span | None = None

    def packet(self, at: CaptureTime, payload: bytes, voice: int) -> list[Frame]:
        """Takes one encoded packet of 20 ms."""
        now = self._growing
        if now is None or not isinstance(now.body, Audio) or not now.touches(at):
            return self._start(
                Span(at=at, duration_ns=PACKET_NS, body=Audio(packets=(payload,), voice=bytes([voice])))
            )
        body = Audio(packets=(*now.body.packets, payload), voice=now.body.voice + bytes([voice]))
        self._growing = replace(now, duration_ns=now.duration_ns + PACKET_NS, body=body)
        return self.flush() if len(body.packets) >= PACKETS_PER_FRAME else []

    def gap(self, at: CaptureTime, duration_ns: int, kind: GapKind, reason: str = "") -> list[Frame]:
        """Takes a span of which nothing is sent."""
        body = Gap(kind=kind, reason=reason)
        now = self._growing
        grows = now is not None and now.body == body and now.touches(at)
        frames = [] if grows else self._start(Span(at=at, duration_ns=0, body=body))
        return frames + self._grow(duration_ns, LONGEST_OFF_NS if kind is GapKind.OFF else self._longest_gap_ns)

    def flush(self) -> list[Frame]:
        """Whatever is growing is complete."""
        now, self._growing = self._growing, None
        return [] if now is None else [self._numbering.frame(now.at, now.duration_ns, now.body)]

    def _start(self, span: Span) -> list[Frame]:
        done = self.flush()
        self._growing = span
        return done

    def _grow(self, by_ns: int, limit_ns: int) -> list[Frame]:
        """Lengthens the growing gap; each time it reaches the limit it goes out."""
        frames: list[Frame] = []
        while (now := self._growing) is not None:
            room_ns = limit_ns - now.duration_ns
            self._growing = replace(now, duration_ns=now.duration_ns + min(by_ns, room_ns))
            if by_ns < room_ns:
                break
            by_ns -= room_ns
            rest = Span(at=later(now.at, limit_ns), duration_ns=0, body=now.body) if by_ns else None
            frames += self.flush()
            self._growing = rest
        return frames
