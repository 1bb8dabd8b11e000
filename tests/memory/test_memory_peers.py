"""Defects that other memories have had, as tests that ours must pass."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryRecord, Source, new_memory, retrievability
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.strength import FADED_BELOW, belongs_in_archive

NOW_NS = 1_800_000_000 * 10**9
YEAR_NS = 365 * NS_PER_DAY


def episode(text: str, now_ns: int = NOW_NS) -> MemoryRecord:
    return new_memory(kind=Kind.EPISODE, text=text, now_ns=now_ns)


@pytest.fixture
def lived(memory: Memory) -> Memory:
    """A memory of forty days, of every kind and source."""
    for day in range(40):
        kind, source = list(Kind)[day % len(Kind)], list(Source)[day % len(Source)]
        record = new_memory(
            kind=kind, text=f"thing {day} of the day", now_ns=NOW_NS + day * NS_PER_DAY, source=source
        )
        memory.add(record)
    return memory


def contents(memory: Memory) -> list[MemoryRecord]:
    return [replace(record, archived=False) for record in memory.list(include_past=True)]


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 1e4), st.floats(1.001, 100), st.integers(1, 5_000))
def test_1_stronger_memories_fade_more_slowly_not_faster(stability: float, stronger: float, days: int) -> None:
    weak = replace(episode("a walk"), stability_days=stability)
    strong = replace(weak, stability_days=stability * stronger)
    at_ns = NOW_NS + days * NS_PER_DAY
    assert retrievability(strong, at_ns) > retrievability(weak, at_ns)
    assert retrievability(weak, at_ns) > retrievability(weak, at_ns + days * NS_PER_DAY)
    assert retrievability(weak, at_ns) == retrievability(weak, at_ns)


@pytest.mark.parametrize("apart_ns", [1, 3_600 * 10**9, NS_PER_DAY, YEAR_NS])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older kept first", "newer kept first"])
def test_2_of_two_equal_memories_the_newer_ranks_first(memory: Memory, apart_ns: int, order: tuple[int, int]) -> None:
    told = [replace(episode("walked the dog", NOW_NS + i * apart_ns), subject=str(i)) for i in (0, 1)]
    for i in order:
        memory.add(told[i])
    hits = memory.search("dog", now_ns=NOW_NS + apart_ns + 1)
    assert [hit.record.subject for hit in hits] == ["1", "0"]
    assert hits[0].score >= hits[1].score


def test_3_how_often_rest_ran_makes_no_difference(lived: Memory) -> None:
    before = contents(lived)
    for day in range(0, 400, 20):
        lived.rest(NOW_NS + day * NS_PER_DAY)
    often = lived.list(include_past=True)
    assert contents(lived) == before, "rest changes no content and no decay state"
    lived.rest(NOW_NS)
    lived.rest(NOW_NS + 380 * NS_PER_DAY)
    assert lived.list(include_past=True) == often


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_3_strength_after_two_spans_is_that_after_their_sum(first: int, second: int) -> None:
    record = episode("a walk")
    moved = replace(record, last_use_ns=NOW_NS - first * NS_PER_DAY)
    whole = retrievability(record, NOW_NS + (first + second) * NS_PER_DAY)
    assert retrievability(moved, NOW_NS + second * NS_PER_DAY) == whole
    assert 0 < whole <= 1


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 1e4), st.integers(0, 10_000))
def test_4_one_function_decides_rank_and_rest(stability: float, days: int) -> None:
    record, at_ns = replace(episode("a walk"), stability_days=stability), NOW_NS + days * NS_PER_DAY
    assert belongs_in_archive(record, at_ns) is (retrievability(record, at_ns) < FADED_BELOW)


def test_5_a_year_away_loses_nothing(lived: Memory) -> None:
    before = contents(lived)
    rested = lived.rest(NOW_NS + 2 * YEAR_NS)
    assert rested.archived > 0
    assert contents(lived) == before
    assert all(lived.search(f"{day}", now_ns=NOW_NS + YEAR_NS, include_past=True) for day in range(40))


def test_5_a_clock_that_jumps_ten_years_and_back_changes_nothing(lived: Memory) -> None:
    before = lived.list(include_past=True)
    jumped = lived.rest(NOW_NS + 10 * YEAR_NS)
    assert contents(lived) == before
    back = lived.rest(NOW_NS + 41 * NS_PER_DAY)
    assert back.returned == jumped.archived
    assert lived.list(include_past=True) == before


def test_5_a_clock_that_starts_in_1970_changes_nothing(lived: Memory) -> None:
    before = lived.list(include_past=True)
    assert lived.rest(0).archived == 0
    assert lived.list(include_past=True) == before


def test_6_what_the_wearer_stated_does_not_fade_for_being_seldom_asked(memory: Memory) -> None:
    allergy = new_memory(kind=Kind.FACT, text="I cannot eat nuts", now_ns=NOW_NS, source=Source.WEARER)
    memory.add(allergy)
    memory.rest(NOW_NS + 30 * YEAR_NS)
    assert memory.search("nuts", now_ns=NOW_NS + 30 * YEAR_NS)[0].record == allergy
