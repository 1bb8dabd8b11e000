"""The demo day with its gold labels, as an examiner sees it, and the word error rate."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEMO_DAY = ROOT / "hub/sotto_hub/surfaces/demo_day"
GOLD = ROOT / "tests/data/demo_gold"
Row = dict[str, object]


def rows(path: Path) -> list[Row]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def examination_day(folder: Path) -> Path:
    """The demo day with its gold beside it, put together below `folder`."""
    day = folder / "demo"
    day.mkdir()
    for part in DEMO_DAY.iterdir():
        (day / part.name).symlink_to(part)
    (day / "gold").symlink_to(GOLD)
    return day


def words(text: object) -> list[str]:
    """Lower-case words without punctuation."""
    return re.findall(r"[a-z0-9']+", str(text).lower())


def word_errors(reference: list[str], heard: list[str]) -> int:
    """Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(reference, 1):
        corner, row[0] = row[0], i
        for j, got in enumerate(heard, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (wanted != got))
    return row[-1]
