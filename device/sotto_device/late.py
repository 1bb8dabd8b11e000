"""Earlier boots of this device that no hub has heard to their end: the uplink delivers them before the live stream.

Each gets a stream of its own, oldest first, placed in the hub's time by `spool.placing`; its folder goes when the hub
has acknowledged all of it. What was sealed for another hub waits, within the bounds of the shelf: nobody here can
open it.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from sotto_device.clock import Clock, kernel_boot_id
from sotto_device.echo import Echo
from sotto_device.outbox import Outbox
from sotto_device.spool import Spool
from sotto_device.spool.boot import Boot, Known
from sotto_device.spool.bridge import KILLED, SPOOL_DAMAGED
from sotto_device.spool.cellar import Cellar
from sotto_device.spool.placing import Offset, Present, all_placed
from sotto_device.spool.shelf import BootFolder, Shelf
from sotto_device.worker import Worker
from sotto_proto.records import Hello, MuteState

LOG: Final = logging.getLogger("sotto.spool")
LATE_BYTES: Final = 1 << 20
TELL_NS: Final = 600_000_000_000
MOST_FAILURES: Final = 5
"""So often in a row an earlier boot may fail without any progress, before it stands aside for the others."""
NO_OFFSET: Final = Offset(offset_ns=0, error_ns=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateBoot:
    """One earlier boot, ready to be delivered."""

    folder: BootFolder
    hello: Hello
    outbox: Outbox


@dataclass(slots=True, kw_only=True)
class Earlier:
    """All boots before this one. `current`: the folder of the running boot."""

    shelf: Shelf
    worker: Worker
    clock: Clock
    hub_key: str
    current: BootFolder | None = None
    read_kernel_boot: Callable[[], str] = kernel_boot_id
    _aside: list[BootFolder] = field(default_factory=list)
    _told_ns: int | None = None
    _failures: dict[str, tuple[int, int]] = field(default_factory=dict)  # boot: how often, and what it owed then

    @property
    def owed_ns(self) -> int:
        """How much of earlier boots no hub has acknowledged."""
        return sum(folder.owed_ns for folder in self._waiting())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to deliver."""
        return not self._waiting()

    def read_wall_ns(self) -> int:
        """The clock that echoes are taken with."""
        return self.clock.now().wall_ns

    async def met(self, echo: Echo) -> None:
        """Remembers what the hub's clock says: for this boot, should it end unheard, and for all that come."""
        now = self.clock.now()
        if self._told_ns is not None and now.monotonic_ns - self._told_ns < TELL_NS:
            return
        self._told_ns = now.monotonic_ns
        kernel_boot = self.read_kernel_boot()
        known = Known(hub_ns=echo.hub_ns, kernel_boot_id=kernel_boot, monotonic_ns=now.monotonic_ns)
        with suppress(OSError):  # a full disk: the next echo tries again
            await self.worker.run(self.shelf.meet, known)
            if self.current is not None and self.current.boot.live:
                offset = Offset(offset_ns=echo.offset_ns, error_ns=echo.error_ns, at_wall_ns=echo.received_ns)
                await self.worker.run(self.current.tell, replace(self.current.boot, offset=offset))

    async def boots(self, echo: Echo, live_owed_ns: int) -> list[LateBoot]:
        """What is to be delivered now, oldest first. What the hub has already is removed."""
        for folder in [folder for folder in self._waiting() if folder.settled]:
            await self.worker.run(self.shelf.remove, folder)
        waiting = self._waiting()
        offsets = await self._placed([folder for folder in waiting if folder.boot.live], echo)
        waiting_ns = self.owed_ns + live_owed_ns
        return [self._late(folder, offsets.get(folder.boot.boot_id, NO_OFFSET), waiting_ns) for folder in waiting]

    async def delivered(self, late: LateBoot) -> None:
        """The hub has all of it."""
        LOG.info("boot %s is delivered", late.folder.boot.boot_id)
        await self.worker.run(self.shelf.remove, late.folder)

    def set_aside(self, late: LateBoot, why: str) -> None:
        """The hub refuses it: it is not offered again in this run, so that it does not stand in the way."""
        owed_s = late.folder.owed_ns / 1e9
        LOG.warning("The hub refuses %.1f s of an earlier run; they stay here. (%s)", owed_s, why)
        self._aside.append(late.folder)

    def gives_up(self, late: LateBoot) -> bool:
        """Takes note of a failure that was not the network's; whether it was one too many in a row."""
        owed_ns = late.folder.owed_ns
        times, before_ns = self._failures.get(late.folder.boot.boot_id, (0, owed_ns))
        times = 1 if owed_ns < before_ns else times + 1
        self._failures[late.folder.boot.boot_id] = (times, owed_ns)
        return times >= MOST_FAILURES

    def _waiting(self) -> list[BootFolder]:
        mine = (folder for folder in self.shelf.boots if folder.boot.hub_key == self.hub_key)
        return [folder for folder in mine if folder is not self.current and folder not in self._aside]

    async def _placed(self, folders: list[BootFolder], echo: Echo) -> dict[str, Offset]:
        """Offsets by boot. One that had to be guessed is kept, so that all of the boot comes with the same."""
        eras = [folder.boot.era(folder.ended_wall_ns) for folder in folders]
        now = self.clock.now()
        if self.current is not None and self.current.boot.live:
            eras.append(self.current.boot.era(now.wall_ns))
        present = Present(
            kernel_boot_id=self.read_kernel_boot(),
            hub_minus_monotonic_ns=echo.offset_ns + self.clock.wall_minus_monotonic_ns,
            error_ns=echo.error_ns,
            hub_ns=now.wall_ns + echo.offset_ns,
        )
        found: dict[str, Offset] = {}
        for folder, offset in zip(folders, all_placed(eras, present), strict=False):
            found[folder.boot.boot_id] = offset
            if folder.boot.offset is None and folder.boot.kernel_boot_id != present.kernel_boot_id:
                with suppress(OSError):
                    await self.worker.run(folder.tell, replace(folder.boot, offset=offset))
        return found

    def _late(self, folder: BootFolder, offset: Offset, waiting_ns: int) -> LateBoot:
        boot = folder.boot
        spool = Spool(bound_bytes=LATE_BYTES, live=boot.live)
        controls = folder.disk.controls.read() if boot.live else []
        spool.resume(folder.tally.counts(), SPOOL_DAMAGED if folder.tally.clean else KILLED, controls)
        cellar = Cellar(spool=spool, shelf=self.shelf, folder=folder, worker=self.worker)
        outbox = Outbox(spool, live=boot.live, cellar=cellar)
        outbox.close()
        return LateBoot(folder=folder, hello=_hello(boot, offset, waiting_ns), outbox=outbox)


def _hello(boot: Boot, offset: Offset, waiting_ns: int) -> Hello:
    return Hello(
        boot_id=boot.boot_id,
        timezone=boot.timezone,
        streams=boot.streams,
        software=boot.software,
        mute=MuteState(muted=False),
        clock_offset_ns=offset.offset_ns,
        clock_error_ns=offset.error_ns,
        late=True,
        waiting_ns=waiting_ns,
    )
