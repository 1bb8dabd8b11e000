"""Is what was told still found among ever more other memories? Two hundred facts, ten to a hundred thousand others.

Goes through the public interface only. A fact counts as found when its own memory is among the first ten. The facts
come first and are the oldest: nothing but the words speaks for them.
"""

import sys
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

from sotto_memory import Kind, Memory, new_memory
from sotto_memory.portable import to_lines
from tests.bench.memory_parts import children
from tests.bench.memory_parts.planted import Planted, distractors, facts

SIZES: Final = (10, 100, 1_000, 10_000, 100_000)
SEED: Final = 11
KEY: Final = bytes(range(32))
NOW_NS: Final = 1_800_000_000 * 10**9
STEP_NS: Final = 10**9
AT_ONCE: Final = 2_000


def figures(*, quick: bool = False) -> dict[str, object]:
    """Recall of the planted facts by number of other memories, and by how many points it dropped."""
    sizes = SIZES[:3] if quick else SIZES
    with children.folder_of_its_own() as folder, Memory.open(Path(folder) / "memory.db", key=KEY) as memory:
        planted = facts(SEED)
        ids = _plant(memory, planted)
        others = distractors(sizes[-1], SEED)
        found: dict[str, float] = {}
        first = {}
        for before, size in pairwise((0, *sizes)):
            _tell(memory, islice(others, size - before), before)
            print(f"measuring: {len(planted)} facts among {size:,}", file=sys.stderr, flush=True)
            ranks = [_rank(memory, one, own) for one, own in zip(planted, ids, strict=True)]
            found[str(size)] = round(sum(rank is not None for rank in ranks) / len(planted), 4)
            first[str(size)] = round(sum(rank == 0 for rank in ranks) / len(planted), 4)
    drop = 100 * (found[str(sizes[0])] - min(found.values()))
    return {
        "distraction_recall_at_10": found,
        "distraction_recall_at_1": first,
        "distraction_drop_points": round(drop, 2),
    }


def _plant(memory: Memory, planted: list[Planted]) -> list[str]:
    made = (new_memory(kind=Kind.FACT, text=one.text, now_ns=NOW_NS + i * STEP_NS) for i, one in enumerate(planted))
    return [memory.add(record).id for record in made]


def _tell(memory: Memory, others: "islice[str]", before: int) -> None:
    """By the library's own import: what is measured here is finding."""
    begun_ns = NOW_NS + (1_000 + before) * STEP_NS
    numbered = enumerate(others)
    while some := list(islice(numbered, AT_ONCE)):
        made = [new_memory(kind=Kind.EPISODE, text=text, now_ns=begun_ns + i * STEP_NS) for i, text in some]
        memory.import_lines(to_lines(made))


def _rank(memory: Memory, one: Planted, own: str) -> int | None:
    """Where the fact's own memory stands; None when it is not among the ten."""
    hits = memory.search(one.question, now_ns=NOW_NS + 10**6 * STEP_NS, limit=10)
    return next((rank for rank, hit in enumerate(hits) if hit.record.id == own), None)
