"""Measurements that run in processes of their own: started, waited for, and read by their last line."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

from tests.bench.shared_data import ROOT

LONGEST_S = 1_800.0


def told_by(command: Sequence[str], *, environment: Mapping[str, str] | None = None, name: str) -> dict[str, object]:
    """The JSON object in the last line of a command; empty, with a notice, where there is none."""
    print(f"measuring: {name}", file=sys.stderr, flush=True)
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
        found: dict[str, object] = json.loads(done.stdout.strip().rpartition("\n")[2])
    except subprocess.TimeoutExpired:
        return _nothing(name, f"it was not done after {LONGEST_S:.0f} s")
    except ValueError:
        return _nothing(name, (done.stderr.strip() or "it said nothing").rpartition("\n")[2])
    return found


def _nothing(name: str, why: str) -> dict[str, object]:
    print(f"NOTICE: no figures of {name}: {why}", file=sys.stderr, flush=True)
    return {}


def ours(count: int, asked: int, *options: str) -> dict[str, object]:
    """What our memory costs at this size; see `ours` for the options."""
    with folder_of_its_own() as folder:
        module = [sys.executable, "-m", "tests.bench.memory_parts.ours"]
        return told_by([*module, folder, str(count), str(asked), *options], name=f"ours at {count:,}")


def folder_of_its_own() -> "tempfile.TemporaryDirectory[str]":
    """A folder that is gone afterwards."""
    return tempfile.TemporaryDirectory(prefix="sotto-bench-", ignore_cleanup_errors=True)


def number(figures: Mapping[str, object], name: str) -> float | None:
    """A figure where it is a number."""
    value = figures.get(name)
    return float(value) if isinstance(value, int | float) else None
