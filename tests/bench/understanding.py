"""How well the mind understands recorded days when the words are given: `python -m tests.bench.understanding [-v]`.

Feeds the gold utterances' words and times, and nothing else of gold, through `Mind` with a memory of its own, in
event time: nothing is sensed between scenes, muted spans are not heard, spans off the record are taken back. Then the
days' own `score.py` judges what was kept, offered and answered. The days lie under `SOTTO_SHARED` (`../shared`).
The last line is one JSON object: the figures of the demo day and of the development days.
"""

import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from sotto_hub.mind import Happening, Mind
from sotto_hub.records import Suggestion, Utterance
from sotto_memory import Memory, MemoryRecord
from tests.hub.proactive.shelf_in_ram import MemoryNotebook, MemoryShelf

SECOND_NS = 1_000_000_000
PARTS = ("commitments", "memory", "proactivity", "questions")
DEV = ("dev-1", "dev-2", "dev-3", "dev-4", "dev-5")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at a time: words, a question, time taken back, or only time."""

    at_ns: int
    order: int
    kind: str
    row: dict[str, Any] = field(default_factory=dict)
    sensing: bool = True


def nanoseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000) * 1_000_000


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line] if path.exists() else []


def start_of(day: Path) -> int:
    line = next(x for x in (day / "session.toml").read_text().splitlines() if x.startswith("start"))
    return nanoseconds(line.split('"')[1])


def muted(day: Path) -> list[tuple[int, int]]:
    found = [c for c in rows(day / "controls.jsonl") if c["do"] == "mute"]
    return [(nanoseconds(c["at"]), nanoseconds(c["at"]) + int(c["for_s"] * SECOND_NS)) for c in found]


def steps(day: Path) -> Iterator[Step]:
    """Everything that happens on a day, in order of time."""
    start, silent = start_of(day), muted(day)
    for scene in rows(day / "audio.jsonl"):
        begins = start + int(scene["at_s"] * SECOND_NS)
        yield Step(begins, 0, "time", sensing=False)
        yield Step(begins + int(scene["seconds"] * SECOND_NS), 2, "time")
    for row in rows(day / "gold" / "utterances.jsonl"):
        at = nanoseconds(row["at"])
        if not any(a <= at < b for a, b in silent):
            yield Step(at, 1, "words", row)
    for row in rows(day / "controls.jsonl"):
        if row["do"] == "off_the_record":
            yield Step(nanoseconds(row["at"]), 3, "withhold", row, sensing=False)
    for row in rows(day / "gold" / "questions.jsonl"):
        yield Step(nanoseconds(row["ask"]), 4, "ask", row, sensing=False)


class Run:
    """One mind living through days; collects the events that `score.py` reads."""

    def __init__(self, folder: Path) -> None:
        self.memory = Memory.open(folder / "memory.db", key=None)
        self.mind = Mind(memory=self.memory, shelf=MemoryShelf(), notes=MemoryNotebook(), timezone="Europe/Stockholm")
        self.heard: dict[str, Utterance] = {}
        self.events: list[dict[str, Any]] = []

    def live(self, day: Path) -> None:
        for step in sorted(steps(day), key=lambda s: (s.at_ns, s.order)):
            self.take(self.mind.advance(step.at_ns, sensing=step.sensing))
            if step.kind == "words":
                self.hear(step)
            if step.kind == "withhold":
                self.withhold(step)
            if step.kind == "ask":
                self.ask(step)
        self.take(self.mind.advance(start_of(day) + 20 * 3600 * SECOND_NS, sensing=False))

    def hear(self, step: Step) -> None:
        seconds = step.row["t1"] - step.row["t0"]
        name = f"u{len(self.heard) + 1:05d}"
        end_ns = step.at_ns + int(seconds * SECOND_NS)
        self.heard[name] = Utterance(
            id=name, device_id="bench", start_ns=step.at_ns, end_ns=end_ns, text=step.row["text"]
        )
        self.take(self.mind.heard(self.heard[name]))
        self.take(self.mind.advance(end_ns, sensing=True))

    def withhold(self, step: Step) -> None:
        from_ns = step.at_ns - int(step.row["last_s"] * SECOND_NS)
        ids = [u.id for u in self.heard.values() if u.end_ns > from_ns and u.start_ns < step.at_ns]
        self.mind.withhold(from_ns, step.at_ns, ids)
        for name in ids:
            del self.heard[name]

    def ask(self, step: Step) -> None:
        answer = self.mind.ask(step.row["text"], step.at_ns)
        self.events.append(
            {
                "type": "answer",
                "question": step.row["id"],
                "text": answer.text,
                "abstained": answer.abstained,
                "evidence": [c.id for c in answer.citations],
            }
        )

    def take(self, happenings: Sequence[Happening]) -> None:
        for h in happenings:
            if isinstance(h, Suggestion):
                event = {"type": "suggestion", "id": h.id, "at": iso(h.at_ns), "kind": h.kind, "text": h.text}
                self.events.append(event | {"evidence": list(h.evidence)})

    def close(self) -> list[dict[str, Any]]:
        said = [
            {"type": "utterance", "id": u.id, "at": iso(u.start_ns), "until": iso(u.end_ns), "text": u.text}
            for u in self.heard.values()
        ]
        kept = [remembered(r) for r in self.memory.list(include_past=True)]
        self.memory.close()
        return said + kept + self.events


def remembered(record: MemoryRecord) -> dict[str, Any]:
    op = "superseded" if record.superseded_ns else "archived" if record.archived else "added"
    return {
        "type": "memory",
        "op": op,
        "id": record.id,
        "kind": record.kind.value,
        "text": record.text,
        "evidence": list(record.evidence),
        "due": record.details.get("due") or None,
        "status": record.details.get("status", "open"),
        "valid_until": iso(record.valid_until_ns) if record.valid_until_ns else None,
        "at": iso(record.recorded_ns),
    }


def iso(at_ns: int) -> str:
    zone = datetime.fromisoformat("2026-03-02T00:00:00+01:00").tzinfo
    return (
        datetime.fromtimestamp(at_ns // SECOND_NS, tz=zone) + timedelta(milliseconds=at_ns // 10**6 % 1000)
    ).isoformat()


def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("day_score", shared / "days" / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures(days: Sequence[Path], score: ModuleType, *, show: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder))
        for day in days:
            run.live(day)
        events = run.close()
    gold = score.Gold(list(days))
    heard = score.Heard(events, gold)
    report: dict[str, Any] = {}
    for part in PARTS:
        report |= getattr(score, part)(gold, heard)
    if show:
        tell(events, gold, report)
    return report | {"canary_leaks": score.leaks(gold, heard, None)["canary_leaks"]}


def tell(events: Sequence[dict[str, Any]], gold: Any, report: dict[str, Any]) -> None:
    """What was kept, offered and answered, beside what was wanted."""
    wanted = {q["id"]: q for q in gold.rows["questions"]}
    for e in events:
        if e["type"] == "memory" and e["kind"] != "episode":
            print(f"{e['op']:10} {e['kind']:10} {e['status']:9} {e['due'] or '':25} {e['text']}")
        if e["type"] == "suggestion":
            print(f"{e['at'][:19]} {e['kind']:10} {e['text']}")
        if e["type"] == "answer":
            q = wanted[e["question"]]
            print(f"? {q['text']} [{q['category']} {q.get('keywords', '')}]\n    {e['text']}")
    print(json.dumps(report, indent=1))


def main() -> int:
    shared = Path(os.environ.get("SOTTO_SHARED", "../shared"))
    if not (shared / "days" / "score.py").exists():
        print(f"The recorded days are not at {shared / 'days'}; set SOTTO_SHARED to the folder that holds them.")
        return 2
    score = scorer(shared)
    result = {
        "demo": figures([shared / "days" / "demo"], score, show="-v" in sys.argv),
        "dev": figures([shared / "days" / day for day in DEV], score, show="-v" in sys.argv),
    }
    for name, report in result.items():
        for figure, value in report.items():
            print(f"{name:5} {figure:32} {value}")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
