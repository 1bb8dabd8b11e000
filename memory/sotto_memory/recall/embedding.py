"""What makes vectors of words: a protocol of two verbs, and what may be kept of its answer (pure).

Stands at the edge of `recall`. The library brings no embedder of its own; whoever has one hands it to `Memory.open`,
or asks `unembedded` for words and hands the vectors to `keep_vectors`. Vectors are kept as float16 of length 1.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from sotto_memory.errors import MemoryEmbedderError, MemoryInputError, SottoMemoryError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROBE: Final = "memory"
"""What any model takes: if it fails too, the fault is not the text's."""
OF_TEXTS: Final = ("embedder_text", "embedder_reply")
"""Codes of failures that may be the fault of one text."""
DIMENSIONS_MAX: Final = 8_192
"""Most numbers in one vector."""


class Embedder(Protocol):
    """Turns words into vectors: near in meaning, near in angle."""

    @property
    def name(self) -> str:
        """Which model makes the vectors. Vectors of different names are never compared."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One vector a text: an array (texts, dimensions) of any scale.

        Raises MemoryEmbedderError; with code `embedder_text` when it is one of these texts that it does not take.
        """


def embed(embedder: Embedder, texts: Sequence[str]) -> "NDArray[np.float32]":
    """One vector of length 1 a text: an array (texts, dimensions). Whatever goes wrong is a MemoryEmbedderError."""
    try:
        return _each_one(embedder.embed(texts), len(texts))
    except SottoMemoryError:
        raise
    except Exception as problem:  # an embedder is somebody else's code: it may raise anything
        sentence = f"The embedder {embedder.name[:80]!r} fails with {type(problem).__name__}."
        raise MemoryEmbedderError("embedder_failed", sentence) from problem


def embed_each(embedder: Embedder, texts: Mapping[str, str]) -> "dict[str, NDArray[np.float32]]":
    """The vectors of texts by id, an empty one for a text that the embedder takes from nobody.

    One text that is refused does not take the others with it. Raises MemoryEmbedderError when the embedder fails.
    """
    try:
        return dict(zip(texts, embed(embedder, list(texts.values())), strict=True)) if texts else {}
    except MemoryEmbedderError as problem:
        if problem.code not in OF_TEXTS:
            raise
    embed(embedder, [PROBE])
    return {one: _alone(embedder, text) for one, text in texts.items()}


def unit(vector: Any) -> "NDArray[np.float32]":
    """The same direction at length 1. Raises MemoryInputError, code `vector_values`, for what has no direction."""
    import numpy as np

    try:
        found = np.asarray(vector, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise _no_vector() from problem
    if found.ndim != 1 or not 0 < found.size <= DIMENSIONS_MAX:
        raise _no_vector()
    largest = float(np.abs(found).max())  # NaN and infinity show here; dividing by it keeps squares within range
    if not 0 < largest < np.inf:
        raise _no_vector()
    scaled = found / largest
    return (scaled / np.linalg.norm(scaled)).astype(np.float32)


def to_blob(vector: Any) -> bytes:
    """A vector as it is kept: float16, little endian, length 1. An empty vector stays empty. Raises as `unit`."""
    if getattr(vector, "size", None) == 0 or (isinstance(vector, Sequence) and not vector):
        return b""
    return unit(vector).astype("<f2").tobytes()


def from_blobs(blobs: Sequence[bytes], dimensions: int) -> "NDArray[np.float32]":
    """Kept vectors of the same length as one array (blobs, dimensions)."""
    import numpy as np

    return np.frombuffer(b"".join(blobs), dtype="<f2").astype(np.float32).reshape(len(blobs), dimensions)


def _alone(embedder: Embedder, text: str) -> "NDArray[np.float32]":
    import numpy as np

    vector: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
    try:
        vector = embed(embedder, [text])[0]
    except MemoryEmbedderError as problem:
        if problem.code not in OF_TEXTS:
            raise
    return vector


def _each_one(answer: Any, texts: int) -> "NDArray[np.float32]":
    import numpy as np

    try:
        rows = list(np.asarray(answer, dtype=np.float64))
        if len(rows) != texts:
            raise ValueError("each text has one vector")
        return np.stack([unit(row) for row in rows])
    except (TypeError, ValueError, MemoryInputError) as problem:
        sentence = "The embedder did not answer with one finite vector for each text."
        raise MemoryEmbedderError("embedder_reply", sentence) from problem


def _no_vector() -> MemoryInputError:
    sentence = f"A vector has 1 to {DIMENSIONS_MAX:,} finite numbers that are not all zero."
    return MemoryInputError("vector_values", sentence)
