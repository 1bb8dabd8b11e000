"""Meaning beside words: it may add, and whatever an embedder does, it takes nothing of note away."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sotto_memory import Kind, Memory, MemoryEmbedderError, Part, new_memory
from sotto_memory.recall.embedding import Embedder
from sotto_memory.recall.fusion import bonus, gate, guests, nearness
from sotto_memory.recall.tuning import Tuning
from sotto_memory.recall.vectors import Nearest
from tests.bench.memory_parts.planted import Planted, distractors, facts
from tests.memory.scripted_embedder import FailingEmbedder
from tests.memory.test_memory_search import NOW_NS

OTHERS = 300
PLANTED = facts(5)[::4]


class NoiseEmbedder:
    """Every text somewhere else."""

    name = "noise"

    def __init__(self) -> None:
        self.chance = np.random.default_rng(1)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.chance.normal(size=(len(texts), 32)).astype(np.float32)


class ConstantEmbedder:
    """Every text at the same place."""

    name = "constant"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(texts), 8), dtype=np.float32)


class AdversarialEmbedder:
    """Questions lie where some others are that do not answer them, and opposite to every fact."""

    name = "adversary"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._vector(text) for text in texts], dtype=np.float32)

    def _vector(self, text: str) -> list[float]:
        if text.endswith("?"):
            return [1.0, 0.0]
        if any(one.text == text for one in PLANTED):
            return [-1.0, 0.1]
        return [1.0, 0.01] if len(text) % 29 == 0 else [0.0, 1.0]


def filled(path: Path, embedder: Embedder | None) -> Memory:
    memory = Memory.open(path, key=None, embedder=embedder)
    for number, text in enumerate([*(one.text for one in PLANTED), *distractors(OTHERS, 5)]):
        kind = Kind.FACT if number < len(PLANTED) else Kind.EPISODE
        memory.add(new_memory(kind=kind, text=text, now_ns=NOW_NS + number * 3_600 * 10**9))
    if embedder is not None:
        while memory.embed_pending(256):
            pass
    return memory


def is_found(memory: Memory, one: Planted) -> bool:
    hits = memory.search(one.question, now_ns=NOW_NS + 10**16)
    return one.text in [hit.record.text for hit in hits]


@pytest.fixture(scope="module")
def by_words(tmp_path_factory: pytest.TempPathFactory) -> int:
    with filled(tmp_path_factory.mktemp("words") / "memory.db", None) as memory:
        return sum(is_found(memory, one) for one in PLANTED)


@pytest.mark.parametrize("embedder", [NoiseEmbedder(), ConstantEmbedder(), AdversarialEmbedder()])
def test_fusion_never_loses_to_the_lexical_arm(tmp_path: Path, by_words: int, embedder: Embedder) -> None:
    with filled(tmp_path / "memory.db", embedder) as memory:
        assert sum(is_found(memory, one) for one in PLANTED) >= by_words >= 0.9 * len(PLANTED)


def test_a_memory_in_other_words_is_found_by_its_meaning(tmp_path: Path) -> None:
    with filled(tmp_path / "memory.db", None) as memory:
        kept = memory.add(new_memory(kind=Kind.FACT, text="she cannot eat nuts", now_ns=NOW_NS))
        ids = [record.id for record in memory.each()]
        chance = np.random.default_rng(2)
        vectors = {one: chance.normal(size=64).astype(np.float32) for one in ids}
        question = vectors[kept.id] + 0.2 * chance.normal(size=64).astype(np.float32)
        memory.keep_vectors("some", vectors)
        assert kept.id not in [hit.record.id for hit in memory.search("allergy of Anna", now_ns=NOW_NS)]
        hits = memory.search("allergy of Anna", now_ns=NOW_NS, vector=question)
        hit = next(hit for hit in hits if hit.record.id == kept.id)
        assert set(hit.parts) == {Part.VECTOR}
        assert "near in meaning" in hit.why
        alone = memory.search("xylem", now_ns=NOW_NS, vector=question)
        assert alone[0].record.id == kept.id, "where no word is known, meaning alone decides"


def test_a_failing_embedder_leaves_the_words_and_is_named(tmp_path: Path) -> None:
    problem = MemoryEmbedderError("embedder_down", "The model server is not running.")
    with Memory.open(tmp_path / "memory.db", key=None, embedder=FailingEmbedder(problem)) as memory:
        memory.add(new_memory(kind=Kind.FACT, text="the boiler is new", now_ns=NOW_NS))
        recalled = memory.recall("boiler", now_ns=NOW_NS)
        assert [hit.record.text for hit in recalled.hits] == ["the boiler is new"]
        assert recalled.trouble == "The model server is not running."


def test_no_meaning_is_no_trouble(memory: Memory) -> None:
    assert memory.recall("boiler", now_ns=NOW_NS).trouble == ""


def test_what_meaning_gives_is_bounded_and_gated() -> None:
    near = Nearest(rows=((1, 0.99), (2, 0.5), (3, 0.01)), mean=0.0, deviation=0.1, compared=1000)
    tuning = Tuning()
    assert guests(near, frozenset({1}), 2.0, 1.0, tuning).keys() == {2}
    assert max(guests(near, frozenset(), 2.0, 1.0, tuning).values()) <= tuning.guest * 2.0
    assert max(guests(near, frozenset(), 2.0, 0.0, tuning).values()) <= 2.0
    given = bonus({1: 0.99, 3: -0.5}, near, 2.0, tuning)
    assert given == {1: tuning.meaning * 2.0}
    flat = Nearest(rows=((1, 1.0),), mean=1.0, deviation=0.0, compared=5)
    assert guests(flat, frozenset(), 1.0, 1.0, tuning) == bonus({1: 1.0}, flat, 1.0, tuning) == {}
    assert gate(10) < gate(1000) < gate(1_000_000)
    assert nearness(-3.0, 1000) == 0.0
    assert nearness(100.0, 1000) == 1.0
