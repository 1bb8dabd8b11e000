"""Vectors: kept beside the words, compared in RAM, in step with every program's changes, gone with their words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sotto_memory import Kind, Memory, MemoryEmbedderError, MemoryInputError, MemoryRecord, new_memory
from sotto_memory.recall.embedding import PROBE, from_blobs, to_blob, unit
from sotto_memory.recall.matrix import Matrix
from sotto_memory.recall.vectors import Nearest, Vectors
from tests.memory.scripted_embedder import PickyEmbedder, WordEmbedder

NOW_NS = 1_800_000_000 * 10**9
TEXTS = ("Likes green tea", "The boat lies in the harbour", "Anna plays the violin", "The boat needs new paint")


def kept(memory: Memory, *texts: str) -> list[MemoryRecord]:
    return [memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS + i)) for i, text in enumerate(texts)]


def nearest(memory: Memory, question: str, embedder: WordEmbedder, limit: int = 10) -> Nearest:
    return memory._vectors.nearest(memory._store, embedder.name, embedder.vector(question), limit)


def found(memory: Memory, question: str, embedder: WordEmbedder, limit: int = 10) -> list[str]:
    """The texts of the nearest, best first."""
    texts = {row["number"]: row["text"] for row in memory._store.rows("SELECT number, text FROM memories")}
    return [texts[number] for number, _ in nearest(memory, question, embedder, limit).rows]


def in_files(path: Path, needle: bytes) -> bool:
    files = [path, Path(f"{path}-wal"), Path(f"{path}-shm"), Path(f"{path}-journal")]
    return any(needle in file.read_bytes() for file in files if file.exists())


@pytest.fixture
def words() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def full(path: Path, words: WordEmbedder, key: bytes | None) -> Iterator[Memory]:
    """Four memories with their vectors."""
    with Memory.open(path, key=key, embedder=words) as memory:
        kept(memory, *TEXTS)
        assert memory.embed_pending() == len(TEXTS)
        yield memory


def test_the_nearest_comes_first(full: Memory, words: WordEmbedder) -> None:
    assert found(full, "a boat in a harbour", words)[0] == TEXTS[1]
    assert found(full, "new paint", words, limit=1) == [TEXTS[3]]
    assert nearest(full, "new paint", words, limit=0).rows == ()


def test_it_is_told_how_far_the_nearest_stands_out(full: Memory, words: WordEmbedder) -> None:
    told = nearest(full, "green tea", words)
    cosines = [cosine for _, cosine in told.rows]
    assert cosines == sorted(cosines, reverse=True)
    assert told.compared == len(TEXTS)
    assert told.mean == pytest.approx(float(np.mean(cosines)))
    assert told.deviation == pytest.approx(float(np.std(cosines)))
    assert told.z(cosines[0]) > 1 > told.z(cosines[-1])
    assert Nearest().z(0.5) == 0


def test_the_cosines_of_some_are_those_of_all(full: Memory, words: WordEmbedder) -> None:
    rows = dict(nearest(full, "violin", words).rows)
    some = full._vectors.cosines(full._store, words.name, words.vector("violin"), [2, 3, 99])
    assert some == {number: pytest.approx(rows[number], abs=1e-6) for number in (2, 3)}


def test_a_vector_is_kept_as_float16_of_length_1(full: Memory, words: WordEmbedder) -> None:
    rows = full._store.rows("SELECT embedder, vector FROM vectors ORDER BY number")
    assert [row["embedder"] for row in rows] == [words.name] * len(TEXTS)
    assert {len(row["vector"]) for row in rows} == {2 * words.dimensions}
    back = from_blobs([row["vector"] for row in rows], words.dimensions)
    assert np.allclose(np.linalg.norm(back, axis=1), 1, atol=1e-3)


def test_vectors_of_another_embedder_or_length_are_not_compared(full: Memory, words: WordEmbedder) -> None:
    assert nearest(full, "boat", WordEmbedder("other")).compared == 0
    assert nearest(full, "boat", WordEmbedder(words.name, dimensions=32)).compared == 0
    assert nearest(full, "boat", words).compared == len(TEXTS)


def test_another_embedder_takes_over_one_memory_at_a_time(full: Memory, words: WordEmbedder) -> None:
    other = WordEmbedder("other", dimensions=16)
    pending = full.unembedded(other.name, limit=3)
    assert [text for _, text in pending] == [*TEXTS[:0:-1]]  # newest first
    full.keep_vectors(other.name, {memory_id: other.vector(text) for memory_id, text in pending})
    assert nearest(full, "boat", words).compared == 1
    assert nearest(full, "boat", other).compared == 3
    assert [text for _, text in full.unembedded(other.name)] == [TEXTS[0]]


def test_everything_is_embedded_once(full: Memory, words: WordEmbedder) -> None:
    assert sorted(words.asked) == sorted(TEXTS)
    assert full.embed_pending() == 0
    kept(full, "One more")
    assert [text for _, text in full.unembedded(words.name)] == ["One more"]
    assert [text for _, text in full.unembedded(words.name)] == ["One more"]  # it was not embedded meanwhile
    assert (full.embed_pending(), full.embed_pending()) == (1, 0)
    assert len(words.asked) == len(TEXTS) + 1


def test_an_empty_vector_is_not_asked_for_again_and_not_compared(full: Memory, words: WordEmbedder) -> None:
    odd = kept(full, "Nobody can embed this")[0]
    assert full.keep_vectors(words.name, {odd.id: []}) == 1
    assert full.unembedded(words.name) == []
    assert nearest(full, "embed this", words).compared == len(TEXTS)


def test_a_text_that_is_refused_holds_up_no_other(path: Path) -> None:
    picky = PickyEmbedder(TEXTS[1])
    with Memory.open(path, key=None, embedder=picky) as memory:
        kept(memory, *TEXTS)
        assert (memory.embed_pending(limit=3), memory.embed_pending(limit=3)) == (3, 1)
        assert memory.embed_pending() == 0
        assert nearest(memory, "boat", picky).compared == len(TEXTS) - 1
        picky.refused = (PROBE, "New")  # now it refuses everything: then it is not the text's fault
        kept(memory, "New")
        with pytest.raises(MemoryEmbedderError):
            memory.embed_pending()
        assert [text for _, text in memory.unembedded("words")] == ["New"]


def test_what_was_erased_meanwhile_gets_no_vector(full: Memory, words: WordEmbedder) -> None:
    gone = kept(full, "Soon gone")[0]
    assert full.unembedded(words.name) == [(gone.id, "Soon gone")]
    full.erase([gone.id])
    assert full.keep_vectors(words.name, {gone.id: words.vector("Soon gone")}) == 0
    assert full._store.rows("SELECT count(*) AS n FROM vectors")[0]["n"] == len(TEXTS)
    assert full.unembedded(words.name) == []


def test_what_was_reworded_meanwhile_does_not_get_its_old_vector(full: Memory, words: WordEmbedder) -> None:
    odd = kept(full, "Old words")[0]
    assert full.unembedded(words.name) == [(odd.id, "Old words")]
    full.put(replace(odd, text="New words"))
    assert full.keep_vectors(words.name, {odd.id: words.vector("Old words")}) == 0
    assert full.unembedded(words.name) == [(odd.id, "New words")]
    assert full.embed_pending() == 1
    assert found(full, "New words", words)[0] == "New words"


def test_a_reworded_memory_loses_its_vector(full: Memory, words: WordEmbedder) -> None:
    record = next(one for one in full.each() if one.text == TEXTS[0])
    assert nearest(full, "green tea", words).compared == len(TEXTS)
    full.put(replace(record, importance=0.9))
    assert nearest(full, "green tea", words).compared == len(TEXTS)
    full.put(replace(record, text="Likes black coffee"))
    assert nearest(full, "green tea", words).compared == len(TEXTS) - 1
    assert full.unembedded(words.name) == [(record.id, "Likes black coffee")]


def test_an_erased_memory_leaves_ram_and_file_at_once(path: Path, words: WordEmbedder) -> None:
    """The vector's bytes too: in RAM before anybody asks again, in the file when the erasure returns."""
    with Memory.open(path, key=None, embedder=words) as memory:
        first, *_ = kept(memory, *TEXTS)
        memory.embed_pending()
        nearest(memory, "tea", words)
        matrix = memory._vectors._matrix
        assert matrix is not None
        blob = to_blob(words.vector(first.text))
        row = from_blobs([blob], words.dimensions)[0]
        assert (matrix._vectors == row).all(axis=1).any()
        assert in_files(path, blob)
        memory.erase([first.id])
        assert not (matrix._vectors == row).all(axis=1).any()
        assert not in_files(path, blob)
        assert first.text not in found(memory, "Likes green tea", words)


