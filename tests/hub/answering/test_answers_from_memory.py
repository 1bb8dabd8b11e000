"""Answers quote what was said, and abstain where too little of the question was ever said."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sotto_hub.mind import Mind
from sotto_hub.records import Utterance
from sotto_memory import Memory
from tests.hub.proactive.shelf_in_ram import MemoryNotebook, MemoryShelf

S = 1_000_000_000
START_NS = int(datetime(2026, 3, 9, 8, 0, tzinfo=ZoneInfo("Europe/Stockholm")).timestamp()) * S
LINES = (
    "good morning the coffee is ready",
    "my sister is coming for dinner tomorrow at seven",
    "please remember that my sister is allergic to peanuts",
    "the guest network is called green apple",
    "and the password is seven windows",
    "what would you like to drink with your lunch",
    "a black tea please",
    "maria will lend us her drill on saturday",
    "the spare key is in the blue box",
)


@pytest.fixture
def mind(tmp_path: Path) -> Iterator[Mind]:
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        mind = Mind(memory=memory, shelf=MemoryShelf(), notes=MemoryNotebook(), timezone="Europe/Stockholm")
        for n, text in enumerate(LINES):
            tell(mind, n, text)
        yield mind


def tell(mind: Mind, n: int, text: str, speaker: str | None = None) -> None:
    at_ns = START_NS + n * 5 * S
    mind.heard(Utterance(id=f"u{n}", device_id="d", start_ns=at_ns, end_ns=at_ns + 2 * S, text=text, speaker=speaker))


def test_when_questions_are_answered_by_commitments(mind: Mind) -> None:
    answer = mind.ask("when does my sister come for dinner?", START_NS + 3600 * S)
    assert answer.text == (
        "Tuesday 10 March at 19:00 (tomorrow). "
        "On Monday 9 March at 08:00 someone said: “my sister is coming for dinner tomorrow at seven”"
    )
    assert not answer.abstained
    assert "u1" in {c.id for c in answer.citations}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what is the password of the guest network", "seven windows"),
        ("what is my sister allergic to", "allergic to peanuts"),
        ("where is the spare key", "blue box"),
        ("what did i drink at lunch", "a black tea please"),
    ],
)
def test_other_questions_are_answered_by_what_was_said(mind: Mind, question: str, words: str) -> None:
    assert words in mind.ask(question, START_NS + 3600 * S).text


@pytest.mark.parametrize(
    "question",
    [
        "what did tom buy for his sister",
        "at what time will maria bring the drill",
        "what is the name of the plumber",
        "which coffee do i like best",
        "who",
        "",
        "?!",
        'NEAR("x" AND',
        "elephants " * 5000,
    ],
)
def test_too_little_was_said(mind: Mind, question: str) -> None:
    answer = mind.ask(question, START_NS + 3600 * S)
    assert answer.abstained
    assert answer.citations == ()
    assert answer.text == "I have nothing on that."


def test_the_newest_word_counts(mind: Mind) -> None:
    tell(mind, 20, "the spare key is now behind the door")
    assert "behind the door" in mind.ask("where is the spare key", START_NS + 3600 * S).text


def test_a_speaker_is_named_when_known(mind: Mind) -> None:
    tell(mind, 20, "i parked the bike in the basement", "wearer")
    tell(mind, 21, "the blue lamp stands in the attic", "tom")
    assert "you said: “i parked the bike" in mind.ask("where did i park the bike", START_NS + 3600 * S).text
    assert "tom said: “the blue lamp" in mind.ask("where is the blue lamp", START_NS + 3600 * S).text


def test_a_moved_appointment_is_found_by_the_words_around_the_first(mind: Mind) -> None:
    tell(mind, 20, "hello maria thank you")
    tell(mind, 21, "dinner at your house on saturday at seven sounds lovely")
    tell(mind, 400, "so the dinner is on sunday at six instead of saturday")
    assert mind.ask("when is the dinner at maria's house", START_NS + 3600 * S).text.startswith(
        "Sunday 15 March at 18:00"
    )


def test_a_cancelled_appointment_says_so(mind: Mind) -> None:
    tell(mind, 20, "the choir meets tomorrow evening at eight")
    tell(mind, 40, "the choir is cancelled tomorrow")
    assert "cancelled" in mind.ask("when does the choir meet", START_NS + 3600 * S).text
