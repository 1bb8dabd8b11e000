"""Our own memory behind the verbs of `Fillable`: `python -m tests.bench.memory_parts.ours FOLDER COUNT ASKED`.

Encrypted, every add a durable transaction of its own, vectors embedded afterwards as the library does it in idle
time. `--words` leaves the vectors out, `--late N` brings the first texts in as one import and adds the last N one by
one. A process of its own, because its memory is one of the figures. The last line is one JSON object.
"""

import argparse
import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from sotto_memory import Kind, Memory, MemoryRecord, new_memory
from sotto_memory.portable import to_lines
from tests.bench.memory_parts import filling, texts
from tests.bench.memory_parts.hashing import HashingEmbedder

KEY: Final = bytes(range(32))
NOW_NS: Final = 1_800_000_000 * 10**9
STEP_NS: Final = 60 * 10**9
BATCH: Final = 512
IMPORTED_AT_ONCE: Final = 2_000


class Ours:
    """An open, encrypted memory."""

    def __init__(self, folder: Path, *, vectors: bool = True) -> None:
        embedder = HashingEmbedder() if vectors else None
        self.memory = Memory.open(folder / "memory.db", key=KEY, embedder=embedder)
        self.vectors = vectors
        self.now_ns = NOW_NS

    def add(self, text: str) -> None:
        """One durable transaction."""
        self.memory.add(self._made(text))

    def settle(self) -> None:
        """Embeds what waits for its vector."""
        while self.vectors and self.memory.embed_pending(limit=BATCH):
            continue

    def find(self, question: str) -> int:
        """The best ten, as the library searches by default."""
        return len(self.memory.search(question, now_ns=self.now_ns, limit=10))

    def close(self) -> None:
        """Closes the file."""
        self.memory.close()

    def bring_in(self, some: Iterable[str]) -> None:
        """Many texts by the library's own import, a few thousand in each transaction."""
        waiting = iter(some)
        while batch := [self._made(text) for text in islice(waiting, IMPORTED_AT_ONCE)]:
            self.memory.import_lines(to_lines(batch))

    def _made(self, text: str) -> MemoryRecord:
        self.now_ns += STEP_NS
        return new_memory(kind=Kind.EPISODE, text=text, now_ns=self.now_ns)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("count", type=int)
    words.add_argument("asked", type=int)
    words.add_argument("--words", action="store_true")
    words.add_argument("--late", type=int, metavar="N")
    told = words.parse_args()
    store = Ours(told.folder, vectors=not told.words)
    every = texts.lines(told.count, filling.SEED)
    if told.late is not None:
        store.bring_in(islice(every, max(0, told.count - told.late)))
    print(json.dumps({"count": told.count, **filling.filled(store, told.folder, every, told.asked)}))


if __name__ == "__main__":
    main()
