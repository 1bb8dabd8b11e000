"""What the memory costs at 1,000, 10,000, 100,000 and 1,000,000 memories; each size in a process of its own.

Always encrypted and durable. Up to 10,000 every memory is added by itself; beyond, the library's import brings most
of them in, and the last two thousand are added one by one. Up to 100,000 with vectors (hybrid), a million by words.
"""

from collections.abc import Mapping
from typing import Final

from tests.bench.memory_parts import children

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
LATE: Final = 2_000
ASKED: Final = {1_000: 500, 10_000: 500, 100_000: 300, 1_000_000: 150}
NAMES: Final = {1_000: "1k", 10_000: "10k", 100_000: "100k", 1_000_000: "1m"}
NAMED: Final = {
    "inserts_per_s": "adds_per_s",
    "inserts_with_vectors_per_s": "inserts_per_s",
    "search_p50_ms": "search_p50_ms",
    "search_p99_ms": "search_p99_ms",
    "rss_mb": "rss_mb",
    "disk_mb": "disk_mb",
}


def sized(*, quick: bool = False) -> dict[int, dict[str, object]]:
    """What was measured, by size."""
    return {size: children.ours(size, ASKED[size], *_options(size)) for size in (SIZES[:2] if quick else SIZES)}


def _options(size: int) -> tuple[str, ...]:
    late = ("--late", str(LATE)) if size > 10_000 else ()
    return (*late, "--words") if size > 100_000 else late


def figures(measured: Mapping[int, Mapping[str, object]]) -> dict[str, object]:
    """The figures under their names, `inserts_per_s_10k` and so on (pure). An insert is done when it is durable."""
    return {
        f"{name}_{NAMES[size]}": one[figure]
        for size, one in measured.items()
        for name, figure in NAMED.items()
        if figure in one and not (size > 100_000 and "vectors" in name)
    }
