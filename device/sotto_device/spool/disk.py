"""The disk spool of one boot: sealed segments, appended, read back in order, rewritten, removed. Blocking: runs on a
worker thread, one call at a time.

**fsync policy.** Frames come in batches, at most one every half second. A batch is one write and, when anything in it
was sensed or ordered, one fdatasync: a loss of power then loses at most what the batch rules leave in memory (kill -9
loses no more than that without any fsync). A batch of gaps alone is not synced: it holds nothing but accounts. A new
segment is followed by an fsync of the folder. Controls are synced before the order that made them is answered.

A segment ends at 4 MiB, after ten minutes, or at 8192 boxes, and is removed when the hub has acknowledged all of it.
A batch is written whole or not at all: what a full disk took of it is cut off again.
"""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from sotto_device.spool.controls import ControlLog
from sotto_device.spool.layer import APPEND, Layer, OsLayer, append_whole, sync_folder
from sotto_device.spool.segment import HEADER_BYTES, Header, Placed, record
from sotto_device.spool.segment_file import Place, Segment, found, load, read_from
from sotto_device.spool.tally import Tally
from sotto_device.withhold import carries_sense, withheld
from sotto_proto.records import Frame, Gap
from sotto_proto.sealing import Sealer

SEGMENT_BYTES: Final = 4 << 20
SEGMENT_BOXES: Final = 8192
SEGMENT_NS: Final = 600_000_000_000
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Room(Protocol):
    """Who decides how much of the disk may be used."""

    def fits(self, need: int) -> bool:
        """Whether so many bytes more are within the bound."""

    def make(self) -> bool:
        """Drops something older; false where there is nothing that may go."""


class NoBound:
    """A folder by itself: what the disk takes."""

    def fits(self, need: int) -> bool:
        """Always."""
        return True

    def make(self) -> bool:
        """Nothing may go."""
        return False


