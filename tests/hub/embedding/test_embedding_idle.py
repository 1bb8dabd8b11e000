"""The hub's idle work: memories get their vectors when there is time, a server's trouble delays nothing else."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sotto_hub.embedding.aside import aside
from sotto_hub.embedding.idle import Embeddings, Pace
from sotto_memory import Kind, Memory, MemoryEmbedderError, new_memory
from sotto_memory.recall.embedding import PROBE
from tests.memory.scripted_embedder import FailingEmbedder, HangingEmbedder, PickyEmbedder, WordEmbedder

NOW_NS = 1_800_000_000 * 10**9
TEXTS = ("Likes green tea", "The boat lies in the harbour", "Anna plays the violin")
PACE = Pace(batch=2, pulse_s=0.01, look_s=0.001, yield_s=0.01, question_s=5, first_wait_s=0.5, longest_wait_s=4)
AWAY = MemoryEmbedderError("embedder_away", "No model server answers.")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "memory.db", key=None) as opened:
        for i, text in enumerate(TEXTS):
            opened.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS + i))
        yield opened


@asynccontextmanager
async def kept(embeddings: Embeddings) -> AsyncIterator[None]:
    """The idle work, under way."""
    task = asyncio.create_task(embeddings.keep())
    try:
        yield
    finally:
        embeddings.close()
        async with asyncio.timeout(5):
            await task


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


async def test_every_memory_gets_its_vector_in_batches(memory: Memory) -> None:
    words = WordEmbedder()
    embeddings = Embeddings(memory, words, pace=PACE)
    async with kept(embeddings):
        await until(lambda: len(words.asked) == len(TEXTS) and memory.unembedded("words") == [])
        late = memory.add(new_memory(kind=Kind.FACT, text="Came later", now_ns=NOW_NS))
        await until(lambda: late.text in words.asked and memory.unembedded("words") == [])
        await until(lambda: embeddings.rung().rung == "words and vectors (words)")
    assert words.asked == [*TEXTS[:0:-1], TEXTS[0], late.text]


async def test_memories_wait_while_something_is_decoded_but_not_for_ever(memory: Memory) -> None:
    words, looks = WordEmbedder(), list[int]()

    def busy() -> bool:
        looks.append(len(words.asked))
        return True

    embeddings = Embeddings(memory, words, busy, PACE)
    await embeddings.step()
    assert looks == [0] * 10
    assert len(words.asked) == 2


async def test_a_server_that_is_away_is_asked_less_and_less_often(memory: Memory) -> None:
    dead = FailingEmbedder(AWAY)
    embeddings = Embeddings(memory, dead, pace=PACE)
    assert [await embeddings.step() for _ in range(5)] == [0.5, 1, 2, 4, 4]
    assert embeddings.rung().rung == "words (FTS5)"
    assert "No model server answers" in embeddings.rung().better
    assert await embeddings.question("tea") is None  # nobody is asked while it is known to fail
    dead.problem = MemoryEmbedderError("embedder_busy", "Too much to do.")
    await embeddings.step()
    assert "Too much to do" in embeddings.rung().better


async def test_a_server_that_is_back_is_used_again(memory: Memory) -> None:
    class Moody(WordEmbedder):
        down = True

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if self.down:
                raise AWAY
            return super().embed(texts)

    moody = Moody()
    embeddings = Embeddings(memory, moody, pace=PACE)
    assert await embeddings.step() == 0.5
    moody.down = False
    assert await embeddings.step() == 0
    assert embeddings.rung().rung.startswith("words and vectors")
    assert await embeddings.question("tea") is not None


async def test_a_text_that_the_server_refuses_holds_up_no_other(memory: Memory) -> None:
    picky = PickyEmbedder(TEXTS[1])
    embeddings = Embeddings(memory, picky, pace=PACE)
    assert [await embeddings.step(), await embeddings.step()] == [0, 0]
    assert await embeddings.step() == PACE.pulse_s
    assert memory.unembedded("words") == []
    rows = memory._store.rows("SELECT length(vector) AS bytes FROM vectors ORDER BY number")
    assert [row["bytes"] for row in rows] == [128, 0, 128]


async def test_a_server_that_refuses_everything_is_not_taken_at_its_word(memory: Memory) -> None:
    picky = PickyEmbedder(PROBE, *TEXTS)
    embeddings = Embeddings(memory, picky, pace=PACE)
    assert await embeddings.step() == 0.5
    assert len(memory.unembedded("words")) == len(TEXTS)


async def test_a_server_that_hangs_holds_up_nothing_and_no_end(memory: Memory) -> None:
    hanging = HangingEmbedder()
    async with kept(Embeddings(memory, hanging, pace=PACE)):
        await asyncio.sleep(0)
        assert memory.search("tea", now_ns=NOW_NS)
        memory.add(new_memory(kind=Kind.FACT, text="Added meanwhile", now_ns=NOW_NS))
    assert len(memory.unembedded("hanging")) == len(TEXTS) + 1
    hanging.let_go.set()


async def test_what_is_erased_while_the_server_works_gets_no_vector(memory: Memory) -> None:
    hanging = HangingEmbedder()
    embeddings = Embeddings(memory, hanging, pace=PACE)
    step = asyncio.create_task(embeddings.step())
    await asyncio.sleep(0)
    memory.erase([next(one.id for one in memory.each() if one.text == TEXTS[2])])
    hanging.let_go.set()
    await step
    assert hanging.asked == [*TEXTS[:0:-1]]
    assert memory._store.rows("SELECT number FROM vectors") == [{"number": 2}]


async def test_a_memory_that_cannot_be_written_waits(memory: Memory) -> None:
    nameless = WordEmbedder(name=" ")  # vectors are not kept under such a name
    embeddings = Embeddings(memory, nameless, pace=PACE)
    assert await embeddings.step() == PACE.longest_wait_s


async def test_a_question_is_embedded_at_once(memory: Memory) -> None:
    words = WordEmbedder()
    embeddings = Embeddings(memory, words, pace=PACE)
    vector = await embeddings.question("Likes green tea")
    assert vector is not None
    assert float(np.linalg.norm(vector)) == pytest.approx(1)
    assert await embeddings.question("  ") is None
    assert words.asked == ["Likes green tea"]


async def test_a_question_that_takes_too_long_is_answered_by_words(memory: Memory) -> None:
    hanging = HangingEmbedder()
    embeddings = Embeddings(memory, hanging, pace=Pace(question_s=0.001, questions=2))
    assert [await embeddings.question(text) for text in ("a", "b", "c")] == [None] * 3
    hanging.let_go.set()
    await until(lambda: embeddings._questions == 0)
    assert sorted(hanging.asked) == ["a", "b"]  # no more than two at once


async def test_a_question_that_fails_is_answered_by_words(memory: Memory) -> None:
    embeddings = Embeddings(memory, FailingEmbedder(AWAY), pace=PACE)
    assert await embeddings.question("tea") is None
    assert embeddings.rung().rung == "words (FTS5)"


async def test_work_aside_gives_its_result_or_its_problem() -> None:
    assert await aside(lambda: threading.current_thread().name) == "sotto-embed"
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 / 0)
    given_up = aside(lambda: 1)
    given_up.cancel()
    failing = aside(lambda: 1 / 0)
    failing.cancel()
    assert await aside(lambda: 2) == 2
