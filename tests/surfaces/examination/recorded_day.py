"""A small recorded day in a folder, with gold, for tests that need no sound."""

import json
from pathlib import Path
from typing import Any


def rows(*values: dict[str, Any]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def write_day(folder: Path, *, date: str = "2026-03-09", questions: tuple[dict[str, Any], ...] = ()) -> Path:
    """A day of one scene of ten seconds at 08:00 in Stockholm."""
    (folder / "gold").mkdir(parents=True)
    session = f'start = "{date}T08:00:00+01:00"\ntimezone = "Europe/Stockholm"\nwearer = "nora"\n'
    (folder / "session.toml").write_text(session)
    (folder / "audio.jsonl").write_text(rows({"at_s": 0.0, "file": "audio/0001.flac", "seconds": 10.0}))
    said = {"id": "u1", "t0": 1.5, "t1": 3.0, "at": f"{date}T08:00:01.500+01:00", "text": "good morning"}
    (folder / "gold/utterances.jsonl").write_text(rows(said | {"who": "tom", "to": "nora", "place": "kitchen"}))
    (folder / "gold/questions.jsonl").write_text(rows(*questions))
    return folder
