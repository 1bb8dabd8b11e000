"""How well the hub hears recorded days, through voice detection, gate, Opus, endpointing and pocketsphinx.

`python -m tests.bench.hearing_days [DAY …]`: names of days below `SOTTO_SHARED/days` (default: demo, the dev days).
Word errors are counted as the days' own `score.py` does, over all lines. `mixed` are utterances that touch more than
one gold line by at least 200 ms: two turns told as one; `parts` are lines that came as more than one utterance;
`unheard` are lines that no utterance touches. The last line of output is one JSON object.
"""

import argparse
import asyncio
import json
import re
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sotto_hub.perception.hear.ear import Ear
from sotto_hub.perception.hear.engine import Engine
from sotto_hub.perception.hear.ladder import load_engine
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.records import Utterance
from sotto_proto.records import Frame, GapKind
from tests.bench.shared_data import shared
from tests.hub.perception.recorded_sound import Microphone, read_sound

DAYS = ("demo", "dev-1", "dev-2", "dev-3", "dev-4", "dev-5")
SHARED_NS = 200_000_000
Line = tuple[int, int, str]


def words(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return re.findall(r"[a-z0-9']+", text.lower())


def edits(true: Sequence[str], heard: Sequence[str]) -> int:
    """Word edit distance: substitutions, insertions and deletions."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(true, 1):
        corner, row[0] = row[0], at
        for back, guess in enumerate(heard, 1):
            corner, row[back] = row[back], min(row[back] + 1, row[back - 1] + 1, corner + (word != guess))
    return row[-1]


def rows(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def frames_of(day: Path) -> Iterator[Frame]:
    """A day as its device would send it, with controls left out."""
    session = tomllib.loads((day / "session.toml").read_text(encoding="utf-8"))
    start_ns = round(datetime.fromisoformat(session["start"]).timestamp() * 1e9)
    microphone = Microphone(now_ns=start_ns)
    for scene in rows(day / "audio.jsonl"):
        hole_ns = start_ns + round(scene["at_s"] * 1e9) - microphone.now_ns
        if hole_ns > 0:
            yield microphone.gap(GapKind.OFF, hole_ns / 1e9)
        yield from microphone.scene(read_sound(day / scene["file"]))


def gold_of(day: Path) -> list[Line]:
    """Start, end and text of every line."""
    lines = []
    for row in rows(day / "gold" / "utterances.jsonl"):
        start_ns = round(datetime.fromisoformat(row["at"]).timestamp() * 1e9)
        lines.append((start_ns, start_ns + round((row["t1"] - row["t0"]) * 1e9), row["text"]))
    return lines


async def hear(frames: Sequence[Frame], engine: Engine, settings: HearSettings) -> tuple[list[Utterance], Ear]:
    """All utterances of a day."""
    worker = Worker()
    ear = Ear(device_id="bench", stream="mic", engine=engine, worker=worker, offset_ns=0, settings=settings)
    try:
        heard = [await ear.take(frame) for frame in frames] + [await ear.end()]
    finally:
        worker.close()
    return [utterance for part in heard for utterance in part.utterances], ear


def touched(utterance: Utterance, gold: Sequence[Line]) -> list[int]:
    """The gold lines that an utterance shares time with."""
    shared_ns = [min(utterance.end_ns, end) - max(utterance.start_ns, start) for start, end, _ in gold]
    return [at for at, span in enumerate(shared_ns) if span >= SHARED_NS]


def figures(utterances: Sequence[Utterance], gold: Sequence[Line]) -> dict[str, Any]:
    """What one day gave."""
    true = [word for _, _, text in gold for word in words(text)]
    heard = [word for utterance in utterances for word in words(utterance.text)]
    touching = [touched(utterance, gold) for utterance in utterances]
    lines = [at for at_lines in touching for at in at_lines]
    return {
        "wer": round(edits(true, heard) / len(true), 4),
        "lines": len(gold),
        "utterances": len(utterances),
        "mixed": sum(len(at_lines) > 1 for at_lines in touching),
        "parts": sum(lines.count(at) > 1 for at in range(len(gold))),
        "unheard": sum(at not in lines for at in range(len(gold))),
    }


def settings_of(arguments: argparse.Namespace) -> HearSettings:
    """The settings a run was asked for."""
    settings = HearSettings(engine=arguments.engine, model=arguments.model, partials=False)
    changed = {name: value for name, value in vars(arguments).items() if value is not None}
    rules = {name: changed[name] for name in ("end_pause_ms", "pre_roll_ms", "post_roll_ms") if name in changed}
    turn = {"turn_pause_ms": changed["turn_pause_ms"]} if "turn_pause_ms" in changed else {}
    return replace(settings, endpoint=replace(settings.endpoint, **rules), **turn)


def main() -> None:
    """Measures each day and prints a line for it, then one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("days", nargs="*", default=list(DAYS))
    parser.add_argument("--engine", default="pocketsphinx")
    parser.add_argument("--model", default="")
    for name in ("end-pause", "pre-roll", "post-roll", "turn-pause"):
        parser.add_argument(f"--{name}-ms", type=int)
    arguments = parser.parse_args()
    settings = settings_of(arguments)
    engine = load_engine(settings)
    found: dict[str, dict[str, Any]] = {}
    for name in arguments.days:
        day = shared("days", name)
        frames, began = list(frames_of(day)), time.monotonic()
        utterances, ear = asyncio.run(hear(frames, engine, settings))
        found[name] = figures(utterances, gold_of(day)) | {"hearing_s": round(time.monotonic() - began, 1)}
        sys.stdout.write(f"{name} {json.dumps(found[name])} {dict(ear.counts)}\n")
        sys.stdout.flush()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
