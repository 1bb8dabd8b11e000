"""Replays recorded days through the real device and hub and scores what came of it.

`python -m tests.bench.examination [DAY …] [--words heard|gold]`: names of days below `SOTTO_SHARED/days` (default:
demo and dev-1). Each name is a diary of its own; `dev-1+dev-2` is a diary of two days. The last line is one JSON
object of all figures.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.shared_data import shared

SOTTO = Path(sys.executable).parent / "sotto"


def examine(days: list[Path], words: str, folder: Path) -> dict[str, float]:
    """Replays one diary in a new home and returns `score.py`'s figures and the seconds it took."""
    home, events = folder / "home", folder / "events.jsonl"
    began = time.monotonic()
    replay: list[str | Path] = [
        SOTTO,
        "replay",
        *days,
        "--home",
        home,
        "--events",
        events,
        "--questions",
        "--words",
        words,
    ]
    subprocess.run(replay, check=True)
    took = time.monotonic() - began
    score: list[str | Path] = [sys.executable, shared("days", "score.py"), events, *days, "--home", home]
    done = subprocess.run(score, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures | {"replay_s": round(took, 1)}


def main() -> None:
    """Examines each diary named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("diaries", nargs="*", default=["demo", "dev-1"])
    parser.add_argument("--words", choices=("heard", "gold"), default="heard")
    arguments = parser.parse_args()
    figures = {}
    for diary in arguments.diaries:
        days = [shared("days", name) for name in diary.split("+")]
        with tempfile.TemporaryDirectory(prefix="sotto-examination-") as folder:
            figures[diary] = examine(days, arguments.words, Path(folder))
        print(diary, json.dumps(figures[diary], indent=1), flush=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
