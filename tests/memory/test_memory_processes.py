"""Several programs on one file, and programs that are killed while they write: nothing said to be kept is lost."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sotto_memory import Kind, Memory, MemoryBusyError, database, new_memory

NOW_NS = 1_800_000_000 * 10**9
WRITTEN_NS = 10**18 + 10**15
KEY = bytes(range(32))

WRITER = """
import sys
from pathlib import Path
from sotto_memory import Kind, Memory, new_memory
path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with Memory.open(path, key=bytes(range(32))) as memory:
    for i in range(count):
        kept = memory.add(new_memory(kind=Kind.FACT, text=f"{name} {i}", now_ns=10**18 + i))
        memory.add(new_memory(kind=Kind.FACT, text=f"shared {i}", now_ns=10**18, evidence=(f"{name}{i}",)))
        memory.use(kept.id, 10**18 + 10**15)
        print(i, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_several_writers_make_and_fill_one_file(path: Path) -> None:
    writers = [writer(path, name, 15) for name in ("anna", "ben", "cleo")]
    for process in writers:
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, "")
    with Memory.open(path, key=KEY) as memory:
        texts = [record.text for record in memory.list()]
        assert len(texts) == len(set(texts)) == 4 * 15, "what two of them said is kept once"
        shared = [record.evidence for record in memory.list() if record.text.startswith("shared")]
        assert all(len(evidence) == 3 for evidence in shared), "no evidence was lost between them"
        assert [hit.record.text for hit in memory.search("ben 7", now_ns=WRITTEN_NS, limit=1)] == ["ben 7"]


@pytest.mark.parametrize("after", [0, 3, 11])
def test_a_killed_writer_loses_nothing_that_it_kept(path: Path, after: int) -> None:
    process = writer(path, "anna", 10_000)
    assert process.stdout is not None
    while int(process.stdout.readline()) < after:
        continue
    process.kill()
    rest, _ = process.communicate(timeout=30)
    kept = max([after, *(int(line) for line in rest.split("\n")[:-1])])
    with Memory.open(path, key=KEY) as memory:
        texts = {record.text for record in memory.list()}
        assert {f"anna {i}" for i in range(kept + 1)} <= texts
        for text in texts:
            assert memory.search(text, now_ns=WRITTEN_NS, limit=50), "rows and index agree"
        memory._store.execute("INSERT INTO memories_fts (memories_fts, rank) VALUES ('integrity-check', 1)")


