"""What other memories cost beside ours: same texts, same vectors, same questions, one process after another.

Each peer runs in a network namespace that holds nothing but loopback, with its telemetry off, under an interpreter of
its own: the one that SOTTO_PEERS names, or the one that `make peers` set up. Without it peers have no figures.
mem0 has no inference and no language data here, so it searches by vectors alone; langgraph's store keeps nothing on
the disk; none of the three encrypts.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.bench.memory_parts import children
from tests.bench.shared_data import ROOT

NAMES: Final = ("mem0", "chromadb", "langgraph")
COUNT: Final = 10_000
ASKED: Final = 200
ALONE: Final = ("unshare", "-rn")
MORE_IS_BETTER: Final = {"inserts_per_s": "insert_ratio"}
LESS_IS_BETTER: Final = {
    "search_p50_ms": "search_p50_ratio",
    "search_p99_ms": "search_p99_ratio",
    "rss_mb": "rss_ratio",
    "disk_mb": "disk_ratio",
}


def figures(*, quick: bool = False) -> dict[str, object]:
    """`ours_beside_peers` and one block a peer. In a ratio, more than 1 means that ours does better."""
    interpreter = found_interpreter()
    if interpreter is None:
        return {}
    count, asked = (1_000, 50) if quick else (COUNT, ASKED)
    mine = children.ours(count, asked)
    blocks = {name: _one(interpreter, name, count, asked) for name in NAMES}
    told: dict[str, object] = {name: block | ratios(mine, block) for name, block in blocks.items() if block}
    return {"ours_beside_peers": mine} | told


def found_interpreter() -> Path | None:
    """The peers' interpreter; None, said in one sentence, where there is none or no network can be shut out."""
    path = Path(os.environ.get("SOTTO_PEERS", ROOT / ".venv-peers" / "bin" / "python"))
    if not path.exists():
        return without(f"there is no {path}; `make peers` sets it up, or name an interpreter with SOTTO_PEERS.")
    if shutil.which(ALONE[0]) is None or subprocess.run([*ALONE, "true"], check=False).returncode:
        return without("this system gives no network of its own (`unshare -rn`), and peers run only without one.")
    return path


def without(why: str) -> Path | None:
    """Says why peers have no figures."""
    print(f"NOTICE: peers are not measured: {why}", file=sys.stderr, flush=True)
    return None


def _one(interpreter: Path, name: str, count: int, asked: int) -> dict[str, object]:
    with children.folder_of_its_own() as home, children.folder_of_its_own() as folder:
        command = [*ALONE, str(interpreter), "-m", "tests.bench.peers.child", name, folder, str(count), str(asked)]
        return children.told_by(command, environment=_quiet(home), name=name)


def _quiet(home: str) -> dict[str, str]:
    """An environment of their own: no telemetry, no proxy, no key that is one, no home that is somebody's."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": home,
        "MEM0_DIR": home,
        "MEM0_TELEMETRY": "False",
        "ANONYMIZED_TELEMETRY": "False",
        "LANGSMITH_TRACING": "false",
        "OPENAI_API_KEY": "none",
        "DO_NOT_TRACK": "1",
    }


def ratios(mine: Mapping[str, object], block: Mapping[str, object]) -> dict[str, float]:
    """How many times better ours does (pure). Nothing where a figure is missing or nought."""
    found: dict[str, float] = {}
    for figure, name in {**MORE_IS_BETTER, **LESS_IS_BETTER}.items():
        ours, theirs = children.number(mine, figure), children.number(block, figure)
        if ours and theirs:
            found[name] = round(ours / theirs if figure in MORE_IS_BETTER else theirs / ours, 2)
    return found
