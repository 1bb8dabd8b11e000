"""The only parts of a day's gold that may reach the programs: the questions, and the words in place of a recogniser.

A question gives its id, its time and its words; an utterance its times and its words. Who spoke, what it meant and
what the right answer is stay where they are.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.examination.day import Day
from sotto_hub.surfaces.localtime import from_iso


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the wearer asks, and when."""

    id: str
    ask_ns: int
    text: str


def read_questions(day: Day) -> list[Question]:
    """The questions of a day in order of time. Raises `UsageError` with code `gold`."""
    rows = _rows(day, "questions")
    try:
        questions = [Question(id=row["id"], ask_ns=from_iso(row["ask"]), text=row["text"]) for row in rows]
    except (KeyError, TypeError) as error:
        raise UsageError("gold", f"a question of {day.name} lacks its {error}") from None
    return sorted(questions, key=lambda question: question.ask_ns)


def script_lines(day: Day) -> list[str]:
    """What was said, as the scripted recogniser reads it: start, end and text, nothing else."""
    try:
        return [_script_line(row) for row in _rows(day, "utterances")]
    except (KeyError, TypeError) as error:
        raise UsageError("gold", f"an utterance of {day.name} lacks its {error}") from None


def write_script(days: Iterable[Day], path: Path) -> None:
    """Writes the words of all days, readable by nobody else."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        for day in days:
            file.writelines(line + "\n" for line in script_lines(day))


def _script_line(row: Any) -> str:
    start_ns = from_iso(row["at"])
    end_ns = start_ns + round((row["t1"] - row["t0"]) * 1e9)
    return json.dumps({"start_ns": start_ns, "end_ns": end_ns, "text": row["text"]})


def _rows(day: Day, kind: str) -> Sequence[Any]:
    path = day.folder / "gold" / f"{kind}.jsonl"
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        raise UsageError("gold", f"{day.name} has no gold {kind}: {path} is missing") from None
    except (OSError, ValueError) as error:
        raise UsageError("gold", f"the gold {kind} of {day.name} cannot be read: {error}") from None
