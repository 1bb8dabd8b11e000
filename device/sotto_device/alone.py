"""One process at a time may use the device's folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sotto_device.errors import HomeError

LOCK: Final = "daemon.lock"


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Two daemons of one folder would be one device to the hub, and take each other's place. Raises `HomeError`."""
    with (home / LOCK).open("w") as lock:
        (home / LOCK).chmod(0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HomeError("running", f"another sotto-device is running with {home}: stop it first") from error
        yield
