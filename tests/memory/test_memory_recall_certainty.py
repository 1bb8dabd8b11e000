"""Knowing what is not known: questions about what was told, and the same questions where it never was.

The threshold was chosen on seed 11; another seed is judged here.
"""

from itertools import islice
from random import Random

import pytest

from sotto_memory import Kind, Memory, Source, new_memory
from sotto_memory.decay import NS_PER_DAY
from tests.bench.memory_parts.planted import distractors, facts
from tests.memory.test_memory_search import NOW_NS

SEED = 29


@pytest.mark.parametrize("others", [0, 200])
def test_what_was_told_is_known_and_what_never_was_is_not(memory: Memory, others: int) -> None:
    every = facts(SEED)
    told = set(Random(SEED).sample(range(len(every)), len(every) // 2))
    for number in sorted(told):
        memory.add(new_memory(kind=Kind.FACT, text=every[number].text, now_ns=NOW_NS))
    for number, text in enumerate(islice(distractors(200, SEED), others)):
        memory.add(new_memory(kind=Kind.EPISODE, text=text, now_ns=NOW_NS + number * 10**12))
    known = {i: memory.recall(every[i].question, now_ns=NOW_NS + 10**15).known for i in range(0, len(every), 2)}
    of_told = [held for i, held in known.items() if i in told]
    of_others = [held for i, held in known.items() if i not in told]
    assert sum(of_told) / len(of_told) >= 0.95
    assert sum(of_others) / len(of_others) <= (0.05 if others == 0 else 0.2), "others use the very words"


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("What is Anna allergic to?", True),
        ("What is Ben allergic to?", False),  # he is known, and nothing is told of this
        ("What is Zoltan allergic to?", False),  # nobody knows him
        ("Where is the telescope?", False),
        ("Who is Anna?", True),
        ("what is anna allergic to", True),
    ],
)
def test_a_name_must_fit(memory: Memory, question: str, known: bool) -> None:
    for text in ("Anna is allergic to walnuts", "Ben likes green tea", "the spare key is in the blue box"):
        memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS))
    recalled = memory.recall(question, now_ns=NOW_NS)
    assert recalled.known is known
    assert 0 <= recalled.certainty <= 1


def test_an_empty_memory_knows_nothing(memory: Memory) -> None:
    recalled = memory.recall("Who is Anna?", now_ns=NOW_NS)
    assert (recalled.hits, recalled.certainty, recalled.known) == ((), 0.0, False)


def test_the_archive_is_asked_before_it_says_that_it_does_not_know(memory: Memory) -> None:
    old_ns = NOW_NS - 3 * 365 * NS_PER_DAY
    told = new_memory(kind=Kind.EPISODE, text="Tom bought a trombone in Trieste", now_ns=old_ns, source=Source.OTHER)
    kept = memory.add(told)
    assert memory.search("who bought a trombone", now_ns=NOW_NS) == []
    found = memory.recall("who bought a trombone", now_ns=NOW_NS)
    assert (found.known, found.hits[0].record) == (True, kept)
    assert "from the archive" in found.hits[0].why
    assert not memory.recall("who bought a trumpet", now_ns=NOW_NS).known
