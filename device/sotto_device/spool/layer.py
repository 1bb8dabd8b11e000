"""The two calls by which content reaches the disk, and what is done when a disk takes only a part."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

APPEND: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC


class Layer(Protocol):
    """What a test may stand in for: a disk that is full, or broken."""

    def write(self, handle: int, data: bytes) -> int:
        """Writes some of it; how much. Raises `OSError`."""

    def sync(self, handle: int) -> None:
        """Returns when it is on the disk. Raises `OSError`."""


class OsLayer:
    """The operating system."""

    def write(self, handle: int, data: bytes) -> int:
        """See `os.write`."""
        return os.write(handle, data)

    def sync(self, handle: int) -> None:
        """See `os.fdatasync`."""
        os.fdatasync(handle)


def append_whole(layer: Layer, handle: int, data: bytes, size: int, *, sync: bool) -> None:
    """Writes all of it behind the first `size` bytes, or cuts the file back to those. Raises `OSError`."""
    rest = data
    try:
        while rest:
            rest = rest[layer.write(handle, rest) :]
        if sync:
            layer.sync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise


def sync_folder(folder: Path) -> None:
    """Returns when the names in the folder are on the disk. Raises `OSError`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