class DiskSpool:
    """The segments of one boot."""

    def __init__(self, folder: Path, *, hub_key: bytes, tally: Tally, layer: Layer | None = None) -> None:
        """Opens the folder. Raises `OSError`."""
        self._folder = folder
        self._hub_key = hub_key
        self._tally = tally
        self._layer = layer or OsLayer()
        self._segments = {segment.number: segment for segment in found(folder)}
        self._next = max(self._segments, default=0) + 1
        self._sealer: Sealer | None = None
        self._handle = -1
        self._active: Segment | None = None
        self._last: dict[str, int] = {}
        self.controls = ControlLog(folder, self._layer)
        self.bytes = sum(segment.size for segment in self._segments.values())
        self.room: Room = NoBound()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits here."""
        return not self._segments and self.controls.is_empty

    # ---- writing

    def append(self, frames: Sequence[Frame], now_ns: int) -> None:
        """Seals and writes frames that are not here yet, all or none; makes room for them where it may.

        Raises `OSError`, or `Unpaired` where the hub's key is broken.
        """
        fresh = [frame for frame in frames if frame.sequence > self._last.get(frame.stream, 0)]
        while fresh:
            try:
                self._write(self._writable(now_ns), fresh)
                break
            except OSError as error:
                self._leave()
                if error.errno not in _FULL or not self.room.make():
                    raise
        self._last.update({frame.stream: frame.sequence for frame in fresh})

    def close(self) -> None:
        """Ends the active segment."""
        with suppress(OSError):
            self._rotate()
            self._tally.sync()

    # ---- reading

    def has_more(self, place: Place) -> bool:
        """Whether there is something to read from here on."""
        return any(segment.goes_beyond(place) for segment in tuple(self._segments.values()))  # asked by the loop

    def read(self, place: Place) -> tuple[list[Frame], Place]:
        """The next frames, some hundred KiB of them at most, and where to go on. What cannot be read is skipped."""
        ahead = [segment for segment in self._segments.values() if segment.goes_beyond(place)]
        segment = min(ahead, key=lambda s: s.number, default=None)
        if segment is None:
            return [], place
        goes_on = (place.segment, place.edition) == (segment.number, segment.edition)
        found = read_from(segment, place.offset if goes_on else 0)
        for one in found:
            segment.note(one.frame)
        end = found[-1].end if found else segment.size
        if end >= segment.size:
            segment.whole = True
            segment.doubtful = segment.doubtful or not found
        return [one.frame for one in found], Place(segment.number, end, segment.edition)

    # ---- removing

    def tidy(self, acked: Mapping[str, int]) -> None:
        """Removes segments of which the hub has everything. Raises `OSError`."""
        for segment in [s for s in self._segments.values() if s.acknowledged(acked)]:
            self._remove(segment)
        self.controls.tidy(acked)

    def drop_oldest(self, may_go: Callable[[Segment], bool] | None = None) -> bool:
        """Removes the oldest ended segment, whatever it holds; the tally knows. False: there is none.

        `may_go`: only if this says so. Raises `OSError`.
        """
        ended = [s for s in self._segments.values() if s is not self._active]
        oldest = min(ended, key=lambda s: s.number, default=None)
        if oldest is None:
            return False
        self._know(oldest)
        if may_go is not None and not may_go(oldest):
            return False
        self._drop(oldest)
        return True

    def withhold(self, from_wall_ns: int, to_wall_ns: int) -> None:
        """Off the record: bodies that touch [from, to) are gone when this returns; their frames say so.

        What does not read as a frame may be of the span: it is cut off. A segment that cannot be read, or not be
        written anew, is removed as a whole. Raises `OSError`, after all were tried, where not even that is possible.
        """
        failed: OSError | None = None
        for segment in [s for s in self._segments.values() if s.may_touch(from_wall_ns, to_wall_ns)]:
            try:
                self._take_back(segment, from_wall_ns, to_wall_ns)
            except OSError as error:
                failed = error
        if failed is not None:
            raise failed

    # ---- inside

    def _take_back(self, segment: Segment, from_wall_ns: int, to_wall_ns: int) -> None:
        try:
            before = self._placed(segment)
            after = [withheld(one.frame, from_wall_ns, to_wall_ns) for one in before]
            touched = any(one.frame is not frame for one, frame in zip(before, after, strict=True))
            if touched or segment.doubtful:
                self._rewrite(segment, after)
        except OSError:
            self._drop(segment)

    def _writable(self, now_ns: int) -> Segment:
        active, sealer = self._active, self._sealer
        if active is not None and sealer is not None:
            old = now_ns - active.began_ns >= SEGMENT_NS
            if active.size < SEGMENT_BYTES and sealer.boxes < SEGMENT_BOXES and not old:
                return active
            self._rotate()
        return self._begun(now_ns)

    def _begun(self, now_ns: int) -> Segment:
        """A new segment with its header."""
        sealer = Sealer.fresh(self._hub_key)
        number, self._next = self._next, self._next + 1
        path = self._folder / f"{number:06}.seg"
        self._handle = os.open(path, APPEND, 0o600)
        segment = Segment(number=number, path=path, size=0, whole=True, began_ns=now_ns)
        self._active, self._sealer, self._segments[number] = segment, sealer, segment
        self._grow(segment, Header(segment=sealer.segment, key=sealer.key).packed(), sync=False)
        sync_folder(self._folder)
        return segment

    def _write(self, segment: Segment, frames: Sequence[Frame]) -> None:
        sealed = [self._sealed(frame) for frame in frames]
        data = b"".join(map(record, sealed))
        if not self.room.fits(len(data)):
            raise OSError(errno.ENOSPC, "the spool is full")
        self._grow(segment, data, sync=not all(isinstance(frame.body, Gap) for frame in frames))
        for frame in frames:
            segment.note(frame)

    def _sealed(self, frame: Frame) -> Frame:
        return self._sealer.seal(frame) if self._sealer is not None and carries_sense(frame) else frame

    def _grow(self, segment: Segment, data: bytes, *, sync: bool) -> None:
        append_whole(self._layer, self._handle, data, segment.size, sync=sync)
        segment.size += len(data)
        self.bytes += len(data)

    def _rotate(self) -> None:
        """The active segment takes no more."""
        self._active = self._sealer = None
        handle, self._handle = self._handle, -1
        if handle >= 0:
            try:
                self._layer.sync(handle)
            finally:
                os.close(handle)
            self._tally.sync()

    def _leave(self) -> None:
        """Writing has failed: the next batch begins a new segment, and an empty one goes."""
        segment = self._active
        with suppress(OSError):
            self._rotate()
        if segment is not None and segment.size <= HEADER_BYTES:
            with suppress(OSError):
                self._remove(segment)

    def _drop(self, segment: Segment) -> None:
        self._tally.drop(segment.last)
        self._remove(segment)

    def _remove(self, segment: Segment) -> None:
        if segment is self._active:
            self._rotate()
        segment.path.unlink(missing_ok=True)
        del self._segments[segment.number]
        self.bytes -= segment.size

    def _rewrite(self, segment: Segment, frames: Sequence[Frame]) -> None:
        """The segment with these frames in its place; what was there is unlinked."""
        with segment.path.open("rb") as file:
            header, since_ns = file.read(HEADER_BYTES), os.fstat(file.fileno()).st_mtime_ns
        data = header + b"".join(map(record, frames))
        draft = segment.path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, APPEND, 0o600)
        try:
            append_whole(self._layer, handle, data, 0, sync=True)
            os.utime(draft, ns=(since_ns, since_ns))  # what lies in it is not younger for this
            draft.replace(segment.path)
        except OSError:
            os.close(handle)
            draft.unlink(missing_ok=True)
            raise
        sync_folder(self._folder)
        if segment is self._active:
            handle, self._handle = self._handle, handle
        os.close(handle)
        self.bytes += len(data) - segment.size
        segment.size = len(data)
        segment.edition += 1
        segment.doubtful = False

    def _know(self, segment: Segment) -> None:
        if not segment.whole:
            with suppress(OSError):  # then nothing is known of it
                self._placed(segment)
            segment.whole = True

    def _placed(self, segment: Segment) -> list[Placed]:
        """All frames of a segment. It is `doubtful` if anything lies behind them. Raises `OSError`."""
        segment.doubtful = True
        found = load(segment, 0, segment.size)
        for one in found:
            segment.note(one.frame)
        segment.doubtful = (found[-1].end if found else HEADER_BYTES) != segment.size
        segment.whole = True
        return found
