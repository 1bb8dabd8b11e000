"""Memories from elsewhere may hold anything their format allows: nothing of it stops the mind (R5, P7)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.bridge.days import parse_due
from sotto_hub.bridge.episodes import lines_of
from sotto_hub.records import Verdict
from sotto_memory import Kind, Memory, new_memory
from tests.hub.test_mind import DINNER, Life, S, at


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        yield Life(memory)


def bring_in(life: Life, **fields: Any) -> None:
    known = at("7:00")
    record = {"id": "elsewhere", "kind": "commitment", "text": "my sister is coming for dinner", "recorded_ns": known}
    record |= {"stability_days": 2.3, "difficulty": 2.1, "last_use_ns": known} | fields
    life.memory.import_lines([json.dumps({"format": "sotto-memory/1"}), json.dumps(record)])


def live_two_days(life: Life) -> None:
    """Everything that looks at memories: talk, a move, an answer to a question, evenings, verdicts, taking back."""
    life.until(at("7:30"))
    life.say(DINNER, at("8:00"))
    life.say("not tomorrow, dinner with my sister is on thursday at seven", at("8:00") + 5 * S)
    life.until(at("9:00"))
    life.mind.ask("when is my sister coming for dinner", at("9:10"))
    life.mind.ask("who is coming for dinner", at("9:10"))
    life.until(at("12:00", 11))
    for offer in life.offers():
        for verdict in (Verdict.LATER, Verdict.EDITED, Verdict.ACCEPTED):
            life.mind.answer(offer.id, verdict, at("12:01", 11), "dinner on friday at six")
    life.mind.withhold(0, at("12:00", 11), ["u1"])
    again = life.born()
    again.resume([])
    again.advance(at("13:00", 11), sensing=True)


@pytest.mark.parametrize(
    "due",
    [
        "tomorrow",
        "soonT",
        "2026-03-10T19:00:00",
        "2026-13-40",
        "9999-12-31",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
        "2026-03-10T19:00:00+01:00",
    ],
)
def test_any_due_time_may_be_brought_in(life: Life, due: str) -> None:
    bring_in(life, details={"status": "open", "due": due})
    live_two_days(life)


@pytest.mark.parametrize(
    "lines", ["nope", "[1]", "{}", "5", '[["u1","x",3]]', '[["u1",1e300,"tom"]]', '[["u1",-1,""]]']
)
def test_any_detail_lines_may_be_brought_in(life: Life, lines: str) -> None:
    bring_in(life, kind="episode", evidence=["u1"], details={"lines": lines})
    live_two_days(life)


@pytest.mark.parametrize("time_ns", [-(2**63), 0, 2**63 - 1])
def test_any_time_may_be_brought_in(life: Life, time_ns: int) -> None:
    bring_in(life, recorded_ns=time_ns, last_use_ns=time_ns, valid_from_ns=time_ns, details={"status": "open"})
    live_two_days(life)


def test_what_is_said_again_of_an_imported_commitment_joins_it(life: Life) -> None:
    bring_in(life, text=DINNER, details={"status": "open", "due": "2026-03-10T19:00:00+01:00", "what": DINNER})
    life.say(DINNER, at("8:00"))
    (record,) = life.commitments()
    assert (record.id, record.evidence) == ("elsewhere", ("u1",))


def test_a_due_time_that_is_none_is_not_answered_with(life: Life) -> None:
    bring_in(life, details={"status": "open", "due": "soon"})
    answer = life.mind.ask("who is coming for dinner, my sister?", at("9:00"))
    assert answer.text.startswith("On ")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | st.datetimes().map(lambda d: d.isoformat()) | st.dates().map(lambda d: d.isoformat()))
def test_any_text_is_a_due_time_or_nothing(text: str) -> None:
    due = parse_due(text)
    assert due is None or 1900 <= due.year <= 2200


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='[]{}",0123456789u.', max_size=40))
def test_any_lines_are_read_as_lines(lines: str) -> None:
    record = new_memory(kind=Kind.EPISODE, text="first\nsecond", now_ns=at("8:00"), details={"lines": lines})
    assert [line.text.removeprefix("x: ") for line in lines_of(record)] == ["first", "second"]
