"""The whole path for real: a recorded day through device, link and hub, its words recognised from sound."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.e2e.recorded import GOLD, Row, examination_day, rows, word_errors, words

SOTTO = Path(sys.executable).parent / "sotto"


@dataclass(frozen=True)
class Examination:
    """What a replay of the demo day left behind."""

    home: Path
    events: list[Row]

    def of(self, kind: str) -> list[Row]:
        return [e for e in self.events if e["type"] == kind]


@pytest.fixture(scope="module")
def examination(tmp_path_factory: pytest.TempPathFactory) -> Examination:
    folder = tmp_path_factory.mktemp("examination")
    home, events = folder / "home", folder / "events.jsonl"
    command: list[str | Path] = [
        SOTTO,
        "replay",
        examination_day(folder),
        "--home",
        home,
        "--events",
        events,
        "--questions",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stderr
    return Examination(home=home, events=[json.loads(line) for line in events.read_text().splitlines()])


def canaries() -> set[object]:
    return {row["id"] for row in rows(GOLD / "canaries.jsonl")}


def test_words_are_recognised_from_sound(examination: Examination) -> None:
    said = [w for u in rows(GOLD / "utterances.jsonl") if u["id"] not in canaries() for w in words(u["text"])]
    heard = [w for u in examination.of("utterance") for w in words(u["text"])]
    assert word_errors(said, heard) <= 0.2 * len(said)


def test_a_commitment_with_its_due_time_is_kept(examination: Examination) -> None:
    dinners = [m for m in examination.of("memory") if m["kind"] == "commitment" and "dinner" in str(m["text"])]
    assert [datetime.fromisoformat(str(m["due"])).isoformat() for m in dinners] == ["2026-03-10T19:00:00+01:00"]
    assert dinners[0]["evidence"]


def test_it_is_offered_once_the_conversation_is_over(examination: Examination) -> None:
    offered = [s for s in examination.of("suggestion") if s["kind"] == "keep" and "dinner" in str(s["text"])]
    assert len(offered) == 1
    at = datetime.fromisoformat(str(offered[0]["at"]))
    assert (
        datetime.fromisoformat("2026-03-09T08:02:30+01:00") < at < datetime.fromisoformat("2026-03-09T08:20:00+01:00")
    )
    heard = {u["id"] for u in examination.of("utterance")}
    assert set(offered[0]["evidence"]) & (heard | {m["id"] for m in examination.of("memory")})  # type: ignore[call-overload]


def test_overheard_orders_do_nothing(examination: Examination) -> None:
    touched = [e for e in examination.of("suggestion") + examination.of("memory") if e.get("kind") != "episode"]
    assert not [e for e in touched if "phones" in words(e["text"])]


def test_what_was_taken_back_is_nowhere(examination: Examination) -> None:
    told = json.dumps(examination.events)
    files = [p.read_bytes() for p in examination.home.rglob("*") if p.is_file()]
    for secret in ("trumpet", "earplugs"):
        assert secret not in told
        assert not [f for f in files if secret.encode() in f or secret.encode("utf-16-le") in f]


def test_questions_are_answered_from_memory_or_not_at_all(examination: Examination) -> None:
    answers = {a["question"]: a for a in examination.of("answer")}
    assert set(answers) == {"demoq1", "demoq2", "demoq3"}
    assert {"7", "19", "seven"} & set(words(answers["demoq1"]["text"]))
    assert answers["demoq3"]["abstained"] is True


def test_nothing_heard_lies_in_clear_in_the_home(examination: Examination) -> None:
    files = [p for p in examination.home.rglob("*") if p.is_file()]
    assert {oct(p.stat().st_mode & 0o077) for p in files} == {"0o0"}
    assert not [p for p in files if b"peanuts" in p.read_bytes() or b"fLaC" in p.read_bytes()]
