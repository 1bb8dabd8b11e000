"""The device's own clock: both stamps of a capture time, free of the jumps of the system's wall clock.

Wall time is read once, at start, and then follows the monotonic clock: a Pi without a clock chip may be set by years
while it runs. What remains wrong is a constant, which `SyncClock` measures and `Hello.clock_offset_ns` carries. The
monotonic clock goes on while the machine sleeps (CLOCK_BOOTTIME); how long it slept can be told.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sotto_proto.records import CaptureTime

KERNEL_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def boot_ns() -> int:
    """Nanoseconds that also pass while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def asleep_ns() -> int:
    """How long this machine has slept since it was switched on, in nanoseconds."""
    return max(boot_ns() - time.clock_gettime_ns(time.CLOCK_MONOTONIC) for _ in range(2))  # one may be interrupted


def kernel_boot_id(path: Path = KERNEL_BOOT) -> str:
    """A name for the time since this machine was switched on; empty where the system has none."""
    try:
        return path.read_text().strip()
    except OSError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One instant in terms that outlive the daemon: within one kernel boot the monotonic clock counts on, and beyond
    it there is only the system's wall clock, which may be wrong.
    """

    kernel_boot: str
    monotonic_ns: int
    system_wall_ns: int

    def since_ns(self, earlier: "Anchor") -> int | None:
        """How long ago `earlier` was; `None` where no clock can tell, as when the system's was set back."""
        if self.kernel_boot and self.kernel_boot == earlier.kernel_boot:
            return max(0, self.monotonic_ns - earlier.monotonic_ns)
        passed_ns = self.system_wall_ns - earlier.system_wall_ns
        return passed_ns if passed_ns >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Capture times from a monotonic reading; `wall_minus_monotonic_ns` is fixed for one run of the daemon.

    `slept` counts the machine's sleep; `system_wall` is the clock that jumps: read for anchors, never for samples.
    `boot` names the time since the machine was switched on.
    """

    wall_minus_monotonic_ns: int
    read: Callable[[], int] = boot_ns
    slept: Callable[[], int] = asleep_ns
    system_wall: Callable[[], int] = time.time_ns
    boot: Callable[[], str] = kernel_boot_id

    @classmethod
    def started_now(cls) -> "Clock":
        """A clock whose wall time agrees with the system's at this instant."""
        return cls(wall_minus_monotonic_ns=0).restarted()

    def restarted(self) -> "Clock":
        """The clock of a daemon that starts at this instant on the same machine."""
        return replace(self, wall_minus_monotonic_ns=self.system_wall() - self.read())

    def now(self) -> CaptureTime:
        """The present instant."""
        return self.at(self.read())

    def at(self, monotonic_ns: int) -> CaptureTime:
        """The instant of a monotonic reading."""
        return CaptureTime(monotonic_ns=monotonic_ns, wall_ns=monotonic_ns + self.wall_minus_monotonic_ns)

    def anchor(self) -> Anchor:
        """The present instant for whoever reads it after a restart."""
        return Anchor(kernel_boot=self.boot(), monotonic_ns=self.read(), system_wall_ns=self.system_wall())
