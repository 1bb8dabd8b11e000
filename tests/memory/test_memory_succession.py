"""One memory takes another's place by hand: once, in one direction, and never in a ring."""

from itertools import pairwise

import pytest

from sotto_memory import Kind, Memory, MemoryInputError, MemoryMissingError, new_memory

NOW_NS = 1_800_000_000 * 10**9


@pytest.fixture
def three(memory: Memory) -> Memory:
    for memory_id in "abc":
        memory.add(new_memory(kind=Kind.FACT, text=f"{memory_id} is so", now_ns=NOW_NS, id=memory_id))
    return memory


def current(memory: Memory) -> set[str]:
    return {record.id for record in memory.list()}


@pytest.mark.parametrize("chain", ["ab", "abc"])
def test_what_was_replaced_cannot_replace_its_successor(three: Memory, chain: str) -> None:
    for old, new in pairwise(chain):
        three.supersede(old, new, NOW_NS)
    before = list(three.export_lines())
    with pytest.raises(MemoryInputError) as refusal:
        three.supersede(chain[-1], "a", NOW_NS + 1)
    assert refusal.value.code == "supersede_loop"
    assert list(three.export_lines()) == before
    assert chain[-1] in current(three)


def test_a_closed_successor_that_leads_elsewhere_is_taken(three: Memory) -> None:
    three.supersede("a", "b", NOW_NS)
    assert three.supersede("c", "a", NOW_NS).details == {"superseded_by": "a"}
    assert current(three) == {"b"}


def test_a_ring_from_elsewhere_is_walked_once(three: Memory) -> None:
    for old, new in ("ab", "ba"):
        record = three.get(old)
        assert record is not None
        line = {"superseded_by": new}
        three.put(new_memory(kind=Kind.FACT, text=old, now_ns=NOW_NS, id=old, superseded_ns=NOW_NS, details=line))
    three.supersede("c", "a", NOW_NS)
    assert current(three) == set()


def test_a_successor_that_is_erased_ends_the_chain(three: Memory) -> None:
    three.supersede("a", "b", NOW_NS)
    three.erase(["b"])
    assert three.supersede("c", "a", NOW_NS).details["superseded_by"] == "a"


@pytest.mark.parametrize(("old", "new"), [("a", "nobody"), ("nobody", "a")])
def test_both_must_be_there(three: Memory, old: str, new: str) -> None:
    with pytest.raises(MemoryMissingError):
        three.supersede(old, new, NOW_NS)
