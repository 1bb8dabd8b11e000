"""The muted past of one sensor: what was captured in it stays muted, however late it comes (pure).

Wall times of the device's own clock, in nanoseconds. Bounded: of too many spans the two oldest become one, with all
that lies between them, for what is in doubt is closed.
"""

from dataclasses import dataclass, replace
from typing import Final

MOST: Final = 64
LONG_AGO_NS: Final = -(1 << 63)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """`spans`: from and to of each closure that is over, in order. `since_ns`: when the present one began."""

    spans: tuple[tuple[int, int], ...] = ()
    since_ns: int | None = None

    def follow(self, *, wanted: bool, wall_ns: int) -> "Closures":
        """The sensor has to be open, or closed, from this instant on."""
        if wanted and self.since_ns is not None:
            ended = (self.since_ns, max(self.since_ns, wall_ns))
            return Closures(spans=_bounded((*self.spans, ended)))
        if not wanted and self.since_ns is None:
            return replace(self, since_ns=wall_ns)
        return self

    def end_of(self, from_ns: int, to_ns: int) -> int | None:
        """The end of the last closure that is over and touches [from, to); `None`: there is none."""
        return next((end for start, end in reversed(self.spans) if from_ns < end and to_ns > start), None)


def _bounded(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return spans if len(spans) <= MOST else ((spans[0][0], spans[1][1]), *spans[2:])
