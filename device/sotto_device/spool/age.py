"""How long something on the disk has waited, at least: what may wait for so many days is judged by it (pure).

No clock outlives a start of the machine for certain, so the age is the greatest of several lower bounds: the
boot-time clocks of all starts since, one after the other, and the hub's time, as far as it was ever known.
"""

from collections.abc import Iterable

from sotto_device.clock import Anchor
from sotto_device.spool.placing import Offset, drifted


def shown(readings: Iterable[tuple[str, int]], now: Anchor) -> dict[str, int]:
    """By start of the machine: what its boot-time clock would show now, at least, had it gone on.

    `readings`: name of the start and newest reading of each boot, oldest first.
    """
    newest: dict[str, int] = {}
    for kernel_boot, reading_ns in readings:
        newest[kernel_boot] = max(newest.get(kernel_boot, 0), reading_ns)
    passed_ns = now.monotonic_ns
    found = {now.kernel_boot: passed_ns}
    for kernel_boot in reversed(newest):
        if kernel_boot and kernel_boot != now.kernel_boot:
            passed_ns += newest[kernel_boot]
            found[kernel_boot] = passed_ns
    return {kernel_boot: reading_ns for kernel_boot, reading_ns in found.items() if kernel_boot}


def by_hub_ns(ended_wall_ns: int, offset: Offset | None, floor_ns: int) -> int:
    """How long ago a boot's wall time was, at least. `floor_ns`: hub time is not earlier than this now."""
    if offset is None or not floor_ns:
        return 0
    away_ns = 0 if offset.at_wall_ns is None else drifted(ended_wall_ns - offset.at_wall_ns)
    return max(0, floor_ns - ended_wall_ns - offset.offset_ns - offset.error_ns - away_ns)
