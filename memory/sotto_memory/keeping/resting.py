"""Puts what has faded into the archive, and back what has not (a shell).

Stands on `store`, below the facade and below `pruning`. Whether a memory has faded depends on the time alone: how
often this ran makes no difference.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sotto_memory import erase
from sotto_memory.strength import belongs_in_archive

if TYPE_CHECKING:
    from sotto_memory.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """How many memories went to the archive, and how many came back (a clock that had jumped is right again)."""

    archived: int
    returned: int = 0


def rest(store: "Store", now_ns: int) -> Rested:
    """Moves what has faded to the archive, and back what has not; then scrubs what is left to scrub."""
    with store.writing():
        rested = put_away(store, now_ns)
    erase.scrub_if_free(store)
    return rested


def put_away(store: "Store", now_ns: int) -> Rested:
    """The moving alone, within the caller's transaction."""
    wanted = {r.id: now for r in store.each() if (now := belongs_in_archive(r, now_ns)) is not r.archived}
    faded = [memory_id for memory_id, archived in wanted.items() if archived]
    back = [memory_id for memory_id, archived in wanted.items() if not archived]
    store.put_away(faded, archived=True)
    store.put_away(back, archived=False)
    return Rested(archived=len(faded), returned=len(back))
