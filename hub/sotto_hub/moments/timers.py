"""The event-time timer queue of the mind (pure: it knows no clock, only the times it is given).

Timers fire in order of their time when the watermark passes them, each at its own time. A replay at any speed, or a
gap of hours in one step, therefore fires the same timers in the same order.
"""

import heapq
from dataclasses import dataclass, field
from itertools import count


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Timer:
    """One thing to do at a time. Timers of the same time fire in the order they were set."""

    at_ns: int
    order: int = 0
    name: str = field(default="", compare=False)
    key: str = field(default="", compare=False)


class Timers:
    """A queue of timers. (name, key) is unique: setting it again moves it."""

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._standing: dict[tuple[str, str], Timer] = {}
        self._order = count()

    def set(self, at_ns: int, name: str, key: str = "") -> None:
        """Let `name` fire at a time, instead of any earlier setting of the same name and key."""
        timer = Timer(at_ns=at_ns, order=next(self._order), name=name, key=key)
        self._standing[name, key] = timer
        heapq.heappush(self._heap, timer)

    def cancel(self, name: str, key: str = "") -> None:
        """Forget a timer; one that was never set is no error."""
        self._standing.pop((name, key), None)

    def next_ns(self) -> int | None:
        """When the next timer fires."""
        self._settle()
        return self._heap[0].at_ns if self._heap else None

    def pop(self, until_ns: int) -> Timer | None:
        """The next timer whose time is at or before `until_ns`, taken off the queue."""
        at_ns = self.next_ns()
        if at_ns is None or at_ns > until_ns:
            return None
        timer = heapq.heappop(self._heap)
        del self._standing[timer.name, timer.key]
        return timer

    def __len__(self) -> int:
        return len(self._standing)

    def _settle(self) -> None:
        while self._heap and self._standing.get((self._heap[0].name, self._heap[0].key)) is not self._heap[0]:
            heapq.heappop(self._heap)
