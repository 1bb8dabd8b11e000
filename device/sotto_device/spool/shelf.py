"""The device's spool folder: one folder a boot, bounded as a whole by size and by age. Blocking: worker thread only.

    HOME/spool/known.json            what outlives all boots
    HOME/spool/<boot>/boot.json      what is told of the boot, in clear: nothing that was sensed
                      tally          how far each stream has come
                      000001.seg …   sealed segments
                      controls       what the wearer ordered and the hub has not acknowledged

Folders 0700, files 0600. Full, by its own bound or because the disk is: the oldest segment of the oldest boot goes,
as a whole, and the ledger will say `spool_full`. A recorded day makes no room: it can be replayed; its source waits.
"""

import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sotto_device.clock import Anchor
from sotto_device.spool import age
from sotto_device.spool.boot import BOOT, Boot, Known, key_name
from sotto_device.spool.disk import DiskSpool
from sotto_device.spool.layer import Layer
from sotto_device.spool.segment_file import Segment
from sotto_device.spool.taken import Taken
from sotto_device.spool.tally import Tally

LOG: Final = logging.getLogger("sotto.spool")
TALLY: Final = "tally"
MOST_BOOTS: Final = 256
"""Of more boots that nobody fetched the oldest goes, and the log says what it held."""

DAY_NS: Final = 86_400_000_000_000


@dataclass(slots=True, kw_only=True)
class BootFolder:
    """One boot on the disk. `taken`: what of it must not come up any more."""

    path: Path
    boot: Boot
    tally: Tally
    disk: DiskSpool
    taken: Taken = field(default_factory=Taken)

    @property
    def owed_ns(self) -> int:
        """Captured and not acknowledged, over all streams."""
        return sum(count.owed_ns for count in self.tally.counts().values())

    @property
    def settled(self) -> bool:
        """Whether the hub has acknowledged everything, and nothing lies here."""
        counts = self.tally.counts().values()
        return not self.disk.bytes and all(c.acked.sequence >= c.last.sequence for c in counts)

    @property
    def ended_wall_ns(self) -> int:
        """When its last capture ended, by its own clock."""
        return max((c.end.wall_ns for c in self.tally.counts().values() if c.last.sequence), default=0)

    @property
    def ended_monotonic_ns(self) -> int:
        """The same, on the boot-time clock."""
        return max((c.end.monotonic_ns for c in self.tally.counts().values()), default=0)

    def tell(self, boot: Boot) -> None:
        """Replaces what is told of the boot. Raises `OSError`."""
        boot.save(self.path)
        self.boot = boot

    def close(self) -> None:
        """Lets go of the files."""
        self.disk.close()
        self.tally.close()


