"""Vectors in the file: kept, read back, and what happened to them since somebody last looked.

Stands on `store`, under `vectors` and `pending`. Every change of a vector, in whatever program, leaves its number in
the table `vector_changes`; who has read up to one of them reads on from there. It keeps the newest ten thousand.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sotto_memory.recall.embedding import to_blob

if TYPE_CHECKING:
    from sotto_memory.store import Store

BATCH: Final = 2_048
"""Vectors read at once."""

_KEEP: Final = """
INSERT INTO vectors (number, embedder, vector) VALUES (:number, :embedder, :vector)
ON CONFLICT (number) DO UPDATE SET embedder = excluded.embedder, vector = excluded.vector
"""
_BATCH: Final = """
SELECT number, vector FROM vectors
WHERE embedder = :embedder AND number < :below AND length(vector) = :bytes ORDER BY number DESC LIMIT :batch
"""
_SOME: Final = """
SELECT number, vector FROM vectors
WHERE number IN (SELECT value FROM json_each(:numbers)) AND embedder = :embedder AND length(vector) = :bytes
"""
_BARE: Final = """
SELECT number FROM memories EXCEPT SELECT number FROM vectors WHERE embedder = :embedder
"""
_TEXTS: Final = """
SELECT number, id, text FROM memories
WHERE number IN (SELECT value FROM json_each(:numbers))
    AND NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.number = memories.number AND embedder = :embedder)
ORDER BY number DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed since `change`: numbers of memories, or None when that is too long ago to be known."""

    newest: int
    numbers: frozenset[int] | None


def newest_change(store: "Store") -> int:
    """The number of the newest change, 0 before the first."""
    return int(store.rows("SELECT coalesce(max(change), 0) AS newest FROM vector_changes")[0]["newest"])


def changes_since(store: "Store", change: int) -> Changes:
    """All changes after the one with this number."""
    sql = "SELECT change, number FROM vector_changes WHERE change > :change ORDER BY change"
    rows = store.rows(sql, {"change": change})
    if not rows:
        return Changes(newest=change, numbers=frozenset())
    whole = rows[0]["change"] == change + 1
    numbers = frozenset(int(row["number"]) for row in rows) if whole else None
    return Changes(newest=int(rows[-1]["change"]), numbers=numbers)


def keep(store: "Store", embedder: str, vectors: Mapping[int, Any]) -> None:
    """Keeps vectors by the number of their memory, inside the caller's transaction. Raises MemoryInputError."""
    for number, vector in vectors.items():
        store.db.execute(_KEEP, {"number": number, "embedder": embedder, "vector": to_blob(vector)})


def count(store: "Store", embedder: str) -> int:
    """How many vectors of this embedder are kept."""
    sql = "SELECT count(*) AS vectors FROM vectors WHERE embedder = :embedder"
    return int(store.rows(sql, {"embedder": embedder})[0]["vectors"])


def newest_embedder(store: "Store") -> str:
    """The embedder of the memory that came last, of those that have a vector; empty when none has."""
    rows = store.rows("SELECT embedder FROM vectors ORDER BY number DESC LIMIT 1")
    return str(rows[0]["embedder"]) if rows else ""


def newest_first(
    store: "Store", embedder: str, dimensions: int, room: int
) -> Iterator[tuple[list[int], list[bytes]]]:
    """Numbers and vectors of this embedder and length, newest memory first, `room` at most, a batch at a time."""
    below, left = 2**63 - 1, room
    while left > 0:
        values = {"embedder": embedder, "below": below, "bytes": 2 * dimensions, "batch": min(BATCH, left)}
        rows = store.rows(_BATCH, values)
        if not rows:
            return
        yield [row["number"] for row in rows], [row["vector"] for row in rows]
        below, left = rows[-1]["number"], left - len(rows)


def some(store: "Store", embedder: str, dimensions: int, numbers: frozenset[int]) -> dict[int, bytes]:
    """The vectors of these memories, as far as this embedder made them and they have this length."""
    values = {"numbers": json.dumps(sorted(numbers)), "embedder": embedder, "bytes": 2 * dimensions}
    return {row["number"]: row["vector"] for row in store.rows(_SOME, values)}


def bare(store: "Store", embedder: str) -> set[int]:
    """The numbers of all memories that have no vector of this embedder."""
    return {row["number"] for row in store.rows(_BARE, {"embedder": embedder})}


def numbers_after(store: "Store", number: int) -> set[int]:
    """The numbers of memories that came after this one."""
    return {
        row["number"] for row in store.rows("SELECT number FROM memories WHERE number > :number", {"number": number})
    }


def texts(store: "Store", embedder: str, numbers: list[int]) -> list[tuple[int, str, str]]:
    """Number, id and text of those memories that have no vector of this embedder, newest first."""
    values = {"numbers": json.dumps(numbers), "embedder": embedder}
    return [(row["number"], row["id"], row["text"]) for row in store.rows(_TEXTS, values)]


def newest_number(store: "Store") -> int:
    """The number of the memory that came last, 0 before the first."""
    return int(store.rows("SELECT coalesce(max(number), 0) AS newest FROM memories")[0]["newest"])


def named(store: "Store", ids: list[str]) -> list[dict[str, Any]]:
    """Number, id and text of the memories with these ids."""
    sql = "SELECT number, id, text FROM memories WHERE id IN (SELECT value FROM json_each(:ids))"
    return store.rows(sql, {"ids": json.dumps(ids)})