def test_a_writer_that_waits_in_vain_says_so(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        other = database.open_database(path, None)
        other.execute("BEGIN IMMEDIATE")
        memory._store.db.execute("PRAGMA busy_timeout = 20")
        with pytest.raises(MemoryBusyError, match="store_busy"):
            memory.add(new_memory(kind=Kind.FACT, text="anything", now_ns=NOW_NS))
        assert memory.list() == []
        other.rollback()
        other.close()
        memory.add(new_memory(kind=Kind.FACT, text="anything", now_ns=NOW_NS))
        assert memory.count() == 1


CHECKPOINTER = """
import fcntl, sys
with open(sys.argv[1], "r+b") as shared:
    fcntl.lockf(shared, fcntl.LOCK_EX, 1, 121)
    print("holds", flush=True)
    sys.stdin.read()
"""
"""Holds the lock of whoever moves the journal into the file: https://www.sqlite.org/walformat.html#wal_locks"""


def test_an_erasure_waits_for_another_program_that_is_busy_with_the_journal(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        kept = memory.add(new_memory(kind=Kind.FACT, text="Anna plays the xylophone", now_ns=NOW_NS))
        command = [sys.executable, "-c", CHECKPOINTER, f"{path}-shm"]
        other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert other.stdout is not None
        assert other.stdout.readline() == "holds\n"
        tries: list[str] = []

        def done_before_the_second_try(sql: str, _: object) -> None:
            tries.extend([sql] if "wal_checkpoint" in sql else [])
            if len(tries) == 2:
                other.communicate(timeout=30)

        with memory._store.db.tracer(done_before_the_second_try):
            assert memory.erase([kept.id]) == (kept.id,)
        assert other.returncode == 0, "the first try was in vain, and not the last"
        assert not any(b"xylophone" in file.read_bytes() for file in path.parent.iterdir())


RANDOM_WRITER = """
import random, sys
from dataclasses import replace
from pathlib import Path
from sotto_memory import Kind, Memory, MemoryBusyError, Use, new_memory

NOW_NS, DAY_NS = 10**18, 86_400 * 10**9

def write(memory, rng, name, i):
    now_ns, own = NOW_NS + i * DAY_NS // 9, [f"{name}{n}" for n in range(i)]
    what = rng.choices(("add", "again", "use", "put", "supersede", "erase"), (40, 15, 20, 16, 8, 1))[0]
    one, other = (rng.choice(own or [""]) for _ in range(2))
    known = memory.get(one) if own else None
    if what == "add" or known is None or (what == "supersede" and (one == other or memory.get(other) is None)):
        evidence = (one,) if known and rng.random() < 0.2 else (f"said {i}",)
        text = f"{name} did thing number {i} " + "and more " * rng.randrange(60)
        memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=now_ns, id=f"{name}{i}", evidence=evidence))
    elif what == "again":
        told = new_memory(kind=known.kind, text=known.text, now_ns=now_ns, id=f"{name}{i}", evidence=(f"said {i}",))
        memory.add(told)
    elif what == "use":
        memory.use(one, now_ns, rng.choice(list(Use)))
    elif what == "put":
        memory.put(replace(known, text=f"{name} had thing {i} instead", pinned=rng.random() < 0.5))
    elif what == "supersede":
        memory.supersede(one, other, now_ns)
    else:
        try:
            memory.erase([one])
        except MemoryBusyError as problem:
            assert problem.code == "erase_waiting", problem.code

def write_all(memory, name, count):
    rng = random.Random(name)
    for i in range(count):
        write(memory, rng, name, i)
        yield i

if __name__ == "__main__":
    with Memory.open(Path(sys.argv[1]), key=bytes(range(32))) as memory:
        for done in write_all(memory, sys.argv[2], int(sys.argv[3])):
            print(done, flush=True)
"""
"""Writes at random, the same way for the same name; each writer only to its own memories. A line: it is kept."""


def random_writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RANDOM_WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def lines_of(memory: Memory, name: str) -> list[str]:
    return sorted(line for line in memory.export_lines() if f'"id": "{name}' in line)


def after_writes(path: Path, name: str, count: int) -> list[list[str]]:
    """What the memories of one writer are after `count` writes when nobody disturbs it, and after one more."""
    parts: dict[str, Any] = {"__name__": "replay"}
    exec(RANDOM_WRITER, parts)
    with Memory.open(path, key=None) as memory:
        return [lines_of(memory, name) for done in parts["write_all"](memory, name, count + 1) if done >= count - 1]


def killed_after(process: subprocess.Popen[str], until: int) -> int:
    """Kills a writer once it has acknowledged so many writes; returns how many it has by then."""
    assert process.stdout is not None
    while int(process.stdout.readline()) < until:
        continue
    process.kill()
    process.wait(timeout=30)
    return 1 + max([until, *(int(line) for line in process.stdout.read().split("\n")[:-1])])


def test_two_writers_killed_within_a_thousand_random_writes_lose_none_that_was_acknowledged(
    path: Path, tmp_path: Path
) -> None:
    writers = {name: random_writer(path, name, 10_000) for name in ("anna", "ben")}
    acknowledged = {name: killed_after(writers[name], until) for name, until in (("anna", 480), ("ben", 520))}
    assert sum(acknowledged.values()) >= 1_000
    for process in writers.values():
        process.communicate(timeout=30)
    with Memory.open(path, key=KEY) as memory:
        assert memory._store.execute("PRAGMA integrity_check") == [("ok",)]
        assert memory._store.execute("PRAGMA cipher_integrity_check") == []
        assert memory.index_holds()
        for name, count in acknowledged.items():
            kept = lines_of(memory, name)
            assert len(kept) > 100
            either = after_writes(tmp_path / f"{name}.db", name, count)
            assert kept in either, "all that was acknowledged, and at most the one write that was under way"
