"""Several programs on one file, and programs that are killed while they write: nothing said to be kept is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from sotto_memory import Kind, Memory, MemoryBusyError, database, new_memory

NOW_NS = 1_800_000_000 * 10**9
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
        assert [hit.record.text for hit in memory.search("ben 7", now_ns=NOW_NS, limit=1)] == ["ben 7"]


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
            assert memory.search(text, now_ns=NOW_NS, limit=50), "rows and index agree"
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
