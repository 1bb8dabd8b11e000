"""What people do with memories by hand: list, search, correct, erase, take out, bring in."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import Final

from sotto_hub.errors import UsageError
from sotto_hub.hub import Hub
from sotto_hub.records import Erased
from sotto_memory import Imported
from sotto_memory.hits import Hit
from sotto_memory.records import Kind, MemoryRecord

SEARCH_LIMIT: Final = 10
IMPORT_BYTES: Final = 64 << 20


class Memories:
    """The memories of one hub, with its watchers told of every change."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._memory = hub.stores.memory

    def list(self, kinds: Iterable[str], include_past: bool, limit: int) -> Iterable[MemoryRecord]:
        """Memories by kind. Raises `UsageError` with code `kind`."""
        return self._memory.list(kinds=kinds_of(kinds), include_past=include_past, limit=limit or None)

    def search(self, query: str, include_past: bool, limit: int) -> Iterable[Hit]:
        """Memories by words, best first. `limit` 0: ten."""
        if not query.strip():
            raise UsageError("query", "search for something")
        now_ns = self._hub.now_ns()
        return self._memory.search(query, now_ns=now_ns, limit=limit or SEARCH_LIMIT, include_past=include_past)

    def edit(self, memory_id: str, text: str | None, pinned: bool | None) -> MemoryRecord:
        """Corrects the words, pins or unpins. Raises `UsageError` with code `unknown_memory`."""
        edited = self._get(memory_id)
        if text is not None:
            edited = self._hub.mind.correct(edited, text.strip(), self._hub.now_ns())
        if pinned is not None:
            edited = self._memory.put(replace(edited, pinned=pinned))
        self._hub.bus.publish(edited)
        return edited

    def erase(self, memory_id: str) -> Erased:
        """Erases a memory and the suggestions that rest on it, for good.

        The suggestions go first: once the memory is gone, nothing tells which rested on it. Raises `UsageError`
        (`unknown_memory`), and `HomeError` when all is erased but bytes of it are left on the disk for now.
        """
        self._get(memory_id)
        shelf = self._hub.stores.shelf
        self._hub.erasing()
        suggestions = tuple(s.id for s in shelf.resting_on(self._memory.falling([memory_id])))
        shelf.erase(suggestions)
        gone = tuple(self._memory.erase([memory_id]))
        erased = Erased(from_ns=0, to_ns=0, memory_ids=gone, suggestion_ids=suggestions)
        self._hub.bus.publish(erased)
        self._hub.stores.transcript.scrub()
        return erased

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
