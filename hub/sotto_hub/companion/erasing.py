"""Erasing memories by hand: one, a person, a span of time, words, or the bin; to look at first, and then for good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sotto_hub.errors import UsageError
from sotto_hub.hub import Hub
from sotto_hub.records import Erased
from sotto_memory import MemoryRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which memories: by one of these. `span`: from and to, Unix nanoseconds, the end not included."""

    id: str | None = None
    person: str | None = None
    span: tuple[int, int] | None = None
    query: str | None = None
    bin: bool = False


class Erasing:
    """The way out of one hub's memory."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._memory = hub.stores.memory

    def chosen(self, what: Selection) -> list[MemoryRecord]:
        """What an erasure would take, with what rests on it alone. Raises `UsageError`, code `unknown_memory`."""
        ids = self._memory.falling(self._named(what))
        return [record for record in map(self._memory.get, ids) if record]

    def erase(self, what: Selection) -> Erased:
        """Erases a selection and the suggestions that rest on it, for good.

        The suggestions go first: once the memory is gone, nothing tells which rested on it. Raises `UsageError`
        (`unknown_memory`), and `HomeError` when all is erased but bytes of it are left on the disk for now.
        """
        named = self._named(what)
        shelf = self._hub.stores.shelf
        self._hub.erasing()
        suggestions = tuple(s.id for s in shelf.resting_on(self._memory.falling(named)))
        shelf.erase(suggestions)
        gone = self._gone(what)
        erased = Erased(from_ns=0, to_ns=0, memory_ids=gone, suggestion_ids=suggestions)
        self._hub.bus.publish(erased)
        self._hub.stores.transcript.scrub()
        return erased

    def _named(self, what: Selection) -> Sequence[str]:
        """The ids that are meant, without what falls with them."""
        if what.bin:
            return self._memory.emptying()
        if what.person is not None:
            return _ids(self._memory.about_person(what.person))
        if what.span is not None:
            return _ids(self._memory.within(*what.span))
        if what.query is not None:
            return _ids(self._memory.saying(what.query))
        if what.id is None or self._memory.get(what.id) is None:
            raise UsageError("unknown_memory", "there is no such memory")
        return (what.id,)

    def _gone(self, what: Selection) -> tuple[str, ...]:
        """Erases; a selection is made anew within the transaction, so that nobody slips in between."""
        if what.bin:
            return self._memory.empty_bin()
        if what.person is not None:
            return self._memory.erase_person(what.person)
        if what.span is not None:
            return self._memory.erase_span(*what.span)
        if what.query is not None:
            return self._memory.erase_query(what.query)
        return self._memory.erase([what.id or ""])


def _ids(records: Iterable[MemoryRecord]) -> tuple[str, ...]:
    return tuple(record.id for record in records)
