"""How strong a memory is now, what use makes of it, and when it has faded out of sight (pure).

Stands between `decay` (numbers) and everything that asks for strength: search, rest and the surfaces all call
`retrievability`, so that what ranks low and what is put away are judged by one function.
"""

from dataclasses import replace
from typing import Final

from sotto_memory.decay import DecayState, after_use, days_until, forgetting_curve, whole_days
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.uses import HISTORY_ITEMS, WEIGHTS, Use, UseNote, Weight

FADED_BELOW: Final = 0.5
"""More likely forgotten than remembered. Never used again, a memory of middling importance gets there in 7 months."""

FADED_AFTER: Final = days_until(FADED_BELOW, 1.0)
"""Stabilities without a use after which a memory has faded: whole days > FADED_AFTER * stability, as R < 0.5.

An inequality of a product, so that SQL decides to the bit as Python does (see `recall.view`).
"""

PASSING: Final = frozenset({Kind.EPISODE, Kind.INSIGHT})
"""What the wearer did not state as a thing to know."""

_AGAINST: Final = frozenset({Use.CORRECTED, Use.CONTRADICTED})
"""Uses that speak against a memory."""


def retrievability(record: MemoryRecord, now_ns: int) -> float:
    """The chance, 0..1, that a person would still recall this: the FSRS-6 curve since the last use. Pinned: 1."""
    if record.pinned:
        return 1.0
    return forgetting_curve(whole_days(now_ns - record.last_use_ns), record.stability_days)


def used(record: MemoryRecord, now_ns: int, use: Use) -> MemoryRecord:
    """The memory after one use: stronger or weaker, and back from archive and bin when it was one for it.

    Uses within a day scarcely strengthen (the spacing effect). A clock that went back does not make a memory older.
    """
    before = DecayState(stability_days=record.stability_days, difficulty=record.difficulty)
    after = weighed(before, now_ns - record.last_use_ns, WEIGHTS[use])
    return replace(
        record,
        stability_days=after.stability_days,
        difficulty=after.difficulty,
        last_use_ns=max(now_ns, record.last_use_ns),
        uses=record.uses + 1,
        history=(*record.history, UseNote(at_ns=now_ns, use=use))[-HISTORY_ITEMS:],
        archived=record.archived and use in _AGAINST,
        binned_ns=record.binned_ns if use in _AGAINST else None,
    )


def weighed(before: DecayState, elapsed_ns: int, weight: Weight) -> DecayState:
    """The state after a review that counts in part: so much of the way from `before` to the full review's state."""
    full = after_use(before, elapsed_ns, weight.grade)
    return DecayState(
        stability_days=before.stability_days + weight.share * (full.stability_days - before.stability_days),
        difficulty=before.difficulty + weight.share * (full.difficulty - before.difficulty),
    )


def stated(record: MemoryRecord) -> bool:
    """True for what the wearer stated as a thing to know; it does not fade out of reach."""
    return record.source is Source.WEARER and record.kind not in PASSING


def still_open(record: MemoryRecord) -> bool:
    """True for a commitment that nobody has done or called off; however old, it is not put away."""
    return record.kind is Kind.COMMITMENT and record.details.get("status") == "open"


def belongs_in_archive(record: MemoryRecord, now_ns: int) -> bool:
    """True when a memory has faded and nothing keeps it in sight. Depends on the record and `now_ns` alone."""
    if record.pinned or stated(record) or still_open(record):
        return False
    return whole_days(now_ns - record.last_use_ns) > FADED_AFTER * record.stability_days
