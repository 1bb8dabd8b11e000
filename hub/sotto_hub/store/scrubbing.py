"""What an erasure owes the file: rows are gone with their transaction, their bytes only once the file is rewritten.

The transaction that erases notes the debt (`owe`). It is paid at once where the disk lets it be; else by the next
erasure, by the hub's sweep, or by its next start.
"""

import logging
from typing import TYPE_CHECKING, Final

from sotto_hub.errors import HomeError
from sotto_hub.store.writing import saying_why, writing

if TYPE_CHECKING:
    from sqlite_utils import Database

LOG: Final = logging.getLogger("sotto.store")
DUE: Final = "scrub.due"
_NOT_YET: Final = "it is erased, but its bytes are not yet gone from the disk, and the hub goes on trying: "


def owe(db: "Database") -> None:
    """Notes, within the transaction that erases, that bytes of it are left in the file."""
    db.execute("insert or replace into notes (name, value) values (?, 'yes')", [DUE])


def is_owed(db: "Database") -> bool:
    """Whether bytes of something erased may still be in the file."""
    return db.execute("select 1 from notes where name = ?", [DUE]).fetchone() is not None


def scrub(db: "Database") -> None:
    """Leaves no byte of what was deleted: rewrites the file without its free pages and empties the WAL.

    Nothing is done when nothing is owed. Raises `HomeError`: `store_full`, `store_write`, or `erase_waiting` while
    another program reads the file; then it stays owed.
    """
    if not is_owed(db):
        return
    try:
        with saying_why():
            db.execute("vacuum")
            busy, _, _ = db.execute("pragma wal_checkpoint(truncate)").fetchone()
    except HomeError as error:
        raise HomeError(error.code, _NOT_YET + error.sentence) from error
    if busy:
        raise HomeError("erase_waiting", f"{_NOT_YET}another program reads the database")
    with writing(db):
        db.execute("delete from notes where name = ?", [DUE])


def try_scrub(db: "Database") -> None:
    """Scrubs if that can be done now; else it stays owed."""
    try:
        scrub(db)
    except HomeError as error:
        LOG.warning("the bytes of an erasure wait to be scrubbed: %s", error.code)
