"""Where an earlier boot of the device lies in the hub's time, and how far off that may be (pure).

A boot's own clock gives order and durations; what is sought is one offset for all of it. From best to worst:

1. The machine has not been restarted since: its boot-time clock still runs, and the hub is asked now.
2. The boot met the hub itself: its last echo holds, less what a crystal drifts in between (100 ppm: twice what a Pi's
   is specified for).
3. It never did. Its wall clock counts if it says something possible: after the newest hub time that was known when
   the boot began, and before the next that is known. Else the boot is put as early as it can have been.

Boots never overlap and never change places. The error says how far the truth can be away, given that what is known
holds: for 3 that is the whole span in which the boot can have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DRIFT: Final = 10_000
"""One part in so many: 100 ppm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """What to add to a boot's wall time to get the hub's. `at_wall_ns`: when an echo told; `None`: guessed, once for
    all.
    """

    offset_ns: int
    error_ns: int
    at_wall_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """One boot of the daemon as its own clock saw it. `floor_ns`: the newest hub time known when it began."""

    kernel_boot_id: str
    wall_minus_monotonic_ns: int
    began_wall_ns: int
    ended_wall_ns: int
    floor_ns: int = 0
    known: Offset | None = None

    @property
    def length_ns(self) -> int:
        """How long it lasted."""
        return max(0, self.ended_wall_ns - self.began_wall_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """How the machine's boot-time clock stands to the hub's, now."""

    kernel_boot_id: str
    hub_minus_monotonic_ns: int
    error_ns: int
    hub_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Hub times between which a boot has to lie: for certain, and so that boots keep their order."""

    floor_ns: int
    limit_ns: int
    order_floor_ns: int
    order_limit_ns: int


def placed(era: Era, present: Present) -> Offset | None:
    """The offset of a boot that is known for certain (1 and 2); `None` where it is not."""
    if era.kernel_boot_id and era.kernel_boot_id == present.kernel_boot_id:
        offset_ns = present.hub_minus_monotonic_ns - era.wall_minus_monotonic_ns
        away_ns = present.hub_ns - era.began_wall_ns - offset_ns
        return Offset(offset_ns=offset_ns, error_ns=present.error_ns + drifted(away_ns))
    known = era.known
    if known is None or known.at_wall_ns is None:
        return known
    away_ns = max(era.ended_wall_ns - known.at_wall_ns, known.at_wall_ns - era.began_wall_ns)
    return Offset(offset_ns=known.offset_ns, error_ns=known.error_ns + drifted(away_ns))


def guessed(era: Era, room: Room) -> Offset:
    """The offset of a boot that never met a hub (3)."""
    latest_ns = room.order_limit_ns - era.length_ns
    earliest_ns = max(era.floor_ns, room.order_floor_ns)
    possible = earliest_ns <= era.began_wall_ns <= latest_ns
    begins_ns = era.began_wall_ns if possible else earliest_ns
    since_ns = begins_ns - max(era.floor_ns, room.floor_ns)
    until_ns = room.limit_ns - era.length_ns - begins_ns
    return Offset(offset_ns=begins_ns - era.began_wall_ns, error_ns=max(since_ns, abs(until_ns)))


def all_placed(eras: Sequence[Era], present: Present) -> list[Offset]:
    """Offsets of boots, given in the order in which they were."""
    certain = [placed(era, present) for era in eras]
    limits, orders = _limits(eras, certain, present.hub_ns)
    found: list[Offset] = []
    floor_ns = order_floor_ns = 0
    for index, era in enumerate(eras):
        known = certain[index]
        room = Room(
            floor_ns=floor_ns,
            limit_ns=limits[index],
            order_floor_ns=order_floor_ns,
            order_limit_ns=orders[index],
        )
        offset = known or guessed(era, room)
        order_floor_ns = max(order_floor_ns, era.ended_wall_ns + offset.offset_ns)
        if known is not None:
            floor_ns = max(floor_ns, era.ended_wall_ns + known.offset_ns - known.error_ns)
        found.append(offset)
    return found


def drifted(span_ns: int) -> int:
    """How far two crystals may come apart in a span."""
    return abs(span_ns) // DRIFT


def _limits(eras: Sequence[Era], certain: Sequence[Offset | None], hub_ns: int) -> tuple[list[int], list[int]]:
    """Before which hub time each boot has ended: for certain, and leaving room for those that follow."""
    limits, orders = [hub_ns] * len(eras), [hub_ns] * len(eras)
    limit_ns = order_ns = hub_ns
    for index in reversed(range(len(eras))):
        limits[index], orders[index] = limit_ns, order_ns
        known, era = certain[index], eras[index]
        if known is None:
            order_ns -= era.length_ns
        else:
            begins_ns = era.began_wall_ns + known.offset_ns
            limit_ns, order_ns = min(limit_ns, begins_ns + known.error_ns), min(order_ns, begins_ns)
    return limits, orders
