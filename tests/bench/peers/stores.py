"""Three stores of others behind the verbs of `filling.Fillable`, each as its own pages say it is used.

Runs under the peers' interpreter (`requirements.lock` beside this file). All of them get the same embedder. None of
them encrypts. Where a store waits for the disk, it does so as it does by default.
"""

import uuid
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.memory_parts.filling import Fillable
from tests.bench.memory_parts.hashing import DIMENSIONS, HashingEmbedder

LIMIT = 10


class Chroma:
    """chromadb, a persistent collection."""

    def __init__(self, folder: Path) -> None:
        chromadb: Any = import_module("chromadb")
        settings = import_module("chromadb.config").Settings(anonymized_telemetry=False)
        self.client = chromadb.PersistentClient(path=str(folder), settings=settings)
        self.collection = self.client.create_collection("memories", embedding_function=None)
        self.embedder = HashingEmbedder()

    def add(self, text: str) -> None:
        """One text with its vector."""
        vector = self.embedder.one(text)
        self.collection.add(ids=[uuid.uuid4().hex], documents=[text], embeddings=[vector])

    def settle(self) -> None:
        """Nothing is put off."""

    def find(self, question: str) -> int:
        """The nearest ten."""
        vector = self.embedder.one(question)
        return len(self.collection.query(query_embeddings=[vector], n_results=LIMIT)["ids"][0])

    def close(self) -> None:
        """Its files are written already."""


class LangGraph:
    """langgraph's InMemoryStore: nothing on the disk, gone with the process."""

    def __init__(self, folder: Path) -> None:
        index = {"dims": DIMENSIONS, "embed": embed_many, "fields": ["text"]}
        self.store: Any = import_module("langgraph.store.memory").InMemoryStore(index=index)

    def add(self, text: str) -> None:
        """One text; the store asks for its vector."""
        self.store.put(("memories",), uuid.uuid4().hex, {"text": text})

    def settle(self) -> None:
        """Nothing is put off."""

    def find(self, question: str) -> int:
        """The nearest ten."""
        return len(self.store.search(("memories",), query=question, limit=LIMIT))

    def close(self) -> None:
        """Nothing to close."""


class Mem0:
    """mem0 without inference: what is given is kept as it is, in Qdrant's local store."""

    def __init__(self, folder: Path) -> None:
        qdrant = {"path": str(folder / "qdrant"), "embedding_model_dims": DIMENSIONS, "on_disk": True}
        self.memory: Any = import_module("mem0").Memory.from_config(
            {
                "vector_store": {"provider": "qdrant", "config": qdrant},
                "history_db_path": str(folder / "history.db"),
            }
        )
        self.memory.embedding_model = _ForMem0()

    def add(self, text: str) -> None:
        """One text as the user said it."""
        self.memory.add([{"role": "user", "content": text}], user_id="wearer", infer=False)

    def settle(self) -> None:
        """Nothing is put off."""

    def find(self, question: str) -> int:
        """The best ten, as few as they may be worth."""
        found = self.memory.search(question, top_k=LIMIT, filters={"user_id": "wearer"}, threshold=0.0)
        return len(found["results"])

    def close(self) -> None:
        """Closes Qdrant's files."""
        self.memory.vector_store.client.close()


class _ForMem0:
    """The embedder as mem0 asks for it."""

    def __init__(self) -> None:
        self.embedder = HashingEmbedder()

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        return self.embedder.one(text)

    def embed_batch(self, texts: Sequence[str], memory_action: str = "add") -> list[list[float]]:
        return embed_many(texts)


def embed_many(texts: Sequence[str]) -> list[list[float]]:
    """One vector for each text."""
    made = HashingEmbedder().embed(list(texts))
    return [[float(number) for number in row] for row in made]


PEERS: dict[str, Callable[[Path], Fillable]] = {"mem0": Mem0, "chromadb": Chroma, "langgraph": LangGraph}
PACKAGES = {"mem0": "mem0ai", "chromadb": "chromadb", "langgraph": "langgraph"}
