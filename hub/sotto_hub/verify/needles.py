"""Thousands of phrases looked for at once in a stream of bytes, in every form in which a file may hold them.

Each needle is known by its last eight bytes. A table of their hashes, looked up for every place of the stream with
numpy, leaves few places where a needle is compared. ASCII letters are compared without case.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

KEY_BYTES: Final = 8
BITS: Final = 20
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
"""Fibonacci hashing: the golden ratio in 64 bits (Knuth, The Art of Computer Programming 3, 6.4)."""


def forms(phrase: str) -> Iterator[bytes]:
    """The bytes of a phrase: UTF-8, UTF-16 of either order, and as JSON writes it when that is different."""
    yield phrase.encode()
    yield phrase.encode("utf-16-le")
    yield phrase.encode("utf-16-be")
    escaped = json.dumps(phrase)[1:-1]
    if escaped != phrase:
        yield escaped.encode()


class Needles:
    """Phrases, at least eight bytes long, ready to be looked for."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._known: dict[int, list[tuple[int, bytes]]] = {}
        self._table = np.zeros(1 << BITS, dtype=np.bool_)
        self.longest = KEY_BYTES
        for number, phrase in enumerate(phrases):
            for form in {form.lower() for form in forms(phrase)}:
                self._add(number, form)

    def search(self, stream: Iterable[bytes]) -> set[int]:
        """The numbers of the phrases that are in the stream, over the edges of its pieces too."""
        found: set[int] = set()
        rest = b""
        for piece in stream:
            held = rest + piece.lower()
            found |= self._within(held)
            rest = held[-(self.longest - 1) :]
        return found

    def _add(self, number: int, form: bytes) -> None:
        key = int.from_bytes(form[-KEY_BYTES:], "little")
        self._known.setdefault(key, []).append((number, form))
        self._table[_hashed(np.array([key], dtype=np.uint64))] = True
        self.longest = max(self.longest, len(form))

    def _within(self, held: bytes) -> set[int]:
        found: set[int] = set()
        for offset in range(min(KEY_BYTES, max(0, len(held) - KEY_BYTES + 1))):
            places = (len(held) - offset) // KEY_BYTES
            keys = np.frombuffer(held, dtype="<u8", offset=offset, count=places)
            for at in np.flatnonzero(self._table[_hashed(keys)]):
                end = offset + KEY_BYTES * (int(at) + 1)
                found.update(n for n, form in self._known.get(int(keys[at]), ()) if held.endswith(form, 0, end))
        return found


def _hashed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        return (keys * _MIX) >> np.uint64(64 - BITS)
