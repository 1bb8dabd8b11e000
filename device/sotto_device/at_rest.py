"""Taking back while no daemon runs: what earlier runs have left on the disk, sealed, loses the span too."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from sotto_device.alone import only_one
from sotto_device.clock import Clock
from sotto_device.errors import HomeError
from sotto_device.keeping import FOLDER
from sotto_device.spool.boot import Boot
from sotto_device.spool.shelf import Shelf
from sotto_proto.credentials import load_credentials

NO_BOUND: Final = 1 << 62
"""Nothing is added here, so nothing has to go."""


def forget_at_rest(home: Path, last_ns: int, clock: Clock) -> int:
    """Takes back the last span in every run that waits on the disk; how many those are.

    Raises `HomeError`, also when a daemon has started meanwhile, and `Unpaired`.
    """
    if not (home / FOLDER).is_dir():
        return 0
    try:
        with only_one(home):
            shelf = Shelf(home / FOLDER, hub_key=load_credentials(home).sealing_key, bound_bytes=NO_BOUND)
            return _withheld(shelf, last_ns, clock)
    except OSError as error:
        raise HomeError("spool", f"what waits in {home} cannot be taken back: {error.strerror}") from error


def _withheld(shelf: Shelf, last_ns: int, clock: Clock) -> int:
    boots, now_ns = list(shelf.boots), clock.now().wall_ns
    if boots:
        present = replace(boots[-1], boot=present_boot([one.boot for one in boots], clock))
        shelf.withhold(present, now_ns - last_ns, now_ns)
    for folder in boots:
        folder.close()
    return len(boots)


def present_boot(boots: list[Boot], clock: Clock) -> Boot:
    """A run that would begin now: how its clock stands to the hub's is known where one of this machine's start was.

    `boots`: those on the disk, oldest first, at least one (pure but for the clock).
    """
    machine, wall_ns = clock.boot(), clock.wall_minus_monotonic_ns
    known = next((b for b in reversed(boots) if b.kernel_boot_id == machine and b.live and b.offset), None)
    offset = None
    if machine and known is not None and known.offset is not None:
        offset_ns = known.offset.offset_ns + known.wall_minus_monotonic_ns - wall_ns
        offset = replace(known.offset, offset_ns=offset_ns)
    return replace(boots[-1], live=True, kernel_boot_id=machine, wall_minus_monotonic_ns=wall_ns, offset=offset)