def test_sealed_vectors_are_not_read_in_the_file(path: Path, words: WordEmbedder) -> None:
    with Memory.open(path, key=bytes(range(32)), embedder=words) as memory:
        kept(memory, *TEXTS)
        memory.embed_pending()
        assert not in_files(path, to_blob(words.vector(TEXTS[0])))


def test_the_changes_of_another_program_are_followed(path: Path, words: WordEmbedder, key: bytes | None) -> None:
    with Memory.open(path, key=key, embedder=words) as one, Memory.open(path, key=key, embedder=words) as other:
        first, second = kept(one, *TEXTS[:2])
        assert (other.embed_pending(), one.embed_pending()) == (2, 0)
        assert found(one, "green tea", words)[0] == first.text
        other.erase([first.id])
        assert found(one, "green tea", words) == [second.text]
        kept(other, TEXTS[2])
        assert [text for _, text in one.unembedded(words.name)] == [TEXTS[2]]
        other.embed_pending()
        assert found(one, "the violin", words)[0] == TEXTS[2]
        assert one.unembedded(words.name) == []


def test_who_slept_through_too_many_changes_loads_anew(path: Path, words: WordEmbedder) -> None:
    with Memory.open(path, key=None, embedder=words) as one, Memory.open(path, key=None, embedder=words) as other:
        records = kept(one, *TEXTS)
        one.embed_pending()
        assert nearest(one, "tea", words).compared == len(TEXTS)
        with other._store.writing():
            other._store.db.execute("DELETE FROM vectors WHERE number = 1")
            for _ in range(4_000):
                other._store.db.execute("UPDATE vectors SET embedder = embedder")
        log = other._store.rows("SELECT count(*) AS changes, min(change) AS oldest FROM vector_changes")[0]
        assert log["changes"] <= 11_000
        assert log["oldest"] > len(TEXTS) + 1  # what `one` has not seen is told no more
        assert nearest(one, "tea", words).compared == len(TEXTS) - 1
        assert one.unembedded(words.name) == [(records[0].id, TEXTS[0])]


