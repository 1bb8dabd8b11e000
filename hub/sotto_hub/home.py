"""The data folder of one hub: private, writable, and used by one hub at a time."""

import fcntl
import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import Final

from sotto_hub.errors import HomeError

LOG: Final = logging.getLogger("sotto.hub")
_MARKS: Final = ("keys", "hub.db", "sotto.toml", "models")
_KEYS: Final = ("vault", "authority.key")
_PRIVATE: Final = ("keys", "keeper", "tmp")
_DATABASES: Final = ("hub.db", "memory.db")
_STARTED: Final = "keeper/link.json"
"""Written after the databases by the first start."""

_DATA: Final = ("hub.db*", "memory.db*", "hub.lock", "sotto.toml")
_DRAFT: Final = ".keys.new"
"""What a first start of an older Sotto left when it was killed."""


def prepare_home(home: Path) -> None:
    """Makes the folder (0700) or checks it, and mends rights that are too wide.

    Raises `HomeError`: `home_write`; `keys` when only the data is left. A folder that holds other things (somebody
    typed `--home /srv`) keeps its own rights: what the hub puts into it is private by itself.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(home.iterdir()):
            home.chmod(0o700)
        elif is_ours(home):
            _narrow(home, 0o700)
        for path in _own(home):
            _narrow(path, 0o700 if path.is_dir() else 0o600)
        rmtree(home / _DRAFT, ignore_errors=True)
    except OSError as error:
        raise HomeError("home_write", f"the home {home} cannot be used: {error.strerror}") from error
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise HomeError("home_write", f"the home {home} cannot be written")
    if (home / "hub.db").exists() and not any((home / "keys" / name).exists() for name in _KEYS):
        raise HomeError("keys", f"{home} holds data but no keys: bring {home / 'keys'} back from a backup")
    if (home / _STARTED).exists() and (missing := [name for name in _DATABASES if not _holds(home / name)]):
        raise HomeError(
            "store_missing",
            f"{home / missing[0]} is missing or empty: bring it back from a backup, or begin anew in another home",
        )


def is_ours(home: Path) -> bool:
    """Whether the folder is empty or has been a hub's home before."""
    return any((home / name).exists() for name in _MARKS) or not any(home.iterdir())


def _holds(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def keep_drafts_inside(home: Path) -> None:
    """Temporary files of this process, of whatever library, lie in HOME/tmp from now on, emptied first.

    Raises `HomeError` with code `home_write`.
    """
    folder = home / "tmp"
    try:
        rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise HomeError("home_write", f"the home {home} cannot be written: {error.strerror}") from error
    tempfile.tempdir = str(folder)
    os.environ.update(TMPDIR=str(folder), SQLITE_TMPDIR=str(folder))


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder outlast a power cut. Raises `OSError`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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


def _own(home: Path) -> Iterator[Path]:
    """What the hub itself has put into its home, without the models: those are no secret."""
    for name in _PRIVATE:
        if (home / name).is_dir():
            yield home / name
            yield from (home / name).rglob("*")
    for pattern in _DATA:
        yield from home.glob(pattern)


def _narrow(path: Path, wanted: int) -> None:
    """Takes from a file what others may do with it, and says so: somebody may have read it."""
    with suppress(FileNotFoundError):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or not found.st_mode & 0o077:
            return
        path.chmod(wanted)
        LOG.warning("%s was open to other accounts of this machine: it is private again", path)
