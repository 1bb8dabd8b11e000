"""One stream in memory: its frames in order, how far they have come, and how neighbours are joined (pure)."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from sotto_device.framer import JITTER_NS
from sotto_proto.records import Audio, CaptureTime, Frame, Gap, GapKind, GazeBatch, Mark, Picture

FRAME_BYTES: Final = 480
"""What a frame without content takes in memory."""

CHUNK_BYTES: Final = 64
"""What each packet or gaze point takes beside its content."""

LONGEST_JOINED_NS: Final = 60_000_000_000
LONGEST_BLURRED_NS: Final = 3_600_000_000_000
BUFFER_FULL: Final = "buffer_full"
NOWHERE: Final = CaptureTime(monotonic_ns=0, wall_ns=0)
NOTHING: Final = Mark()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How far one stream has come: what it captured last, when that ended, what the hub has acknowledged, what was
    dropped from the disk for room.
    """

    last: Mark = NOTHING
    end: CaptureTime = NOWHERE
    acked: Mark = NOTHING
    dropped: Mark = NOTHING

    @property
    def owed_ns(self) -> int:
        """Captured and not acknowledged."""
        return max(0, self.last.captured_ns - self.acked.captured_ns)


def weight(frame: Frame) -> int:
    """About how many bytes of memory a frame takes."""
    match frame.body:
        case Audio(packets=packets):
            return FRAME_BYTES + sum(len(p) + CHUNK_BYTES for p in packets)
        case Picture(jpeg=jpeg):
            return FRAME_BYTES + len(jpeg)
        case GazeBatch(points=points):
            return FRAME_BYTES + 2 * CHUNK_BYTES * len(points)
        case _:
            return FRAME_BYTES


def mark_of(frame: Frame) -> Mark:
    """How far its stream has come with this frame."""
    return Mark(sequence=frame.sequence, captured_ns=frame.captured_ns)


def end_of(frame: Frame) -> CaptureTime:
    """When its span ended, on both clocks."""
    return CaptureTime(monotonic_ns=frame.at.monotonic_ns + frame.duration_ns, wall_ns=frame.end_wall_ns)


def joined(first: Frame, second: Frame) -> Frame | None:
    """Two neighbouring gaps as one, under the first's number; `None` where they are not of one kind and reason."""
    touch = abs(first.at.monotonic_ns + first.duration_ns - second.at.monotonic_ns) <= JITTER_NS
    long = first.duration_ns + second.duration_ns > LONGEST_JOINED_NS
    if not isinstance(first.body, Gap) or first.body != second.body or not touch or long:
        return None
    return _both(first, second, first.body)


def blurred(first: Frame, second: Frame) -> Frame | None:
    """The last resort of a full spool: neighbouring gaps of any kind as one loss. What was OFF stays apart."""
    bodies = (first.body, second.body)
    if not all(isinstance(body, Gap) and body.kind is not GapKind.OFF for body in bodies):
        return None
    both = _both(first, second, Gap(kind=GapKind.LOST, reason=BUFFER_FULL))
    return both if both.duration_ns <= LONGEST_BLURRED_NS else None


def _both(first: Frame, second: Frame, body: Gap) -> Frame:
    duration_ns = first.duration_ns + second.duration_ns
    return replace(first, duration_ns=duration_ns, captured_ns=second.captured_ns, body=body)


@dataclass(slots=True, kw_only=True)
class Lane:
    """One stream: the frames in memory that the hub has not acknowledged, in order.

    `sent`: how far this connection has come. `seen`: numbers up to here are fixed for ever: they went out once, or
    lie on the disk. `shift`: numbers that joining has saved. `base_ns`: captured by an earlier run of this boot.
    `acked`: how far the hub has come; `known`: the furthest it ever said; `dropped`: what made room on the disk.
    """

    frames: list[Frame] = field(default_factory=list)
    sent: Mark = NOTHING
    seen: int = 0
    shift: int = 0
    base_ns: int = 0
    acked: Mark = NOTHING
    known: Mark = NOTHING
    dropped: Mark = NOTHING
    last: Mark = NOTHING
    end: CaptureTime = NOWHERE

    def numbered(self, frame: Frame) -> Frame:
        """The frame under the number and the count that it has here."""
        return replace(frame, sequence=frame.sequence - self.shift, captured_ns=frame.captured_ns + self.base_ns)

    def after(self, sequence: int) -> int:
        """Index of the first frame beyond a number."""
        return bisect_right(self.frames, sequence, key=lambda f: f.sequence)

    def head(self) -> Frame | None:
        """The next frame to send."""
        index = self.after(self.sent.sequence)
        return self.frames[index] if index < len(self.frames) else None

    def went(self, frame: Frame) -> None:
        """The frame is on the wire."""
        self.sent = mark_of(frame)
        self.seen = max(self.seen, frame.sequence)
        if frame.sequence > self.last.sequence:  # from a disk whose tally is older
            self.last = self.sent

    def take(self, sequence: int) -> list[Frame]:
        """Removes and returns all frames up to a number."""
        gone = self.after(sequence)
        taken = self.frames[:gone]
        del self.frames[:gone]
        return taken

    def count(self) -> Count:
        """How far the stream has come."""
        return Count(last=self.last, end=self.end, acked=self.known, dropped=self.dropped)

    def remember_end(self) -> None:
        """Takes note of how far the newest frame comes."""
        if self.frames:
            self.last, self.end = mark_of(self.frames[-1]), end_of(self.frames[-1])

    def rejoin(self, join: Callable[[Frame, Frame], Frame | None]) -> None:
        """Joins what nobody has seen yet and numbers it anew."""
        first_free = self.after(self.seen)
        kept, tail = self.frames[:first_free], self.frames[first_free:]
        number = tail[0].sequence if tail else 0
        fresh: list[Frame] = []
        for frame in tail:
            merged = join(fresh[-1], frame) if fresh else None
            if merged is not None:
                fresh[-1] = merged
            else:
                fresh.append(replace(frame, sequence=number + len(fresh)))
        self.shift += len(tail) - len(fresh)
        self.frames = kept + fresh
        self.remember_end()
