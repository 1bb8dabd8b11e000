"""All that a household has left behind, byte by byte: files as they are, databases also in clear, and what came by.

folders ─► files ──────────────────────► pieces ─► detectors (words, sound, pictures)
             └─ databases ─► pages, cells ─┘
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlcipher3 import dbapi2 as sqlcipher

PAGE, SALT, VECTOR, RESERVED = 4096, 16, 16, 80
JOURNAL_HEAD, FRAME_HEAD = 32, 24
POLL_S: Final = 0.01


class Piece(NamedTuple):
    """Bytes with a name. Not `in_clear`: they lie on the disk only under the database's key."""

    name: str
    data: bytes
    in_clear: bool = True


def files(folders: Iterable[Path]) -> list[Piece]:
    """Every regular file below the folders, each content once."""
    paths = [(folder, path) for folder in folders for path in sorted(folder.rglob("*"))]
    whole = [(folder, path) for folder, path in paths if path.is_file() and not path.is_symlink()]
    contents = {path.read_bytes(): str(path.relative_to(folder.parent)) for folder, path in reversed(whole)}
    return [Piece(name, data) for data, name in contents.items()]


def databases(home: Path, key: bytes) -> Iterator[Piece]:
    """The pages of a hub's databases and of their journals, and every value that SQL shows. The hub must not run."""
    for name in ("hub.db", "memory.db"):
        held = (home / name).read_bytes()
        yield Piece(f"{name} pages", b"\0".join(_pages(held, key)), in_clear=False)
        journal = home / f"{name}-wal"
        if journal.exists():
            yield Piece(f"{name} journal", b"\0".join(_journal(journal.read_bytes(), key)), in_clear=False)
        yield from (Piece(f"{name} {where}", value, in_clear=False) for where, value in _cells(home / name, key))


def _pages(held: bytes, key: bytes) -> Iterator[bytes]:
    """SQLCipher 4: AES-256-CBC; the first page begins with the salt; the initialisation vector is near the end."""
    for place in range(0, len(held) - PAGE + 1, PAGE):
        yield _opened(held[place : place + PAGE], key, first=place == 0)


def _journal(held: bytes, key: bytes) -> Iterator[bytes]:
    for place in range(JOURNAL_HEAD, len(held) - PAGE - FRAME_HEAD + 1, PAGE + FRAME_HEAD):
        number = int.from_bytes(held[place : place + 4], "big")
        start = place + FRAME_HEAD
        yield _opened(held[start : start + PAGE], key, first=number == 1)


def _opened(page: bytes, key: bytes, *, first: bool) -> bytes:
    end = PAGE - RESERVED
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + VECTOR])).decryptor()
    return decryptor.update(page[SALT if first else 0 : end])


def _cells(path: Path, key: bytes) -> Iterator[tuple[str, bytes]]:
    """A column of a table as one piece: large values lie on many pages, here they are whole."""
    connection = sqlcipher.connect(str(path))
    try:
        connection.execute(f"pragma key = \"x'{key.hex()}'\"")
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            rows = connection.execute(f'select * from "{table}"')
            names = [column[0] for column in rows.description]
            values = list(zip(*rows.fetchall(), strict=True))
            for column, held in zip(names, values, strict=False):
                yield f"{table}.{column}", b"\0".join(map(_as_bytes, held))
    finally:
        connection.close()


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass
class Watchman:
    """Keeps a second name for every file that appears in the folders, so that what is deleted can still be searched.

    He looks every 10 ms: what lives for less can escape him.
    """

    folders: Sequence[Path]
    kept: Path

    def __enter__(self) -> "Watchman":
        self.kept.mkdir()
        self._seen: set[tuple[int, int]] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(POLL_S):
            for folder in self.folders:
                self._look(folder)

    def _look(self, folder: Path) -> None:
        for where, _, names in os.walk(folder):
            for name in names:
                self._keep(Path(where, name))

    def _keep(self, path: Path) -> None:
        try:
            told = path.lstat()
            known = (told.st_dev, told.st_ino)
            if known not in self._seen:
                os.link(path, self.kept / f"{len(self._seen):04}-{path.name}", follow_symlinks=False)
                self._seen.add(known)
        except OSError:
            return  # gone already, or nothing that has a second name
