"""The data folder of one hub: private, writable, and used by one hub at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sotto_hub.errors import HomeError

_MARKS: Final = ("keys", "hub.db", "sotto.toml", "models")


def prepare_home(home: Path) -> None:
    """Makes the folder (0700) or checks it. Raises `HomeError`: `home_write`; `keys` when only the data is left.

    A folder that holds other things (somebody typed `--home /srv`) keeps its own rights: what the hub puts into it is
    private by itself.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_ours(home):
            home.chmod(0o700)
    except OSError as error:
        raise HomeError("home_write", f"the home {home} cannot be used: {error.strerror}") from error
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise HomeError("home_write", f"the home {home} cannot be written")
    if (home / "hub.db").exists() and not (home / "keys").exists():
        raise HomeError("keys", f"{home} holds data but no keys: bring {home / 'keys'} back from a backup")


def is_ours(home: Path) -> bool:
    """Whether the folder is empty or has been a hub's home before."""
    return any((home / name).exists() for name in _MARKS) or not any(home.iterdir())


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Holds the home for this process; the lock dies with it. Raises `HomeError`: `home_used` or `home_write`."""
    try:
        handle = os.open(home / "hub.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise HomeError("home_write", f"the home {home} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise HomeError(
            "home_used", f"another hub is running in {home}: stop it, or choose another --home"
        ) from error
    finally:
        os.close(handle)
