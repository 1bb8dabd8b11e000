"""The hub's clock, heard from here (pure): one echo gives an offset and how wrong it may be.

offset = hub - (sent + received) / 2, as in NTP (RFC 5905 §8) for a server that answers at once; the true offset is
within half the round trip, so the echo with the shortest one wins.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

STRAY_NS: Final = 250_000_000
"""So far a clock may drift before the hub is told anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """One answer. `sent_ns` and `received_ns` are the device's wall time, `hub_ns` the hub's."""

    sent_ns: int
    hub_ns: int
    received_ns: int

    @property
    def offset_ns(self) -> int:
        """What to add to the device's time to get the hub's."""
        return self.hub_ns - (self.sent_ns + self.received_ns) // 2

    @property
    def error_ns(self) -> int:
        """How far off that can be."""
        return max(0, self.received_ns - self.sent_ns) // 2


def strays(told: Echo, fresh: Echo) -> bool:
    """Whether the clock has left what the hub was told of it, by more than both echoes can be wrong."""
    return abs(fresh.offset_ns - told.offset_ns) > STRAY_NS + told.error_ns + fresh.error_ns


def best(echoes: Iterable[Echo]) -> Echo:
    """The one that can be trusted most."""
    return min(echoes, key=lambda echo: echo.error_ns)
