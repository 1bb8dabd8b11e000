"""One truth at a time: the interval rule, authority, endings, corrections; nothing vanishes."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryMissingError, MemoryRecord, Source, Use, new_memory
from sotto_memory.keeping.claims import Claim
from sotto_memory.keeping.intervals import agree, judged
from sotto_memory.recall.view import View, sees

NOW_NS = 1_800_000_000 * 10**9


def said(text: str, at: int = 0, **fields: Any) -> MemoryRecord:
    """What the wearer says `at` so many nanoseconds from now, true from then on."""
    now_ns = NOW_NS + at
    given_fields: dict[str, Any] = {"source": Source.WEARER, "valid_from_ns": now_ns}
    return new_memory(kind=Kind.FACT, text=text, now_ns=now_ns, **given_fields | fields)


def current(memory: Memory) -> list[str]:
    return [record.text for record in memory.list()]


def true_at(memory: Memory, at: int) -> list[str]:
    view = View(as_of_ns=NOW_NS + at)
    return [record.text for record in memory.list(include_past=True) if sees(record, view)]


def need(memory: Memory, record: MemoryRecord) -> MemoryRecord:
    found = memory.get(record.id)
    assert found is not None
    return found


def test_a_newer_truth_closes_the_older_and_nothing_vanishes(memory: Memory) -> None:
    old = memory.add(said("I live in Bergen"))
    new = memory.add(said("I moved to Oslo", 10))
    assert current(memory) == ["I moved to Oslo"]
    was = need(memory, old)
    assert (was.valid_from_ns, was.valid_until_ns, was.superseded_ns) == (NOW_NS, NOW_NS + 10, NOW_NS + 10)
    assert was.details == {"superseded_by": new.id}
    assert [note.use for note in was.history] == [Use.CONTRADICTED]
    assert memory.count() == 2
    assert new.slot == was.slot == "wearer/home"


def test_there_and_back_again_is_three_truths(memory: Memory) -> None:
    for at, city in ((0, "Bergen"), (10, "Oslo"), (20, "Bergen")):
        memory.add(said(f"I live in {city}", at))
    assert [true_at(memory, at) for at in (5, 15, 25)] == [
        ["I live in Bergen"],
        ["I live in Oslo"],
        ["I live in Bergen"],
    ]
    assert current(memory) == ["I live in Bergen"]


def test_the_same_in_other_words_joins(memory: Memory) -> None:
    first = memory.add(said("I live in Oslo", evidence=("u1",)))
    again = memory.add(said("well, my home is in Oslo now", 10, evidence=("u2",)))
    assert (again.id, again.evidence) == (first.id, ("u1", "u2"))
    assert memory.count() == 1


def test_what_is_told_late_is_past_at_once(memory: Memory) -> None:
    memory.add(said("I live in Oslo", 20))
    late = memory.add(replace(said("I live in Bergen", 30), valid_from_ns=NOW_NS + 5))
    assert (late.valid_until_ns, late.superseded_ns) == (NOW_NS + 20, NOW_NS + 30)
    assert current(memory) == ["I live in Oslo"]
    assert true_at(memory, 10) == ["I live in Bergen"]
    between = memory.add(replace(said("I live in Hamar", 40), valid_from_ns=NOW_NS + 12))
    assert between.valid_until_ns == NOW_NS + 20
    assert [true_at(memory, at) for at in (8, 15, 25)] == [
        ["I live in Bergen"],
        ["I live in Hamar"],
        ["I live in Oslo"],
    ]


def test_what_was_over_when_it_was_told_leaves_the_present_alone(memory: Memory) -> None:
    memory.add(said("I live in Oslo", 0))
    stay = said("I live in Rome", 30, valid_from_ns=NOW_NS + 5, valid_until_ns=NOW_NS + 8)
    assert not memory.add(stay).current
    assert current(memory) == ["I live in Oslo"]
    assert sorted(true_at(memory, 6)) == ["I live in Oslo", "I live in Rome"]


def test_town_country_and_street_are_true_together(memory: Memory) -> None:
    for at, text in enumerate(("I live in Oslo", "I live in Norway", "I live at 12 Elm Street")):
        memory.add(said(text, at))
    assert len(current(memory)) == 3


def test_saying_more_of_the_same_closes_nothing(memory: Memory) -> None:
    memory.add(said("my dentist is Dr Berg"))
    memory.add(said("my dentist is Doctor Anna Berg", 1))
    assert len(current(memory)) == 2
    memory.add(said("my dentist is Dr Klein now", 2))
    assert current(memory) == ["my dentist is Dr Klein now"]


def test_of_codes_every_part_counts() -> None:
    one, other = (Claim(slot="the/wifi-password", value=value) for value in (("blue", "kettle"), ("blue",)))
    assert not agree(one, other)
    assert agree(one, one)


def test_the_lower_authority_waits_and_never_closes_the_higher(memory: Memory) -> None:
    own = memory.add(said("the alarm code is 4471"))
    doubtful = memory.add(said("the alarm code is 9999", 10, source=Source.OTHER))
    assert doubtful.doubt == f"contradicts {own.id}"
    assert (memory.inbox(), current(memory)) == ([doubtful], ["the alarm code is 4471"])
    again = memory.add(said("the alarm code is 9999", 11, source=Source.OTHER))
    assert again.doubt == doubtful.doubt
    accepted = memory.accept(doubtful.id, NOW_NS + 20)
    assert (accepted.doubt, memory.inbox()) == ("", [])
    assert current(memory) == ["the alarm code is 9999"]


def test_the_higher_authority_closes_the_lower_whatever_its_time(memory: Memory) -> None:
    memory.add(said("Anna works at Acme", 20, source=Source.INFERRED))
    memory.add(replace(said("Anna works at Ikea", 30), valid_from_ns=NOW_NS + 5))
    assert current(memory) == ["Anna works at Ikea"]
    assert true_at(memory, 25) == ["Anna works at Ikea"]


@pytest.mark.parametrize("source", [Source.OTHER, Source.UNKNOWN])
def test_others_update_what_others_said(memory: Memory, source: Source) -> None:
    memory.add(said("Anna lives in Rome", source=Source.OTHER))
    memory.add(said("Anna has moved to Graz", 10, source=source))
    assert current(memory) == ["Anna has moved to Graz"]


def test_what_ends_is_closed_without_a_successor(memory: Memory) -> None:
    memory.add(said("I work at Acme"))
    over = memory.add(said("I don't work at Acme any more", 10))
    assert current(memory) == ["I don't work at Acme any more"]
    assert (true_at(memory, 5), over.slot) == (["I work at Acme"], "wearer/work")
    memory.add(said("I work at Ikea", 20))
    assert current(memory) == ["I work at Ikea"]
    beside = memory.add(said("I no longer work at Acme", 30))
    assert (beside.slot, sorted(current(memory))) == ("", ["I no longer work at Acme", "I work at Ikea"])


def test_other_people_and_manifold_things_are_left_alone(memory: Memory) -> None:
    texts = [
        "I live in Oslo",
        "Anna lives in Rome",
        "I like tea",
        "I like coffee",
        "my friend is Tom",
        "my friend is Al",
    ]
    for at, text in enumerate(texts):
        memory.add(said(text, at))
    assert sorted(current(memory)) == sorted(texts)


def test_a_slot_of_the_callers_own_holds_one_value(memory: Memory) -> None:
    memory.add(said("Diesel", slot="car/fuel"))
    memory.add(said("Petrol since spring", 10, slot="car/fuel"))
    assert current(memory) == ["Petrol since spring"]


def test_a_correction_takes_the_place_and_the_time_of_what_was_wrong(memory: Memory) -> None:
    wrong = memory.add(said("I live in Bern", evidence=("u1",)))
    right = memory.correct(wrong.id, "I live in Bergen", NOW_NS + 50)
    was = need(memory, wrong)
    assert (right.source, right.confidence, right.valid_from_ns) == (Source.WEARER, 1.0, NOW_NS)
    assert (right.evidence, right.details, right.slot) == (("u1",), {"corrects": wrong.id}, "wearer/home")
    assert was.valid_from_ns == was.valid_until_ns
    assert [note.use for note in was.history] == [Use.CORRECTED]
    assert (current(memory), true_at(memory, 5)) == (["I live in Bergen"], ["I live in Bergen"])
    assert sees(was, View(known_at_ns=NOW_NS + 49))
    assert memory.search("Bern", now_ns=NOW_NS + 60) == []


def test_a_correction_stands_against_the_same_telling_and_against_others(memory: Memory) -> None:
    wrong = memory.add(said("my dentist is Dr Berg"))
    memory.correct(wrong.id, "my dentist is Dr Born", NOW_NS + 50)
    assert memory.add(said("my dentist is Dr Berg")).doubt.startswith("contradicts")
    assert memory.add(said("my dentist is Dr Berg, really", 60, source=Source.UNKNOWN)).slot == ""
    assert current(memory)[-1] == "my dentist is Dr Born"
    memory.add(said("my dentist is Dr Klein now", 70))
    assert "my dentist is Dr Klein now" in current(memory)
    assert "my dentist is Dr Born" not in current(memory)


def test_correcting_the_past_leaves_the_present(memory: Memory) -> None:
    old = memory.add(said("I live in Bern"))
    memory.add(said("I live in Oslo", 10))
    memory.correct(old.id, "I live in Bergen", NOW_NS + 20)
    assert (current(memory), true_at(memory, 5)) == (["I live in Oslo"], ["I live in Bergen"])


def test_half_a_sentence_corrects_within_the_slot(memory: Memory) -> None:
    wrong = memory.add(said("the wifi password is kiwi"))
    assert memory.correct(wrong.id, "kiwi77, in small letters", NOW_NS + 1).slot == "the/wifi-password"


def test_the_same_words_confirm(memory: Memory) -> None:
    tea = memory.add(said("Anna likes tea", source=Source.UNKNOWN, confidence=0.6))
    sure = memory.correct(tea.id, " Anna likes tea ", NOW_NS + 50)
    assert (sure.id, sure.confidence, sure.details) == (tea.id, 1.0, {"confirmed": "yes"})
    assert [note.use for note in sure.history] == [Use.CONFIRMED]


def test_what_others_know_by_its_id_is_reworded_in_its_place(memory: Memory) -> None:
    call = memory.add(replace(said("Call Anne"), kind=Kind.COMMITMENT))
    own = memory.correct(call.id, "Call Anna", NOW_NS + 1)
    assert (own.id, own.text, own.source, memory.count()) == (call.id, "Call Anna", Source.WEARER, 1)


def test_nobody_corrects_what_is_not_there(memory: Memory) -> None:
    with pytest.raises(MemoryMissingError, match="unknown_memory"):
        memory.correct("nobody", "I live in Oslo", NOW_NS)
    wrong = memory.add(said("I live in Bern"))
    with pytest.raises(MemoryInputError, match="text_empty"):
        memory.correct(wrong.id, "  ", NOW_NS)
    assert need(memory, wrong) == wrong


_TELLINGS = st.lists(
    st.tuples(st.sampled_from(["Rome", "Oslo", "Graz"]), st.integers(0, 9), st.sampled_from(list(Source))), max_size=8
)


@given(_TELLINGS)
@settings(max_examples=60, deadline=None)
def test_at_no_time_two_values_are_true(tellings: list[tuple[str, int, Source]]) -> None:
    """However the tellings come: none is lost, one value at most is true at a time, and one at most is current."""
    known: dict[str, MemoryRecord] = {}
    for number, (city, at, source) in enumerate(tellings):
        told = replace(said(f"Anna lives in {city}", 100 + number, source=source), slot="anna/home")
        told = replace(told, valid_from_ns=NOW_NS + at)
        verdict = judged(told, [one for one in known.values() if not one.doubt])
        known |= {one.id: one for one in verdict.changed}
        if verdict.known is None:
            known[told.id] = verdict.record
    for at in range(10):
        view = View(as_of_ns=NOW_NS + at)
        assert len({one.text for one in known.values() if sees(one, view)}) <= 1
    now = [one for one in known.values() if sees(one, View())]
    assert len({one.text for one in now}) == (1 if known else 0)
