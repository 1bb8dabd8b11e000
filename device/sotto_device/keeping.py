"""Puts the spool of one run together: memory, the disk behind it, what earlier runs have left, or nothing but memory.

Where the disk cannot be used at all the device still senses: that is said once, and what waits lives in memory.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sotto_device.clock import Clock, kernel_boot_id
from sotto_device.identity import new_boot_id, software
from sotto_device.late import Earlier
from sotto_device.outbox import Outbox
from sotto_device.settings import Settings
from sotto_device.sources.source import Source
from sotto_device.spool import Spool
from sotto_device.spool.boot import Boot, key_name
from sotto_device.spool.bridge import KILLED
from sotto_device.spool.cellar import Cellar, Patience
from sotto_device.spool.layer import Layer
from sotto_device.spool.shelf import BootFolder, Shelf
from sotto_device.worker import Worker

LOG: Final = logging.getLogger("sotto.spool")
FOLDER: Final = "spool"


@dataclass(slots=True, kw_only=True)
class Keeping:
    """The disk of one run, before its source is known. `shelf` is `None` where there is none."""

    settings: Settings
    clock: Clock
    hub_key: str = ""
    shelf: Shelf | None = None
    resumed: BootFolder | None = None
    worker: Worker = field(default_factory=lambda: Worker("disk"))

    @classmethod
    def opened(
        cls, home: Path, settings: Settings, clock: Clock, sealing_key: bytes, layer: Layer | None = None
    ) -> "Keeping":
        """The disk spool in the device's folder."""
        keeping = cls(settings=settings, clock=clock, hub_key=key_name(sealing_key))
        if not settings.spool_disk_bytes:
            return keeping
        try:
            keeping.shelf = Shelf(
                home / FOLDER,
                hub_key=sealing_key,
                bound_bytes=settings.spool_disk_bytes,
                days=settings.spool_days,
                layer=layer,
            )
        except OSError as error:
            _say_none(error)
        return keeping

    def resume(self, source: str) -> Mapping[str, int]:
        """Goes on with the last run of a recorded day: up to which wall time each stream was captured."""
        self.resumed = self.shelf.resumed(source, self.hub_key) if self.shelf is not None else None
        counts = self.resumed.tally.counts() if self.resumed is not None else {}
        return {stream: count.end.wall_ns for stream, count in counts.items()}

    def begun(self, source: Source, name: str) -> "Kept":
        """The outbox of this run; `name` is that of a recorded day."""
        spool = Spool(bound_bytes=self.settings.spool_bytes, live=source.live)
        folder = self._folder(source, name)
        if self.shelf is None or folder is None:
            return Kept(boot_id=new_boot_id(), outbox=Outbox(spool, live=source.live), keeping=self)
        if folder is self.resumed:
            spool.resume(folder.tally.counts(), KILLED)
            folder.tally.say(clean=False)
        patience = Patience(away_s=self.settings.spill_s, connected_s=self.settings.spill_connected_s)
        cellar = Cellar(
            spool=spool,
            shelf=self.shelf,
            folder=folder,
            worker=self.worker,
            patience=patience,
            read_ns=self.clock.read,
            read_anchor=self.clock.anchor,
        )
        earlier = Earlier(
            shelf=self.shelf, worker=self.worker, clock=self.clock, hub_key=self.hub_key, current=folder
        )
        outbox = Outbox(spool, live=source.live, cellar=cellar)
        return Kept(boot_id=folder.boot.boot_id, outbox=outbox, keeping=self, folder=folder, earlier=earlier)

    def _folder(self, source: Source, name: str) -> BootFolder | None:
        if self.shelf is None or self.resumed is not None:
            return self.resumed
        now, kernel_boot = self.clock.now(), kernel_boot_id()
        boot = Boot(
            boot_id=new_boot_id(),
            number=0,
            timezone=source.timezone,
            streams=source.streams,
            software=software(),
            live=source.live,
            kernel_boot_id=kernel_boot,
            wall_minus_monotonic_ns=self.clock.wall_minus_monotonic_ns,
            began_wall_ns=now.wall_ns,
            hub_key=self.hub_key,
            source=name,
            floor_ns=self.shelf.known.floor_ns(kernel_boot, now.monotonic_ns),
        )
        try:
            return self.shelf.begin(boot)
        except OSError as error:
            _say_none(error)
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one run keeps: its outbox, and what runs before it have left."""

    boot_id: str
    outbox: Outbox
    keeping: Keeping
    folder: BootFolder | None = None
    earlier: Earlier | None = None

    async def finish(self, *, complete: bool) -> None:
        """The run ends: what is left goes to the disk, and a folder that holds nothing more goes.

        That of a recorded day that was stopped on the way stays, so that it can be resumed.
        """
        await self.outbox.finish()
        shelf, folder = self.keeping.shelf, self.folder
        if shelf is None or folder is None:
            self.keeping.worker.close()
            return
        owed_ns = folder.owed_ns
        if folder.settled and (complete or folder.boot.live):
            await self.keeping.worker.run(shelf.remove, folder)
        self.keeping.worker.close()
        if owed_ns:
            LOG.warning("%.1f s wait on the disk, sealed, until the hub is there.", owed_ns / 1e9)


def _say_none(error: OSError) -> None:
    LOG.warning("There is no spool on the disk (%s): what no hub has waits in memory alone.", error.strerror)
