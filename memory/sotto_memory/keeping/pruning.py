"""What may go to the bin: the weakest of what has faded, a few at a time, and never what is needed.

Stands beside `erase`. Decay only lowers rank and later puts memories away; pruning is the step after that, and even
it deletes nothing: memories in the bin are in no search and no list of current ones, can all be brought back, and
leave for good only when the bin is emptied by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sotto_memory.decay import NS_PER_DAY
from sotto_memory.keeping.resting import put_away
from sotto_memory.limits import check_range, check_times
from sotto_memory.records import MemoryRecord
from sotto_memory.strength import belongs_in_archive, retrievability

if TYPE_CHECKING:
    from sotto_memory.store import Store

PRUNABLE_BELOW: Final = 0.4
"""As good as forgotten. Never used again, a memory of middling importance gets there in two and a half years."""
CAP: Final = 100
"""How many memories one run may put into the bin."""
CAP_MAX: Final = 100_000

_MAY_GO: Final = """
NOT pinned AND doubt = '' AND binned_ns IS NULL AND id NOT IN (
    SELECT links.evidence FROM links JOIN memories AS upper ON upper.number = links.number
    WHERE upper.binned_ns IS NULL
)
"""
_IN_BIN: Final = "binned_ns IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What a run put into the bin (or would, when `dry_run`), weakest first; and how many more could follow.

    `returned`: what a run with a clock that was ahead had put there by mistake, and what is therefore back.
    """

    ids: tuple[str, ...]
    left: int = 0
    returned: tuple[str, ...] = ()
    dry_run: bool = False


def prune(store: "Store", now_ns: int, *, cap: int, dry_run: bool) -> Pruned:
    """Puts the weakest memories into the bin, `cap` at most. Raises MemoryInputError: cap_range, time_range.

    What belongs in the archive by now goes there first, whether or not anybody let the memory rest before.
    """
    check_range("cap", cap, 0, CAP_MAX)
    check_times(now_ns=now_ns)
    with store.writing():
        binned = store.chosen(_IN_BIN)
        early = [record for record in binned if ahead(record, now_ns)]
        weakest = weakest_first((rested(one, now_ns) for one in store.stream(_MAY_GO)), now_ns)
        ids = tuple(weakest[:cap])
        returned = tuple(record.id for record in early)
        if not dry_run:
            put_away(store, now_ns)
            store.put_in_bin(returned, None)
            store.put_in_bin(ids, run_ns((r for r in binned if r not in early), now_ns))
    return Pruned(ids=ids, left=len(weakest) - len(ids), returned=returned, dry_run=dry_run)


def unprune(store: "Store") -> tuple[str, ...]:
    """Brings back what the newest run put into the bin. Asked again, it brings back the run before."""
    with store.writing():
        back = tuple(record.id for record in newest_run(store.chosen(_IN_BIN)))
        store.put_in_bin(back, None)
    return back


def in_bin_alone(store: "Store") -> list[str]:
    """The ids in the bin that nothing outside of it rests on, not even by way of others in the bin."""
    binned = store.chosen(_IN_BIN)
    ids = {record.id for record in binned}
    outside = [record for record in store.resting_on(ids) if record.id not in ids]
    needed = supports(binned, outside)
    return [record.id for record in binned if record.id not in needed]


def weakest_first(records: Iterable[MemoryRecord], now_ns: int) -> list[str]:
    """The ids of those that may go, the most forgotten first, of equals the least important, then the oldest (pure).

    Holds no more than a few numbers of each: they may be all that was ever kept.
    """
    may_go = (record for record in records if prunable(record, now_ns))
    ranks = sorted((retrievability(one, now_ns), one.importance, one.last_use_ns, one.id) for one in may_go)
    return [memory_id for *_, memory_id in ranks]


def rested(record: MemoryRecord, now_ns: int) -> MemoryRecord:
    """The record as `rest` leaves it (pure)."""
    archived = belongs_in_archive(record, now_ns)
    return record if archived is record.archived else replace(record, archived=archived)


def prunable(record: MemoryRecord, now_ns: int) -> bool:
    """True for what has been put away, is as good as forgotten, and waits for nobody's review (pure).

    Strength is the one that search ranks by. What is pinned, stated by the wearer, or still to be done never is.
    """
    if not record.archived or not record.kept or not belongs_in_archive(record, now_ns):
        return False
    return retrievability(record, now_ns) < PRUNABLE_BELOW


def ahead(record: MemoryRecord, now_ns: int) -> bool:
    """True when it went to the bin on a day that has not come yet: the clock was wrong then (pure)."""
    return record.binned_ns is not None and record.binned_ns > now_ns + NS_PER_DAY


def run_ns(binned: Iterable[MemoryRecord], now_ns: int) -> int:
    """The time that marks a run: now, but later than every run before, so that each can be undone alone (pure)."""
    return max([now_ns, *(record.binned_ns + 1 for record in binned if record.binned_ns is not None)])


def newest_run(binned: Sequence[MemoryRecord]) -> list[MemoryRecord]:
    """The memories of the run that was the last (pure)."""
    newest_ns = max((record.binned_ns for record in binned if record.binned_ns is not None), default=None)
    return [record for record in binned if record.binned_ns == newest_ns]


def supports(binned: Iterable[MemoryRecord], outside: Iterable[MemoryRecord]) -> set[str]:
    """The ids among `binned` that something outside rests on, directly or by way of other binned ones (pure)."""
    by_id = {record.id: record for record in binned}
    needed: set[str] = set()
    asking = [one for record in outside for one in record.evidence]
    while asking:
        one = asking.pop()
        if one in by_id and one not in needed:
            needed.add(one)
            asking += by_id[one].evidence
    return needed
