"""What was sensed and is not yet acknowledged, in memory: bounded, in order (pure).

    framer ─put─► waiting ─next─► on the wire ─ack─► gone
                     ▲    │          │
                     │    └─ spilled: sealed on the disk, from where it goes on the wire before everything else
                     └──── rewind ───┘   (the link broke: all beyond the hub's marks is sent again)

Full, a recorded day waits (`has_room`), while a live source loses its oldest senses: each such frame turns into a gap
that says so. Frames that nobody has seen yet may be joined and renumbered; one that went over the wire, or lies on
the disk, keeps its number for ever. What is no longer there is bridged. So numbers never have holes, and nothing is
lost in silence.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import takewhile
from typing import Final

from sotto_device.spool.bridge import captured_before, led, loss
from sotto_device.spool.lane import BUFFER_FULL, FRAME_BYTES, Count, Lane, blurred, joined, weight
from sotto_device.withhold import carries_sense, lost, withheld
from sotto_proto.records import Control, Frame, Mark

BATCH_FRAMES: Final = 2048
BATCH_BYTES: Final = 1 << 20
"""What is laid on the disk at once."""

RELIEF: Final = 0.95
"""A full live spool is brought down to this part of its bound at once, so that making room stays cheap."""


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
        self._ready: deque[Frame] = deque()
        self._bytes = 0
        self._frontier_ns: int | None = None  # the leader is complete up to here
        self._complete = False
        self.lost_ns = 0

    @property
    def waiting_bytes(self) -> int:
        """About how much memory the unacknowledged frames take."""
        return self._bytes

    @property
    def waiting_frames(self) -> int:
        """Frames in memory that are not acknowledged."""
        return sum(len(lane.frames) for lane in self._lanes.values())

    @property
    def waiting_ns(self) -> int:
        """How much of what was sensed is in memory and not acknowledged, over all streams."""
        return sum(f.duration_ns for lane in self._lanes.values() for f in lane.frames if carries_sense(f))

    @property
    def held_ns(self) -> int:
        """How much of what was captured is in memory and not acknowledged."""
        frames = (frame for lane in self._lanes.values() for frame in lane.frames)
        return sum(frame.captured_ns - captured_before(frame).captured_ns for frame in frames)

    @property
    def owed_ns(self) -> int:
        """How much was captured and is not acknowledged, wherever it waits."""
        return sum(max(0, lane.last.captured_ns - lane.acked.captured_ns) for lane in self._lanes.values())

    @property
    def settled(self) -> bool:
        """Whether the hub has acknowledged everything."""
        return all(lane.acked.sequence >= lane.last.sequence for lane in self._lanes.values())

    @property
    def has_room(self) -> bool:
        """Whether a source that can wait may go on."""
        return self._bytes < self._bound

    def counts(self) -> dict[str, Count]:
        """How far each stream has come."""
        return {stream: lane.count() for stream, lane in self._lanes.items()}

    def resume(self, counts: Mapping[str, Count], reason: str, controls: Iterable[Frame] = ()) -> None:
        """An earlier run of this boot came so far, and left these controls.

        What is neither on the disk nor with the hub turns out to be lost, to this reason.
        """
        kept = list(controls)
        for stream, count in counts.items():
            lane = Lane(shift=-count.last.sequence, base_ns=count.last.captured_ns, seen=count.last.sequence)
            lane.acked = lane.known = lane.sent = count.acked
            lane.dropped, lane.last, lane.end = count.dropped, count.last, count.end
            lane.frames = [
                frame for frame in kept if frame.stream == stream and frame.sequence > count.acked.sequence
            ]
            if count.acked.sequence < count.last.sequence:
                lane.frames.append(loss(stream, count.acked, count.last, count.end, reason))
            if stream == self._leader:
                self._frontier_ns = count.end.wall_ns
            self._lanes[stream] = lane
        self._weigh()

    def put(self, frame: Frame) -> None:
        """Takes the next frame of its stream."""
        lane = self._lanes.setdefault(frame.stream, Lane())
        frame = lane.numbered(frame)
        if frame.stream == self._leader:
            self._frontier_ns = frame.end_wall_ns
        if not self._join_last(lane, frame):
            lane.frames.append(frame)
            self._bytes += weight(frame)
        lane.remember_end()
        if self._live and self._bytes > self._bound:
            self._make_room()

    def complete(self) -> None:
        """Nothing more will come: no stream waits for another."""
        self._complete = True

    # ---- the wire

    def next(self) -> Frame | None:
        """The frame to send now, and takes it for sent; `None`: nothing to send yet."""
        while not self._ready and (frame := self.waiting()) is not None:
            self.lead(frame)
        return self._ready.popleft() if self._ready else None

    def lead(self, frame: Frame) -> None:
        """Makes this frame the next to go, behind a bridge where numbers are missing: `next` gives both out."""
        lane = self._lanes.setdefault(frame.stream, Lane())
        self._ready.extend(led(frame, lane.sent, lane.known, lane.dropped))
        if frame.sequence > lane.sent.sequence:
            lane.went(frame)

    @property
    def is_leading(self) -> bool:
        """Whether `next` has something to give out before anything else."""
        return bool(self._ready)

    def waiting(self, *, urgent: bool = False) -> Frame | None:
        """The frame in memory that is to be sent next. `urgent`: only one that overtakes what lies on the disk."""
        heads = [head for lane in self._lanes.values() if (head := lane.head()) is not None]
        may = self._overtakes if urgent else self._may_go
        return min(filter(may, heads), key=self._turn, default=None)

    def ack(self, stream: str, mark: Mark) -> None:
        """The hub has committed everything up to this mark; what it never got cannot be acknowledged."""
        lane = self._lanes.get(stream)
        if lane is None or mark.sequence > lane.seen:
            return
        if mark.sequence > lane.acked.sequence:
            lane.acked = mark
        if mark.sequence > lane.known.sequence:
            lane.known = mark
        self._bytes -= sum(map(weight, lane.take(mark.sequence)))

    def rewind(self, marks: Mapping[str, Mark]) -> None:
        """A new connection: what is beyond the hub's marks has to be sent again."""
        self._ready.clear()
        for stream, lane in self._lanes.items():
            mark = marks.get(stream, Mark())
            lane.acked = lane.sent = mark
            self.ack(stream, mark)

    def acked(self) -> dict[str, int]:
        """Numbers up to which the hub has everything."""
        return {stream: lane.acked.sequence for stream, lane in self._lanes.items()}

    # ---- the disk

    def due(self, upto: Mapping[str, int] | None, limit: int = BATCH_FRAMES) -> list[Frame]:
        """Frames up to these numbers (`None`: all), in the order in which they would be sent. Not live controls.

        At most `limit` of them, and about `BATCH_BYTES`, but one at least.
        """
        ready = merge(*(self._spillable(lane, upto) for lane in self._lanes.values()), key=self._turn)
        batch, size = list[Frame](), 0
        for frame in ready:
            batch.append(frame)
            size += weight(frame)
            if len(batch) >= limit or size >= BATCH_BYTES:
                break
        return batch

    def controls(self) -> list[Frame]:
        """Controls that nobody has acknowledged."""
        frames = (frame for lane in self._lanes.values() for frame in lane.frames)
        return [frame for frame in frames if isinstance(frame.body, Control)]

    def fix(self, frames: Iterable[Frame]) -> None:
        """These keep their numbers for ever."""
        for frame in frames:
            lane = self._lanes[frame.stream]
            lane.seen = max(lane.seen, frame.sequence)

    def leave(self, frames: Iterable[Frame]) -> None:
        """These lie on the disk now, and leave memory."""
        newest = {frame.stream: frame.sequence for frame in frames}
        for stream, sequence in newest.items():
            self._bytes -= sum(map(weight, self._lanes[stream].take(sequence)))

    def dropped(self, marks: Mapping[str, Mark]) -> None:
        """The disk made room up to these marks."""
        for stream, mark in marks.items():
            self._lanes.setdefault(stream, Lane()).dropped = mark

    def withhold(self, from_wall_ns: int, to_wall_ns: int) -> None:
        """Off the record: nothing that was sensed in [from, to) stays here."""
        for lane in self._lanes.values():
            lane.frames = [withheld(frame, from_wall_ns, to_wall_ns) for frame in lane.frames]
        self._ready = deque(withheld(frame, from_wall_ns, to_wall_ns) for frame in self._ready)
        self._weigh()

    # ---- order

    def _may_go(self, frame: Frame) -> bool:
        """Whether nothing of the leader that is older can still come. A full spool lets everything go."""
        if frame.stream == self._leader or isinstance(frame.body, Control) or not self.has_room or self._complete:
            return True
        return self._frontier_ns is not None and frame.at.wall_ns <= self._frontier_ns

    def _overtakes(self, frame: Frame) -> bool:
        return self._live and isinstance(frame.body, Control)

    def _turn(self, frame: Frame) -> tuple[int, int]:
        if isinstance(frame.body, Control):
            return (0 if self._live else frame.at.wall_ns, 0)
        return (frame.at.wall_ns, 1)

    def _spillable(self, lane: Lane, upto: Mapping[str, int] | None) -> Iterator[Frame]:
        def passes(frame: Frame) -> bool:
            old = upto is None or frame.sequence <= upto.get(frame.stream, 0)
            return old and not self._overtakes(frame) and (upto is None or self._may_go(frame))

        return takewhile(passes, tuple(lane.frames))

    # ---- room

    def _join_last(self, lane: Lane, frame: Frame) -> bool:
        """Lengthens the last gap instead, where nobody has seen it: an absent hub costs next to no memory."""
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
