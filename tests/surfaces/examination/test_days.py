"""Recorded days, their order and their nights; what of the gold may be used; the plan of a replay."""

import json
import stat
from pathlib import Path

import pytest

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.examination.day import night_after, read_day, require_order
from sotto_hub.surfaces.examination.examiner import gold_words, plan_days
from sotto_hub.surfaces.examination.gold import read_questions, script_lines
from sotto_hub.surfaces.localtime import from_iso
from tests.surfaces.examination.recorded_day import write_day

ASKED = {
    "id": "q1",
    "ask": "2026-03-09T21:00:00+01:00",
    "text": "who made coffee",
    "keywords": [["tom"]],
    "from": ["u1"],
}
LATE = {"id": "q2", "ask": "2026-03-10T09:00:00+01:00", "text": "who came"}


def test_a_day(tmp_path: Path) -> None:
    day = read_day(write_day(tmp_path / "one"))
    assert (day.name, day.wearer) == ("one", "nora")
    assert day.start_ns == from_iso("2026-03-09T08:00:00+01:00")
    assert day.end_ns == day.start_ns + 10_000_000_000
    assert night_after(day, None) == from_iso("2026-03-10T04:00:00+01:00")


def test_no_day_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_day(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in caught.value.sentence
    assert "a day folder holds session.toml" in caught.value.sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("session.toml", "start = "),
        ("session.toml", 'start = "2026-03-09T08:00:00+01:00"'),
        ("session.toml", 'start = "early"\ntimezone = "Europe/Stockholm"'),
        ("session.toml", 'start = "2026-03-09T08:00:00+01:00"\ntimezone = "Mars/Olympus"'),
        ("audio.jsonl", "{"),
        ("audio.jsonl", '{"file": "x"}'),
    ],
)
def test_a_broken_day(tmp_path: Path, name: str, text: str) -> None:
    folder = write_day(tmp_path / "one")
    (folder / name).write_text(text)
    with pytest.raises(UsageError) as caught:
        read_day(folder)
    assert caught.value.exit_status == 2


def test_days_come_in_order(tmp_path: Path) -> None:
    monday = read_day(write_day(tmp_path / "monday"))
    tuesday = read_day(write_day(tmp_path / "tuesday", date="2026-03-10"))
    require_order([monday, tuesday])
    for days in ([tuesday, monday], [monday, monday]):
        with pytest.raises(UsageError, match="in order"):
            require_order(days)
    with pytest.raises(UsageError, match="monday begins at Mon 2026-03-09 08:00:00"):
        require_order([monday], tuesday.end_ns)


def test_a_night_ends_where_the_next_day_begins(tmp_path: Path) -> None:
    day = read_day(write_day(tmp_path / "one"))
    noon = read_day(write_day(tmp_path / "two"))
    early = noon.__class__(folder=noon.folder, start_ns=day.end_ns + 5, end_ns=0, zone=day.zone, wearer="")
    assert night_after(day, early) == early.start_ns


def test_a_question_is_its_time_and_its_words(tmp_path: Path) -> None:
    day = read_day(write_day(tmp_path / "one", questions=(LATE, ASKED)))
    questions = read_questions(day)
    assert [question.id for question in questions] == ["q1", "q2"]
    assert not any("tom" in str(question) for question in questions)


def test_words_are_times_and_text_only(tmp_path: Path) -> None:
    day = read_day(write_day(tmp_path / "one"))
    line = json.loads(script_lines(day)[0])
    start_ns = from_iso("2026-03-09T08:00:01.500+01:00")
    assert line == {"start_ns": start_ns, "end_ns": start_ns + 1_500_000_000, "text": "good morning"}


def test_the_words_file_is_private_and_goes(tmp_path: Path) -> None:
    day = read_day(write_day(tmp_path / "one"))
    with gold_words([day]) as (option, engine):
        path = Path(engine.removeprefix("scripted:"))
        assert option == "--engine"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "tom" not in path.read_text()
    assert not path.exists()


@pytest.mark.parametrize("text", ["{", '{"id": "q"}\n', None])
def test_gold_that_cannot_be_read(tmp_path: Path, text: str | None) -> None:
    folder = write_day(tmp_path / "one")
    path = folder / "gold/questions.jsonl"
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_questions(read_day(folder))
    assert caught.value.code == "gold"
    assert "one" in caught.value.sentence


def test_the_plan_stops_at_each_time_of_asking(tmp_path: Path) -> None:
    second = {"id": "q3", "ask": ASKED["ask"], "text": "and tea"}
    day = read_day(write_day(tmp_path / "one", questions=(ASKED, second, LATE)))
    (plan,) = plan_days([day], questions=True)
    assert plan.options == [
        "--pace",
        "fast",
        "--until",
        "2026-03-10T09:00:00+01:00",
        "--stop-at",
        "2026-03-09T21:00:00+01:00",
        "--stop-at",
        "2026-03-10T09:00:00+01:00",
    ]
    (unasked,) = plan_days([day], questions=False)
    assert unasked.options == ["--pace", "fast", "--until", "2026-03-10T04:00:00+01:00"]


def test_a_question_must_not_come_from_the_future(tmp_path: Path) -> None:
    monday = read_day(write_day(tmp_path / "monday", questions=(LATE,)))
    tuesday = read_day(write_day(tmp_path / "tuesday", date="2026-03-10"))
    with pytest.raises(UsageError, match="after tuesday has begun"):
        plan_days([monday, tuesday], questions=True)