def test_of_too_many_the_newest_are_compared(full: Memory, words: WordEmbedder) -> None:
    small = Vectors(room_bytes=3 * 4 * words.dimensions)
    query = words.vector("boat")
    rows = small.nearest(full._store, words.name, query, 10).rows
    assert sorted(number for number, _ in rows) == [2, 3, 4]
    kept(full, "Another boat")
    full.embed_pending()
    rows = small.nearest(full._store, words.name, query, 10).rows
    assert sorted(number for number, _ in rows) == [3, 4, 5]


@pytest.mark.parametrize(
    "vector",
    [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0], [[1.0], [2.0]], ["a", "b"], "text", None, [1.0] * 9_000],
    ids=["zero", "nan", "infinite", "a table", "words", "a text", "nothing", "endless"],
)
def test_what_is_no_vector_is_refused_and_nothing_changes(full: Memory, words: WordEmbedder, vector: object) -> None:
    good, bad = kept(full, "A good one", "A bad one")
    with pytest.raises(MemoryInputError) as caught:
        full.keep_vectors(words.name, {good.id: words.vector(good.text), bad.id: vector})
    assert caught.value.code == "vector_values"
    assert {memory_id for memory_id, _ in full.unembedded(words.name)} == {good.id, bad.id}


@pytest.mark.parametrize("name", ["", " ", "a" * 300, "a\x00b"])
def test_an_embedder_needs_a_name(memory: Memory, name: str) -> None:
    with pytest.raises(MemoryInputError):
        memory.unembedded(name)
    with pytest.raises(MemoryInputError):
        memory.keep_vectors(name, {})


def test_huge_and_tiny_vectors_keep_their_direction() -> None:
    for scale in (1e300, 1e-300, 1.0):
        assert np.allclose(unit([3 * scale, 4 * scale]), [0.6, 0.8])


def test_nothing_of_what_was_dropped_is_left_in_the_matrix() -> None:
    matrix = Matrix(2)
    matrix.put([7, 8, 9], np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    matrix.drop(7)
    matrix.drop(7)
    matrix.drop(9)
    assert matrix.numbers.tolist() == [8]
    assert np.count_nonzero(matrix._vectors) == 1
    assert np.count_nonzero(matrix._numbers) == 1


Step = tuple[int, int, int]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 600), st.integers(1, 99)), max_size=60))
def test_whatever_came_and_went_the_matrix_holds_what_is_there(steps: list[Step]) -> None:
    matrix, plain = Matrix(2), dict[int, NDArray[np.float32]]()
    query = unit([1.0, 2.0])
    for act, number, value in steps:
        if act:
            some = range(number, number + value * act)
            vectors = np.array([unit([one + 1, value]) for one in some], dtype=np.float32)
            matrix.put(list(some), vectors)
            plain |= dict(zip(some, vectors, strict=True))
        else:
            matrix.drop(number)
            plain.pop(number, None)
    told = dict(zip(matrix.numbers.tolist(), matrix.cosines(query).tolist(), strict=True))
    assert told == {number: pytest.approx(float(vector @ query), abs=1e-6) for number, vector in plain.items()}
    assert matrix.oldest(3) == sorted(plain)[:3]


def test_an_embedder_costs_nothing_until_it_is_asked(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        kept(memory, *TEXTS)
        assert memory._vectors._matrix is None
        assert memory._meaning("boat", None) is None
        assert memory.search("boat", now_ns=NOW_NS)
