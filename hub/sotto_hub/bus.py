"""What happens in the hub, told to everyone who watches. A slow watcher misses events, never holds up the hub.

Policy when a watcher's queue is full: its oldest events go, are counted, and one `Lagged` stands for them all.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sotto_hub.records import Contact, Erased, HubStatus, Partial, Suggestion, Utterance
from sotto_memory.records import MemoryRecord

QUEUE: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Lagged:
    """So many events were missed by this watcher."""

    missed: int


Event = Partial | Utterance | Suggestion | MemoryRecord | Erased | HubStatus | Contact | Lagged


def is_erased(event: Event, by: Erased) -> bool:
    """Whether an event tells of what is gone (pure). Words that are being said may reach into a span: they go too."""
    match event:
        case Partial(start_ns=start_ns):
            return start_ns < by.to_ns
        case Utterance(id=gone):
            return gone in by.utterance_ids
        case Suggestion(id=gone):
            return gone in by.suggestion_ids
        case MemoryRecord(id=gone):
            return gone in by.memory_ids
        case _:
            return False


class Watcher:
    """One subscription: an async iterator of events from now on."""

    def __init__(self, size: int) -> None:
        self._events: deque[Event] = deque(maxlen=size)
        self._missed = 0
        self._ready = asyncio.Event()
        self._closed = False

    def offer(self, event: Event) -> None:
        """Queues an event, at the cost of the oldest when there is no room. What it erases is not told any more."""
        if isinstance(event, Erased):
            stays = [queued for queued in self._events if not is_erased(queued, event)]
            self._events = deque(stays, maxlen=self._events.maxlen)
        self._missed += len(self._events) == self._events.maxlen
        self._events.append(event)
        self._ready.set()

    def close(self) -> None:
        """No more events: what is queued may still be taken."""
        self._closed = True
        self._ready.set()

    async def next(self) -> Event | None:
        """The next event; first of all what was missed, if anything was. `None` when the hub stops."""
        await self._ready.wait()
        if self._missed:
            missed, self._missed = self._missed, 0
            return Lagged(missed=missed)
        event = self._events.popleft() if self._events else None
        if not self._events and not self._closed:
            self._ready.clear()
        return event


class Bus:
    """Tells every watcher."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    @property
    def is_watched(self) -> bool:
        """Whether anybody watches: what is dear to make need not be made for nobody."""
        return bool(self._watchers)

    def publish(self, event: Event) -> None:
        """Tells all who watch now. Never waits."""
        for watcher in self._watchers:
            watcher.offer(event)

    def close(self) -> None:
        """Sends every watcher home."""
        for watcher in self._watchers:
            watcher.close()

    @contextmanager
    def watch(self, size: int = QUEUE) -> Iterator[Watcher]:
        """Watches for as long as the context lasts."""
        watcher = Watcher(size)
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
