"""Embedders that do what a test says: words into buckets by their letters, the same in every process; or trouble."""

import threading
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sotto_memory import MemoryEmbedderError


class WordEmbedder:
    """Texts of the same words have the same direction. `asked` holds every text it was given."""

    def __init__(self, name: str = "words", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([self.vector(text) for text in texts], dtype=np.float32)

    def vector(self, text: str) -> NDArray[np.float32]:
        made = np.zeros(self.dimensions, dtype=np.float32)
        for word in text.casefold().split():
            made[crc32(word.encode()) % self.dimensions] += 1
        return made


class FailingEmbedder(WordEmbedder):
    """Raises what it is told to."""

    def __init__(self, problem: Exception) -> None:
        super().__init__("failing")
        self.problem = problem

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise self.problem


class PickyEmbedder(WordEmbedder):
    """Refuses some texts, and with them the whole call they are in."""

    def __init__(self, *refused: str) -> None:
        super().__init__()
        self.refused = refused

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        made = super().embed(texts)
        if set(self.refused) & set(texts):
            raise MemoryEmbedderError("embedder_text", "It does not take this.")
        return made


class HangingEmbedder(WordEmbedder):
    """Answers when it is let go."""

    def __init__(self) -> None:
        super().__init__("hanging")
        self.let_go = threading.Event()
        self.answered = threading.Event()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.let_go.wait(10)
        try:
            return super().embed(texts)
        finally:
            self.answered.set()


class OddEmbedder(WordEmbedder):
    """Answers with whatever it is given."""

    def __init__(self, answer: object) -> None:
        super().__init__("odd")
        self.answer = answer

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.answer  # type: ignore[return-value]  # that is the point
