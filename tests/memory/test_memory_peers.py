"""Defects that other memories have had, as tests that ours must pass.

1 stronger memories faded faster; 2 the oldest ranked as the most recent; 3 decay grew with the number of sweeps;
4 pruning and recall judged by two strengths; 5 an absence or a pruning emptied the store; 6 stated facts faded away;
7 two writers, or a kill, spoilt the file; 8 keeping one sentence took a language model, thousands of times.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
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
    hits = memory.search("dog", now_ns=NOW_NS + apart_ns + 1, include_past=True)  # in a year the older has faded
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


@pytest.mark.parametrize("sweeps", [1, 30])
def test_3_a_sweep_changes_no_vector_and_no_word(path: Path, sweeps: int) -> None:
    with Memory.open(path, key=None) as memory:
        kept = memory.add(episode("a walk"))
        memory.keep_vectors("e", {kept.id: np.arange(1, 9, dtype=np.float32)})
        before = memory._store.rows("SELECT * FROM vectors")
        for n in range(sweeps):
            memory.rest(NOW_NS + (n + 1) * YEAR_NS)
        assert memory._store.rows("SELECT * FROM vectors") == before
        assert contents(memory) == [kept]


def test_4_one_function_decides_rank_rest_and_prune(memory: Memory) -> None:
    """What is equal but for its strength ranks by it, and what ranks last is pruned first."""
    at_ns = NOW_NS + 20 * YEAR_NS
    for n, stability in enumerate((3.0, 0.5, 7.0, 1.0, 5.0)):
        apart = replace(episode("A long walk", NOW_NS + n * 60 * NS_PER_DAY), id=str(n), last_use_ns=NOW_NS)
        with memory._store.writing():
            memory._store.insert(replace(apart, stability_days=stability))
    assert memory.rest(at_ns).archived == 5
    found = [hit.record for hit in memory.search("walk", now_ns=at_ns, include_past=True)]
    strengths = [retrievability(record, at_ns) for record in found]
    assert (strengths, len(found)) == (sorted(strengths, reverse=True), 5)
    assert memory.prune(at_ns).ids == tuple(record.id for record in reversed(found))


def test_5_pruning_has_a_dry_run_a_cap_and_an_undo_and_deletes_nothing(lived: Memory) -> None:
    at_ns = NOW_NS + 20 * YEAR_NS
    lived.rest(at_ns)
    before = lived.list(include_past=True)
    would = lived.prune(at_ns, cap=5, dry_run=True)
    assert lived.list(include_past=True) == before
    done = lived.prune(at_ns, cap=5)
    assert (len(done.ids), done.ids) == (5, would.ids)
    assert lived.count() == len(before)
    assert set(lived.unprune()) == set(done.ids)
    assert lived.list(include_past=True) == before


def test_5_two_idle_months_change_nothing_even_when_pruned_every_day(lived: Memory) -> None:
    before = lived.list(include_past=True)
    for day in range(40, 100):
        lived.rest(NOW_NS + day * NS_PER_DAY)
        assert lived.prune(NOW_NS + day * NS_PER_DAY).ids == ()
    assert lived.list(include_past=True) == before


def test_6_what_was_pinned_or_stated_is_never_pruned(memory: Memory) -> None:
    memory.add(new_memory(kind=Kind.FACT, text="I cannot eat nuts", now_ns=NOW_NS, source=Source.WEARER))
    memory.add(new_memory(kind=Kind.EPISODE, text="The wedding", now_ns=NOW_NS, pinned=True))
    before = memory.list()
    memory.rest(NOW_NS + 100 * YEAR_NS)
    assert memory.prune(NOW_NS + 100 * YEAR_NS).ids == ()
    assert memory.list() == before


WRITE = """
import sys
from pathlib import Path
from sotto_memory import Kind, Memory, new_memory
with Memory.open(Path(sys.argv[1]), key=None) as memory:
    for n in range(60):
        memory.add(new_memory(kind=Kind.FACT, text=f"{sys.argv[2]} saw bird number {n}", now_ns=10**18 + n))
        print(n, flush=True)
"""


def writer(path: Path, name: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", WRITE, str(path), name], stdout=subprocess.PIPE, text=True)


def test_7_two_writers_spoil_nothing(path: Path) -> None:
    writers = [writer(path, name) for name in ("anna", "ben")]
    assert [process.communicate(timeout=60)[0].count("\n") for process in writers] == [60, 60]
    with Memory.open(path, key=None) as memory:
        assert memory.count() == 120
        assert len(list(memory.export_lines())) == 121
        assert memory._store.execute("PRAGMA integrity_check") == [("ok",)]
        assert memory.index_holds()


def test_7_a_kill_while_writing_spoils_nothing(path: Path) -> None:
    killed = writer(path, "anna")
    assert killed.stdout is not None
    kept = int([killed.stdout.readline() for _ in range(9)][-1]) + 1
    killed.kill()
    killed.communicate(timeout=30)
    assert writer(path, "ben").communicate(timeout=60)[0].count("\n") == 60
    with Memory.open(path, key=None) as memory:
        texts = {record.text for record in memory.list()}
        assert {f"anna saw bird number {n}" for n in range(kept)} <= texts
        assert memory._store.execute("PRAGMA integrity_check") == [("ok",)]
        assert memory.index_holds()


class Counting:
    """An embedder that counts how often it is asked, and never answers."""

    name = "counting"
    asked = 0

    def embed(self, texts: Sequence[str]) -> Any:
        self.asked += len(texts)
        raise OSError("no model is running")


def test_8_keeping_asks_no_model_and_a_dead_one_holds_nothing_up(path: Path) -> None:
    model = Counting()
    with Memory.open(path, key=None, embedder=model) as memory:
        for n in range(50):
            memory.add(episode(f"A walk with Tom, the {n}th", NOW_NS + n))
        assert (memory.count(), model.asked) == (50, 0), "first kept, embedded later"
        assert len(memory.search("walk Tom", now_ns=NOW_NS, limit=5)) == 5
        assert len(memory.unembedded(model.name, 100)) == 50


def test_8_the_library_opens_no_connection() -> None:
    code = "import socket, sys; socket.socket = None; import sotto_memory as s, pathlib, tempfile\n"
    code += "with s.Memory.open(pathlib.Path(tempfile.mkdtemp()) / 'm.db', key=bytes(32)) as m:\n"
    code += "    m.add(s.new_memory(kind=s.Kind.FACT, text='Tea is green', now_ns=1))\n"
    code += "    print(m.search('tea', now_ns=1)[0].record.text, 'http.client' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Tea is green False\n"
