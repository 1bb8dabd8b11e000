"""The quick way in: what arrives is durable at once, in its place whenever anybody looks, seen by every program."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, new_memory
from sotto_memory.arrivals import BATCH
from sotto_memory.database import open_database
from sotto_memory.keeping import keep, truth

NOW_NS = 1_800_000_000 * 10**9


def fact(text: str, **fields: Any) -> MemoryRecord:
    return new_memory(kind=Kind.FACT, text=text, **{"now_ns": NOW_NS} | fields)


def unsorted(path: Path, key: bytes | None) -> int:
    """How many rows wait on the disk, as another program sees it."""
    db = open_database(path, key)
    count = int(db.execute("SELECT count(*) FROM arrivals").fetchone()[0])
    db.close()
    return count


def test_what_has_arrived_is_on_the_disk_and_is_found(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as memory:
        kept = memory.add(fact("Anna plays the xylophone", evidence=("u1",)))
        assert unsorted(path, key) == 1
        assert memory.search("xylophone", now_ns=NOW_NS)[0].record == kept
        assert unsorted(path, key) == 0
        assert memory.index_holds()


def test_a_program_that_dies_leaves_nothing_behind(path: Path, key: bytes | None) -> None:
    dying = Memory.open(path, key=key)
    texts = [f"the xylophone number {n} is blue" for n in range(5)]
    for text in texts:
        dying.add(fact(text))
    with Memory.open(path, key=key) as memory:
        assert [one.text for one in memory.each()] == texts
        assert len(memory.search("xylophone", now_ns=NOW_NS)) == 5
    dying.close()


def test_closing_leaves_everything_sorted(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        memory.add(fact("Anna plays the xylophone"))
    assert unsorted(path, None) == 0


def test_a_full_batch_sorts_itself_in(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        for n in range(BATCH + 3):
            memory.add(fact(f"the xylophone number {n} is blue"))
        assert unsorted(path, None) == 3
        assert memory.count() == BATCH + 3


def test_the_same_is_noticed_before_it_is_sorted_in(memory: Memory) -> None:
    first = memory.add(fact("Anna likes tea", id="m1", evidence=("u1",)))
    assert memory.add(fact("anna likes tea!", evidence=("u2",))).id == first.id
    memory.add(fact("Tom has a boat", id="m2"))
    with pytest.raises(MemoryInputError, match="id_taken"):
        memory.add(fact("Tom has a bike", id="m2"))
    memory.add(fact("Tea at four", id="m3", evidence=("m4",)))
    assert memory.add(fact("Coffee at ten", id="m4", evidence=("m3", "u1"))).evidence == ("u1",)


def test_two_programs_see_what_the_other_let_in(path: Path, key: bytes | None) -> None:
    with Memory.open(path, key=key) as one, Memory.open(path, key=key) as other:
        for n in range(4):
            one.add(fact(f"the xylophone number {n} is blue", evidence=(f"a{n}",)))
            joined = other.add(fact(f"The xylophone number {n} is blue!", evidence=(f"b{n}",)))
            assert joined.evidence == (f"a{n}", f"b{n}")
            other.add(fact(f"the trumpet number {n} is red", id=f"m{n}"))
            with pytest.raises(MemoryInputError, match="id_taken"):
                one.add(fact(f"the drum number {n} is green", id=f"m{n}"))
        assert one.count() == other.count() == 8
        assert [r.text for r in one.each()] == [r.text for r in other.each()]


def test_an_erased_arrival_leaves_no_byte(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        memory.erase([memory.add(fact("Anna plays the xylophone")).id])
        assert not any(b"xylophone" in file.read_bytes() for file in path.parent.iterdir())


def test_the_first_of_a_slot_arrives_and_the_next_takes_over_wherever_the_first_is(
    path: Path, key: bytes | None
) -> None:
    with Memory.open(path, key=key) as memory, Memory.open(path, key=key) as other:
        for name, second in (("anna", memory), ("ben", other)):
            old = memory.add(fact(f"the code of {name} is 4471", slot=f"{name}/code"))
            assert unsorted(path, key) == 1
            new = second.add(fact(f"the code of {name} is 9920", slot=f"{name}/code", now_ns=NOW_NS + 1))
            closed = memory.get(old.id)
            assert closed is not None
            assert (closed.current, closed.details["superseded_by"]) == (False, new.id)
        assert {one.text[-4:] for one in memory.list()} == {"9920"}


def test_what_is_over_already_is_settled_though_it_is_the_first_of_its_slot(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        over = memory.add(fact("the code is 4471", slot="anna/code", valid_from_ns=1, valid_until_ns=2))
        assert (over.current, unsorted(path, None)) == (False, 0)


SPOKEN = st.lists(
    st.tuples(
        st.sampled_from(["the code is 4471", "the code is 9920", "Anna has a boat"]),
        st.sampled_from(["", "anna/code", "ben/code"]),
        st.sampled_from([None, 1, NOW_NS]),
        st.sampled_from([None, NOW_NS + 1, NOW_NS + 99]),
        st.sampled_from(["", "few_words"]),
    ),
    max_size=6,
)


@settings(max_examples=20, deadline=None)
@given(SPOKEN)
def test_the_quick_way_in_keeps_what_the_slow_one_keeps(
    tmp_path_factory: pytest.TempPathFactory, spoken: list[tuple[str, str, int | None, int | None, str]]
) -> None:
    home = tmp_path_factory.mktemp("home")
    with Memory.open(home / "quick.db", key=None) as quick, Memory.open(home / "slow.db", key=None) as slow:
        for n, (text, slot, from_ns, until_ns, doubt) in enumerate(spoken):
            times = {"now_ns": NOW_NS + n, "valid_from_ns": from_ns, "valid_until_ns": until_ns}
            record = truth.slotted(fact(text, id=f"m{n}", slot=slot, doubt=doubt, evidence=(f"u{n}",), **times))
            with slow._store.writing():
                expected, _ = keep._taken_in(slow._store, record)
            assert quick.add(record) == expected
        assert list(quick.export_lines()) == list(slow.export_lines())


def test_a_full_disk_loses_nothing_and_can_still_be_read(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        old = memory.add(fact("Anna plays the xylophone"))
        assert memory.count() == 1
        texts = [f"the trumpet {n} " + "lorem ipsum " * 300 for n in range(9)]
        for text in texts:
            memory.add(fact(text))
        db = memory._store._db
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}").fetchall()
        assert memory.get(old.id) == old
        db.execute("PRAGMA max_page_count = 1000000").fetchall()
        assert memory.count() == 10


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["add", "again", "read", "use", "erase", "other"]), st.integers(0, 9)), max_size=25
)


@settings(max_examples=15, deadline=None)
@given(ACTIONS)
def test_whoever_looks_whenever_sees_the_same(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("home") / "memory.db"
    expected: dict[str, int] = {}
    with Memory.open(path, key=None) as memory, Memory.open(path, key=None) as other:
        for step, (action, n) in enumerate(actions):
            text, memory_id = f"the xylophone number {n} is blue", f"m{n}"
            if action in ("add", "again", "other"):
                asked = other if action == "other" else memory
                asked.add(fact(text, id=memory_id, evidence=(f"u{step}",)))
                expected[memory_id] = expected.get(memory_id, 0) + 1
            elif action == "use" and memory_id in expected:
                memory.use(memory_id, NOW_NS)
            elif action == "erase":
                assert memory.erase([memory_id]) == ((memory_id,) if expected.pop(memory_id, 0) else ())
            elif action == "read":
                assert (memory.get(memory_id) is not None) == (memory_id in expected)
        kept = {record.id: len(record.evidence) for record in other.each()}
        assert kept == expected
        assert memory.index_holds()
