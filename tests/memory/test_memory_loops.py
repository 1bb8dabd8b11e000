"""No memory bears witness for itself: not directly, not through what rests on it, not twice on the same ground."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, Source, new_memory
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.keeping.witness import fresh, ground, rests_on, sound

NOW_NS = 1_800_000_000 * 10**9


def fact(text: str = "Anna likes tea", **fields: Any) -> MemoryRecord:
    return replace(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS), **fields)


def later(record: MemoryRecord, days: int = 30) -> MemoryRecord:
    return replace(record, recorded_ns=record.recorded_ns + days * NS_PER_DAY)


def test_a_recalled_memory_strengthens_nothing(memory: Memory) -> None:
    known = memory.add(fact(evidence=("u1",), confidence=0.6))
    for days in range(1, 400, 40):
        assert memory.add(later(fact(evidence=(known.id,)), days)) == known


def test_nor_does_what_was_concluded_from_it(memory: Memory) -> None:
    known = memory.add(fact(evidence=("u1",), confidence=0.6))
    insight = memory.add(fact("Anna is a tea person", kind=Kind.INSIGHT, evidence=(known.id,)))
    routine = memory.add(fact("Tea at four", kind=Kind.ROUTINE, evidence=(insight.id,)))
    assert memory.add(later(fact(evidence=(routine.id, insight.id)))) == known


def test_nor_what_stands_on_the_same_ground(memory: Memory) -> None:
    known = memory.add(fact(evidence=("u1",), confidence=0.6))
    aside = memory.add(fact("Tea was spoken of", kind=Kind.INSIGHT, evidence=("u1",)))
    assert memory.add(later(fact(evidence=(aside.id,)))) == known
    other = memory.add(fact("Tea was drunk", kind=Kind.INSIGHT, evidence=("u1", "u2")))
    assert memory.add(later(fact(evidence=(other.id, known.id)))).evidence == ("u1", other.id)


def test_new_evidence_beside_an_echo_counts_alone(memory: Memory) -> None:
    known = memory.add(fact(evidence=("u1",), confidence=0.5))
    told = memory.add(fact(evidence=(known.id, "u2"), confidence=0.5))
    assert (told.evidence, told.confidence, told.uses) == (("u1", "u2"), 0.75, 1)


def test_a_conclusion_that_rests_on_itself_is_refused(memory: Memory) -> None:
    with pytest.raises(MemoryInputError, match="evidence_loop"):
        memory.add(fact(id="m1", source=Source.INFERRED, evidence=("u1", "m1")))
    assert memory.count() == 0
    assert memory.add(fact(id="m1", evidence=("u1", "m1"))).evidence == ("u1",)


def test_a_loop_cannot_be_put_in_either(memory: Memory) -> None:
    known = memory.add(fact(evidence=("u1",)))
    insight = memory.add(
        fact("Anna is a tea person", kind=Kind.INSIGHT, source=Source.INFERRED, evidence=(known.id,))
    )
    top = memory.add(fact("Tea at four", kind=Kind.ROUTINE, source=Source.INFERRED, evidence=(insight.id,)))
    assert memory.put(replace(known, evidence=("u1", top.id))) == known
    with pytest.raises(MemoryInputError, match="evidence_loop"):
        memory.put(replace(insight, evidence=(known.id, top.id)))
    assert memory.get(insight.id) == insight


def test_what_was_named_before_it_was_kept_makes_no_loop(memory: Memory) -> None:
    memory.add(fact("Tea at four", id="above", evidence=("below",)))
    assert memory.add(fact(id="below", evidence=("above", "u1"))).evidence == ("u1",)


IDS = st.sampled_from([f"m{n}" for n in range(6)] + ["u1", "u2", "u3"])
GRAPHS = st.dictionaries(
    st.sampled_from([f"m{n}" for n in range(6)]), st.lists(IDS, max_size=4).map(tuple), max_size=6
)


@settings(max_examples=120, deadline=None)
@given(GRAPHS, st.lists(IDS, max_size=5), st.lists(IDS, max_size=4), IDS)
def test_circles_end_and_what_is_fresh_adds_ground(
    graph: dict[str, tuple[str, ...]], told: list[str], known: list[str], memory_id: str
) -> None:
    witnesses = fresh(told, memory_id, known, graph)
    assert set(witnesses) <= set(sound(told, memory_id, graph)) - set(known)
    for one in witnesses:
        assert not rests_on(one, memory_id, graph)
        assert not ground([one], graph) <= ground(known, graph)


def test_quotes_go_with_the_evidence_they_are_of(memory: Memory) -> None:
    for day in range(80):
        told = fact("Anna likes tea", evidence=(f"u{day}",), quotes={f"u{day}": f"secretquote{day}"})
        memory.add(replace(told, recorded_ns=told.recorded_ns + day * NS_PER_DAY))
    (kept,) = memory.list()
    assert kept.quotes.keys() <= set(kept.evidence)
    assert memory.erase_resting_on(kept.evidence)[0] == (kept.id,)
    with pytest.raises(MemoryInputError, match="quotes_evidence"):
        fact("Anna likes tea", evidence=("u1",), quotes={"u2": "said another"})
    ring = memory.add(fact("Tom has a boat", id="ring", evidence=("u1",)))
    above = memory.add(fact("Tom sails", evidence=(ring.id, "u2")))
    own = memory.put(replace(ring, evidence=("u1", above.id), quotes={above.id: "it says so itself", "u1": "a boat"}))
    assert (own.evidence, own.quotes) == (("u1",), {"u1": "a boat"})
