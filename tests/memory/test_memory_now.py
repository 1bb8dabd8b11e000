"""What holds now is worked out from times and from now: not from flags, clocks that were wrong, or nights of rest."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryRecord, Source, Use, new_memory
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.keeping.intervals import reopened
from sotto_memory.limits import STABILITY_MAX_DAYS
from sotto_memory.recall.view import View, condition, sees
from sotto_memory.store import Store
from sotto_memory.strength import FADED_AFTER, FADED_BELOW, belongs_in_archive, retrievability

START_NS = 1_800_000_000 * 10**9
TEN_YEARS = 3_653


def day(number: float) -> int:
    return START_NS + int(number * NS_PER_DAY)


def said(text: str, at: float, **fields: Any) -> MemoryRecord:
    given_fields: dict[str, Any] = {"kind": Kind.FACT, "source": Source.WEARER}
    return new_memory(text=text, now_ns=day(at), **given_fields | fields)


def answer(memory: Memory, query: str, at: float, **past: Any) -> str:
    hits = memory.search(query, now_ns=day(at), **past)
    return hits[0].record.text if hits else ""


def home(memory: Memory, at: float, **past: Any) -> str:
    return answer(memory, "where do I live", at, **past).removeprefix("I live in ")


def need(memory: Memory, memory_id: str) -> MemoryRecord:
    found = memory.get(memory_id)
    assert found is not None
    return found


def test_what_begins_in_the_future_answers_then_and_hides_nothing_till_then(memory: Memory) -> None:
    bergen = memory.add(said("I live in Bergen", 0))
    memory.add(said("I live in Oslo", 1, valid_from_ns=day(30)))
    assert need(memory, bergen.id).current
    assert [home(memory, at) for at in (2, 29.9, 30)] == ["Bergen", "Bergen", "Oslo"]
    rome = memory.add(said("I live in Rome", 5))
    assert (rome.current, rome.valid_until_ns) == (True, day(30))
    assert [home(memory, at) for at in (5, 10, 29.9, 30, 40)] == ["Rome", "Rome", "Rome", "Oslo", "Oslo"]
    assert [home(memory, 50, as_of_ns=day(at)) for at in (3, 10, 40)] == ["Bergen", "Rome", "Oslo"]
    shown = [hit.record.text for hit in memory.search("live", now_ns=day(10))]
    assert shown == ["I live in Rome"]
    assert sorted(r.text for r in memory.list()) == ["I live in Oslo", "I live in Rome"], "as recorded"


def test_the_same_words_after_it_was_over_are_a_new_truth(memory: Memory) -> None:
    first = memory.add(said("I live in Bergen", 0))
    memory.add(said("I live in Oslo", 1, valid_from_ns=day(30)))
    again = memory.add(said("I live in Bergen", 40))
    assert again.id != first.id
    assert [home(memory, at) for at in (10, 35, 41)] == ["Bergen", "Oslo", "Bergen"]


def test_what_was_to_begin_later_and_is_so_already_holds_at_once(memory: Memory) -> None:
    memory.add(said("I live in Bergen", 0))
    memory.add(said("I live in Oslo", 1, valid_from_ns=day(30)))
    memory.add(said("I live in Oslo", 5))
    assert [home(memory, at) for at in (4, 6, 40)] == ["Bergen", "Oslo", "Oslo"]


def test_what_is_over_at_a_time_of_its_own_answers_no_more(memory: Memory) -> None:
    memory.add(said("the guest room smells of paint", 0, valid_until_ns=day(3)))
    memory.add(said("dinner with paint on my hands", 0, kind=Kind.EPISODE, valid_until_ns=day(0)))
    assert len(memory.search("paint", now_ns=day(2))) == 2
    assert [hit.record.kind for hit in memory.search("paint", now_ns=day(3))] == [Kind.EPISODE]


@pytest.mark.parametrize("explicit", [False, True])
def test_a_clock_that_was_ten_years_ahead_hides_nothing(memory: Memory, explicit: bool) -> None:
    ahead = said("I live in Bergen", TEN_YEARS)
    memory.add(replace(ahead, valid_from_ns=ahead.recorded_ns if explicit else None))
    assert home(memory, 0) == "Bergen", "what is known was told before now"
    told = memory.add(said("I live in Oslo", 1))
    assert told.current
    assert home(memory, 1) == "Oslo"
    assert [hit.record.text for hit in memory.search("live", now_ns=day(1))] == ["I live in Oslo"]
    memory.add(said("I live in Rome", 9))
    assert home(memory, 10) == "Rome"


def test_what_a_clock_that_was_ahead_closed_is_still_so(memory: Memory) -> None:
    memory.add(said("I live in Bergen", 0))
    memory.add(said("I live in Oslo", TEN_YEARS))
    assert [home(memory, at) for at in (5, TEN_YEARS + 1)] == ["Bergen", "Oslo"]


def test_a_correction_of_what_a_clock_ahead_told_holds_now(memory: Memory) -> None:
    ahead = memory.add(said("I live in Bern", TEN_YEARS))
    memory.correct(ahead.id, "I live in Bergen", day(1))
    assert home(memory, 2) == "Bergen"


def test_a_successor_that_is_to_come_takes_the_place_when_it_comes(memory: Memory) -> None:
    old = memory.add(said("Petrol", 0, slot="car/fuel"))
    new = memory.add(said("Diesel", 0, slot="", valid_from_ns=day(9)))
    closed = memory.supersede(old.id, new.id, day(1))
    assert (closed.current, closed.valid_until_ns) == (True, day(9))
    assert [len(memory.search("petrol", now_ns=day(at))) for at in (8, 9)] == [1, 0]


# What has faded


_DAYS = st.integers(0, 20_000)
_STABLE = (
    st.floats(0.001, 300) | st.integers(1, 200).map(lambda days: days / FADED_AFTER) | st.just(STABILITY_MAX_DAYS)
)


@st.composite
def fading(draw: st.DrawFn) -> tuple[MemoryRecord, int]:
    """A record and a now, often at the very day on which it fades."""
    stability = max(0.001, float(draw(_STABLE)))
    edge = int(min(FADED_AFTER * stability, 80_000))
    days = draw(_DAYS | st.sampled_from([edge, edge + 1, max(0, edge - 1)]))
    made = new_memory(
        kind=draw(st.sampled_from(list(Kind))),
        text="x",
        now_ns=START_NS,
        source=draw(st.sampled_from(list(Source))),
        pinned=draw(st.booleans()),
        archived=draw(st.booleans()),
        details={"status": draw(st.sampled_from(["open", "done"]))} if draw(st.booleans()) else {},
    )
    now_ns = START_NS + days * NS_PER_DAY + draw(st.sampled_from([-1, 0, 1]))
    return replace(made, stability_days=stability), now_ns


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("fading") / "memory.db", None)
    yield opened
    opened.close()


@given(st.lists(fading(), min_size=10, max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_the_function_agree_on_what_has_faded(store: Store, drawn: list[tuple[MemoryRecord, int]]) -> None:
    with store.writing():
        store.delete([record.id for record in store.in_order()])
        for record, _ in drawn:
            store.insert(record)
    for _, now_ns in drawn:
        view = View(now_ns=now_ns)
        where, values = condition(view)
        found = {row["id"] for row in store.rows(f"SELECT id FROM memories WHERE {where}", values)}
        assert found == {record.id for record, _ in drawn if not belongs_in_archive(record, now_ns)}
        assert found == {record.id for record, _ in drawn if sees(record, view)}


@given(fading())
@settings(max_examples=100, deadline=None)
def test_faded_is_more_likely_forgotten_than_not(drawn: tuple[MemoryRecord, int]) -> None:
    record, now_ns = drawn
    plain = replace(record, pinned=False, kind=Kind.EPISODE, details={})
    strength = retrievability(plain, now_ns)
    if abs(strength - FADED_BELOW) > 1e-12:  # at the edge itself the last bit of a power decides nothing
        assert belongs_in_archive(plain, now_ns) is (strength < FADED_BELOW)


def lived(memory: Memory) -> str:
    told = {"kind": Kind.EPISODE, "source": Source.OTHER}
    for number in range(12):
        memory.add(said(f"walk number {number}", number * 30, **told))
    used = memory.add(said("a walk that was told of", 0, **told))
    memory.use(used.id, day(370), Use.CONFIRMED)
    return used.id


@pytest.mark.parametrize("rests", [[], [400], [100, 200, 300, 399], [9_000], [9_000, 380]])
def test_no_rest_equals_any_number_of_rests(memory: Memory, tmp_path: Any, rests: list[int]) -> None:
    def hits(one: Memory) -> list[tuple[str, float, str]]:
        return [(h.record.text, h.score, h.why) for h in one.search("walk", now_ns=day(400), limit=50)]

    lived(memory)
    with Memory.open(tmp_path / "rested.db", key=None) as rested:
        used = lived(rested)
        for at in rests:
            rested.rest(day(at))
        assert hits(rested) == hits(memory)
        assert 1 < len(hits(rested)) < 12
        faded = next(r for r in rested.list(include_past=True) if r.text == "walk number 0")
        rested.use(faded.id, day(400))
        assert {faded.text, need(rested, used).text} <= {text for text, *_ in hits(rested)}, "used, it is back"


# What was corrected away


def test_the_same_wrong_sentence_does_not_overturn_a_correction(memory: Memory) -> None:
    wrong = memory.add(said("my boss is Karl", 0))
    right = memory.correct(wrong.id, "my boss is Clara", day(1))
    again = memory.offer(said("my boss is Karl", 5)).record
    assert again is not None
    assert again.doubt == f"contradicts {right.id}"
    assert memory.add(said("Karl is my boss", 6)).doubt == f"contradicts {right.id}"
    assert answer(memory, "who is my boss", 7) == "my boss is Clara"
    memory.accept(again.id, day(8))
    assert answer(memory, "who is my boss", 9) == "my boss is Karl"
    assert memory.add(said("my boss is Karl", 10)).doubt == ""


def test_a_new_value_passes_after_a_correction(memory: Memory) -> None:
    wrong = memory.add(said("my boss is Karl", 0))
    memory.correct(wrong.id, "my boss is Clara", day(1))
    assert memory.add(said("my boss is Clara", 2)).doubt == ""
    assert memory.add(said("my boss is Ines", 5)).doubt == ""
    assert answer(memory, "who is my boss", 7) == "my boss is Ines"
    assert memory.add(said("my boss is Karl", 8)).doubt.startswith("contradicts")


def test_a_correction_that_is_taken_back_by_another_holds(memory: Memory) -> None:
    wrong = memory.add(said("my boss is Karl", 0))
    right = memory.correct(wrong.id, "my boss is Clara", day(1))
    memory.correct(right.id, "my boss is Karl", day(2))
    assert answer(memory, "who is my boss", 3) == "my boss is Karl"
    assert memory.add(said("my boss is Karl", 4)).doubt == ""


# What an erased successor leaves


def test_what_an_erased_memory_had_ended_goes_on(memory: Memory) -> None:
    bergen = memory.add(said("I live in Bergen", 0, evidence=("u1",)))
    oslo = memory.add(said("I live in Oslo", 10, evidence=("u2",)))
    memory.erase([oslo.id])
    again = need(memory, bergen.id)
    assert (again.current, again.valid_until_ns, again.details) == (True, None, {})
    assert (home(memory, 20), home(memory, 20, as_of_ns=day(15))) == ("Bergen", "Bergen")


def test_another_that_took_its_place_meanwhile_stays(memory: Memory) -> None:
    bergen = memory.add(said("I live in Bergen", 0))
    oslo = memory.add(said("I live in Oslo", 10, evidence=("u2",)))
    rome = memory.add(said("I live in Rome", 20))
    memory.erase_resting_on(["u2"])
    assert memory.get(oslo.id) is None
    again = need(memory, bergen.id)
    assert (again.current, again.valid_until_ns, again.details["superseded_by"]) == (False, day(20), rome.id)
    assert [home(memory, 30, as_of_ns=day(at)) for at in (15, 25)] == ["Bergen", "Rome"]
    assert home(memory, 30) == "Rome"


def test_what_was_told_late_lasts_on_when_what_ended_it_is_erased(memory: Memory) -> None:
    oslo = memory.add(said("I live in Oslo", 10))
    memory.add(said("I live in Bergen", 12, valid_from_ns=day(2), valid_until_ns=day(50)))
    memory.erase([oslo.id])
    assert [home(memory, at) for at in (20, 49, 50)] == ["Bergen", "Bergen", ""]


def test_what_was_ended_without_a_successor_goes_on(memory: Memory) -> None:
    memory.add(said("I work at Acme", 0))
    over = memory.add(said("I don't work at Acme any more", 10))
    memory.erase([over.id])
    assert answer(memory, "where do I work", 20) == "I work at Acme"


def test_what_was_corrected_stays_wrong_whatever_becomes_of_the_correction(memory: Memory) -> None:
    wrong = memory.add(said("my boss is Karl", 0))
    right = memory.correct(wrong.id, "my boss is Clara", day(1))
    memory.erase([right.id])
    assert answer(memory, "who is my boss", 2) == ""


_TOLD = st.lists(st.tuples(st.sampled_from(["Rome", "Oslo", "Graz"]), st.integers(0, 30)), min_size=2, max_size=6)


@given(_TOLD, st.integers(0, 5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_an_erasure_one_value_is_true_at_a_time(tellings: list[tuple[str, int]], gone: int) -> None:
    from sotto_memory.keeping.intervals import judged

    known: dict[str, MemoryRecord] = {}
    for number, (city, at) in enumerate(tellings):
        told = said(f"I live in {city}", number, valid_from_ns=day(at), slot="wearer/home")
        verdict = judged(told, list(known.values()))
        known |= {one.id: one for one in verdict.changed}
        if verdict.known is None:
            known[told.id] = verdict.record
    erased = list(known)[gone % len(known)]
    del known[erased]
    for one in list(known.values()):
        if one.details.get("superseded_by") == erased:
            known[one.id] = reopened(one, list(known.values()))
    for at in range(32):
        assert len({one.text for one in known.values() if sees(one, View(as_of_ns=day(at)))}) <= 1
        seen = {one.text for one in known.values() if sees(one, View(now_ns=day(at)))}
        assert len(tellings) > at or seen == {
            one.text for one in known.values() if sees(one, View(as_of_ns=day(at)))
        }, "from when all was told, what holds now is what is true now"


# What is put in other words


def test_other_words_do_not_keep_the_slot_of_the_old_ones(memory: Memory) -> None:
    bergen = memory.add(said("I live in Bergen", 0))
    rome = memory.add(said("I live in Rome", 5))
    put = memory.put(replace(rome, text="I like tea"))
    assert (put.slot, need(memory, rome.id).slot) == ("", "")
    assert need(memory, bergen.id).current
    assert home(memory, 9) == "Bergen"


def test_other_words_are_settled_like_new_ones(memory: Memory) -> None:
    bergen = memory.add(said("I live in Bergen", 0))
    tea = memory.add(said("I like tea", 5))
    assert memory.put(replace(tea, text="I live in Rome")).slot == "wearer/home"
    assert not need(memory, bergen.id).current
    assert home(memory, 9) == "Rome"


def test_a_slot_that_the_caller_gave_stays(memory: Memory) -> None:
    fuel = memory.add(said("Petrol", 0, slot="car/fuel"))
    assert memory.put(replace(fuel, text="Diesel")).slot == "car/fuel"
    rome = memory.add(said("I live in Rome", 5))
    assert memory.put(replace(rome, text="Rome it is", slot="my/own")).slot == "my/own"
