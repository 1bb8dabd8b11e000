"""What was sensed and is not yet acknowledged: bounded, in memory only, in order (pure).

    framer ─put─► waiting ─next─► on the wire ─ack─► gone
                     ▲               │
                     └──── rewind ───┘   (the link broke: all beyond the hub's marks is sent again)

Full, a recorded day waits (`has_room`), while a live source loses its oldest senses: each such frame turns into a gap
that says so. Frames that no hub has seen yet may be joined and renumbered; one that went over the wire keeps its
number for ever. So numbers never have holes, and nothing is lost in silence.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sotto_device.framer import JITTER_NS
from sotto_device.withhold import carries_sense, lost, withheld
from sotto_proto.records import Audio, Control, Frame, Gap, GapKind, GazeBatch, Picture

FRAME_BYTES: Final = 480
"""What a frame without content takes in memory."""

CHUNK_BYTES: Final = 64
"""What each packet or gaze point takes beside its content."""

LONGEST_JOINED_NS: Final = 60_000_000_000
LONGEST_BLURRED_NS: Final = 3_600_000_000_000
BUFFER_FULL: Final = "buffer_full"
RELIEF: Final = 0.95
"""A full live spool is brought down to this part of its bound at once, so that making room stays cheap."""


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
    """One stream: unacknowledged frames in order. `shift`: numbers that joining has saved. `sent`, `seen`: highest
    numbers that went out on this connection, and on any.
    """

    frames: list[Frame] = field(default_factory=list)
    sent: int = 0
    seen: int = 0
    shift: int = 0

    def after(self, sequence: int) -> int:
        """Index of the first frame beyond a number."""
        return bisect_right(self.frames, sequence, key=lambda f: f.sequence)

    def head(self) -> Frame | None:
        """The next frame to send."""
        if not self.frames:
            return None
        index = self.sent + 1 - self.frames[0].sequence
        return self.frames[max(0, index)] if index < len(self.frames) else None

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


class Spool:
    """Frames of all streams of one boot.

    `leader`: the stream that others wait for, so that frames go out in order of capture time. `live`: control
    overtakes and the oldest is lost when full; else everything goes in order and the source waits.
    """

    def __init__(self, *, bound_bytes: int, live: bool, leader: str = "mic") -> None:
        self._bound = bound_bytes
        self._live = live
        self._leader = leader
        self._lanes: dict[str, Lane] = {}
        self._bytes = 0
        self._frontier_ns: int | None = None  # the leader is complete up to here
        self.lost_ns = 0

    @property
    def waiting_bytes(self) -> int:
        """About how much memory the unacknowledged frames take."""
        return self._bytes

    @property
    def waiting_frames(self) -> int:
        """Frames that are not acknowledged."""
        return sum(len(lane.frames) for lane in self._lanes.values())

    @property
    def waiting_ns(self) -> int:
        """How much of what was sensed is not acknowledged, over all streams."""
        return sum(f.duration_ns for lane in self._lanes.values() for f in lane.frames if carries_sense(f))

    @property
    def has_room(self) -> bool:
        """Whether a source that can wait may go on."""
        return self._bytes < self._bound

    def put(self, frame: Frame) -> None:
        """Takes the next frame of its stream."""
        lane = self._lanes.setdefault(frame.stream, Lane())
        frame = replace(frame, sequence=frame.sequence - lane.shift)
        if frame.stream == self._leader:
            self._frontier_ns = frame.end_wall_ns
        if not self._join_last(lane, frame):
            lane.frames.append(frame)
            self._bytes += weight(frame)
        if self._live and self._bytes > self._bound:
            self._make_room()

    def next(self) -> Frame | None:
        """The frame to send now, and marks it as sent; `None`: nothing to send yet."""
        heads = [head for lane in self._lanes.values() if (head := lane.head()) is not None]
        frame = min(filter(self._may_go, heads), key=self._turn, default=None)
        if frame is not None:
            lane = self._lanes[frame.stream]
            lane.sent = frame.sequence
            lane.seen = max(lane.seen, lane.sent)
        return frame

    def ack(self, stream: str, sequence: int) -> None:
        """The hub has committed everything up to this number; what it never got cannot be acknowledged."""
        lane = self._lanes.get(stream)
        if lane is not None:
            gone = lane.after(min(sequence, lane.seen))
            self._bytes -= sum(weight(f) for f in lane.frames[:gone])
            del lane.frames[:gone]

    def rewind(self, marks: Mapping[str, int]) -> None:
        """A new connection: what is beyond the hub's marks has to be sent again."""
        for stream, lane in self._lanes.items():
            self.ack(stream, marks.get(stream, 0))
            lane.sent = lane.frames[0].sequence - 1 if lane.frames else lane.seen

    def withhold(self, from_wall_ns: int, to_wall_ns: int) -> None:
        """Off the record: nothing that was sensed in [from, to) stays here."""
        for lane in self._lanes.values():
            lane.frames = [withheld(frame, from_wall_ns, to_wall_ns) for frame in lane.frames]
        self._weigh()

    def _may_go(self, frame: Frame) -> bool:
        """Whether nothing of the leader that is older can still come. A full spool lets everything go."""
        if frame.stream == self._leader or isinstance(frame.body, Control) or not self.has_room:
            return True
        return self._frontier_ns is not None and frame.at.wall_ns <= self._frontier_ns

    def _turn(self, frame: Frame) -> tuple[int, int]:
        if isinstance(frame.body, Control):
            return (0 if self._live else frame.at.wall_ns, 0)
        return (frame.at.wall_ns, 1)

    def _join_last(self, lane: Lane, frame: Frame) -> bool:
        """Lengthens the last gap instead, where the hub has not seen it: an absent hub costs next to no memory."""
        last = lane.frames[-1] if self._live and lane.frames else None
        merged = joined(last, frame) if last is not None and last.sequence > lane.seen else None
        if merged is None:
            return False
        lane.frames[-1] = merged
        lane.shift += 1
        return True

    def _make_room(self) -> None:
        """Turns the oldest senses into gaps until there is some air, then joins what may be joined."""
        excess = self._bytes - int(self._bound * RELIEF)
        doomed: dict[str, set[int]] = {}
        for frame in self._oldest():
            if excess <= 0:
                break
            excess -= weight(frame) - FRAME_BYTES
            doomed.setdefault(frame.stream, set()).add(frame.sequence)
            self.lost_ns += frame.duration_ns
        for stream, numbers in doomed.items():
            lane = self._lanes[stream]
            lane.frames = [lost(f, BUFFER_FULL) if f.sequence in numbers else f for f in lane.frames]
            lane.rejoin(joined)
        self._weigh()
        if self._bytes > self._bound:
            self._blur()

    def _blur(self) -> None:
        for lane in self._lanes.values():
            lane.rejoin(blurred)
        self._weigh()

    def _oldest(self) -> Iterator[Frame]:
        senses = (frame for lane in self._lanes.values() for frame in lane.frames if carries_sense(frame))
        return iter(sorted(senses, key=lambda f: f.at.wall_ns))

    def _weigh(self) -> None:
        self._bytes = sum(weight(f) for lane in self._lanes.values() for f in lane.frames)
