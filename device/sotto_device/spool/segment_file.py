"""Files of segments: which there are, and what can be read of one from a place on.

Between the format (`segment`) and the disk spool of a boot (`disk`), which decides what becomes of them. Blocking.
"""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from sotto_device.spool.lane import NOTHING, mark_of
from sotto_device.spool.segment import HEADER_BYTES, RECORD_BYTES, Placed, read_header, record_length, records
from sotto_proto.codec import MAX_NS
from sotto_proto.records import Frame, Mark

READ_BYTES: Final = 256 << 10


class Place(NamedTuple):
    """Where to read on: a segment's number and an offset in it, which holds for one `edition` of the segment."""

    segment: int = 0
    offset: int = 0
    edition: int = 0


START: Final = Place()


@dataclass(slots=True, kw_only=True)
class Segment:
    """One file. `last`: how far each stream comes in it, complete when it is `whole`: written, or read through.

    `doubtful`: there are bytes in it that did not read as frames, so nobody knows what span they are of.
    """

    number: int
    path: Path
    size: int
    whole: bool
    doubtful: bool = False
    edition: int = 0
    began_ns: int = 0
    ended_ns: int = 0
    since_wall_ns: int = MAX_NS
    until_wall_ns: int = -MAX_NS
    last: dict[str, Mark] = field(default_factory=dict)

    def note(self, frame: Frame) -> None:
        """The frame is in this segment."""
        if frame.sequence > self.last.get(frame.stream, NOTHING).sequence:
            self.last[frame.stream] = mark_of(frame)
        self.ended_ns = max(self.ended_ns, frame.at.monotonic_ns + frame.duration_ns)
        self.since_wall_ns = min(self.since_wall_ns, frame.at.wall_ns)
        self.until_wall_ns = max(self.until_wall_ns, frame.end_wall_ns)

    def may_touch(self, from_wall_ns: int, to_wall_ns: int) -> bool:
        """Whether something of it may lie in [from, to)."""
        known = self.whole and not self.doubtful
        return not known or (self.since_wall_ns < to_wall_ns and self.until_wall_ns >= from_wall_ns)

    def goes_beyond(self, place: Place) -> bool:
        """Whether something of it lies behind the place. Written anew since, all of it is to be read again."""
        if self.number != place.segment:
            return self.number > place.segment
        return self.edition != place.edition or self.size > place.offset

    def acknowledged(self, acked: Mapping[str, int]) -> bool:
        """Whether the hub has all of it."""
        return self.whole and all(mark.sequence <= acked.get(stream, 0) for stream, mark in self.last.items())


def found(folder: Path) -> list[Segment]:
    """The segments of an earlier run."""
    for draft in folder.glob("*.new"):
        draft.unlink(missing_ok=True)
    paths = sorted(path for path in folder.glob("*.seg") if path.stem.isdigit())
    return [Segment(number=int(p.stem), path=p, size=p.stat().st_size, whole=False) for p in paths]


def read_from(segment: Segment, offset: int, most: int = READ_BYTES) -> list[Placed]:
    """Sound records from an offset on; nothing where the segment cannot be read, or not from there."""
    try:
        return load(segment, offset, most)
    except OSError:
        return []


def load(segment: Segment, offset: int, most: int) -> list[Placed]:
    """Sound records from an offset on. Raises `OSError` where the file, or its header, cannot be read."""
    handle = os.open(segment.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        header = read_header(os.pread(handle, HEADER_BYTES, 0))
        if header is None:
            raise OSError(errno.EBADMSG, "the segment has no sound header")
        start = max(offset, HEADER_BYTES)
        first = record_length(os.pread(handle, RECORD_BYTES, start))
        data = os.pread(handle, min(max(most, first), segment.size - start), start)
    finally:
        os.close(handle)
    return [Placed(frame=one.frame, end=start + one.end) for one in records(data, header)]
