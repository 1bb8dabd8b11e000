"""Which memories still want a vector: all are looked through once, then only what changed.

Stands beside `vectors`. Nothing of this is in the file: a memory wants a vector when it has none of the embedder that
is asked for. An empty one counts too; it notes that the embedder could make nothing of the words.
"""

import heapq
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sotto_memory.recall import vector_rows

if TYPE_CHECKING:
    from sotto_memory.store import Store


class Pending:
    """The memories without a vector of one embedder. One thread at a time."""

    def __init__(self) -> None:
        self._embedder: str | None = None
        self._bare: set[int] = set()
        self._newest = 0
        self._seen = 0
        self._given: dict[str, int] = {}

    def next(self, store: "Store", embedder: str, limit: int) -> list[tuple[str, str]]:
        """Id and text of at most `limit` memories without a vector, newest first; none when all have one."""
        self._follow(store, embedder)
        given: list[tuple[int, str, str]] = []
        while not given and self._bare and limit > 0:
            asked = heapq.nlargest(limit, self._bare)
            given = vector_rows.texts(store, embedder, asked)
            self._bare.difference_update(asked)
            self._bare.update(number for number, _, _ in given)
        self._given |= {memory_id: hash(text) for _, memory_id, text in given}
        return [(memory_id, text) for _, memory_id, text in given]

    def keep(self, store: "Store", embedder: str, vectors: Mapping[str, Any]) -> int:
        """Keeps vectors by the id of their memory, and returns how many.

        What was erased or reworded since its words were given out is passed over: a vector tells its words.
        """
        with store.writing():
            rows = [row for row in vector_rows.named(store, list(vectors)) if self._as_given(row)]
            vector_rows.keep(store, embedder, {row["number"]: vectors[row["id"]] for row in rows})
        for memory_id in vectors:
            self._given.pop(memory_id, None)
        return len(rows)

    def _as_given(self, row: Mapping[str, Any]) -> bool:
        """Whether a memory still has the words that were given out, if they were given out here."""
        words = hash(row["text"])
        return self._given.get(row["id"], words) == words

    def _follow(self, store: "Store", embedder: str) -> None:
        changes = vector_rows.changes_since(store, self._seen)
        if embedder != self._embedder or changes.numbers is None:
            self._embedder, self._seen = embedder, vector_rows.newest_change(store)
            self._newest = vector_rows.newest_number(store)
            self._bare = vector_rows.bare(store, embedder)
            return
        came = vector_rows.numbers_after(store, self._newest)
        self._newest = max(came, default=self._newest)
        self._bare |= came | changes.numbers
        self._seen = changes.newest
