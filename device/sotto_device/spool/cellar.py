"""What joins memory and disk: waits too long in memory, and it is laid down; from there it comes up first.

Stands beside the outbox, which asks it before memory. All file work runs on one worker thread; decisions about memory
are taken on the event loop. Every `TICK_S` what has waited for longer than the rules allow is spilled: `away_s` while
no hub takes frames, `connected_s` while one does. That the disk takes nothing is said once, and once that it does
again; meanwhile frames wait in memory, under memory's own bound.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, ParamSpec

from sotto_device.clock import Anchor, Clock, boot_ns
from sotto_device.spool.memory import Spool
from sotto_device.spool.segment_file import START, Place
from sotto_device.spool.shelf import BootFolder, Shelf
from sotto_device.worker import Worker
from sotto_proto.errors import LinkError
from sotto_proto.records import Control, Frame

LOG: Final = logging.getLogger("sotto.spool")
TICK_S: Final = 0.5
EXPIRE_NS: Final = 3_600_000_000_000
SECOND_NS: Final = 1_000_000_000
P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a frame may wait in memory alone, in seconds: while no hub is there, and while one is."""

    away_s: float = 1.0
    connected_s: float = 20.0


@dataclass(slots=True, kw_only=True)
class Cellar:
    """The disk behind the outbox of one boot."""

    spool: Spool
    shelf: Shelf
    folder: BootFolder
    worker: Worker
    patience: Patience = field(default_factory=Patience)
    read_ns: Callable[[], int] = boot_ns
    read_anchor: Callable[[], Anchor] = field(default_factory=lambda: Clock.started_now().anchor)
    connected: bool = False
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _seen: deque[tuple[int, dict[str, int]]] = field(default_factory=deque)
    _place: Place = START
    _up: deque[Frame] = field(default_factory=deque)
    _expired_ns: int | None = None
    _refuses: bool = False

    # ---- down

    def note(self) -> None:
        """Memory has changed: the tally follows at once."""
        self.folder.tally.note(self.spool.counts())

    async def took(self, frames: Sequence[Frame]) -> None:
        """Frames have come in. Controls are on the disk when this returns, if it takes them."""
        self.note()
        if any(isinstance(frame.body, Control) for frame in frames):
            await self._order()

    async def keep_up(self, touched: Callable[[], None]) -> None:
        """Spills what has waited for too long, until cancelled."""
        while True:
            await asyncio.sleep(TICK_S)
            if await self.tick():
                touched()

    async def tick(self) -> bool:
        """One look; whether anything was spilled."""
        now_ns = self.read_ns()
        self._seen.append((now_ns, {stream: c.last.sequence for stream, c in self.spool.counts().items()}))
        spilled = await self.spill(self._overdue(now_ns))
        await self._tidy()
        await self._expire(now_ns)
        return spilled

    async def spill(self, upto: Mapping[str, int] | None) -> bool:
        """Lays down frames up to these numbers (`None`: all); whether there were any and the disk took them."""
        spilled = False
        async with self._lock:
            while batch := self.spool.due(upto):
                self.spool.fix(batch)
                laid = await self._laid(self.folder.disk.append, batch, self.read_ns())
                self._note_dropped()
                if not laid:
                    return False
                self.spool.leave(batch)
                spilled = True
        self.note()
        return spilled

    async def withhold(self, from_wall_ns: int, to_wall_ns: int) -> None:
        """Off the record: nothing of the span comes up from here on, and when this returns it is not on the disk.

        That holds for earlier boots too, which have cellars of their own: what those have read up waits in memory.
        """
        span = (from_wall_ns, to_wall_ns)
        self.shelf.refuse(self.folder, *span)
        async with self._lock:
            try:
                await self.worker.run(self.shelf.withhold, self.folder, *span)
            except OSError as error:
                LOG.warning("What was taken back cannot be removed from the disk (%s); it is not sent.", _why(error))
                return
            self._up.clear()
            self._place = START

    # ---- up

    async def next(self) -> Frame | None:
        """The next frame from the disk, as it lay there: for `clear`; `None`: there is nothing more on it."""
        while not self._up:
            self._note_dropped()
            if not self.folder.disk.has_more(self._place):
                return None
            async with self._lock:
                frames, self._place = await self.worker.run(self.folder.disk.read, self._place)
                self._up.extend(frames)
            await self._tidy()
        return self._up.popleft()

    def clear(self, frame: Frame) -> Frame:
        """The frame without what was taken back since it was read up, or was made ready behind a bridge."""
        return self.folder.taken.without(frame)

    def rewind(self) -> None:
        """A new connection: the disk is read from its beginning."""
        self._up.clear()
        self._place = START
        self.note()

    async def finish(self, *, clean: bool) -> None:
        """Lays down all that is left and ends the boot."""
        if clean:
            await self._order()
            await self.spill(None)
            self.folder.tally.say(clean=not self.spool.due(None, 1))
        await self._tidy()
        async with self._lock:
            await self.worker.run(self.folder.disk.close)

    # ---- inside

    async def _order(self) -> None:
        """What the wearer ordered must not be lost: live controls beside the segments, others in their place."""
        if not self.folder.boot.live:
            await self.spill(None)
            return
        async with self._lock:
            await self._laid(self.folder.disk.controls.append, self.spool.controls())

    def _note_dropped(self) -> None:
        """Room may have been made, for this boot or for another: what is missing then has that reason."""
        self.spool.dropped({stream: count.dropped for stream, count in self.folder.tally.counts().items()})

    def _overdue(self, now_ns: int) -> dict[str, int]:
        """Numbers up to which frames have waited for too long, or will have at the next look."""
        patience_s = self.patience.connected_s if self.connected else self.patience.away_s
        before_ns = now_ns - round(max(0.0, patience_s - TICK_S) * SECOND_NS)
        overdue: dict[str, int] = {}
        for at_ns, numbers in self._seen:
            if at_ns > before_ns:
                break
            overdue = numbers
        longest_ns = round(max(self.patience.connected_s, self.patience.away_s) * SECOND_NS)
        while self._seen and self._seen[0][0] < now_ns - longest_ns:
            self._seen.popleft()
        return overdue

    async def _tidy(self) -> None:
        if self.folder.disk.is_empty:
            return
        async with self._lock:
            with suppress(OSError):  # the next look tries again
                await self.worker.run(self.folder.disk.tidy, self.spool.acked())

    async def _expire(self, now_ns: int) -> None:
        """At the start and then every hour: nothing waits on the disk for longer than it may."""
        if self._expired_ns is not None and now_ns - self._expired_ns < EXPIRE_NS:
            return
        self._expired_ns = now_ns
        async with self._lock:
            with suppress(OSError):  # the next hour tries again
                await self.worker.run(self.shelf.expire, self.read_anchor())
        self._note_dropped()

    async def _laid(self, work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether the disk took it; its refusal is said once."""
        try:
            await self.worker.run(work, *args, **kwargs)
        except (OSError, LinkError) as error:
            if not self._refuses:
                LOG.warning("The disk takes nothing (%s): what no hub has waits in memory alone.", _why(error))
            self._refuses = True
            return False
        if self._refuses:
            LOG.warning("The disk takes what waits again.")
        self._refuses = False
        return True


def _why(error: OSError | LinkError) -> str:
    return error.sentence if isinstance(error, LinkError) else error.strerror or type(error).__name__
