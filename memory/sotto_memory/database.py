"""Opens the file of a memory: its rights, its key, its journal; and says in one sentence what is wrong with it.

Stands at the bottom of the room, under `store`. The file is made with rights 0600 before SQLite sees it; SQLite gives
its journal files (-wal, -shm) the same rights. With a key the whole file is encrypted (SQLCipher, AES-256 and a
message authentication code on every page); without one it is plain SQLite.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sotto_memory.errors import MemoryBusyError, MemoryInputError, MemoryStoreError
from sotto_memory.schema import migrations, refuse_newer

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

KEY_BYTES: Final = 32
BUSY_S: Final = 10.0
"""How long to wait for another program that writes."""

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what was said to be kept survives a power cut
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -1000",  # KiB of pages held: SQLCipher's own eight megabytes would fill up over weeks
    "PRAGMA temp_store = MEMORY",  # nothing in clear beside the file
    "PRAGMA trusted_schema = OFF",
)
_DAMAGED: Final = ("store_damaged", "The memory {path} is damaged. Bring back a copy, or import an export.")
_NO_ROOM: Final = "The memory {path} is damaged, or this computer has no memory left: SQLite does not say which."
_SIGNS_OF_DAMAGE: Final = ("decode to UTF-8", "malformed JSON", "SQL logic error")
"""What SQLite and its driver say of a page that is readable, but holds other bytes than were written."""
_SENTENCES: Final = {
    "SQLITE_NOTADB": _DAMAGED,  # a page that its key does not open, though the first one did
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_CANTOPEN": ("store_folder", "The memory {path} cannot be opened: check its folder and its rights."),
    "SQLITE_READONLY": ("store_folder", "The memory {path} cannot be written: check its folder and its rights."),
    "SQLITE_PERM": ("store_folder", "The memory {path} cannot be opened: check its folder and its rights."),
    "SQLITE_FULL": ("store_full", "The disk is full; the memory {path} was not changed."),
    "SQLITE_IOERR": ("store_disk", "The disk of the memory {path} fails to read or write."),
}


def open_database(path: Path, key: bytes | None, zone: tzinfo = UTC) -> "Database":
    """The open, migrated database of the file, made when it is not there.

    Raises MemoryInputError (key), MemoryStoreError and MemoryBusyError.
    """
    _check_key(key)
    with _saying_why(path):
        _prepare_file(path)
    with plainly(path):
        db = _connect(path, key)
        try:
            _settle(db, path, migrations(zone), encrypted=key is not None)
        except BaseException:
            db.close()
            raise
        return db


@contextmanager
def writing(db: "Database") -> Iterator[None]:
    """One transaction that holds the right to write from its beginning, so that what it read still holds."""
    connection: Any = db.conn  # sqlite-utils reads every statement character by character: here that would be felt
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


@contextmanager
def waiting(db: "Database", seconds: float) -> Iterator[None]:
    """Waits within no longer than this for another program that writes."""
    connection: Any = db.conn
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_S * 1000)}")


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turns what SQLite says into one sentence and a stable code."""
    from sqlcipher3 import dbapi2  # heavy: only when a file is opened

    try:
        yield
    except UnicodeDecodeError:  # the names of tables are read so
        raise _damaged(path) from None
    except MemoryError as problem:  # SQLCipher says so too of every call after a page that its key does not open
        raise MemoryStoreError("store_damaged", _NO_ROOM.format(path=path)) from problem
    except dbapi2.Error as problem:
        quotes = any(sign in str(problem) for sign in _SIGNS_OF_DAMAGE)  # what is kept, byte by byte
        raise _in_plain_words(problem, path) from (None if quotes else problem)


def _in_plain_words(problem: Exception, path: Path) -> MemoryStoreError | MemoryBusyError:
    """The error for the user. SQLite's extended names start with the name of the plain error."""
    name = _name_of(problem)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return MemoryBusyError("store_busy", f"Another program is writing to the memory {path}. Try again.")
    for prefix, (code, sentence) in _SENTENCES.items():
        if name.startswith(prefix):
            return MemoryStoreError(code, sentence.format(path=path))
    if any(sign in str(problem) for sign in _SIGNS_OF_DAMAGE):
        return _damaged(path)
    reason = "it is closed" if "closed" in str(problem) else name or type(problem).__name__
    return MemoryStoreError("store_failed", f"The memory {path} cannot be used: {reason}.")


def _damaged(path: Path) -> MemoryStoreError:
    code, sentence = _DAMAGED
    return MemoryStoreError(code, sentence.format(path=path))


def _name_of(problem: Exception) -> str:
    """SQLite's own name of the error, empty when the driver raised it by itself."""
    return str(getattr(problem, "sqlite_errorname", None) or "")


def _check_key(key: bytes | None) -> None:
    if key is not None and not isinstance(key, bytes):
        raise MemoryInputError("key_type", "The key of a memory must be bytes, not text.")
    if key is not None and len(key) != KEY_BYTES:
        raise MemoryInputError("key_length", f"The key of a memory has {KEY_BYTES} bytes, not {len(key)}.")


@contextmanager
def _saying_why(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or "it cannot be used"
        raise MemoryStoreError("store_folder", f"The memory {path} cannot be opened: {reason}.") from problem


def _prepare_file(path: Path) -> None:
    """Makes folder (0700) and file (0600) when they are not there.

    A file that is there is never opened here: closing it would drop the locks that this process holds on it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    if path.is_dir():
        raise IsADirectoryError(21, "it is a folder")


def _narrow(path: Path) -> None:
    """Takes the rights of all others from the files of a memory; only once it is known to be one."""
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with suppress(FileNotFoundError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def _connect(path: Path, key: bytes | None) -> "Database":
    from sqlcipher3 import dbapi2
    from sqlite_utils import Database

    connection: Any = dbapi2.connect(str(path), isolation_level=None, timeout=BUSY_S, check_same_thread=False)
    connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is told once, by us, not on stderr
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def _settle(db: "Database", path: Path, steps: "Migrations", *, encrypted: bool) -> None:
    """Reads the file for the first time, sets it up and brings it up to date."""
    tables = _unlock(db, path, encrypted=encrypted)
    applied = [step.name for step in steps.applied(db)]
    if tables and not applied:
        raise MemoryStoreError("store_foreign", f"The file {path} belongs to another program; it is not a memory.")
    refuse_newer(applied)
    with _saying_why(path):
        _narrow(path)
    for setting in _SETTINGS:
        db.execute(setting).fetchall()
    if steps.pending(db):
        with writing(db):
            steps.apply(db)


def _unlock(db: "Database", path: Path, *, encrypted: bool) -> list[str]:
    """The names of the tables: the first read, which shows whether the key is right."""
    from sqlcipher3 import dbapi2

    try:
        return db.table_names()
    except dbapi2.DatabaseError as problem:
        if _name_of(problem) != "SQLITE_NOTADB":
            raise
        if encrypted and _opens_without_key(path):
            sentence = f"The memory {path} is not sealed: it opens without a key."
            raise MemoryStoreError("store_plain", sentence) from problem
        sentence = f"The memory {path} is sealed with another key, or it is not a memory."
        raise MemoryStoreError("store_key", sentence) from problem


def _opens_without_key(path: Path) -> bool:
    from sqlcipher3 import dbapi2

    db = _connect(path, None)
    try:
        db.table_names()
    except dbapi2.DatabaseError:
        return False
    finally:
        db.close()
    return True
