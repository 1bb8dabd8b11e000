"""The encrypted file of the hub: SQLCipher through sqlite-utils, opened with care."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sotto_hub.errors import HomeError
from sotto_hub.store.migrations import migrate

if TYPE_CHECKING:
    from sqlite_utils import Database


def open_database(path: Path, key: bytes) -> "Database":
    """The database at `path`, made when absent, migrated to today's schema.

    `key`: 32 bytes.

    Raises `HomeError`: `store_key` when key and file do not belong together, `store_damaged` when a page of it is not
    what was written, `store_open` when the file cannot be read or written, `store_newer` when a newer Sotto wrote it.
    """
    from sqlcipher3 import dbapi2 as sqlcipher
    from sqlite_utils import Database

    try:
        _make_private(path)
        connection = sqlcipher.connect(str(path))
    except (OSError, sqlcipher.Error) as error:
        raise HomeError("store_open", f"the database {path} cannot be opened for reading and writing") from error
    try:
        _prepare(connection, key)
        _require_sound(path, connection)
        db = Database(connection)  # type: ignore[arg-type]  # SQLCipher's is a twin of sqlite3's connection
        migrate(db)
    except sqlcipher.DatabaseError as error:
        connection.close()
        raise _failure(path, error) from error
    except HomeError:
        connection.close()
        raise
    return db


def _require_sound(path: Path, connection: Any) -> None:
    """Every page is checked against its authentication code: 3 ms a megabyte, before anything rests on it."""
    if connection.execute("pragma cipher_integrity_check").fetchall():
        raise HomeError("store_damaged", f"the database {path} is damaged: bring it back from a backup")


def _prepare(connection: Any, key: bytes) -> None:
    """No log of its own (it would land on stderr); the key; then a durable, scrubbing, bounded journal.

    Temporary tables stay in RAM.
    """
    connection.execute("pragma cipher_log_level = none").fetchall()
    connection.execute(f"pragma key = \"x'{key.hex()}'\"")
    connection.execute("select count(*) from sqlite_master").fetchone()
    connection.execute("pragma journal_mode = wal").fetchone()
    connection.execute("pragma synchronous = full")
    connection.execute("pragma secure_delete = on").fetchone()
    connection.execute("pragma temp_store = memory")
    connection.execute("pragma cache_size = -1000")  # KiB of pages held: eight megabytes would fill up over weeks
    connection.execute("pragma wal_checkpoint(truncate)").fetchall()


def _failure(path: Path, error: Exception) -> HomeError:
    if "not a database" in str(error):
        return HomeError(
            "store_key", f"the database {path} does not open with this hub's key: wrong key, or a damaged file"
        )
    return HomeError("store_open", f"the database {path} cannot be used: {error}")


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
