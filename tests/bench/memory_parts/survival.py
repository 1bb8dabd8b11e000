"""Killed while they write: two programs on one encrypted file, a thousand random writes, kill -9 again and again.

After each pair of kills the file is opened as a user would, and every acknowledged write must be there; SQLite, the
cipher and the full-text index must find the file sound. Figures: how many acknowledged writes were lost (none may),
and how many inspections found something wrong.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from sotto_memory import Memory, MemoryRecord, database
from tests.bench.memory_parts import children
from tests.bench.memory_parts.writer import KEY
from tests.bench.shared_data import ROOT

WRITES: Final = 1_000
SEED: Final = 5
CHECKS: Final[tuple[tuple[str, list[tuple[str]]], ...]] = (
    ("PRAGMA integrity_check", [("ok",)]),
    ("PRAGMA cipher_integrity_check", []),
    ("PRAGMA foreign_key_check", []),
)


@dataclass(slots=True)
class Expected:
    """What must be in the file: by id, the last acknowledged words, or that it is erased; and what nobody knows."""

    words: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    used: dict[str, int] = field(default_factory=dict)
    shared: dict[str, set[str]] = field(default_factory=dict)
    open_ended: set[str] = field(default_factory=set)
    writes: int = 0
    busy: int = 0

    def take(self, lines: Iterable[str]) -> None:
        """Notes what one writer said, in its order. What it began and never ended is not expected either way."""
        begun = ""
        for line in lines:
            stage, deed, memory_id, words = json.loads(line)
            begun = memory_id if stage == "begun" else ""
            self.busy += stage == "busy"
            if stage == "kept":
                self.writes += 1
                self._kept(deed, memory_id, words)
        self.open_ended |= {begun} if begun else set()

    def _kept(self, deed: str, memory_id: str, words: str) -> None:
        if deed in {"add", "change"}:
            self.words[memory_id] = words
        elif deed == "share":
            self.shared.setdefault(memory_id, set()).add(words)
        elif deed == "use":
            self.used[memory_id] = self.used.get(memory_id, 0) + 1
        elif deed == "supersede":
            self.closed.add(memory_id)
        else:
            self.erased.add(memory_id)

    def lost(self, memory: Memory) -> list[str]:
        """The acknowledged writes that the memory does not show."""
        settled = self.words.keys() - self.open_ended
        gone = [f"{i} is not as it was kept" for i in settled if not self._holds(memory.get(i), i)]
        together = {record.text: set(record.evidence) for record in memory.each() if record.id not in self.words}
        gone += [
            f"{name} lost evidence"
            for name, evidence in self.shared.items()
            if not evidence <= together.get(f"everybody tells the {name}", set())
        ]
        return gone

    def _holds(self, record: MemoryRecord | None, memory_id: str) -> bool:
        if memory_id in self.erased or record is None:
            return memory_id in self.erased and record is None
        same = record.text == self.words[memory_id] and record.uses >= self.used.get(memory_id, 0)
        return same and (memory_id not in self.closed or not record.current)


def figures(*, quick: bool = False) -> dict[str, object]:
    """Writes, kills, losses and unsound inspections."""
    wanted = WRITES // 5 if quick else WRITES
    expected, kills, lost, wrong = Expected(), 0, list[str](), list[str]()
    chance = Random(SEED)
    with children.folder_of_its_own() as folder:
        path = Path(folder) / "memory.db"
        for seed in count():
            if expected.writes >= wanted:
                break
            for said in _killed(path, seed, chance):
                expected.take(said)
                kills += 1
            lost += _missing(path, expected)
            wrong += unsound(path)
    for sentence in lost + wrong:
        print(sentence, file=sys.stderr, flush=True)
    return {
        "survival_writes": expected.writes,
        "survival_kills": kills,
        "survival_acknowledged_lost": len(lost),
        "survival_unsound": len(wrong),
        "survival_busy": expected.busy,
    }


def _killed(path: Path, seed: int, chance: Random) -> Iterator[list[str]]:
    """What two writers said who write at once and are killed one after the other, in the midst of it."""
    print(f"measuring: killed while they write, round {seed + 1}", file=sys.stderr, flush=True)
    writers = [_writer(path, name, seed) for name in ("anna", "ben")]
    said = [[_line(writer) for _ in range(chance.randrange(1, 40))] for writer in writers]
    for writer, lines in zip(writers, said, strict=True):
        if writer.poll() is not None:
            raise RuntimeError(f"A writer stopped by itself with status {writer.returncode}.")
        writer.kill()
        yield lines + _rest(writer)


def _writer(path: Path, name: str, seed: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.bench.memory_parts.writer", str(path), name, str(seed)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _line(writer: "subprocess.Popen[str]") -> str:
    assert writer.stdout is not None
    return writer.stdout.readline().rstrip("\n")


def _rest(writer: "subprocess.Popen[str]") -> list[str]:
    """What it had said before it was killed; a last line without its end is half a line."""
    assert writer.stdout is not None
    with writer.stdout as said:
        rest = said.read().split("\n")[:-1]
    writer.wait()
    return rest


def _missing(path: Path, expected: Expected) -> list[str]:
    with Memory.open(path, key=KEY) as memory:
        return expected.lost(memory) + ([] if memory.index_holds() else ["the index is not what is kept"])


def unsound(path: Path) -> list[str]:
    """What SQLite and the cipher have against the file."""
    with closing(database.open_database(path, KEY)) as opened:
        found = [(check, opened.execute(check).fetchall(), good) for check, good in CHECKS]
    return [f"{check}: {said}" for check, said, good in found if said != good]
