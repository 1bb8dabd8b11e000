"""Fills a store, searches it, and says what that cost. The same few lines for our memory and for every peer.

Runs inside the process that holds the store, because its memory is one of the figures; needs nothing but the
standard library, so that it runs under the peers' interpreter too.
"""

import gc
import os
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Protocol

from tests.bench.memory_parts import texts

SEED = 7
WARM_UP = 20


class Fillable(Protocol):
    """What a store must be able to do to be measured."""

    def add(self, text: str) -> None:
        """Keeps one text, and returns when it is kept."""

    def settle(self) -> None:
        """Finishes what it had put off (vectors), so that a search sees all of it."""

    def find(self, question: str) -> int:
        """Searches for ten; returns how many came."""

    def close(self) -> None:
        """Lets go of the store."""


def filled(store: Fillable, folder: Path, some: Iterable[str], asked: int) -> dict[str, object]:
    """Adds texts one by one, asks `asked` questions, and closes the store.

    `inserts_per_s` counts until all texts and their vectors are in; `adds_per_s` until the last text was kept.
    """
    _warm_up(store)
    begun = perf_counter()
    added = 0
    for text in some:
        store.add(text)
        added += 1
    added_s = perf_counter() - begun
    store.settle()
    all_s = perf_counter() - begun
    took_ms, found = searched(store, texts.questions(asked, SEED))
    used = rss_mb()
    store.close()
    return {
        "inserts_per_s": round(added / all_s, 1),
        "adds_per_s": round(added / added_s, 1),
        **percentiles(took_ms),
        "found_per_search": round(found / asked, 1),
        "rss_mb": used,
        "disk_mb": disk_mb(folder),
    }


def _warm_up(store: Fillable) -> None:
    """What is loaded with the first use is no cost of the next one."""
    for text in texts.lines(WARM_UP, SEED + 1):
        store.add(text)
    store.settle()
    for question in texts.questions(3, SEED + 1):
        store.find(question)
    gc.collect()


def searched(store: Fillable, questions: Sequence[str]) -> tuple[list[float], int]:
    """How long each search took (ms), and how many hits there were in all."""
    took_ms: list[float] = []
    found = 0
    for question in questions:
        begun = perf_counter()
        found += store.find(question)
        took_ms.append((perf_counter() - begun) * 1e3)
    return took_ms, found


def percentiles(took_ms: Sequence[float]) -> dict[str, float]:
    """The median and the 99th percentile (the nearest rank)."""
    ordered = sorted(took_ms)
    nearest = ordered[min(len(ordered) - 1, -(-len(ordered) * 99 // 100) - 1)]
    return {"search_p50_ms": round(statistics.median(ordered), 2), "search_p99_ms": round(nearest, 2)}


def rss_mb() -> float:
    """Resident memory of this process now."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024, 1)


def disk_mb(folder: Path) -> float:
    """What the files in a folder occupy on the disk (blocks, not lengths: files may have holes)."""
    found = (Path(root) / name for root, _, names in os.walk(folder) for name in names)
    return round(sum(path.stat().st_blocks * 512 for path in found) / 2**20, 1)
