"""Bad input anywhere: one sentence with a stable code, and nothing is changed; not one memory."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sotto_memory import (
    Kind,
    Memory,
    MemoryRecord,
    SottoMemoryError,
    Use,
    UseNote,
    new_memory,
)

NOW_NS = 1_800_000_000 * 10**9
KEY = bytes(range(32))
TEN_MB = "x" * 10_000_000
SECRET = "xylophone"


def made(text: str = f"The {SECRET} is blue", **fields: Any) -> MemoryRecord:
    return replace(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS, id="kept"), **fields)


def bare(**fields: Any) -> MemoryRecord:
    given: dict[str, Any] = {"kind": Kind.FACT, "text": "anything", "now_ns": NOW_NS}
    return new_memory(**given | fields)


def deep() -> list[Any]:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    return nested


Call = Callable[[Memory], object]
CALLS: dict[str, tuple[Call, str]] = {
    "add, 10 MB": (lambda m: m.add(bare(text=TEN_MB)), "text_long"),
    "add, empty": (lambda m: m.add(bare(text="")), "text_empty"),
    "add, blank": (lambda m: m.add(bare(text=" \t\n\u3000")), "text_empty"),
    "add, control": (lambda m: m.add(bare(text="bell \x07")), "text_characters"),
    "add, lone surrogate": (lambda m: m.add(bare(text="half \ud83d")), "text_characters"),
    "add, no text": (lambda m: m.add(bare(text=None)), "field_type"),
    "add, bytes": (lambda m: m.add(bare(text=b"bytes")), "field_type"),
    "add, no kind": (lambda m: m.add(bare(kind="dream")), "field_type"),
    "add, seconds": (lambda m: m.add(bare(now_ns=1.8e9)), "time_type"),
    "add, time": (lambda m: m.add(bare(now_ns=2**63)), "time_range"),
    "add, evidence": (lambda m: m.add(bare(evidence="u1")), "ids_text"),
    "add, detail": (lambda m: m.add(bare(details={"a": 5})), "field_type"),
    "add, id taken": (lambda m: m.add(bare(id="kept")), "id_taken"),
    "add, NaN": (lambda m: m.add(bare(confidence=float("nan"))), "confidence_range"),
    "put, 10 MB quote": (lambda m: m.put(made(quotes={"u1": TEN_MB})), "quotes_long"),
    "put, history": (lambda m: m.put(made(history=(UseNote(at_ns=2**70, use=Use.SHOWN),))), "time_range"),
    "put, extra NaN": (lambda m: m.put(made(extra={"a": float("inf")})), "extra_json"),
    "put, extra object": (lambda m: m.put(made(extra={"a": object()})), "extra_json"),
    "put, extra deep": (lambda m: m.put(made(extra={"a": deep()})), "extra_json"),
    "put, extra surrogate": (lambda m: m.put(made(extra={"a": "\ud800"})), "extra_json"),
    "put, unknown": (lambda m: m.put(bare()), "unknown_memory"),
    "get, 10 MB": (lambda m: m.get(TEN_MB), "id_long"),
    "get, surrogate": (lambda m: m.get("\udfff"), "id_characters"),
    "use, unknown": (lambda m: m.use("nobody", NOW_NS), "unknown_memory"),
    "use, time": (lambda m: m.use("kept", 10**400), "time_range"),
    "use, early": (lambda m: m.use("kept", -(10**40)), "time_range"),
    "supersede, time": (lambda m: m.supersede("kept", "other", 2**63), "time_range"),
    "supersede, unknown": (lambda m: m.supersede("kept", "nobody", NOW_NS), "unknown_memory"),
    "rest, time": (lambda m: m.rest(10**400), "time_range"),
    "search, 10 MB": (lambda m: m.search(TEN_MB, now_ns=NOW_NS), "query_long"),
    "search, time": (lambda m: m.search("blue", now_ns=10**400), "time_range"),
    "show, time": (lambda m: m.show("kept", 10**400), "time_range"),
    "show, unknown": (lambda m: m.show("nobody", NOW_NS), "unknown_memory"),
    "import, 10 MB": (lambda m: m.import_lines([TEN_MB]), "import_line"),
    "import, nothing": (lambda m: m.import_lines([]), "import_header"),
    "erase, one text": (lambda m: m.erase("kept"), "ids_text"),
    "erase resting, text": (lambda m: m.erase_resting_on("kept"), "ids_text"),
    "vectors, NaN": (lambda m: m.keep_vectors("e", {"kept": np.full(8, np.nan, np.float32)}), "vector_values"),
    "vectors, name": (lambda m: m.keep_vectors("\ud800", {}), "embedder_characters"),
    "accept, unknown": (lambda m: m.accept("nobody", NOW_NS), "unknown_memory"),
    "reject, kept": (lambda m: m.reject("kept"), "not_waiting"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_bad_call_is_one_sentence_and_changes_nothing(memory: Memory, name: str) -> None:
    memory.add(made())
    memory.add(made("Something else", id="other"))
    before = list(memory.export_lines())
    call, code = CALLS[name]
    with pytest.raises(SottoMemoryError) as refusal:
        call(memory)
    assert refusal.value.code == code
    assert len(refusal.value.sentence) < 200
    assert SECRET not in str(refusal.value)
    assert list(memory.export_lines()) == before
    assert memory.index_holds()


HARMLESS: dict[str, Call] = {
    "search, nothing": lambda m: m.search("", now_ns=NOW_NS),
    "search, surrogate": lambda m: m.search("\ud800", now_ns=NOW_NS),
    "search, control": lambda m: m.search("\x00\x1b[2J", now_ns=NOW_NS),
    "search, operators": lambda m: m.search('" OR NEAR( * ^ - text:', now_ns=NOW_NS),
    "search, no limit": lambda m: m.search("blue", now_ns=NOW_NS, limit=-1),
    "list, no limit": lambda m: m.list(limit=-1),
    "get": lambda m: m.get("nobody"),
    "erase": lambda m: m.erase(["nobody"]),
    "erase resting": lambda m: m.erase_resting_on(["\ud800", "a\x00b", ""])[0],
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_nothing_answers_to_finds_nothing(memory: Memory, name: str) -> None:
    kept = memory.add(made())
    assert not HARMLESS[name](memory)
    assert memory.list() == [kept]


def test_more_than_there_is_can_be_asked_for(memory: Memory) -> None:
    kept = memory.add(made())
    assert memory.list(limit=10**30) == [kept]
    assert [hit.record for hit in memory.search(SECRET, now_ns=NOW_NS, limit=10**30)] == [kept]


YEAR_NS = 365 * 86_400 * 10**9
LATEST_NS, EARLIEST_NS = 2**63 - 1, -(2**63)


def test_what_will_be_true_is_kept_and_found(memory: Memory) -> None:
    visit = memory.add(made("The dentist sees Anna", kind=Kind.COMMITMENT, valid_from_ns=NOW_NS + YEAR_NS))
    assert [hit.record for hit in memory.search("dentist", now_ns=NOW_NS)] == [visit]


@pytest.mark.parametrize("ahead_ns", [YEAR_NS, 100 * YEAR_NS, LATEST_NS - NOW_NS])
def test_a_record_from_the_future_breaks_neither_decay_nor_search(memory: Memory, ahead_ns: int) -> None:
    future_ns = NOW_NS + ahead_ns
    future = replace(made("A blue boat"), recorded_ns=future_ns, last_use_ns=future_ns)
    memory.add(future)
    today = memory.add(made("A blue bird", id="today"))
    assert {hit.record.id for hit in memory.search("blue", now_ns=NOW_NS)} == {"kept", "today"}
    hits = {hit.record.id: hit.score for hit in memory.search("blue", now_ns=NOW_NS)}
    assert hits["kept"] == pytest.approx(hits["today"], rel=0.25), "it is as fresh as what is new, and no fresher"
    assert memory.rest(NOW_NS + 2).archived == 0
    assert memory.rest(NOW_NS + 2 * YEAR_NS).archived == 1 + (ahead_ns == YEAR_NS)
    assert memory.rest(NOW_NS).returned == 1 + (ahead_ns == YEAR_NS)
    used = memory.use("kept", NOW_NS, Use.CONFIRMED)
    assert used.last_use_ns == future_ns, "a use does not make it older"
    assert (memory.prune(NOW_NS).ids, memory.get("today")) == ((), today)


@pytest.mark.parametrize("now_ns", [EARLIEST_NS, 0, LATEST_NS])
def test_every_time_that_fits_can_be_now(memory: Memory, now_ns: int) -> None:
    for at_ns in (EARLIEST_NS, -1, 0, NOW_NS, LATEST_NS):
        memory.add(made(f"blue thing {at_ns}", id=str(at_ns), recorded_ns=at_ns, last_use_ns=at_ns))
    before = {record.id for record in memory.list(include_past=True)}
    memory.rest(now_ns)
    memory.prune(now_ns)
    memory.unprune()
    memory.search("blue", now_ns=now_ns, include_past=True)
    memory.within(EARLIEST_NS, now_ns)
    assert {record.id for record in memory.list(include_past=True)} == before
    assert all(memory.use(one, now_ns).last_use_ns >= now_ns for one in before)
