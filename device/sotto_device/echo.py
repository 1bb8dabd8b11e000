"""The hub's clock, heard from here (pure): one echo gives an offset and how wrong it may be.

offset = hub - (sent + received) / 2, as in NTP (RFC 5905 §8) for a server that answers at once; the true offset is
within half the round trip, so the echo with the shortest one wins.
"""

from collections.abc import Iterable
from dataclasses import dataclass


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


def best(echoes: Iterable[Echo]) -> Echo:
    """The one that can be trusted most."""
    return min(echoes, key=lambda echo: echo.error_ns)
