"""The rows that a search looks at closely, and those beside them, read in two queries.

Stands on `store`. Rows outside the view give nothing: what waits for review or was taken back lends no words.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sotto_memory.recall.view import View, condition
from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.rows import from_row

if TYPE_CHECKING:
    from sotto_memory.store import Store

FAR: Final = 4
"""So many rows before and after a row are beside it."""
SAME_TALK_NS: Final = 600 * 10**9
"""Rows beside each other are of one conversation when no more than ten minutes a step lie between them."""
TEXT_CHARS: Final = 4_000
"""What of a text is looked at for the ranking; the index holds all of it."""

_AT: Final = "coalesce(memories.valid_from_ns, memories.recorded_ns)"
_BESIDE: Final = f"""
SELECT memories.number, {_AT}, length(memories.text), instr(memories.text, '?') > 0
FROM memories WHERE memories.number IN (SELECT value FROM json_each(:numbers))
    AND memories.kind = '{Kind.EPISODE.value}' AND ({{seen}})
"""  # noqa: S608  (our own words)
_CLOSELY: Final = f"""
SELECT memories.number, {_AT}, memories.kind, memories.subject, memories.source,
    substr(memories.text, 1, {TEXT_CHARS}), length(memories.text), coalesce(memories.details ->> '$.place', ''),
    ({{within}}), memories.superseded_ns IS NOT NULL AND (memories.slot = '' OR memories.superseded_ns <= :now)
        OR coalesce(memories.valid_until_ns <= :now, 0),
    coalesce(memories.slot IN (SELECT value FROM json_each(:slots)), 0)
FROM memories WHERE memories.number IN (SELECT value FROM json_each(:numbers)) AND ({{seen}})
"""  # noqa: S608


_HELD: Final = f"""
memories.slot <> '' AND {_AT} > :view_now AND EXISTS (
    SELECT 1 FROM memories AS other WHERE other.slot = memories.slot AND other.number <> memories.number
        AND other.doubt = '' AND other.binned_ns IS NULL
        AND (other.superseded_ns IS NULL OR other.superseded_ns > :view_now)
        AND coalesce(other.valid_from_ns, other.recorded_ns) <= :view_now
        AND (other.valid_until_ns IS NULL OR other.valid_until_ns > :view_now)
)
"""  # noqa: S608
"""What was told by a clock that was ahead, when the clock that is asked by knows a value of the same slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What was said at some places in the order of rows, by number: when, how many characters, whether it asks."""

    numbers: NDArray[np.int64]
    at_ns: NDArray[np.int64]
    chars: NDArray[np.float64]
    asks: NDArray[np.bool_]

    def where(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Which of these numbers are there, and at which place (any, for those that are not)."""
        if not len(self.numbers):
            return np.zeros(len(numbers), np.bool_), np.zeros(len(numbers), np.intp)
        places = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return self.numbers[places] == numbers, places


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One row as far as the ranking looks at it.

    `within`: it was true, or happened, at the time that is named. `closed`: it is true or known no longer.
    """

    number: int
    at_ns: int
    kind: str
    subject: str
    source: str
    text: str
    chars: int
    place: str
    within: bool
    closed: bool
    has_slot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a question may see: conditions in SQL over `memories`, and the values of their parameters.

    `seen`: what it sees at all; `within`: what was so at the time it names.
    """

    seen: str
    within: str
    values: dict[str, object]


def sight(view: View, span: tuple[int, int] | None, *, formerly: bool) -> Sight:
    """The sight of a question: its view and, if the caller set none, what it says about time by itself."""
    seen, values = condition(view)
    if view.now_ns is not None and view.instant_ns == view.now_ns:
        seen = f"({seen}) AND NOT ({_HELD})"
    within = "0"
    if span is not None:
        within, more = condition(View(known_at_ns=view.known_at_ns, span=span))
        values = {**more, **values}
    if not view.timed and (span is not None or formerly):
        past, more = condition(View(known_at_ns=view.known_at_ns, include_past=True))
        seen = f"({seen}) OR ({within})" if span is not None else f"({past})"
        values = {**more, **values}
    return Sight(seen=seen, within=within, values=values)


def closely(store: "Store", numbers: Iterable[int], within: Sight, slots: Sequence[str], now_ns: int) -> list[Seen]:
    """The rows with these numbers that the question sees."""
    sql = _CLOSELY.format(seen=within.seen, within=within.within)
    values = within.values | {"numbers": _listed(numbers), "slots": json.dumps(slots), "now": now_ns}
    return [_seen(row) for row in store.tuples(sql, values)]


def talk(store: "Store", numbers: Iterable[int], within: Sight) -> Talk:
    """What was said at these numbers and beside them, as far as the question sees it."""
    around = {number + step for number in numbers for step in range(-FAR, FAR + 1)}
    rows = store.tuples(_BESIDE.format(seen=within.seen), within.values | {"numbers": _listed(around)})
    columns = np.array(sorted(rows), np.int64).reshape(len(rows), 4)
    return Talk(
        numbers=columns[:, 0],
        at_ns=columns[:, 1],
        chars=columns[:, 2].astype(np.float64),
        asks=columns[:, 3].astype(np.bool_),
    )


def records(store: "Store", numbers: Iterable[int], within: Sight) -> dict[int, MemoryRecord]:
    """The memories of these rows, as far as the question sees them."""
    sql = (
        f"SELECT memories.* FROM memories WHERE number IN (SELECT value FROM json_each(:numbers)) AND ({within.seen})"  # noqa: S608
    )
    return {row["number"]: from_row(row) for row in store.rows(sql, within.values | {"numbers": _listed(numbers)})}


def holding(store: "Store", slots: Sequence[str], most: int) -> list[int]:
    """The newest rows that hold one of these values."""
    sql = "SELECT number FROM memories WHERE slot <> '' AND slot = :slot ORDER BY number DESC LIMIT :most"
    return [row[0] for slot in slots for row in store.tuples(sql, {"slot": slot, "most": most})]


def happened(store: "Store", span: tuple[int, int], most: int) -> list[int]:
    """The newest rows of what happened, or began, within a time."""
    sql = f"SELECT number FROM memories WHERE {_AT} >= :from AND {_AT} < :to ORDER BY {_AT} DESC LIMIT :most"  # noqa: S608
    return [row[0] for row in store.tuples(sql, {"from": span[0], "to": span[1], "most": most})]


def _seen(row: Sequence[Any]) -> Seen:
    number, at_ns, kind, subject, source, text, chars, place, within, closed, has_slot = row
    return Seen(
        number=number,
        at_ns=at_ns,
        kind=kind,
        subject=subject,
        source=source,
        text=text,
        chars=chars,
        place=place,
        within=bool(within),
        closed=bool(closed),
        has_slot=bool(has_slot),
    )


def _listed(numbers: Iterable[int]) -> str:
    return json.dumps([int(number) for number in numbers])
