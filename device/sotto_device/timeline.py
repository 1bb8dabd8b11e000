"""Where blocks of live sound lie in time (pure).

Sound is placed by counting samples, because callbacks come late and in bursts. The monotonic clock only corrects: a
hole is one that stays. Small, lasting differences are the microphone's crystal, and are evened out.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

JUMP_NS: Final = 1_000_000_000
"""Later than any buffer could explain: a hole, at once."""

HOLE_NS: Final = 100_000_000
"""Later than this in `PATIENCE` blocks on end: a hole."""

OVERFLOW_NS: Final = 20_000_000
"""With an overflow reported, this is enough."""

DRIFT_NS: Final = 5_000_000
PATIENCE: Final = 10
SLEW: Final = 1_000
"""Drift is evened out by one part in so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a block begins (monotonic), and how long nothing was captured before it."""

    start_ns: int
    hole_ns: int


@dataclass(slots=True, kw_only=True)
class Timeline:
    """The end of all sound so far, and how late the newest blocks came."""

    next_ns: int | None = None
    _late_ns: deque[int] = field(default_factory=lambda: deque(maxlen=PATIENCE))

    def place(self, duration_ns: int, arrived_ns: int, *, overflowed: bool = False) -> Placed:
        """Places a block that was complete at `arrived_ns` at the latest."""
        begun_ns = arrived_ns - duration_ns
        expected_ns = begun_ns if self.next_ns is None else self.next_ns
        late_ns = begun_ns - expected_ns
        self._late_ns.append(late_ns)
        hole_ns = self._hole(late_ns, overflowed=overflowed)
        start_ns = expected_ns + hole_ns + (0 if hole_ns else self._slew(duration_ns))
        if hole_ns:
            self._late_ns.clear()
        self.next_ns = start_ns + duration_ns
        return Placed(start_ns=start_ns, hole_ns=hole_ns)

    def skip_to(self, monotonic_ns: int) -> int:
        """Nothing was captured up to here; how long that was."""
        since_ns = monotonic_ns if self.next_ns is None else self.next_ns
        self.next_ns = max(since_ns, monotonic_ns)
        self._late_ns.clear()
        return self.next_ns - since_ns

    def _hole(self, late_ns: int, *, overflowed: bool) -> int:
        if late_ns > JUMP_NS or (overflowed and late_ns > OVERFLOW_NS):
            return late_ns
        lasting = len(self._late_ns) == PATIENCE and min(self._late_ns) > HOLE_NS
        return min(self._late_ns) if lasting else 0

    def _slew(self, duration_ns: int) -> int:
        if len(self._late_ns) < PATIENCE:
            return 0
        if min(self._late_ns) > DRIFT_NS:
            return duration_ns // SLEW
        return -(duration_ns // SLEW) if min(self._late_ns) < -DRIFT_NS else 0
