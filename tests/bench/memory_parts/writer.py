"""Writes at random into a memory until it is killed: `python -m tests.bench.memory_parts.writer FILE NAME SEED`.

Says each write before it begins and again when the library has returned, one JSON line each: what was said twice is
acknowledged, of what was said once nobody knows. Changes only memories of its own, and tells some things that the
other writer tells too.
"""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from sotto_memory import Kind, Memory, MemoryBusyError, MemoryRecord, new_memory
from sotto_memory.erase import WAITING
from tests.bench.memory_parts.texts import lines

KEY: Final = bytes(range(32))
NOW_NS: Final = 1_800_000_000 * 10**9
SHARED: Final = 40
DEEDS: Final = {"add": 12, "share": 3, "change": 3, "use": 3, "supersede": 2, "erase": 1}


@dataclass(frozen=True, slots=True)
class Write:
    """One write: what is done to which memory, and the words or the evidence that it then holds."""

    deed: str
    memory_id: str
    words: str = ""

    def said(self, stage: str) -> str:
        """As a line."""
        return json.dumps([stage, self.deed, self.memory_id, self.words])


class Writer:
    """Draws one write after another, and does it."""

    def __init__(self, memory: Memory, name: str, seed: int) -> None:
        self.memory = memory
        self.name = name
        self.chance = Random(f"{name} {seed}")
        self.seed = seed
        self.mine: list[str] = []
        self.texts = lines(10**6, self.chance.randrange(10**9))

    def next(self, number: int) -> Write:
        """What to do now (nothing is done yet)."""
        deed = self.chance.choices(list(DEEDS), weights=list(DEEDS.values()))[0]
        if deed == "share":
            return Write("share", f"shared {self.chance.randrange(SHARED)}", f"{self.name}-{self.seed}-{number}")
        if deed == "add" or len(self.mine) < 5:
            return Write("add", f"{self.name}-{self.seed}-{number}", next(self.texts))
        own = self.chance.choice(self.mine[:-1])
        return Write(deed, own, next(self.texts) if deed == "change" else self.mine[-1])

    def do(self, write: Write) -> None:
        """Does it; returns when the library does."""
        memory_id = write.memory_id
        if write.deed == "add":
            self.memory.add(new_memory(kind=Kind.EPISODE, text=write.words, now_ns=NOW_NS, id=memory_id))
            self.mine.append(memory_id)
        elif write.deed == "share":
            text = f"everybody tells the {memory_id}"
            self.memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS, evidence=(write.words,)))
        elif write.deed == "change":
            self.memory.put(replace(self._own(memory_id), text=write.words))
        elif write.deed == "use":
            self.memory.use(memory_id, NOW_NS)
        elif write.deed == "supersede":
            self.memory.supersede(memory_id, write.words, NOW_NS)
            self.mine.remove(memory_id)
        else:
            self._erase(memory_id)
            self.mine.remove(memory_id)

    def _erase(self, memory_id: str) -> None:
        """Erases; that its bytes must wait for the other writer does not keep it."""
        try:
            self.memory.erase([memory_id])
        except MemoryBusyError as problem:
            if problem.code != WAITING:
                raise

    def _own(self, memory_id: str) -> MemoryRecord:
        record = self.memory.get(memory_id)
        if record is None:
            sys.exit(f"{memory_id} was kept and is gone")
        return record


def main() -> None:
    path, name, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with Memory.open(path, key=KEY) as memory:
        writer = Writer(memory, name, seed)
        for number in range(10**6):
            write = writer.next(number)
            print(write.said("begun"), flush=True)
            try:
                writer.do(write)
            except MemoryBusyError:
                print(write.said("busy"), flush=True)
            else:
                print(write.said("kept"), flush=True)


if __name__ == "__main__":
    main()
