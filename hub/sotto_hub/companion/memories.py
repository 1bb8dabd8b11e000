"""What people do with memories by hand: list, search, look at, correct, take out, bring in."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from sotto_hub.errors import UsageError
from sotto_hub.hub import Hub
from sotto_memory import Imported, Shown
from sotto_memory.hits import Hit
from sotto_memory.records import Kind, MemoryRecord

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEARCH_LIMIT: Final = 10
IMPORT_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A search by words. `limit` 0: ten. `as_of_ns`: what was true then; `known_at_ns`: as was known then; 0: now."""

    query: str
    limit: int = 0
    include_past: bool = False
    as_of_ns: int = 0
    known_at_ns: int = 0


class Memories:
    """The memories of one hub, with its watchers told of every change."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._memory = hub.stores.memory

    def list(self, kinds: Iterable[str], include_past: bool, limit: int) -> Iterable[MemoryRecord]:
        """Memories by kind. Raises `UsageError` with code `kind`."""
        return self._memory.list(kinds=kinds_of(kinds), include_past=include_past, limit=limit or None)

    def search(self, sought: Sought, vector: "NDArray[np.float32] | None" = None) -> Iterable[Hit]:
        """Memories by words, and by the question's vector, best first. Raises `UsageError` with code `query`."""
        if not sought.query.strip():
            raise UsageError("query", "search for something")
        return self._memory.search(
            sought.query,
            now_ns=self._hub.now_ns(),
            limit=sought.limit or SEARCH_LIMIT,
            include_past=sought.include_past,
            as_of_ns=sought.as_of_ns or None,
            known_at_ns=sought.known_at_ns or None,
            vector=vector,
        )

    def show(self, memory_id: str) -> Shown:
        """One memory laid open, in the wearer's days. Raises `UsageError` with code `unknown_memory`."""
        self._get(memory_id)
        return self._memory.show(memory_id, self._hub.now_ns(), ZoneInfo(self._hub.timezone()))

    def edit(self, memory_id: str, text: str | None, pinned: bool | None) -> MemoryRecord:
        """Corrects the words, pins or unpins. Returns the memory that stands now, which may have another id.

        Raises `UsageError` with code `unknown_memory`.
        """
        edited = self._get(memory_id)
        if text is not None:
            edited = self._hub.mind.correct(edited, text.strip(), self._hub.now_ns())
        if pinned is not None:
            edited = self._memory.put(replace(edited, pinned=pinned))
        if edited.id != memory_id:
            self._hub.bus.publish(self._get(memory_id))
        self._hub.bus.publish(edited)
        return edited

    def export(self, kinds: Iterable[str]) -> Iterator[str]:
        """All memories in the portable form."""
        return iter(self._memory.export_lines(kinds=kinds_of(kinds)))

    async def bring_in(self, lines: AsyncIterator[str]) -> Imported:
        """Imports lines, all or nothing. Raises `UsageError` with code `import_large`."""
        taken: list[str] = []
        size = 0
        async for line in lines:
            size += len(line)
            if size > IMPORT_BYTES:
                raise UsageError(
                    "import_large", f"an import holds at most {IMPORT_BYTES >> 20} MiB: bring it in parts"
                )
            taken.append(line)
        return self._memory.import_lines(taken)

    def _get(self, memory_id: str) -> MemoryRecord:
        record = self._memory.get(memory_id)
        if record is None:
            raise UsageError("unknown_memory", "there is no such memory")
        return record


def kinds_of(names: Iterable[str]) -> tuple[Kind, ...]:
    """Kinds by name. Raises `UsageError` with code `kind`."""
    try:
        return tuple(Kind(name) for name in names)
    except ValueError as error:
        known = ", ".join(kind.value for kind in Kind)
        raise UsageError("kind", f"there is no such kind of memory: there are {known}") from error
