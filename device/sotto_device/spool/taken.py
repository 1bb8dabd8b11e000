"""Spans that were taken back in this run, in the wall time of one boot: whatever of them comes up says so (pure).

They stand from the moment of the order, before the disk is touched, until the run ends: a frame that was read up
before may be anywhere on its way to the wire.
"""

from bisect import bisect_left

from sotto_device.withhold import withheld
from sotto_proto.records import Frame


class Taken:
    """Spans in order, of which no two touch: taking back twice costs no more than once."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def add(self, from_wall_ns: int, to_wall_ns: int) -> None:
        """Nothing of [from, to) is let through from here on."""
        touching = [span for span in self._spans if span[0] <= to_wall_ns and span[1] >= from_wall_ns]
        apart = [span for span in self._spans if span not in touching]
        ends = [*touching, (from_wall_ns, to_wall_ns)]
        self._spans = sorted([*apart, (min(one for one, _ in ends), max(one for _, one in ends))])

    def without(self, frame: Frame) -> Frame:
        """The frame, or what is left of it."""
        before = bisect_left(self._spans, (max(frame.end_wall_ns, frame.at.wall_ns + 1),))
        return withheld(frame, *self._spans[before - 1]) if before else frame
