"""Erasing is proved by searching every byte of every file, in clear and, page by page, under the key."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sotto_memory import Kind, Memory, MemoryBusyError, MemoryRecord, database, erase, new_memory
from sotto_memory.store import Store
from tests.memory import bytes_left

NOW_NS = 1_800_000_000 * 10**9
CANARIES = ("quixotwzk", "zyvrjanth", "vwkplombx", "jxqthorny", "kzwmuffly")
"""Words in text, subject, label, detail and the id; FTS5 may store them without a prefix that terms share."""


def secret(**fields: Any) -> MemoryRecord:
    text, subject, label, detail, name = CANARIES
    record = new_memory(kind=Kind.FACT, text=f"Here is {text} hidden", subject=subject, now_ns=NOW_NS)
    return replace(record, id=f"id-{name}", label=label, details={"what": detail}, **fields)


def harmless(*numbers: int) -> Iterator[MemoryRecord]:
    for i in range(*numbers):
        yield new_memory(kind=Kind.EPISODE, text=f"An ordinary walk, the {i}th, with Tom", now_ns=NOW_NS + i)


def leaks(path: Path, key: bytes | None) -> list[str]:
    return bytes_left.leaks(path, key, CANARIES)


def fill(memory: Memory) -> str:
    for record in harmless(20):
        memory.add(record)
    kept = memory.add(secret())
    for record in harmless(20, 120):
        memory.add(record)
    return kept.id


def erase_by_id(memory: Memory, memory_id: str) -> None:
    assert memory.erase([memory_id]) == (memory_id,)


def erase_by_evidence(memory: Memory, memory_id: str) -> None:
    record = memory.get(memory_id)
    assert record is not None
    memory.put(replace(record, evidence=("u1",)))
    assert memory.erase_resting_on(["u1"]) == ((memory_id,), ())


@pytest.mark.parametrize("how", [erase_by_id, erase_by_evidence])
def test_no_byte_is_left(path: Path, key: bytes | None, how: Callable[[Memory, str], None]) -> None:
    with Memory.open(path, key=key) as memory:
        memory_id = fill(memory)
        memory.use(memory_id, NOW_NS)
        assert leaks(path, key) == list(CANARIES), "the search would find them"
        how(memory, memory_id)
        assert leaks(path, key) == []
        assert memory.count() == 120
        assert memory.search("quixotwzk", now_ns=NOW_NS, include_past=True) == []
        assert len(memory.search("walk Tom", now_ns=NOW_NS)) == 10
    assert leaks(path, key) == []


LETTERS = "bcdfghjklmnpqrstvwxz"


def test_no_byte_is_left_where_pages_were_split(path: Path) -> None:
    """Rows that grow split pages, and SQLite leaves a copy behind, secure_delete or not: only VACUUM takes it."""
    rng, canaries = random.Random(2), list[str]()
    with Memory.open(path, key=None) as memory:
        for n in range(400):
            canaries.append("".join(rng.choices(LETTERS, k=10)))
            memory.add(grown(canaries[-1], n, " so" * rng.randrange(40)))
            if n % 3 == 0:
                one = rng.choice(canaries)
                record = memory.get(f"id-{one}")
                assert record is not None
                more = tuple(f"{n}-{one}-{i}" for i in range(rng.randrange(20)))
                quotes = {f"said-{one}": one * rng.randrange(1, 60)}
                memory.put(replace(record, evidence=record.evidence + more, quotes=quotes))
        gone = rng.sample(canaries, 200)
        assert bytes_left.leaks(path, None, gone) == gone
        memory.erase([f"id-{one}" for one in gone])
        assert bytes_left.leaks(path, None, gone) == []
        assert memory.count() == 200


def grown(canary: str, n: int, tail: str) -> MemoryRecord:
    given: dict[str, Any] = {"id": f"id-{canary}", "subject": canary, "evidence": (f"said-{canary}",)}
    return new_memory(kind=Kind.FACT, text=f"here is {canary}{tail}", now_ns=NOW_NS + n, **given)


def test_not_even_the_first_letters_of_a_word_are_left_in_the_index(path: Path) -> None:
    """FTS5 finds its pages by the first letters of a word on them, and keeps those when the word goes."""
    rng = random.Random(1)
    with Memory.open(path, key=None) as memory:
        for n in range(150):
            text = " ".join("".join(rng.choices(LETTERS, k=12)) for _ in range(20))
            memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS + n, id=f"m{n}"))
        assert memory.count() == 150
        memory.erase([f"m{n}" for n in rng.sample(range(150), 120)])
        memory._store.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, memories_fts, row)")
        said = {row[0].encode() for row in memory._store.execute("SELECT term FROM words")}
        kept = [bytes(row[0])[1:] for row in memory._store.execute("SELECT term FROM memories_fts_idx")]
        assert [first for first in kept if not any(word.startswith(first) for word in said)] == []
        assert len(kept) > 1


def test_words_of_long_texts_leave_their_overflow_pages(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as memory:
        record = replace(secret(), text="lorem ipsum " * 800 + CANARIES[0])
        memory.add(record)
        memory.erase([record.id])
        assert leaks(path, key) == []


def test_words_that_were_edited_away_are_scrubbed_with_the_next_erasure(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as memory:
        record = memory.add(replace(secret(), id="plain"))
        memory.put(replace(record, text="nothing", subject="", label="", details={}))
        memory.erase_resting_on(["no such evidence"])
        assert leaks(path, key) == []


@pytest.mark.parametrize("later", ["rest", "open"])
def test_words_that_were_edited_away_do_not_outlive_the_night(path: Path, later: str) -> None:
    with Memory.open(path, key=None) as memory:
        record = memory.add(replace(secret(), id="plain"))
        memory.put(replace(record, text="nothing", subject="", label="", details={}))
        if later == "rest":
            memory.rest(NOW_NS)
            assert leaks(path, None) == []
    with Memory.open(path, key=None):
        assert leaks(path, None) == []


def test_an_erasure_that_was_cut_off_is_finished_when_opened(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        fill(memory)
    store = Store.open(path, None)
    with store.writing():
        store.delete([f"id-{CANARIES[4]}"])
    assert leaks(path, None) != []
    store.close()
    with Memory.open(path, key=None):
        assert leaks(path, None) == []


def test_what_another_program_erases_meanwhile_stays_due(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        memory_id = fill(memory)
        ours, theirs = (Store.open(path, None) for _ in range(2))
        noted = 0
        for store, gone in ((ours, memory.list(limit=1)[0].id), (theirs, memory_id)):
            with store.writing():
                store.delete([gone])
            noted = noted or ours.scrub_due()
        ours.scrubbed(noted)
        assert theirs.scrub_due() > noted
        erase.scrub(theirs)
        assert (theirs.scrub_due(), leaks(path, None)) == (0, [])
        ours.close()
        theirs.close()


def test_a_reader_in_the_way_is_said_and_the_next_try_finishes(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        memory_id = fill(memory)
        reader = database.open_database(path, None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM memories").fetchall()
        memory._store.db.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(MemoryBusyError, match="erase_waiting"):
            memory.erase([memory_id])
        assert memory.get(memory_id) is None
        reader.rollback()
        reader.close()
        assert memory.erase([memory_id]) == ()
        assert leaks(path, None) == []


def told(memory: Memory, name: str, *evidence: str) -> str:
    record = new_memory(kind=Kind.INSIGHT, text=f"insight {name}", now_ns=NOW_NS, id=name, evidence=evidence)
    return memory.add(record).id


def test_only_what_rests_on_nothing_else_goes(memory: Memory) -> None:
    told(memory, "whole", "u1", "u2")
    told(memory, "part", "u2", "u3")
    told(memory, "other", "u3")
    told(memory, "bare")
    assert memory.erase_resting_on(["u2", "u1", "u9"]) == (("whole",), ("part",))
    part = memory.get("part")
    assert part is not None
    assert part.evidence == ("u3",)
    assert memory.count() == 3


def test_what_rests_on_an_erased_memory_alone_goes_too(memory: Memory) -> None:
    told(memory, "fact", "u1")
    told(memory, "habit", "fact")
    told(memory, "character", "habit", "fact")
    told(memory, "mixed", "habit", "u2")
    assert memory.erase(["fact"]) == ("fact", "habit", "character")
    mixed = memory.get("mixed")
    assert mixed is not None
    assert mixed.evidence == ("u2",)


def test_a_ring_of_memories_falls_together(memory: Memory) -> None:
    with memory._store.writing():  # only an import, or an older file, can hold a ring
        for name, evidence in (("a", ("b", "u1")), ("b", ("a",))):
            record = new_memory(kind=Kind.INSIGHT, text=name, now_ns=NOW_NS, id=name, evidence=evidence)
            memory._store.insert(record)
    assert memory.erase(["a"]) == ("a", "b")
    assert memory.count() == 0


def test_unknown_and_repeated_ids_do_no_harm(memory: Memory) -> None:
    told(memory, "one", "u1")
    assert memory.erase(["none", "one", "one"]) == ("one",)
    assert memory.erase([]) == ()
    assert memory.erase_resting_on([]) == ((), ())


def test_a_failing_erasure_changes_nothing(memory: Memory) -> None:
    told(memory, "one", "u1")

    def ids() -> Iterator[str]:
        yield "one"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        memory.erase(ids())
    assert memory.count() == 1


def test_what_falls_is_decided_purely() -> None:
    record = secret(evidence=("u1", "u2"))
    assert erase.falls(record, {"u1", "u2", "u3"})
    assert not erase.falls(record, {"u1"})
    assert not erase.falls(secret(), {"u1"})
    assert erase.without(record, {"u1"}).evidence == ("u2",)


def test_an_index_that_holds_words_of_nobody_is_noticed(memory: Memory) -> None:
    fill(memory)
    assert memory.index_holds()
    memory._store.execute("DROP TRIGGER memories_out")
    memory._store.execute("DELETE FROM memories WHERE number = 1")
    assert not memory.index_holds()


def test_what_would_fall_is_told_and_nothing_is_changed(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        first, second, third = (
            memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS, evidence=evidence, id=text))
            for text, evidence in (("alpha", ("u1",)), ("beta", ("alpha",)), ("gamma", ("u1", "u2")))
        )
        assert memory.falling([first.id]) == (first.id, second.id)
        assert memory.falling((), ["u1"]) == (first.id, second.id)
        assert memory.falling([third.id], ["u2"]) == (third.id,)
        assert memory.count() == 3
