"""An embedder that is dead, slow or mad: no write and no search waits for it, and it is said why."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sotto_memory import Kind, Memory, MemoryEmbedderError, MemoryInputError, embed, new_memory
from sotto_memory.recall.asking import Asking
from tests.memory.scripted_embedder import FailingEmbedder, HangingEmbedder, OddEmbedder, WordEmbedder

NOW_NS = 1_800_000_000 * 10**9
ODD: list[tuple[str, object]] = [
    ("nothing", None),
    ("words", "vector"),
    ("one dimension", np.ones(3)),
    ("one too few", np.ones((1, 3))),
    ("one too many", np.ones((3, 3))),
    ("no dimensions", np.ones((2, 0))),
    ("ragged", [[1.0, 2.0], [1.0]]),
    ("all zero", np.zeros((2, 3))),
    ("not finite", np.array([[1.0, np.nan], [1.0, 1.0]])),
    ("complex words", [["a", "b"], ["c", "d"]]),
]


@pytest.mark.parametrize("answer", [answer for _, answer in ODD], ids=[name for name, _ in ODD])
def test_an_odd_answer_is_one_error(answer: object) -> None:
    with pytest.raises(MemoryEmbedderError) as caught:
        embed(OddEmbedder(answer), ["one secret", "another secret"])
    assert caught.value.code == "embedder_reply"
    assert "secret" not in str(caught.value)


def test_whatever_an_embedder_raises_is_one_error() -> None:
    with pytest.raises(MemoryEmbedderError) as caught:
        embed(FailingEmbedder(ValueError("one secret")), ["one secret"])
    assert (caught.value.code, "secret" in caught.value.sentence) == ("embedder_failed", False)
    own = MemoryEmbedderError("embedder_away", "Nobody answers.")
    with pytest.raises(MemoryEmbedderError) as caught:
        embed(FailingEmbedder(own), ["one"])
    assert caught.value is own


def test_any_scale_becomes_length_1() -> None:
    made = embed(OddEmbedder([[3, 4], [0, 1e-30]]), ["a", "b"])
    assert made == pytest.approx(np.array([[0.6, 0.8], [0, 1]]))
    assert made.dtype == np.float32


def test_a_dead_embedder_leaves_words_and_a_reason(path: Path) -> None:
    dead = FailingEmbedder(ConnectionError("nobody there"))
    with Memory.open(path, key=None, embedder=dead) as memory:
        tea = memory.add(new_memory(kind=Kind.FACT, text="Likes green tea", now_ns=NOW_NS))
        with pytest.raises(MemoryEmbedderError, match="ConnectionError"):
            memory.embed_pending()
        assert memory._meaning("tea", None) is None
        assert "ConnectionError" in memory.embedder_trouble
        assert [hit.record.id for hit in memory.search("tea", now_ns=NOW_NS)] == [tea.id]


def test_a_slow_embedder_is_not_waited_for_and_not_asked_twice() -> None:
    slow = HangingEmbedder()
    asking = Asking(slow, patience_s=0.01)
    assert asking.vector("green tea") is None
    assert "longer than 0.01 seconds" in asking.trouble
    assert asking.vector("violin") is None
    assert "still works" in asking.trouble
    slow.let_go.set()
    assert slow.answered.wait(10)
    assert slow.asked == ["green tea"]
    assert asking._thread is not None
    asking._thread.join(10)
    late = asking.vector("green tea")  # it came too late for that search, and is there for the next
    assert late is not None
    assert float(late @ embed(slow, ["green tea"])[0]) == pytest.approx(1)
    assert asking.trouble == ""


def test_a_question_is_embedded_once_and_trouble_ends() -> None:
    words = WordEmbedder()
    asking = Asking(words, patience_s=10)
    first, again = asking.vector(" green tea "), asking.vector("green tea")
    assert first is not None
    assert again is first
    assert words.asked == ["green tea"]
    assert asking.vector("") is None
    assert asking.trouble == ""


class Moody(WordEmbedder):
    """Fails the first time."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        made = super().embed(texts)
        if len(self.asked) == 1:
            raise MemoryEmbedderError("embedder_busy", "Not now.")
        return made


def test_trouble_ends_with_the_next_answer() -> None:
    asking = Asking(Moody(), patience_s=10)
    assert (asking.vector("tea"), asking.trouble) == (None, "Not now.")
    assert asking.vector("tea") is not None
    assert asking.trouble == ""


@pytest.mark.parametrize("asking", [Asking(None), Asking(WordEmbedder(), patience_s=0)], ids=["nobody", "never"])
def test_without_anybody_to_ask_words_decide(asking: Asking) -> None:
    assert asking.vector("green tea") is None
    assert asking.trouble == ""


def test_a_vector_that_came_with_the_question_is_taken(path: Path) -> None:
    words = WordEmbedder()
    with Memory.open(path, key=None) as memory:
        for text in ("Likes green tea", "Anna plays the violin"):
            memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS))
        memory.keep_vectors("words", {one: words.vector(text) for one, text in memory.unembedded("words")})
        meaning = memory._meaning("who plays", words.vector("violin"))
        assert meaning is not None
        assert meaning.embedder == "words"  # nobody else made the vectors that are kept
        number, cosine = meaning.nearest(1).rows[0]
        assert meaning.cosines([number]) == {number: pytest.approx(cosine, abs=1e-6)}


def test_embedding_needs_an_embedder(memory: Memory) -> None:
    with pytest.raises(MemoryInputError) as caught:
        memory.embed_pending()
    assert caught.value.code == "no_embedder"