class Shelf:
    """All boots of one device. `bound_bytes`, `days`: what may wait on the disk."""

    def __init__(
        self, folder: Path, *, hub_key: bytes, bound_bytes: int, days: int = 7, layer: Layer | None = None
    ) -> None:
        """Opens the folder. Raises `OSError`."""
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._hub_key = hub_key
        self._bound = bound_bytes
        self._days_ns = days * DAY_NS
        self._layer = layer
        self._said_old = False
        self.known = Known.load(folder)
        self.boots: list[BootFolder] = sorted(self._found(), key=lambda one: one.boot.number)

    def begin(self, boot: Boot) -> BootFolder:
        """A folder for a new boot; gives it its number and its floor. Raises `OSError`."""
        newest = max((one.boot.number for one in self.boots), default=0)
        number = max(newest, self.known.boots) + 1
        self.known = replace(self.known, boots=number)
        self.known.save(self._folder)
        path = self._folder / boot.boot_id
        path.mkdir(mode=0o700)
        boot = replace(boot, number=number)
        boot.save(path)
        opened = self._opened(path, boot)
        self.boots.append(opened)
        while len(self.boots) > MOST_BOOTS:
            oldest = self.boots[0]
            LOG.warning("There are too many runs that no hub has; the oldest goes, %.1f s.", oldest.owed_ns / 1e9)
            self.remove(oldest)
        return opened

    def resumed(self, source: str, hub_key: str) -> BootFolder | None:
        """The newest boot that replayed this source for this hub."""
        fitting = [one for one in self.boots if one.boot.source == source and one.boot.hub_key == hub_key]
        return fitting[-1] if fitting else None

    def remove(self, folder: BootFolder) -> None:
        """Everything of a boot goes."""
        folder.close()
        shutil.rmtree(folder.path, ignore_errors=True)
        if folder in self.boots:
            self.boots.remove(folder)

    def meet(self, known: Known) -> None:
        """Remembers the newest hub time. Raises `OSError`."""
        if known.hub_ns > self.known.hub_ns:
            self.known = replace(known, boots=self.known.boots)
            self.known.save(self._folder)

    def refuse(self, present: BootFolder, from_wall_ns: int, to_wall_ns: int) -> None:
        """From here on nothing of the span comes up, of any boot. Touches no file; from the event loop."""
        for folder in tuple(self.boots):
            by_ns = _apart(folder.boot, present.boot)
            folder.taken.add(from_wall_ns - by_ns, to_wall_ns - by_ns)

    def withhold(self, present: BootFolder, from_wall_ns: int, to_wall_ns: int) -> None:
        """Off the record, in every boot, in the wall time of the present one. Raises `OSError` after all were tried.

        Where nothing tells how the clocks of two boots stand to each other, they are taken to agree; the hub, which
        knows the span too, refuses what comes of it later.
        """
        failed: OSError | None = None
        for folder in self.boots:
            by_ns = _apart(folder.boot, present.boot)
            try:
                folder.disk.withhold(from_wall_ns - by_ns, to_wall_ns - by_ns)
            except OSError as error:
                failed = error
        if failed is not None:
            raise failed

    def expire(self, now: Anchor) -> None:
        """Drops what has waited for too many days, as far as clocks can tell. Raises `OSError`.

        Of boots for another hub, which has other clocks, the age of their files counts too; they leave nothing.
        """
        live = [one for one in self.boots if one.boot.live]
        shown = age.shown([(one.boot.kernel_boot_id, one.ended_monotonic_ns) for one in live], now)
        dropped = sum(self._expired(folder, shown, now) for folder in live)
        if dropped and not self._said_old:
            LOG.warning("What waited for more than %d days is gone: %d files.", self._days_ns // DAY_NS, dropped)
        self._said_old = self._said_old or bool(dropped)

    def _expired(self, folder: BootFolder, shown: Mapping[str, int], now: Anchor) -> int:
        """Drops what is too old of one boot; how many segments."""
        boot, dropped = folder.boot, 0
        foreign = boot.hub_key != key_name(self._hub_key)
        floor_ns = 0 if foreign else self.known.floor_ns(now.kernel_boot, now.monotonic_ns)

        def is_old(segment: Segment) -> bool:
            ages_ns = [age.by_hub_ns(segment.until_wall_ns, boot.offset, floor_ns)] if segment.last else []
            if segment.last and boot.kernel_boot_id in shown:
                ages_ns.append(shown[boot.kernel_boot_id] - segment.ended_ns)
            if foreign or not segment.last:
                ages_ns.append(_file_age_ns(segment.path, now))
            return max(ages_ns) > self._days_ns

        while folder.disk.drop_oldest(is_old):
            dropped += 1
        if foreign and not folder.disk.bytes and _file_age_ns(folder.path / BOOT, now) > self._days_ns:
            self.remove(folder)
        return dropped

    # ---- room

    def fits(self, need: int) -> bool:
        """Whether so many bytes more are within the bound."""
        return sum(one.disk.bytes for one in self.boots) + need <= self._bound

    def make(self) -> bool:
        """Drops the oldest segment of all; false where there is none."""
        return any(one.disk.drop_oldest() for one in self.boots if one.boot.live)

    # ---- what is there

    def _found(self) -> Iterator[BootFolder]:
        for path in sorted(path for path in self._folder.iterdir() if path.is_dir()):
            try:
                yield self._opened(path, Boot.load(path))
            except FileNotFoundError as error:
                if any(path.glob("*.seg")):
                    LOG.warning("%s is gone: what lies beside it stays as it is (%s)", path / BOOT, error.strerror)
                else:
                    shutil.rmtree(path, ignore_errors=True)  # killed before anything was sensed in it
            except (OSError, ValueError) as error:
                LOG.warning("%s cannot be used: what lies beside it stays as it is (%s)", path / BOOT, error)

    def _opened(self, path: Path, boot: Boot) -> BootFolder:
        tally = Tally(path / TALLY)
        disk = DiskSpool(path, hub_key=self._hub_key, tally=tally, layer=self._layer)
        disk.room = self if boot.live else _Waits(self)
        return BootFolder(path=path, boot=boot, tally=tally, disk=disk)


class _Waits:
    """The room of a recorded day: nothing goes for it."""

    def __init__(self, shelf: Shelf) -> None:
        self.fits = shelf.fits

    def make(self) -> bool:
        """Nothing."""
        return False


def _file_age_ns(path: Path, now: Anchor) -> int:
    return now.system_wall_ns - path.stat().st_mtime_ns


def _apart(boot: Boot, present: Boot) -> int:
    """What to add to the wall time of a boot to get that of the present one (pure)."""
    if not (boot.live and present.live):
        return 0
    if boot.kernel_boot_id and boot.kernel_boot_id == present.kernel_boot_id:
        return present.wall_minus_monotonic_ns - boot.wall_minus_monotonic_ns
    if boot.offset is not None and present.offset is not None:
        return boot.offset.offset_ns - present.offset.offset_ns
    return 0
