"""The whole forgetting curve of one memory, from its first day on, replayed from the uses that it carries (pure).

Stands on `strength` and beside it: strength says how strong a memory is now, the curve how it came to that, and when
it will have faded. Everything is made with the one function that ranks and archives, never with another formula.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sotto_memory.decay import NS_PER_DAY, Grade, days_until, first_state, forgetting_curve
from sotto_memory.records import MemoryRecord
from sotto_memory.strength import retrievability, used
from sotto_memory.uses import UseNote

_LAST_NS: Final = 2**63 - 1
_ALIKE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How strong the memory was, is or will be (0..1) at a time (Unix nanoseconds)."""

    at_ns: int
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A memory after each use, oldest first; the last is the memory as it is.

    `complete` is False when uses are missing from its history: then the curve begins with the last use.
    """

    states: tuple[MemoryRecord, ...]
    complete: bool

    @property
    def begins_ns(self) -> int:
        """The first time of which the strength is known."""
        return self.states[0].last_use_ns

    @property
    def notes(self) -> tuple[UseNote, ...]:
        """The uses that the curve shows, oldest first."""
        last = self.states[-1]
        return last.history if self.complete else last.history[-1:]

    def strength(self, at_ns: int) -> float:
        """The strength at a time, 0..1; in the future, if it is never used again."""
        reached = [state for state in self.states if state.last_use_ns <= at_ns]
        return retrievability(reached[-1] if reached else self.states[0], at_ns)

    def points(self, from_ns: int, until_ns: int, count: int) -> tuple[Point, ...]:
        """So many points (two or more) at equal distances, the first and the last time included."""
        step = (until_ns - from_ns) / (count - 1)
        times = [from_ns + round(step * n) for n in range(count)]
        return tuple(Point(at_ns=at_ns, strength=self.strength(at_ns)) for at_ns in times)


def curve_of(record: MemoryRecord) -> Curve:
    """The curve of a memory. A replay counts only when it ends where the memory is."""
    if len(record.history) == record.uses:
        for states in _replays(record):
            if _same(states[-1], record):
                return Curve(states=(*states[:-1], record), complete=True)
    return Curve(states=(record,), complete=False)


def falls_below(record: MemoryRecord, threshold: float) -> int | None:
    """When strength falls below a threshold (0..1) if the memory is never used again, Unix nanoseconds.

    None: never, or not before the calendar of 64 bits ends.
    """
    days = days_until(threshold, record.stability_days)
    if record.pinned or record.last_use_ns + days * NS_PER_DAY >= _LAST_NS - 2 * NS_PER_DAY:
        return None
    whole = max(0, math.floor(days) - 1)  # the curve is read at whole days
    while forgetting_curve(whole, record.stability_days) >= threshold:
        whole += 1
    return record.last_use_ns + whole * NS_PER_DAY


def _replays(record: MemoryRecord) -> Iterator[Sequence[MemoryRecord]]:
    """The memory from its beginning on, once for each way in which it may have been learned at first."""
    for grade in Grade:
        state = first_state(grade)
        yield _replayed(
            replace(
                record,
                stability_days=state.stability_days,
                difficulty=state.difficulty,
                last_use_ns=record.recorded_ns,
                uses=0,
                history=(),
            ),
            record,
        )


def _replayed(first: MemoryRecord, record: MemoryRecord) -> list[MemoryRecord]:
    states = [first]
    for note in record.history:
        states.append(used(states[-1], note.at_ns, note.use))
    return states


def _same(replayed: MemoryRecord, record: MemoryRecord) -> bool:
    numbers = (replayed.stability_days, record.stability_days), (replayed.difficulty, record.difficulty)
    close = all(math.isclose(one, other, rel_tol=_ALIKE) for one, other in numbers)
    return close and replayed.last_use_ns == record.last_use_ns
