"""An embedder without a model: words hashed into 384 numbers. The same for every store, on every machine.

It knows nothing of meaning. What stores cost does not depend on that.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384


class HashingEmbedder:
    """Vectors of length 1; texts that share words lie near each other."""

    name = "hashing-384"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 384 numbers for each text."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()) or [text]:
                for place, sign in _places(word):
                    row[place] += sign
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows /= np.where(norms > 0, norms, 1)
        return rows

    def one(self, text: str) -> list[float]:
        """The vector of a text as a list, as others want it."""
        return [float(number) for number in self.embed([text])[0]]


@lru_cache(maxsize=50_000)
def _places(word: str) -> tuple[tuple[int, float], ...]:
    digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=12).digest()
    pairs = (digest[i : i + 3] for i in range(0, 12, 3))
    return tuple((int.from_bytes(p[:2]) % DIMENSIONS, 1.0 if p[2] & 1 else -1.0) for p in pairs)
