"""One way to write: a transaction, and one sentence when the disk has no room for it or fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sotto_hub.errors import HomeError

if TYPE_CHECKING:
    from sqlite_utils import Database


@contextmanager
def writing(db: "Database") -> Iterator[None]:
    """All that is written inside, or nothing of it.

    Raises `HomeError`: `store_full` on a full disk, `store_write` on one that fails.
    """
    with saying_why(), db.atomic():
        yield


@contextmanager
def saying_why() -> Iterator[None]:
    """Turns what SQLite says of the disk into one sentence. Raises `HomeError`: `store_full`, `store_write`."""
    from sqlcipher3 import dbapi2 as sqlcipher

    try:
        yield
    except (sqlcipher.IntegrityError, sqlcipher.ProgrammingError):
        raise
    except sqlcipher.DatabaseError as error:
        raise _failure(error) from error


def _failure(error: Exception) -> HomeError:
    if "full" in str(error):
        return HomeError("store_full", "the disk of the hub's home is full: make room and try again")
    return HomeError("store_write", f"the hub's home cannot be written: {error}")
