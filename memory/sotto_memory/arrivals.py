"""Where new memories land: one small table that is durable at once and sorted into the indexes a little later.

Stands between `store` and `database`. A memory has a row, an entry in each of six indexes, its words in the full-text
index and its links: a dozen pages, each to be sealed and written. `arrivals` has one page to write and nothing to
keep in order, so a single memory is safe on the disk in a quarter of the time. Whoever reads or changes anything
sorts in first what has arrived (`store` sees to it), `BATCH` at a time at most; nothing is ever answered without it.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from sotto_memory.rows import ROW

if TYPE_CHECKING:
    from sqlite_utils import Database

BATCH: Final = 256
"""After so many arrivals, the one that comes next sorts them in."""

_NAMES: Final = ", ".join(ROW)
_ARRIVE: Final = f"INSERT INTO arrivals ({_NAMES}) VALUES ({', '.join('?' * len(ROW))})"  # noqa: S608  (our columns)
_SORT_IN: Final = f"INSERT INTO memories ({_NAMES}) SELECT {_NAMES} FROM arrivals ORDER BY number"  # noqa: S608
_WAITING: Final = "SELECT id, gist, slot, evidence FROM arrivals"
_KNOWN: Final = """
SELECT EXISTS (SELECT 1 FROM memories WHERE gist = ?1) OR EXISTS (SELECT 1 FROM memories WHERE id = ?2)
    OR EXISTS (SELECT 1 FROM links WHERE evidence = ?2)
    OR EXISTS (SELECT 1 FROM memories WHERE slot = ?3 AND slot <> '')
"""


class Arrivals:
    """The table `arrivals` of one open file, and what this program knows of it.

    What other programs let arrive is noticed by PRAGMA data_version
    (https://www.sqlite.org/pragma.html#pragma_data_version).
    """

    def __init__(self, db: "Database") -> None:
        self._connection: Any = db.conn
        self._version = -1
        self._count = 0
        self._seen: set[str | int] = set()

    @property
    def noticed(self) -> bool:
        """Whether something waits as far as this program knows without looking."""
        return self._count > 0

    def waiting(self) -> bool:
        """Whether anything has arrived that is not sorted in, by whichever program."""
        self._look()
        return self._count > 0

    def is_new(self, memory_id: str, gist: int, slot: str) -> bool:
        """True when nothing that is kept has this id, gist or slot (if it has one), or rests on this id.

        Within a transaction.
        """
        self._look()
        if not self._seen.isdisjoint((memory_id, gist, slot or gist)):
            return False
        return not self._connection.execute(_KNOWN, (gist, memory_id, slot)).fetchone()[0]

    def arrive(self, row: tuple[Any, ...], known_by: Iterable[str | int]) -> None:
        """Writes one row, in the order of `ROW`; every so often sorts in. Within the caller's transaction.

        `known_by`: its id, gist, slot and evidence, by which the next one is compared with it.
        """
        self._connection.execute(_ARRIVE, row)
        self._count += 1
        self._seen.update(known_by)
        if self._count >= BATCH:
            self.sort_in()

    def sort_in(self) -> None:
        """Moves all arrivals into their order and their indexes. Within the caller's transaction."""
        self._connection.execute(_SORT_IN)
        self._connection.execute("DELETE FROM arrivals")
        self.forget()

    def forget(self) -> None:
        """Knows nothing any more, and will look: after a transaction that was undone, say."""
        self._version, self._count = -1, 0
        self._seen = set()

    def _look(self) -> None:
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            rows = self._connection.execute(_WAITING).fetchall()
            self._count = len(rows)
            self._seen = {one for *known_by, evidence in rows for one in (*known_by, *json.loads(evidence))}
            self._version = version
