"""Finds memories by meaning: the question's vector against all that are kept, in RAM, in step with the file.

Stands beside `lexical` on the path of a search. The vectors are loaded with the first question and followed from then
on, whichever program changed them. Memories of another embedder, or of vectors of another length, are not compared.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sotto_memory.recall import vector_rows
from sotto_memory.recall.embedding import from_blobs, unit
from sotto_memory.recall.matrix import Matrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sotto_memory.store import Store

ROOM_BYTES: Final = 512 * 2**20
"""Most RAM for vectors: 349,525 of 384 numbers. Of more, the newest are compared; words still find the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The memories nearest to a question, best first: row number and cosine (-1..1).

    `mean` and `deviation` are of the question's cosines with all `compared` memories: how far a cosine stands out.
    """

    rows: tuple[tuple[int, float], ...] = ()
    mean: float = 0.0
    deviation: float = 0.0
    compared: int = 0

    def z(self, cosine: float) -> float:
        """By how many deviations a cosine stands above the mean; 0 where all are alike."""
        return (cosine - self.mean) / self.deviation if self.deviation > 0 else 0.0


class Vectors:
    """The vectors of one open memory, of the embedder that was last asked for. One thread at a time."""

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        self._room_bytes = room_bytes
        self._embedder = ""
        self._matrix: Matrix | None = None
        self._seen = 0

    def nearest(self, store: "Store", embedder_name: str, query: "NDArray[np.float32]", limit: int) -> Nearest:
        """The `limit` memories nearest to the query, of those that this embedder knows, past and doubtful ones too.

        `query`: one vector of any length but 0. Raises MemoryInputError, code `vector_values`.
        """
        direction = unit(query)
        matrix = self._follow(store, embedder_name, len(direction))
        if not len(matrix) or limit <= 0:
            return Nearest()
        return _nearest(matrix, direction, limit)

    def cosines(
        self, store: "Store", embedder_name: str, query: "NDArray[np.float32]", numbers: list[int]
    ) -> dict[int, float]:
        """The cosines of the memories with these row numbers, as far as they are known. Raises as `nearest`."""
        direction = unit(query)
        matrix = self._follow(store, embedder_name, len(direction))
        return matrix.some(numbers, direction)

    def catch_up(self, store: "Store") -> None:
        """Lets go at once of what was erased or reworded; nothing when nothing was loaded yet."""
        if self._matrix is not None:
            self._follow(store, self._embedder, self._matrix.dimensions)

    def _follow(self, store: "Store", embedder: str, dimensions: int) -> Matrix:
        matrix = self._matrix
        if matrix is None or (embedder, dimensions) != (self._embedder, matrix.dimensions):
            return self._load(store, embedder, dimensions)
        changes = vector_rows.changes_since(store, self._seen)
        if changes.numbers is None:
            return self._load(store, embedder, dimensions)
        if changes.numbers:
            self._take(store, matrix, changes.numbers)
        self._seen = changes.newest
        return matrix

    def _load(self, store: "Store", embedder: str, dimensions: int) -> Matrix:
        self._matrix = None  # two at once would need room twice
        self._seen = vector_rows.newest_change(store)  # before the rows: what comes meanwhile is read again, not lost
        room = self._room_bytes // (4 * dimensions)
        matrix = Matrix(dimensions, min(room, vector_rows.count(store, embedder)))
        for numbers, blobs in vector_rows.newest_first(store, embedder, dimensions, room):
            matrix.put(numbers, from_blobs(blobs, dimensions))
        self._embedder, self._matrix = embedder, matrix
        return matrix

    def _take(self, store: "Store", matrix: Matrix, numbers: frozenset[int]) -> None:
        found = vector_rows.some(store, self._embedder, matrix.dimensions, numbers)
        for number in numbers - found.keys():
            matrix.drop(number)
        matrix.put(list(found), from_blobs(list(found.values()), matrix.dimensions))
        room = self._room_bytes // (4 * matrix.dimensions)
        for number in matrix.oldest(len(matrix) - room):
            matrix.drop(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one question means, ready to be compared. `embedder`: who made its `vector`."""

    store: "Store"
    vectors: Vectors
    embedder: str
    vector: "NDArray[np.float32]"

    def nearest(self, limit: int) -> Nearest:
        """The memories nearest to it, see `Vectors.nearest`."""
        return self.vectors.nearest(self.store, self.embedder, self.vector, limit)

    def cosines(self, numbers: list[int]) -> dict[int, float]:
        """The cosines of these memories with it, see `Vectors.cosines`."""
        return self.vectors.cosines(self.store, self.embedder, self.vector, numbers)


def _nearest(matrix: Matrix, direction: "NDArray[np.float32]", limit: int) -> Nearest:
    """The best of all cosines; of equal ones the newer memory first."""
    import numpy as np

    cosines, numbers = matrix.cosines(direction), matrix.numbers
    least = max(len(cosines) - limit, 0)
    best = np.argpartition(cosines, least)[least:] if least else np.arange(len(cosines))
    order = best[np.lexsort((-numbers[best], -cosines[best]))]
    return Nearest(
        rows=tuple((int(numbers[place]), float(cosines[place])) for place in order),
        mean=float(cosines.mean(dtype=np.float64)),
        deviation=float(cosines.std(dtype=np.float64)),
        compared=len(cosines),
    )
