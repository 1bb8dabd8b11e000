"""What is told again and again must cost no more: a hundred facts, each told once, ten and a hundred times.

Every telling is dressed anew and has an utterance of its own as evidence. Flat means: as many memories, and searches
that take as long; the file grows by evidence alone, which is bounded.
"""

import statistics
import sys
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from sotto_memory import Kind, Memory, Source, new_memory
from tests.bench.memory_parts import children, filling
from tests.bench.memory_parts.diary_seen import SEEN
from tests.bench.memory_parts.planted import Planted, facts

TIMES: Final = (1, 10, 100)
FACTS: Final = 100
SEED: Final = 3
ROUNDS: Final = 3
KEY: Final = bytes(range(32))
NOW_NS: Final = 1_800_000_000 * 10**9
STEP_NS: Final = 600 * 10**9


def figures(*, quick: bool = False) -> dict[str, object]:
    """Memories, disk and search time by how often each fact was told, and the ratios of the most to once."""
    times = TIMES[:2] if quick else TIMES
    told = {many: _told(many) for many in times}
    least, most = told[times[0]], told[times[-1]]
    return {
        "repeated": {str(many): one for many, one in told.items()},
        "repeated_rows_ratio": round(most["memories"] / least["memories"], 3),
        "repeated_disk_ratio": round(most["disk_mb"] / least["disk_mb"], 3),
        "repeated_search_ratio": round(most["search_p50_ms"] / least["search_p50_ms"], 3),
    }


def _told(many: int) -> dict[str, float]:
    print(f"measuring: {FACTS} facts, each told {many:,} times", file=sys.stderr, flush=True)
    chance, numbers = Random(SEED), count()
    planted = facts(SEED)[:FACTS]
    with children.folder_of_its_own() as folder:
        with Memory.open(Path(folder) / "memory.db", key=KEY) as memory:
            for _ in range(many):
                for one in chance.sample(planted, len(planted)):
                    _offer(memory, one, next(numbers), chance)
            questions = [one.question for one in planted] * ROUNDS
            took_ms = [_searched(memory, question, next(numbers)) for question in questions]
            rows = memory.count()
        return {
            "memories": rows,
            "disk_mb": filling.disk_mb(Path(folder)),
            "search_p50_ms": round(statistics.median(took_ms), 2),
        }


def _offer(memory: Memory, one: Planted, number: int, chance: Random) -> None:
    said = chance.choice(SEEN.dresses).format(said=one.text)
    memory.offer(
        new_memory(
            kind=Kind.FACT,
            text=chance.choice((said, said.lower(), said[:1].upper() + said[1:])),
            now_ns=NOW_NS + number * STEP_NS,
            source=Source.WEARER,
            evidence=(f"utterance-{number}",),
        )
    )


def _searched(memory: Memory, question: str, number: int) -> float:
    begun = perf_counter()
    memory.search(question, now_ns=NOW_NS + number * STEP_NS)
    return (perf_counter() - begun) * 1e3
