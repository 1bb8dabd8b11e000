"""The spool for several tasks at once: putting, sending and acknowledging wait for each other here."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from sotto_device.spool import Spool
from sotto_proto.records import Frame


class Outbox:
    """A spool whose changes can be awaited. All calls come from one event loop."""

    def __init__(self, spool: Spool, *, live: bool) -> None:
        self.spool = spool
        self._live = live
        self._changed = asyncio.Event()
        self._closed = False

    async def put(self, frames: Iterable[Frame]) -> None:
        """Takes frames. A recorded day waits here while the spool is full; a live source never does."""
        for frame in frames:
            if not self._live:
                await self._until(lambda: self.spool.has_room)
            self.spool.put(frame)
            self._touch()

    async def next(self) -> Frame | None:
        """The next frame to send, as soon as there is one; `None` once the outbox is closed."""
        while (frame := self.spool.next()) is None and not self._closed:
            await self._change()
        return frame

    async def drained(self) -> None:
        """Returns when the hub has acknowledged everything."""
        await self._until(lambda: not self.spool.waiting_frames)

    def ack(self, stream: str, sequence: int) -> None:
        """The hub has committed everything up to this number."""
        self.spool.ack(stream, sequence)
        self._touch()

    def rewind(self, marks: Mapping[str, int]) -> None:
        """A new connection begins at these marks."""
        self.spool.rewind(marks)
        self._touch()

    def withhold(self, from_wall_ns: int, to_wall_ns: int) -> None:
        """Off the record."""
        self.spool.withhold(from_wall_ns, to_wall_ns)
        self._touch()

    def close(self) -> None:
        """Nothing more will come: `next` ends when all is sent."""
        self._closed = True
        self._touch()

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self._change()

    async def _change(self) -> None:
        """Waits for the next change. The event is renewed, so that every waiter of this moment wakes."""
        await self._changed.wait()

    def _touch(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
