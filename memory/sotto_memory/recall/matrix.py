"""Vectors in RAM, one row a memory, ready to be compared with a question's all at once.

Stands under `vectors`. A row that is taken out is overwritten at once. Cosines are products, for all have length 1.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPARE: Final = 256
"""Rows of room beyond those that are there; more come by an eighth."""


class Matrix:
    """Float32 vectors by the number of their memory. `dimensions`: numbers in each; `rows`: how many are expected."""

    def __init__(self, dimensions: int, rows: int = 0) -> None:
        import numpy as np

        self.dimensions = dimensions
        self._vectors = np.zeros((rows + SPARE, dimensions), dtype=np.float32)
        self._numbers = np.zeros(rows + SPARE, dtype=np.int64)
        self._places: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._places)

    @property
    def numbers(self) -> "NDArray[np.int64]":
        """The numbers of the memories, in the order of `cosines`; good until the next change."""
        return self._numbers[: len(self)]

    def cosines(self, query: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """The cosine of the angle between the query (length 1) and every vector.

        Computed on one thread: a product of matrices would wait for all cores, and they may be busy with hearing.
        """
        import numpy as np

        cosines: NDArray[np.float32] = np.vecdot(self._vectors[: len(self)], query)
        return cosines

    def some(self, numbers: Sequence[int], query: "NDArray[np.float32]") -> dict[int, float]:
        """The same of these memories, as far as their vectors are here."""
        import numpy as np

        here = [number for number in numbers if number in self._places]
        vectors = self._vectors[[self._places[number] for number in here]]
        return dict(zip(here, np.vecdot(vectors, query).tolist(), strict=True))

    def oldest(self, rows: int) -> list[int]:
        """The numbers of so many memories that came first."""
        return sorted(self._places)[:rows] if rows > 0 else []

    def put(self, numbers: Sequence[int], vectors: "NDArray[np.float32]") -> None:
        """Sets the vectors of these memories."""
        for number in numbers:
            if number not in self._places:
                self._make_room(len(self) + 1)
                self._numbers[len(self)] = number
                self._places[number] = len(self)
        if numbers:
            self._vectors[[self._places[number] for number in numbers]] = vectors

    def drop(self, number: int) -> None:
        """Takes a vector out: the last one takes its place, and nothing of it is left."""
        place = self._places.pop(number, None)
        if place is None:
            return
        last = len(self)
        if place != last:
            self._vectors[place] = self._vectors[last]
            self._numbers[place] = self._numbers[last]
            self._places[int(self._numbers[place])] = place
        self._vectors[last] = 0
        self._numbers[last] = 0

    def _make_room(self, rows: int) -> None:
        import numpy as np

        if rows <= len(self._numbers):
            return
        more = len(self._numbers) // 8 + SPARE
        self._vectors = np.concatenate([self._vectors, np.zeros((more, self.dimensions), dtype=np.float32)])
        self._numbers = np.concatenate([self._numbers, np.zeros(more, dtype=np.int64)])
