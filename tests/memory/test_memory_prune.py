"""Pruning: dry run, cap and undo; the weakest first by the one strength; never what is needed; nothing is deleted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, Source, Use, new_memory, retrievability
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.keeping.pruning import PRUNABLE_BELOW, newest_run, prunable, run_ns, supports, weakest_first
from sotto_memory.strength import FADED_BELOW
from tests.memory.bytes_left import leaks

NOW_NS = 1_800_000_000 * 10**9
YEAR_NS = 365 * NS_PER_DAY
LATER_NS = NOW_NS + 6 * YEAR_NS


def made(text: str, **fields: Any) -> MemoryRecord:
    now_ns = fields.pop("now_ns", NOW_NS)
    kind = fields.pop("kind", Kind.EPISODE)
    return replace(new_memory(kind=kind, text=text, now_ns=now_ns, id=text), **fields)


def walks(memory: Memory, count: int) -> list[str]:
    """Ids of faded walks, the weakest first."""
    return [memory.add(made(f"walk {n}", stability_days=1 + n / 10)).id for n in range(count)]


@pytest.fixture
def faded(memory: Memory) -> Memory:
    walks(memory, 10)
    memory.add(made("yesterday", now_ns=LATER_NS - NS_PER_DAY))
    memory.rest(LATER_NS)
    return memory


def sights(memory: Memory) -> dict[str, int | None]:
    return {record.id: record.binned_ns for record in memory.list(include_past=True)}


def test_a_dry_run_says_what_would_go_and_changes_nothing(faded: Memory) -> None:
    before = list(faded.export_lines())
    told = faded.prune(LATER_NS, cap=4, dry_run=True)
    assert (told.ids, told.left, told.dry_run) == (("walk 0", "walk 1", "walk 2", "walk 3"), 6, True)
    assert list(faded.export_lines()) == before
    done = faded.prune(LATER_NS, cap=4)
    assert (done.ids, done.left, done.dry_run) == (told.ids, told.left, False)


def test_a_run_has_a_cap_and_the_next_goes_on(faded: Memory) -> None:
    assert [len(faded.prune(LATER_NS + n, cap=4).ids) for n in range(4)] == [4, 4, 2, 0]
    assert faded.count() == 11, "nothing was deleted"
    assert [record.id for record in faded.list()] == ["yesterday"]


def test_what_is_in_the_bin_is_in_no_search_but_keeps_every_word(faded: Memory) -> None:
    before = {record.id: record for record in faded.list(include_past=True)}
    faded.prune(LATER_NS, cap=1)
    assert "walk 0" not in {hit.record.id for hit in faded.search("walk", now_ns=LATER_NS, include_past=True)}
    after = {record.id: record for record in faded.list(include_past=True)}
    assert after.pop("walk 0") == replace(before.pop("walk 0"), binned_ns=LATER_NS)
    assert after == before


@pytest.mark.parametrize("apart_ns", [0, 1, NS_PER_DAY])
def test_each_run_can_be_undone_alone_the_newest_first(faded: Memory, apart_ns: int) -> None:
    before = faded.list(include_past=True)
    runs = [faded.prune(LATER_NS + n * apart_ns, cap=3).ids for n in range(3)]
    assert [faded.unprune() for _ in range(4)] == [*reversed(runs), ()]
    assert faded.list(include_past=True) == before


def test_neither_rest_nor_search_nor_time_touches_the_bin(faded: Memory) -> None:
    faded.prune(LATER_NS, cap=4)
    before = sights(faded)
    for now_ns in (LATER_NS + 5 * YEAR_NS, NOW_NS, 0):
        faded.rest(now_ns)
        faded.search("walk", now_ns=now_ns, include_past=True)
    assert sights(faded) == before


def test_the_weakest_goes_first(faded: Memory) -> None:
    ids = faded.prune(LATER_NS, dry_run=True).ids
    strengths = [retrievability(record, LATER_NS) for one in ids if (record := faded.get(one))]
    assert (strengths, len(ids)) == (sorted(strengths), 10)


KEPT: list[dict[str, Any]] = [
    {"pinned": True},
    {"kind": Kind.FACT, "source": Source.WEARER},
    {"kind": Kind.COMMITMENT, "details": {"status": "open"}},
    {"doubt": "half a sentence"},
    {"stability_days": 1_000.0},
    {"last_use_ns": LATER_NS - YEAR_NS},
    {"archived": False, "last_use_ns": LATER_NS},
]


@pytest.mark.parametrize("fields", KEPT, ids=lambda fields: next(iter(fields)))
def test_what_is_needed_is_never_pruned(memory: Memory, fields: dict[str, Any]) -> None:
    with memory._store.writing():
        memory._store.insert(made("kept", **{"archived": True} | fields))
        memory._store.insert(made("gone", archived=True))
    assert memory.prune(LATER_NS).ids == ("gone",)


@pytest.mark.parametrize("rests", [(), (LATER_NS,), (NOW_NS, LATER_NS, LATER_NS), (LATER_NS + 9 * YEAR_NS,)])
def test_how_often_rest_ran_makes_no_difference(memory: Memory, rests: tuple[int, ...]) -> None:
    walks(memory, 3)
    memory.add(made("yesterday", now_ns=LATER_NS - NS_PER_DAY))
    for now_ns in rests:
        memory.rest(now_ns)
    before = list(memory.export_lines())
    told = memory.prune(LATER_NS, cap=2, dry_run=True)
    assert (told.ids, told.left) == (("walk 0", "walk 1"), 1)
    assert list(memory.export_lines()) == before, "a dry run lets nothing rest"
    assert memory.prune(LATER_NS, cap=2).ids == told.ids
    assert [record.id for record in memory.list()] == ["yesterday"]
    assert memory.rest(LATER_NS).archived == memory.rest(LATER_NS).returned == 0


def test_what_show_says_of_pruning_holds_without_a_rest(memory: Memory) -> None:
    walk = memory.add(made("walk"))
    prune_ns = memory.show("walk", NOW_NS).prune_ns
    assert prune_ns is not None
    assert memory.prune(prune_ns - 1).ids == ()
    assert memory.prune(prune_ns).ids == (walk.id,)


def test_what_another_memory_rests_on_stays_until_that_one_has_gone(memory: Memory) -> None:
    memory.add(made("walk"))
    memory.add(made("likes walking", kind=Kind.INSIGHT, evidence=("walk",)))
    memory.rest(LATER_NS)
    runs = [memory.prune(LATER_NS + n).ids for n in range(3)]
    assert runs == [("likes walking",), ("walk",), ()]


def test_a_year_away_prunes_nothing(memory: Memory) -> None:
    for importance in (0.1, 0.5, 0.9):
        memory.add(made(f"a walk of {importance}", importance=importance))
    memory.rest(NOW_NS + YEAR_NS)
    assert memory.prune(NOW_NS + YEAR_NS).ids == ()


def test_a_clock_that_was_ten_years_ahead_is_put_right(memory: Memory) -> None:
    walks(memory, 5)
    before = memory.list()
    memory.rest(NOW_NS + 10 * YEAR_NS)
    binned = memory.prune(NOW_NS + 10 * YEAR_NS, cap=3).ids
    assert memory.prune(NOW_NS + NS_PER_DAY, dry_run=True).returned == binned
    righted = memory.prune(NOW_NS + NS_PER_DAY)
    assert (set(righted.returned), righted.ids) == (set(binned), ())
    memory.rest(NOW_NS + NS_PER_DAY)
    assert memory.list() == before


@pytest.mark.parametrize("use", [Use.CONFIRMED, Use.SHOWN, Use.TOLD])
def test_a_use_brings_back_from_the_bin(faded: Memory, use: Use) -> None:
    faded.prune(LATER_NS, cap=1)
    assert faded.use("walk 0", LATER_NS, use).binned_ns is None
    assert "walk 0" in {record.id for record in faded.list()}


def test_a_contradiction_does_not(faded: Memory) -> None:
    faded.prune(LATER_NS, cap=1)
    assert faded.use("walk 0", LATER_NS, Use.CONTRADICTED).binned_ns == LATER_NS


@pytest.mark.parametrize("evidence", [(), ("u9",)])
def test_what_is_told_again_is_back(memory: Memory, evidence: tuple[str, ...]) -> None:
    memory.add(made("Anna walks", kind=Kind.FACT))
    assert memory.prune(LATER_NS).ids == ("Anna walks",)
    told = made("Anna walks", kind=Kind.FACT, now_ns=LATER_NS)
    again = memory.add(replace(told, id="new", evidence=evidence))
    assert (again.id, again.binned_ns, again.doubt, again.archived) == ("Anna walks", None, "", False)
    assert again.id in {hit.record.id for hit in memory.search("Anna walks", now_ns=LATER_NS)}


def test_what_happens_again_leaves_the_first_time_in_the_bin(faded: Memory) -> None:
    faded.prune(LATER_NS, cap=1)
    again = faded.add(replace(made("walk 0", now_ns=LATER_NS), id="new"))
    assert again.id == "new"
    assert sights(faded)["walk 0"] == LATER_NS


def test_emptying_the_bin_leaves_no_byte(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as memory:
        memory.add(made("a walk to quixotwzk"))
        memory.rest(LATER_NS)
        assert memory.empty_bin() == ()
        memory.prune(LATER_NS)
        assert leaks(path, key, ["quixotwzk"]) == ["quixotwzk"]
        assert memory.empty_bin() == ("a walk to quixotwzk",)
        assert (memory.count(), memory.unprune(), leaks(path, key, ["quixotwzk"])) == (0, (), [])


def test_emptying_the_bin_takes_nothing_along_that_is_not_in_it(memory: Memory) -> None:
    for text, evidence in (("one", ("u1",)), ("two", ("one",)), ("three", ("u2",))):
        memory.add(made(text, evidence=evidence))
    memory.rest(LATER_NS)
    for n in range(3):
        memory.prune(LATER_NS + n)
    insight = memory.add(made("insight", kind=Kind.INSIGHT, evidence=("two",), pinned=True))
    assert memory.empty_bin() == ("three",)
    assert {record.id for record in memory.list(include_past=True)} == {"one", "two", "insight"}
    assert memory.get("insight") == insight
    memory.erase(["insight"])
    assert set(memory.empty_bin()) == {"one", "two"}


BAD: list[tuple[Callable[[Memory], object], str]] = [
    (lambda memory: memory.prune(LATER_NS, cap=-1), "cap_range"),
    (lambda memory: memory.prune(LATER_NS, cap=10**9), "cap_range"),
    (lambda memory: memory.prune(2**63), "time_range"),
]


@pytest.mark.parametrize(("call", "code"), BAD, ids=lambda bad: bad if isinstance(bad, str) else "")
def test_a_bad_run_changes_nothing(faded: Memory, call: Callable[[Memory], object], code: str) -> None:
    before = faded.list(include_past=True)
    with pytest.raises(MemoryInputError, match=code):
        call(faded)
    assert faded.list(include_past=True) == before
    assert faded.prune(LATER_NS, cap=0).ids == ()


def test_the_threshold_lies_where_it_is_said_to_lie() -> None:
    walk = made("walk", archived=True)
    assert PRUNABLE_BELOW < FADED_BELOW
    assert not prunable(walk, NOW_NS + 893 * NS_PER_DAY)
    assert prunable(walk, NOW_NS + 894 * NS_PER_DAY)


AT = st.none() | st.integers(0, 5)


@settings(max_examples=60, deadline=None)
@given(st.lists(AT, max_size=12), st.integers(0, 5))
def test_a_run_is_later_than_all_before_it(times: list[int | None], now_ns: int) -> None:
    binned = [replace(made(f"m{n}"), binned_ns=time_ns) for n, time_ns in enumerate(times)]
    mark_ns = run_ns(binned, now_ns)
    assert mark_ns >= now_ns
    assert all(record.binned_ns is None or record.binned_ns < mark_ns for record in binned)
    added = replace(made("new"), binned_ns=mark_ns)
    assert newest_run([*(one for one in binned if one.binned_ns is not None), added]) == [added]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 8), max_size=3), min_size=9, max_size=9), st.sets(st.integers(0, 8)))
def test_what_supports_something_outside_is_found_through_rings(rests: list[set[int]], inside: set[int]) -> None:
    records = [made(str(n), evidence=tuple(map(str, sorted(on)))) for n, on in enumerate(rests)]
    binned = [records[n] for n in inside]
    needed = supports(binned, [record for record in records if record not in binned])
    for record in records:
        if record not in binned or record.id in needed:
            assert {one for one in record.evidence if int(one) in inside} <= needed
    assert needed <= {record.id for record in binned}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 100), st.integers(0, 4_000)), max_size=8))
def test_the_order_is_that_of_strength(states: list[tuple[float, int]]) -> None:
    records = [
        made(f"m{n}", stability_days=stability, last_use_ns=LATER_NS - days * NS_PER_DAY, archived=True)
        for n, (stability, days) in enumerate(states)
    ]
    order = weakest_first(records, LATER_NS)
    strengths = [retrievability(records[int(one[1:])], LATER_NS) for one in order]
    assert strengths == sorted(strengths)
    assert all(strength < PRUNABLE_BELOW for strength in strengths)
    assert {r.id for r in records if retrievability(r, LATER_NS) < PRUNABLE_BELOW} == set(order)
