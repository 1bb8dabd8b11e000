"""Views: what holds now, what was true then, what was known then; the pure rule and its SQL agree."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, Source, new_memory
from sotto_memory.recall.view import View, condition, sees
from sotto_memory.rows import from_row
from sotto_memory.store import Store

_TIMES = st.integers(0, 12)
_MAYBE = st.none() | _TIMES


@st.composite
def records(draw: st.DrawFn) -> MemoryRecord:
    starts = draw(_MAYBE)
    ends = draw(_MAYBE)
    if starts is not None and ends is not None:
        starts, ends = min(starts, ends), max(starts, ends)
    return replace(
        new_memory(kind=draw(st.sampled_from([Kind.FACT, Kind.EPISODE])), text="x", now_ns=draw(_TIMES)),
        valid_from_ns=starts,
        valid_until_ns=ends,
        superseded_ns=draw(_MAYBE),
        archived=draw(st.booleans()),
        slot=draw(st.sampled_from(["", "anna/home"])),
        doubt=draw(st.sampled_from(["", "", "", "unsure"])),
        binned_ns=draw(st.sampled_from([None, None, None, 5])),
    )


@st.composite
def views(draw: st.DrawFn) -> View:
    span = sorted((draw(_TIMES), draw(_TIMES)))
    return View(
        now_ns=draw(_MAYBE),
        include_past=draw(st.booleans()),
        as_of_ns=draw(_MAYBE),
        known_at_ns=draw(_MAYBE),
        span=(span[0], span[1]) if draw(st.booleans()) else None,
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("views") / "memory.db", None)
    yield opened
    opened.close()


@given(kept=st.lists(records(), min_size=5, max_size=15), looks=st.lists(views(), min_size=12, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_rule_and_its_sql_see_the_same(store: Store, kept: list[MemoryRecord], looks: list[View]) -> None:
    with store.writing():
        store.delete([record.id for record in store.in_order()])
        for record in kept:
            store.insert(record)
    for view in looks:
        where, values = condition(view)
        found = [from_row(row) for row in store.rows(f"SELECT * FROM memories WHERE {where} ORDER BY number", values)]
        assert found == [record for record in kept if sees(record, view)]


def fact(**fields: Any) -> MemoryRecord:
    return replace(new_memory(kind=Kind.FACT, text="x", now_ns=10), **fields)


def test_a_truth_holds_from_its_beginning_to_before_its_end() -> None:
    home = fact(valid_from_ns=20, valid_until_ns=30, superseded_ns=40)
    assert [at for at in (19, 20, 29, 30) if sees(home, View(as_of_ns=at))] == [20, 29]
    assert [span for span in ((0, 20), (0, 21), (29, 99), (30, 99)) if sees(home, View(span=span))] == [
        (0, 21),
        (29, 99),
    ]
    assert not sees(home, View())
    assert sees(home, View(include_past=True))


def test_what_was_known_then_is_not_what_is_known_now() -> None:
    home = fact(valid_from_ns=5, valid_until_ns=30, superseded_ns=40)
    assert [at for at in (9, 10, 39, 40) if sees(home, View(known_at_ns=at))] == [10, 39]
    assert sees(home, View(as_of_ns=35, known_at_ns=39))  # nobody knew yet that it had ended
    assert not sees(home, View(as_of_ns=35, known_at_ns=40))
    assert sees(home, View(as_of_ns=25, known_at_ns=40))


def test_an_episode_stays_true_when_it_is_over() -> None:
    walk = replace(new_memory(kind=Kind.EPISODE, text="x", now_ns=10), valid_from_ns=10, valid_until_ns=12)
    assert [at for at in (9, 10, 50) if sees(walk, View(as_of_ns=at))] == [10, 50]
    assert [s for s in ((0, 10), (11, 12), (12, 90)) if sees(walk, View(span=s))] == [(11, 12)]
    instant = replace(walk, valid_until_ns=None)
    assert [s for s in ((0, 10), (10, 11), (11, 90)) if sees(instant, View(span=s))] == [(10, 11)]


def test_the_archive_opens_for_a_question_about_the_past_alone() -> None:
    old = fact(archived=True)
    assert [sees(old, view) for view in (View(), View(as_of_ns=11), View(include_past=True))] == [False, True, True]
    assert not any(sees(fact(doubt="unsure"), view) for view in (View(), View(as_of_ns=11), View(include_past=True)))


def test_a_view_of_no_time_is_refused() -> None:
    with pytest.raises(MemoryInputError, match="time_order"):
        View(span=(2, 1))
    with pytest.raises(MemoryInputError, match="time_range"):
        View(as_of_ns=2**63)


def test_where_did_i_live_is_answered_for_every_time(memory: Memory) -> None:
    for at, city in ((10, "Bergen"), (20, "Oslo"), (30, "Graz")):
        told = new_memory(kind=Kind.FACT, text=f"I live in {city}", now_ns=at, source=Source.WEARER)
        memory.add(replace(told, valid_from_ns=at))
    everything = memory.list(include_past=True)

    def seen(view: View) -> list[str]:
        return [record.text.split()[-1] for record in everything if sees(record, view)]

    assert seen(View()) == ["Graz"]
    assert [seen(View(as_of_ns=at)) for at in (9, 10, 19, 20, 30)] == [[], ["Bergen"], ["Bergen"], ["Oslo"], ["Graz"]]
    assert seen(View(known_at_ns=25)) == ["Oslo"]
    assert sorted(seen(View(span=(15, 25)))) == ["Bergen", "Oslo"]
