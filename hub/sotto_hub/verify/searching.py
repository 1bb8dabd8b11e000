"""The search itself: every byte of every file in a home, and the pages of its databases in clear.

Runs in a process of its own (`__main__`), started by `child`.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from typing import Final, NamedTuple

from sotto_hub.verify.needles import Needles
from sotto_hub.verify.pages import journal_pages, pages

CHUNK_BYTES: Final = 4 << 20
DATABASES: Final = ("hub.db", "memory.db")
IN_CLEAR: Final = " (decrypted)"


class Looked(NamedTuple):
    """What was looked at. `found`: by name of a file, the numbers of the phrases that are in it."""

    files: int
    size: int
    found: dict[str, list[int]]


def look(home: Path, key: bytes, phrases: list[str]) -> Looked:
    """Searches a home. `key`: of its databases, 32 bytes. Raises `HomeError`, code `verify`."""
    needles = Needles(phrases)
    found: dict[str, list[int]] = {}
    files = size = 0
    for path in _regular(home):
        counted = _Counted(_chunks(path))
        _note(found, str(path.relative_to(home)), needles.search(counted))
        files, size = files + 1, size + counted.size
    for path in _databases(home):
        journal = journal_pages(path.with_name(f"{path.name}-wal"), key)
        name = str(path.relative_to(home)) + IN_CLEAR
        _note(found, name, needles.search(_gathered(chain(pages(path, key), journal))))
    return Looked(files=files, size=size, found=found)


def _note(found: dict[str, list[int]], name: str, numbers: set[int]) -> None:
    if numbers:
        found[name] = sorted(numbers)


class _Counted:
    """A stream whose bytes are counted as they go by."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self.size += len(piece)
            yield piece


def _regular(home: Path) -> Iterator[Path]:
    """The files of a home. What a link points to lies elsewhere; what has just gone holds nothing."""
    for folder, _, names in os.walk(home, onerror=_unread):
        for name in sorted(names):
            path = Path(folder, name)
            try:
                if S_ISREG(path.lstat().st_mode):
                    yield path
            except FileNotFoundError:
                continue


def _databases(home: Path) -> Iterator[Path]:
    """The databases of a home, and copies of them that a backup has made."""
    return (path for path in _regular(home) if path.name in DATABASES)


def _unread(error: OSError) -> None:
    """A folder that cannot be read proves nothing."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except FileNotFoundError:
        return


def _gathered(stream: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces."""
    held: list[bytes] = []
    for piece in stream:
        held.append(piece)
        if len(held) * len(piece) >= CHUNK_BYTES:
            yield b"".join(held)
            held.clear()
    yield b"".join(held)
