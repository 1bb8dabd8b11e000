"""The device's own clock: both stamps of a capture time, free of the jumps of the system's wall clock.

Wall time is read once, at start, and then follows the monotonic clock: a Pi without a clock chip may be set by years
while it runs. What remains wrong is a constant, which `SyncClock` measures and `Hello.clock_offset_ns` carries.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sotto_proto.records import CaptureTime


def boot_ns() -> int:
    """Nanoseconds that also pass while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Capture times from a monotonic reading; `wall_minus_monotonic_ns` is fixed for one run of the daemon."""

    wall_minus_monotonic_ns: int
    read: Callable[[], int] = boot_ns

    @classmethod
    def started_now(cls) -> "Clock":
        """A clock whose wall time agrees with the system's at this instant."""
        return cls(wall_minus_monotonic_ns=time.time_ns() - boot_ns())

    def now(self) -> CaptureTime:
        """The present instant."""
        return self.at(self.read())

    def at(self, monotonic_ns: int) -> CaptureTime:
        """The instant of a monotonic reading."""
        return CaptureTime(monotonic_ns=monotonic_ns, wall_ns=monotonic_ns + self.wall_minus_monotonic_ns)
