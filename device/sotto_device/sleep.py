"""How much of a hole in live sound the machine slept through (pure).

Between the microphone's blocks and the timeline: a hole that sleep explains is no overrun and no stall.
"""

from dataclasses import dataclass
from typing import Final

NAP_NS: Final = 10_000_000
"""Less than this is the jitter of reading two clocks."""


@dataclass(slots=True, kw_only=True)
class Sleep:
    """`known_ns`: all sleep of the machine so far that has been accounted for."""

    known_ns: int

    def fresh_ns(self, total_ns: int) -> int:
        """Sleep that is not accounted for yet, given all sleep of the machine."""
        fresh_ns = total_ns - self.known_ns
        return fresh_ns if fresh_ns > NAP_NS else 0

    def take(self, total_ns: int, hole_ns: int) -> int:
        """The part of a hole that was sleep. Whatever sleep is left over left no hole."""
        asleep_ns = min(hole_ns, self.fresh_ns(total_ns))
        self.known_ns = max(self.known_ns, total_ns)
        return asleep_ns
