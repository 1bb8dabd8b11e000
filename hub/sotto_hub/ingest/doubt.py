"""How far off the capture times of a connection may be, and what that means for taking back (pure).

A boot that never met a hub is placed by guess, and its Hello says by how much that may be wrong. Whatever may lie in
a span taken back is refused with it. What its own orders take back is known by its own clock, and only of itself:
by the hub's clock nobody knows which minutes of others were meant.
"""

from dataclasses import dataclass, field
from typing import Final

from sotto_hub.store.spans import Span, is_withheld, merged

CERTAIN_NS: Final = 1_000_000_000
"""Clocks that agree so well are taken to agree."""

GUESSED_NS: Final = 60_000_000_000
"""Beyond this, an order's minutes say nothing of what other devices heard."""

WIDEST_NS: Final = 86_400_000_000_000


@dataclass(slots=True)
class Doubt:
    """That of one connection. `error_ns`: what its Hello says; `own`: what the boot itself took back, by guess."""

    error_ns: int
    own: tuple[Span, ...] = field(default=())

    @property
    def margin_ns(self) -> int:
        """By so much the times of a frame are widened on both sides."""
        return min(self.error_ns, WIDEST_NS) if self.error_ns > CERTAIN_NS else 0

    @property
    def is_guess(self) -> bool:
        """Whether what this boot takes back is of itself alone."""
        return self.error_ns > GUESSED_NS

    def widened(self, from_ns: int, to_ns: int) -> Span:
        """Where a span of this boot may lie; or where others' spans may lie, as this boot counts."""
        return Span(from_ns - self.margin_ns, to_ns + self.margin_ns)

    def take_back(self, from_ns: int, to_ns: int) -> None:
        """The boot takes back a span of its own."""
        self.own = merged((*self.own, Span(from_ns, to_ns)))

    def took_back(self, from_ns: int, to_ns: int) -> bool:
        """Whether the boot itself has taken back any instant of the span."""
        return is_withheld(self.own, from_ns, to_ns)
