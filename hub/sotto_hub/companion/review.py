"""What the wearer decides about memories that are in doubt, and about those that have all but faded."""

from collections.abc import Iterable
from dataclasses import dataclass

from sotto_hub.companion.erasing import Erasing
from sotto_hub.companion.sayings import Selection
from sotto_hub.errors import UsageError
from sotto_hub.hub import Hub
from sotto_hub.records import Erased
from sotto_memory import MemoryRecord
from sotto_memory.keeping.pruning import CAP


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What went to the bin, would go, or came back; and how many more the cap held back."""

    records: tuple[MemoryRecord, ...]
    left: int = 0


class Review:
    """The inbox and the bin of one hub, with its watchers told of every change."""

    def __init__(self, hub: Hub, erasing: Erasing) -> None:
        self._hub = hub
        self._memory = hub.stores.memory
        self._erasing = erasing

    def inbox(self) -> list[MemoryRecord]:
        """What waits for the wearer's review, newest first."""
        return self._memory.inbox()

    def accept(self, memory_id: str) -> MemoryRecord:
        """Keeps a doubtful memory. Raises `MemoryMissingError`, `MemoryInputError` with code `not_waiting`."""
        kept = self._memory.accept(memory_id, self._hub.now_ns())
        self._hub.bus.publish(kept)
        return kept

    def reject(self, memory_id: str) -> Erased:
        """Erases a doubtful memory for good. Raises `UsageError` (`not_waiting`), and as `Erasing.erase` does.

        Only what still waits: a stale list must not erase what has been kept since.
        """
        record = self._memory.get(memory_id)
        if record is not None and not record.doubt:
            raise UsageError("not_waiting", "that memory does not wait for review: it is kept")
        return self._erasing.erase(Selection(id=memory_id))

    def prune(self, cap: int, *, dry_run: bool) -> Pruning:
        """Moves what has faded most to the bin, `cap` at most (0: a hundred); nothing is changed by a dry run."""
        pruned = self._memory.prune(self._hub.now_ns(), cap=cap or CAP, dry_run=dry_run)
        records = self._known(pruned.ids)
        if not dry_run:
            self._tell((*records, *self._known(pruned.returned)))
        return Pruning(records=records, left=pruned.left)

    def undo(self) -> Pruning:
        """Brings back what the newest run moved to the bin."""
        records = self._known(self._memory.unprune())
        self._tell(records)
        return Pruning(records=records)

    def _known(self, ids: Iterable[str]) -> tuple[MemoryRecord, ...]:
        return tuple(record for record in map(self._memory.get, ids) if record)

    def _tell(self, records: Iterable[MemoryRecord]) -> None:
        if self._hub.bus.is_watched:
            for record in records:
                self._hub.bus.publish(record)
