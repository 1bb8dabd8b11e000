"""The spool for several tasks at once: putting, sending and acknowledging wait for each other here."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from sotto_device.spool import Spool
from sotto_device.spool.cellar import Cellar
from sotto_proto.records import Frame, Mark


class Outbox:
    """A spool whose changes can be awaited, with or without a disk behind it. All calls come from one event loop."""

    def __init__(self, spool: Spool, *, live: bool, cellar: Cellar | None = None) -> None:
        self.spool = spool
        self._live = live
        self._cellar = cellar
        self._changed = asyncio.Event()
        self._closed = False

    async def put(self, frames: Iterable[Frame]) -> None:
        """Takes frames. A recorded day waits here while the spool is full; a live source never does."""
        taken: list[Frame] = []
        for frame in frames:
            if not self._live:
                await self._until(lambda: self.spool.has_room)
            self.spool.put(frame)
            taken.append(frame)
            self._touch()
        if self._cellar is not None and taken:
            await self._cellar.took(taken)

    async def next(self) -> Frame | None:
        """The next frame to send, as soon as there is one; `None` once the outbox is closed."""
        while (frame := await self._oldest()) is None and not self._closed:
            await self._change()
        return frame

    async def drained(self) -> None:
        """Returns when the hub has acknowledged everything."""
        await self._until(lambda: self.settled)

    @property
    def settled(self) -> bool:
        """Whether the hub has acknowledged everything."""
        return self.spool.settled

    async def ordered(self) -> None:
        """Returns when there is a control that overtakes and has not been sent."""
        await self._until(lambda: self.spool.waiting(urgent=True) is not None)

    def ack(self, stream: str, mark: Mark) -> None:
        """The hub has committed everything up to this mark."""
        self.spool.ack(stream, mark)
        self._noted()

    def rewind(self, marks: Mapping[str, Mark]) -> None:
        """A new connection begins at these marks."""
        self.spool.rewind(marks)
        if self._cellar is not None:
            self._cellar.rewind()
        self._touch()

    async def withhold(self, from_wall_ns: int, to_wall_ns: int) -> None:
        """Off the record: gone from memory at once, and from the disk when this returns."""
        self.spool.withhold(from_wall_ns, to_wall_ns)
        self._touch()
        if self._cellar is not None:
            await self._cellar.withhold(from_wall_ns, to_wall_ns)
            self._touch()

    def close(self) -> None:
        """Nothing more will come: `next` ends when all is sent."""
        self._closed = True
        self.spool.complete()
        self._touch()

    @property
    def waiting_ms(self) -> tuple[int, int]:
        """How much was captured and no hub has acknowledged, of this boot: in memory, and on disk."""
        held_ns = self.spool.held_ns
        return held_ns // 1_000_000, max(0, self.spool.owed_ns - held_ns) // 1_000_000

    def connected(self, connected: bool) -> None:
        """Whether a hub takes frames now: with one, they may wait in memory for longer."""
        if self._cellar is not None:
            self._cellar.connected = connected

    async def keep_up(self) -> None:
        """Lays on the disk what waits for too long, until cancelled."""
        if self._cellar is not None:
            await self._cellar.keep_up(self._touch)

    async def finish(self, *, clean: bool = True) -> None:
        """The end of this boot's outbox: what is left is on the disk when this returns."""
        if self._cellar is not None:
            await self._cellar.finish(clean=clean)

    def next_control(self) -> Frame | None:
        """The next control that overtakes; `None`: there is none to send now."""
        spool = self.spool
        if not spool.is_leading and (frame := spool.waiting(urgent=True)) is not None:
            spool.lead(frame)
        return spool.next() if spool.is_leading else None

    async def _oldest(self) -> Frame | None:
        """The disk goes before memory; what overtakes goes before both."""
        spool = self.spool
        while not spool.is_leading:
            frame = spool.waiting(urgent=True)
            if frame is None and self._cellar is not None:
                frame = await self._cellar.next()
            if (frame := frame or spool.waiting()) is None:
                return None
            spool.lead(frame)
        frame = spool.next()
        return frame if frame is None or self._cellar is None else self._cellar.clear(frame)

    def _noted(self) -> None:
        if self._cellar is not None:
            self._cellar.note()
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


class Controls:
    """What overtakes in an outbox, as an outbox of its own: it ends when the last of them is sent."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.ack, self.rewind = outbox.ack, outbox.rewind

    @property
    def settled(self) -> bool:
        """Whether the hub has acknowledged every control that is there."""
        return not self._outbox.spool.controls()

    async def next(self) -> Frame | None:
        """The next control; `None`: that was all."""
        return self._outbox.next_control()
