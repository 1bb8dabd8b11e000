"""Both databases as they stood at one instant, copied while the hub goes on.

Each is read through a connection of its own that pins what it sees (a read transaction on the WAL). Copying happens
in a thread. A pinned WAL cannot be emptied, so an erasure ends a copy first: `give_up`.
"""

import errno
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sotto_hub.errors import UsageError

PAGES: Final = 256
"""A megabyte at a time: after each, an erasure may end the copy."""

PATIENCE_S: Final = 5.0


class Snapshot:
    """Copies of databases under the same key. `pin` on the event loop, `copy` in a thread."""

    def __init__(self, sources: Iterable[Path], key: bytes, folder: Path) -> None:
        self._sources = tuple(sources)
        self._key = key
        self._folder = folder
        self._pinned: dict[str, Any] = {}
        self._over = threading.Event()
        self._free = threading.Event()
        self._free.set()

    def pin(self) -> None:
        """From now on the copies are of this instant. Raises `OSError` when a database cannot be read."""
        self._free.clear()
        try:
            with _as_os_error():
                for path in self._sources:
                    self._pinned[path.name] = source = self._connect(path)
                    source.execute("begin")
                    source.execute("select count(*) from sqlite_master").fetchone()
        except BaseException:
            self._release()
            raise

    def copy(self) -> list[Path]:
        """Writes the copies. Raises `UsageError` (`backup_erased`) when something is being erased, `OSError`."""
        try:
            return [self._copied(name, source) for name, source in self._pinned.items()]
        finally:
            self._release()

    def check(self) -> None:
        """Raises `UsageError` with code `backup_erased` once something was erased since `pin`."""
        if self._over.is_set():
            raise UsageError("backup_erased", "something was taken back meanwhile: make the backup again")

    def give_up(self) -> None:
        """Something is about to be erased: lets go of both files, and the copies go. Waits for that, milliseconds."""
        self._over.set()
        self._free.wait(PATIENCE_S)
        for path in self._sources:
            (self._folder / path.name).unlink(missing_ok=True)

    def _release(self) -> None:
        while self._pinned:
            self._pinned.popitem()[1].close()
        self._free.set()

    def _copied(self, name: str, source: Any) -> Path:
        path = self._folder / name
        target = self._connect(path)
        path.chmod(0o600)
        try:
            with _as_os_error():
                source.backup(target, pages=PAGES, progress=lambda *_: self.check())
        finally:
            target.close()
        return path

    def _connect(self, path: Path) -> Any:
        from sqlcipher3 import dbapi2 as sqlcipher

        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute("pragma cipher_log_level = none").fetchall()
        connection.execute(f"pragma key = \"x'{self._key.hex()}'\"")
        return connection


@contextmanager
def _as_os_error() -> Iterator[None]:
    """A database that cannot be read or copied, such as on a full disk, fails as a file would."""
    from sqlcipher3 import dbapi2 as sqlcipher

    try:
        yield
    except sqlcipher.Error as error:
        raise OSError(errno.EIO, str(error)) from error
