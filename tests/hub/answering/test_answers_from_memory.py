"""Answers quote what was said, and abstain where too little of the question was ever said."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sotto_hub.mind import Mind
from sotto_hub.records import Utterance
from sotto_memory import Kind, Memory, Source, Use, new_memory
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


def test_what_an_answer_quotes_was_shown_and_nothing_else(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        mind = Mind(memory=memory, shelf=MemoryShelf(), notes=MemoryNotebook(), timezone="Europe/Stockholm")
        for n, text in enumerate(LINES):
            tell(mind, n, text)
        asked_ns = START_NS + 86_400 * S
        mind.ask("what did tom buy for his sister", asked_ns)
        assert all(record.uses == 0 for record in memory.each())
        mind.ask("where is the spare key", asked_ns)
        assert [note.use for record in memory.each() for note in record.history] == [Use.SHOWN]
        answer = mind.ask("what did i promise?", asked_ns)
        shown = {record.id for record in memory.each() if record.uses}
        assert {citation.id for citation in answer.citations} <= shown
        again = memory.list(kinds=(Kind.COMMITMENT,))[0]
        assert (again.uses, again.last_use_ns) == (1, asked_ns)


def test_an_answer_is_given_even_when_its_showing_cannot_be_noted(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        mind = Mind(memory=memory, shelf=MemoryShelf(), notes=MemoryNotebook(), timezone="Europe/Stockholm")
        tell(mind, 0, "the spare key is in the blue box")
        memory._store.execute("CREATE TEMP TRIGGER stuck BEFORE UPDATE ON memories BEGIN DELETE FROM nowhere; END")
        assert "blue box" in mind.ask("where is the spare key in the box", START_NS + 3600 * S).text
        assert all(record.uses == 0 for record in memory.each())


def test_what_holds_the_value_is_quoted_as_it_is_now_as_it_was_then_and_as_it_was_corrected(tmp_path: Path) -> None:
    march_ns, day_ns = START_NS, 86_400 * S
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        mind = Mind(memory=memory, shelf=MemoryShelf(), notes=MemoryNotebook(), timezone="Europe/Stockholm")
        for text, at_ns in (("I live in Lund", march_ns - 9 * day_ns), ("I moved to Malmo", march_ns + 60 * day_ns)):
            fact = new_memory(kind=Kind.FACT, text=text, now_ns=at_ns, valid_from_ns=at_ns, source=Source.WEARER)
            memory.add(fact)
        asked_ns = march_ns + 90 * day_ns
        assert mind.ask("where do I live", asked_ns).text.endswith("you said: “I moved to Malmo”")
        assert mind.ask("where did I live in March", asked_ns).text.endswith("you said: “I live in Lund”")
        mind.correct(memory.list()[0], "I live in Ystad", asked_ns)
        assert mind.ask("where do I live", asked_ns).text.endswith("you said: “I live in Ystad”")
        assert mind.ask("where does Anna live", asked_ns).abstained
