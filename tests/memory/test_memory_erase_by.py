"""Erasing by person, by span and by words: all of it goes, wherever it stands, and nothing else does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, Source, new_memory
from sotto_memory.selecting import folded, names, says_all
from tests.memory.bytes_left import held_in, leaks

NOW_NS = 1_800_000_000 * 10**9
HOUR_NS = 3_600 * 10**9
DAY_NS = 24 * HOUR_NS
EMBEDDER = "hashing-8"

PLACES: Mapping[str, Mapping[str, Any]] = {
    "quixotwzk": {"text": "ANNA said quixotwzk"},
    "zyvrjanth": {"text": "zyvrjanth is Anna's"},
    "vwkplombx": {"text": "a vwkplombx", "subject": "Anna"},
    "jxqthorny": {"text": "the jxqthorny", "slot": "anna/jxqthorny"},
    "kzwmuffly": {"text": "told at dinner", "details": {"with": "Tom, anna", "kzwmuffly": "kzwmuffly"}},
    "bqzpredge": {"text": "somebody called", "evidence": ("u7",), "quotes": {"u7": "it was ánna, bqzpredge"}},
    "xvornimpt": {"text": "Anna has a xvornimpt", "doubt": "half a sentence"},
    "wqjglumsh": {"text": "wqjglumsh with Anna", "binned_ns": NOW_NS, "archived": True},
    "fzkwrotch": {"text": "Anna was at fzkwrotch", "superseded_ns": NOW_NS, "archived": True},
    "hvzqlentk": {"text": "a label", "label": "about anna hvzqlentk"},
    "pwxdrumby": {"text": "from elsewhere", "extra": {"people": ["Tom", {"Anna": "pwxdrumby"}]}},
    "gjvkstolm": {"id": "anna-gjvkstolm", "text": "an id that tells"},
}
"""Where a name may stand, and the word beside it that tells of her."""

OTHERS: tuple[Mapping[str, Any], ...] = (
    {"text": "Annabel likes tea"},
    {"text": "Hannah, Joanna and the annals", "subject": "Hanna"},
    {"text": "A walk", "quotes": {"u1": "with Tom"}, "evidence": ("u1",), "details": {"place": "Annapolis"}},
)


def made(at_ns: int = NOW_NS, **fields: Any) -> MemoryRecord:
    given = {"kind": Kind.FACT, "text": "a thing"} | fields
    return replace(new_memory(kind=given.pop("kind"), text=given.pop("text"), now_ns=at_ns), **given)


def lived(memory: Memory) -> tuple[list[str], list[str]]:
    """Keeps what is about Anna among what is not; returns both ids. Every memory has a vector of its own."""
    others = [memory.add(made(text=f"An ordinary walk, the {n}th")).id for n in range(40)]
    hers = [record.id for record in brought(memory, PLACES.values())]
    others += [record.id for record in brought(memory, OTHERS)]
    rows = np.random.default_rng(7).normal(size=(len(hers) + len(others), 8)).astype(np.float32)
    memory.keep_vectors(EMBEDDER, dict(zip([*hers, *others], rows, strict=True)))
    return hers, others


def brought(memory: Memory, several: Any) -> Iterator[MemoryRecord]:
    """As import brings them in: without asking whether they are alike."""
    for fields in several:
        record = made(**fields)
        with memory._store.writing():
            memory._store.insert(record)
        yield record


def vectors_of(memory: Memory, ids: list[str]) -> list[bytes]:
    found = "SELECT vector FROM vectors JOIN memories USING (number) WHERE id = :id"
    return [bytes(row["vector"]) for one in ids for row in memory._store.rows(found, {"id": one})]


def by_person(memory: Memory) -> tuple[str, ...]:
    return memory.erase_person(" ANNA ")


def by_words(memory: Memory) -> tuple[str, ...]:
    return memory.erase_query("what about Anna?")


@pytest.mark.parametrize("how", [by_person, by_words])
def test_no_byte_is_left_wherever_the_name_stands(
    path: Path, key: bytes | None, how: Callable[[Memory], tuple[str, ...]]
) -> None:
    with Memory.open(path, key=key) as memory:
        hers, others = lived(memory)
        vectors = vectors_of(memory, hers)
        assert len(vectors) == len(hers)
        held = held_in(path, key)
        assert leaks(path, key, PLACES) == list(PLACES), "the search would find them"
        assert all(vector in held for vector in vectors)
        assert [record.id for record in memory.about_person("Anna")] == hers
        assert set(how(memory)) == set(hers)
        assert leaks(path, key, PLACES) == []
        assert not any(vector in held_in(path, key) for vector in vectors)
        assert {record.id for record in memory.list(include_past=True)} == set(others)
        assert len(vectors_of(memory, others)) == len(others)
        assert memory.index_holds()
    assert leaks(path, key, PLACES) == []


def test_no_byte_of_a_span_is_left(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as memory:
        for n, canary in enumerate(PLACES):
            memory.add(made(NOW_NS + n * HOUR_NS, text=f"here is {canary} indeed", evidence=(f"say-{canary}",)))
        kept = memory.add(made(NOW_NS + DAY_NS, text="here is nothing indeed"))
        assert leaks(path, key, PLACES) == list(PLACES)
        assert len(memory.erase_span(NOW_NS, NOW_NS + DAY_NS)) == len(PLACES)
        assert leaks(path, key, PLACES) == []
        assert memory.list(include_past=True) == [kept]


def test_what_rests_on_the_erased_goes_with_it_or_no_longer_names_it(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as memory:
        hers = memory.add(made(id="quixotwzk", text="Anna is moving to Oslo"))
        memory.add(made(id="alone", text="the move is in May", evidence=(hers.id,)))
        both = made(id="both", text="a van is needed", evidence=(hers.id, "u2"))
        mixed = memory.add(replace(both, quotes={hers.id: "we go to zyvrjanth", "u2": "a van, please"}))
        closed = memory.add(made(id="closed", text="Oslo is far", details={"superseded_by": hers.id, "mood": "calm"}))
        doubt = memory.add(made(id="doubt", text="Oslo is near", kind=Kind.PLACE, extra={"of": [hers.id], "n": 1}))
        memory.put(replace(doubt, doubt=f"contradicts {hers.id}"))
        assert memory.falling([hers.id]) == (hers.id, "alone")
        assert memory.erase_person("anna") == (hers.id, "alone")
        left = {record.id: record for record in memory.list(include_past=True)}
        assert left["both"] == replace(mixed, evidence=("u2",), quotes={"u2": "a van, please"})
        assert left["closed"] == replace(closed, details={"mood": "calm"})
        assert left["doubt"] == replace(doubt, doubt="contradicts …", extra={"n": 1})
        assert leaks(path, key, ["quixotwzk", "zyvrjanth"]) == []


def test_evidence_that_is_gone_takes_its_words_along(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as memory:
        quotes = {"say-quixotwzk": "zyvrjanth", "say-two": "a boat"}
        record = memory.add(made(text="Tom has a boat", evidence=tuple(quotes), quotes=quotes))
        assert memory.erase_resting_on(["say-quixotwzk"]) == ((), (record.id,))
        assert memory.list() == [replace(record, evidence=("say-two",), quotes={"say-two": "a boat"})]
        assert leaks(path, key, ["quixotwzk", "zyvrjanth"]) == []


@pytest.mark.parametrize("asked", ["Paul's", "paul’s ", "PAUL"])
def test_a_name_with_an_ending_asks_for_the_name(memory: Memory, asked: str) -> None:
    found = [memory.add(made(text=text)).id for text in ("Paul sings", "that is Paul's boat")]
    memory.add(made(text="Paula and Pauls sing"))
    assert [record.id for record in memory.about_person(asked)] == found


@pytest.mark.parametrize("asked", ["Ada Smith", "ada smith", "Ada Smith's"])
def test_a_whole_name_is_found_as_subject_and_in_words(memory: Memory, asked: str) -> None:
    found = [
        memory.add(made(text="likes tea", subject="Ada Smith")).id,
        memory.add(made(text="met Ada  Smith, at last")).id,
        memory.add(made(text="a book", details={"from": "Ada Smith's shelf"})).id,
    ]
    memory.add(made(text="Ada sings", subject="Ada"))
    memory.add(made(text="likes Ada", subject="Smith"))
    assert [record.id for record in memory.about_person(asked)] == found


def test_counted_refusals_stay(memory: Memory) -> None:
    with memory._store.writing():
        memory._store.db.execute("INSERT INTO refusals VALUES ('filler', 7)")
    memory.add(made(text="Anna"))
    memory.erase_person("Anna")
    assert memory._store.rows("SELECT * FROM refusals") == [{"reason": "filler", "refused": 7}]


def test_what_was_told_since_the_look_goes_too(memory: Memory) -> None:
    memory.add(made(text="Anna sings"))
    seen = memory.about_person("Anna")
    memory.add(made(text="Anna dances"))
    assert len(memory.erase_person("Anna")) == len(seen) + 1
    assert memory.erase_person("Anna") == ()


STANDS = [
    ("Anna", "I met Anna."),
    ("anna", "ANNA’S car"),
    ("Anna", "with_anna_there"),
    ("Anna", "Anna-Lena"),
    ("Anna Berg", "anna\n  berg"),
    ("Dr. Berg", "ask Dr Berg!"),
    ("Søren", "sØREN called"),
    ("Zoe", "Zoë"),
    ("Zoë", "zoe"),
    ("Ａnna", "Anna"),
    ("Anna", "An\u00adna and A\u200bnna"),
    ("Straßer", "STRASSER"),
    ("İpek", "ipek"),
    ("田中", "昨日、田中さんは東京に"),
    ("안나", "안나는 갔다"),
    ("Anna", "x" * 9_000 + " anna"),
]
STANDS_NOT = [
    ("Anna", "Annabel, Hanna, an na, ann, anna1"),
    ("Anna Berg", "Anna met Berg"),
    ("Anna Berg", "Berg Anna"),
    ("Berg", "Bergen"),
    ("an.a", "anna"),
    ("A", "Anna"),
]


@pytest.mark.parametrize(("name", "text"), STANDS)
def test_a_name_is_found_in_any_dress(memory: Memory, name: str, text: str) -> None:
    record = memory.add(made(text=text))
    assert memory.about_person(name) == [record]


@pytest.mark.parametrize(("name", "text"), STANDS_NOT)
def test_a_name_is_not_found_in_another(name: str, text: str) -> None:
    assert not names(name)(folded(text))


def test_a_name_does_not_reach_from_one_field_into_the_next(memory: Memory) -> None:
    memory.add(made(text="a present for Anna", subject="Berg", details={"for": "Anna", "by": "Berg"}))
    assert memory.about_person("Anna Berg") == []
    assert len(memory.about_person("Berg")) == 1


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_query_finds_what_says_all_of_it() -> None:
    assert says_all("the knee operations")(folded("Operation of my KNEE went well"))
    assert not says_all("the knee operations")(folded("My knee hurts"))
    assert says_all("the")(folded("the one"))
    assert says_all("東京 walk")(folded("walked in 東京駅"))
    assert not says_all("port")(folded("Portugal"))


@pytest.mark.parametrize(
    ("fields", "of_the_span"),
    [
        ({"at_ns": NOW_NS}, True),
        ({"at_ns": NOW_NS + HOUR_NS - 1}, True),
        ({"at_ns": NOW_NS + HOUR_NS}, False),
        ({"at_ns": NOW_NS - 1}, False),
        ({"at_ns": NOW_NS, "valid_from_ns": NOW_NS + 90 * DAY_NS}, True),
        ({"at_ns": NOW_NS + DAY_NS, "valid_from_ns": NOW_NS + 5}, True),
        ({"at_ns": NOW_NS - DAY_NS, "valid_from_ns": NOW_NS - DAY_NS}, False),
        (
            {"at_ns": NOW_NS - DAY_NS, "valid_from_ns": NOW_NS - 9 * DAY_NS, "valid_until_ns": NOW_NS + DAY_NS},
            False,
        ),
        (
            {"at_ns": NOW_NS + DAY_NS, "valid_from_ns": NOW_NS - 5, "valid_until_ns": NOW_NS + 5}
            | {"kind": Kind.EPISODE},
            True,
        ),
        (
            {"at_ns": NOW_NS + DAY_NS, "valid_from_ns": NOW_NS - 5, "valid_until_ns": NOW_NS, "kind": Kind.EPISODE},
            False,
        ),
    ],
    ids=(
        *("first instant", "last instant", "after", "before", "learnt in it, true later", "told of it later"),
        *("true all along", "true then, closed since", "an episode that reaches in", "an episode that ends there"),
    ),
)
def test_what_is_of_a_span(memory: Memory, fields: dict[str, Any], of_the_span: bool) -> None:
    record = memory.add(made(**fields))
    assert memory.within(NOW_NS, NOW_NS + HOUR_NS) == ([record] if of_the_span else [])


def test_spans_that_meet_share_nothing_and_leave_nothing_out(memory: Memory) -> None:
    kept = {memory.add(made(NOW_NS + n * HOUR_NS, text=f"hour {n}")).id for n in range(24)}
    halves = [memory.within(NOW_NS + n * DAY_NS // 2, NOW_NS + (n + 1) * DAY_NS // 2) for n in range(2)]
    first, second = ({record.id for record in half} for half in halves)
    assert (first | second, first & second) == (kept, set())
    assert memory.within(NOW_NS, NOW_NS) == []


BAD: list[tuple[Callable[[Memory], object], str]] = [
    (lambda memory: memory.erase_person(""), "person_empty"),
    (lambda memory: memory.erase_person(" -_.' "), "person_empty"),
    (lambda memory: memory.erase_person("x" * 201), "person_long"),
    (lambda memory: memory.erase_person("An\x00na"), "person_characters"),
    (lambda memory: memory.erase_person("\ud83d"), "person_characters"),
    (lambda memory: memory.erase_query(""), "query_empty"),
    (lambda memory: memory.erase_query("?! …"), "query_empty"),
    (lambda memory: memory.erase_query("x " * 5_000_000), "query_long"),
    (lambda memory: memory.erase_query("a\udfffb"), "query_characters"),
    (lambda memory: memory.erase_span(5, 4), "time_order"),
    (lambda memory: memory.erase_span(0, 2**63), "time_range"),
    (lambda memory: memory.erase_span(-(2**70), 0), "time_range"),
    (lambda memory: memory.erase("one"), "ids_text"),
    (lambda memory: memory.erase(["\ud800"]), "id_characters"),
]


@pytest.mark.parametrize(("call", "code"), BAD, ids=[f"{n}-{code}" for n, (_, code) in enumerate(BAD)])
def test_a_bad_wish_erases_nothing(memory: Memory, call: Callable[[Memory], object], code: str) -> None:
    for text in ("o", "Anna", "ids"):
        memory.add(made(text=text, id=text, source=Source.WEARER))
    before = list(memory.export_lines())
    with pytest.raises(MemoryInputError) as refusal:
        call(memory)
    assert (refusal.value.code, len(refusal.value.sentence) < 120) == (code, True)
    assert list(memory.export_lines()) == before
