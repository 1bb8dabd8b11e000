"""Keeps the account of whom the hub speaks with: what was counted is stored, and a refused attempt is told at once.

Upstream: the meter (every call of the link) and the guard (every attempt of this process to call somebody). Sums lie
in RAM for a minute at most; a hub that is killed loses that minute of them, never more.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from sotto_hub.egress.guard import Attempt, Guard
from sotto_hub.egress.meter import Meter
from sotto_hub.egress.policy import MDNS_PORT, as_address
from sotto_hub.errors import HomeError
from sotto_hub.hub import Hub
from sotto_hub.records import Contact

LOG: Final = logging.getLogger("sotto.audit")
STORE_S: Final = 60.0
ROOM: Final = 1024
"""So many sums wait for a disk that has no room; older ones go."""

_SINCE: Final = "audit.since"


class Auditor:
    """Counts, stores, tells. All of it on the event loop's thread, except that the guard may call from any."""

    def __init__(self, hub: Hub, meter: Meter, guard: Guard | None = None) -> None:
        self._traffic = hub.stores.traffic
        self._peers = hub.stores.peers
        self._notes = hub.stores.notes
        self._bus = hub.bus
        self._clock = hub.clock
        self._meter = meter
        self._waiting: list[Contact] = []
        self._guard = guard
        self._stop = asyncio.Event()
        if not self._notes.get(_SINCE):
            self._notes.put(_SINCE, str(hub.clock()))

    @property
    def since_ns(self) -> int:
        """When counting began."""
        return int(self._notes.get(_SINCE) or 0)

    def contacts(self) -> list[Contact]:
        """Everyone, with what was counted up to now; peers by their present names."""
        self.store()
        return [replace(contact, name=self._name(contact)) for contact in self._traffic.all()]

    async def keep(self) -> None:
        """Listens to the guard, and stores once a minute and at the end. Runs until `close`."""
        loop = asyncio.get_running_loop()
        if self._guard:
            self._guard.tell(lambda: _told(loop, self._take_attempts))
        while not self._stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(STORE_S):
                    await self._stop.wait()
            self.store()

    def close(self) -> None:
        """Ends `keep`, once it has stored."""
        if self._guard:
            self._guard.tell(None)
        self._stop.set()

    def store(self) -> None:
        """Stores what was counted; what a full disk does not take waits for the next time."""
        self._take_attempts()
        self._waiting += self._meter.taken()
        if not self._waiting:
            return
        try:
            self._traffic.add(self._waiting)
            self._waiting = []
        except HomeError as error:
            LOG.warning("the account of the hub's traffic waits: %s", error.code)
            self._waiting = self._waiting[-ROOM:]

    def _take_attempts(self) -> None:
        for attempt in self._guard.taken() if self._guard else ():
            self._note(attempt)

    def _note(self, attempt: Attempt) -> None:
        made = Contact(
            who=attempt.who,
            purpose=_purpose(attempt),
            outgoing=True,
            calls=int(attempt.permitted),
            refused=int(not attempt.permitted),
        )
        self._meter.count(made)
        if made.refused:
            now_ns = self._clock()
            self._bus.publish(replace(made, since_ns=now_ns, last_ns=now_ns))

    def _name(self, contact: Contact) -> str:
        peer = None if contact.outgoing else self._peers.get(contact.who)
        return peer.name if peer else ""


def _told(loop: asyncio.AbstractEventLoop, take: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop has ended: nobody listens any more
        loop.call_soon_threadsafe(take)


def _purpose(attempt: Attempt) -> str:
    if not attempt.permitted:
        return attempt.by
    if attempt.port == MDNS_PORT:
        return "discovery"
    address = as_address(attempt.host)
    return "this machine" if address is None or address.is_loopback else "model server"
