"""What was kept as a statement answers only what memory knows, and leads where memory puts it first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sotto_hub.answering.choosing import answering, leading, quotable
from sotto_hub.language.english.reader import English
from sotto_hub.mind import Mind
from sotto_hub.records import Utterance
from sotto_memory import Hit, Kind, Memory, MemoryRecord, Part, Recalled, Source, Use, new_memory
from tests.hub.proactive.shelf_in_ram import MemoryNotebook, MemoryShelf

ZONE = ZoneInfo("Europe/Stockholm")
SECOND_NS = 1_000_000_000
OF_OTHERS = ("my new phone number is 0351 998877", "Nina's mother lives in Krakow", "Paul's dog is called Rex")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> int:
    """Local time of 2026 in Unix ns."""
    return int(datetime(2026, month, day, hour, minute, tzinfo=ZONE).timestamp()) * SECOND_NS


TOLD_NS, ASKED_NS = at(4, 1), at(4, 10, 12)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "memory.db", key=None, zone=ZONE) as memory:
        yield memory


@pytest.fixture
def mind(memory: Memory) -> Mind:
    return Mind(memory=memory, shelf=MemoryShelf(), notes=MemoryNotebook(), timezone=ZONE.key)


def keep(
    memory: Memory,
    text: str,
    at_ns: int = TOLD_NS,
    *,
    kind: Kind = Kind.FACT,
    source: Source = Source.WEARER,
    evidence: tuple[str, ...] = (),
) -> MemoryRecord:
    return memory.add(new_memory(kind=kind, text=text, now_ns=at_ns, source=source, evidence=evidence))


def hear(mind: Mind, text: str, at_ns: int) -> None:
    mind.heard(Utterance(id=f"u{at_ns}", device_id="d", start_ns=at_ns, end_ns=at_ns + 2 * SECOND_NS, text=text))


@pytest.mark.parametrize(
    "question",
    [
        "what is my brother's phone number",
        "what is my sister's phone number",
        "what is Nina's phone number",
        "what is my boss's phone number",
        "what is the name of my dog",
        "where does Paul's mother live",
    ],
)
def test_nobody_gets_what_belongs_to_another(memory: Memory, mind: Mind, question: str) -> None:
    for text in OF_OTHERS:
        keep(memory, text)
    answer = mind.ask(question, ASKED_NS)
    assert (answer.abstained, answer.citations) == (True, ())
    assert all(record.uses == 0 for record in memory.each())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what is my phone number", "0351 998877"),
        ("what is my new phone number", "0351 998877"),
        ("where does Nina's mother live", "Krakow"),
        ("what is the name of Paul's dog", "Rex"),
    ],
)
def test_everybody_gets_their_own(memory: Memory, mind: Mind, question: str, words: str) -> None:
    for text in OF_OTHERS:
        keep(memory, text)
    assert words in mind.ask(question, ASKED_NS).text


@pytest.mark.parametrize(
    "question",
    [
        "what does my mother do",
        "who is my brother",
        "where do I live",
        "which dog does Nina have",
        "who lives in Krakow",
        "what is Rex",
        "where is my phone",
    ],
)
def test_with_statements_alone_the_answer_is_known_whenever_memory_knows_it(
    memory: Memory, mind: Mind, question: str
) -> None:
    for text in OF_OTHERS:
        keep(memory, text)
    known = memory.recall(question, now_ns=ASKED_NS).known
    assert mind.ask(question, ASKED_NS).abstained is not known


@pytest.mark.parametrize("source", [Source.WEARER, Source.UNKNOWN, Source.IMPORTED])
@pytest.mark.parametrize("kind", [Kind.FACT, Kind.PLACE])
def test_a_time_in_the_question_is_no_word_that_must_have_been_said(
    memory: Memory, mind: Mind, kind: Kind, source: Source
) -> None:
    keep(memory, "I live in Dresden", at(1, 3), kind=kind, source=source)
    keep(memory, "I moved to Leipzig", at(4, 2), kind=kind, source=source)
    assert "Dresden" in mind.ask("where did I live in March", ASKED_NS).text


def test_words_that_are_not_searched_for_still_ask(memory: Memory, mind: Mind) -> None:
    keep(memory, "I moved to Leipzig")
    assert "Leipzig" in mind.ask("where do I live", ASKED_NS).text


def test_what_was_heard_needs_no_certainty_of_memory(memory: Memory, mind: Mind) -> None:
    keep(memory, "my new phone number is 0351 998877")
    hear(mind, "his phone number is on the fridge", at(4, 2))
    question = "what is Nina's phone number"
    assert not memory.recall(question, now_ns=ASKED_NS).known
    assert "on the fridge" in mind.ask(question, ASKED_NS).text


def test_words_heard_after_a_statement_that_answer_it_whole_take_its_place(memory: Memory, mind: Mind) -> None:
    keep(memory, "i parked my bike on level two of the garage")
    hear(mind, "i parked my bike in the basement under the bakery", at(4, 10, 8))
    assert "basement" in mind.ask("where did i park my bike", ASKED_NS).text


def test_words_heard_before_a_statement_do_not(memory: Memory, mind: Mind) -> None:
    hear(mind, "i parked my bike in the basement under the bakery", at(4, 1, 8))
    keep(memory, "i parked my bike on level two of the garage", at(4, 10, 8))
    assert "level two" in mind.ask("where did i park my bike", ASKED_NS).text


def test_a_commitment_answers_when_and_a_statement_the_rest(memory: Memory, mind: Mind) -> None:
    keep(memory, "my sister brings a cake for dinner", at(4, 8))
    hear(mind, "my sister is coming for dinner tomorrow at seven", at(4, 10, 8))
    assert mind.ask("when does my sister come for dinner", ASKED_NS).text.startswith("Saturday 11 April at 19:00")
    assert "a cake" in mind.ask("what does my sister bring for dinner", ASKED_NS).text


def test_a_time_is_answered_by_a_statement_that_names_one(memory: Memory, mind: Mind) -> None:
    keep(memory, "the shop closes at eight")
    keep(memory, "the bakery closes for good")
    assert "at eight" in mind.ask("what time does the shop close", ASKED_NS).text
    assert mind.ask("what time does the bakery close", ASKED_NS).abstained


def test_a_correction_was_said_when_it_was_made(memory: Memory, mind: Mind) -> None:
    wrong = keep(memory, "my dentist is Dr Berg", evidence=("u1",))
    own = mind.correct(wrong, "my dentist is Dr Holm", at(4, 8, 15))
    answer = mind.ask("who is my dentist", ASKED_NS)
    assert answer.text == "On Wednesday 8 April at 15:00 you said: “my dentist is Dr Holm”"
    assert [(cited.id, cited.at_ns) for cited in answer.citations] == [(own.id, at(4, 8, 15))]


def test_what_was_not_corrected_keeps_its_time_and_what_it_rests_on(memory: Memory, mind: Mind) -> None:
    fact = keep(memory, "my dentist is Dr Berg", evidence=("u1",))
    answer = mind.ask("who is my dentist", ASKED_NS)
    assert answer.text == "On Wednesday 1 April at 09:00 you said: “my dentist is Dr Berg”"
    assert [(cited.id, cited.at_ns) for cited in answer.citations] == [("u1", TOLD_NS), (fact.id, TOLD_NS)]
    assert [note.use for note in memory.list()[0].history] == [Use.SHOWN]


def hit(kind: Kind) -> Hit:
    record = new_memory(kind=kind, text="the key is in the blue box", now_ns=TOLD_NS)
    return Hit(record=record, score=1.0, why="", parts={Part.WORDS: 1.0})


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("known", [True, False])
def test_every_kind_but_what_was_heard_is_a_statement(kind: Kind, known: bool) -> None:
    one = hit(kind)
    heard = kind in (Kind.EPISODE, Kind.COMMITMENT)
    recalled = Recalled(hits=(one,), certainty=float(known), known=known)
    assert leading(recalled) == (one if known and not heard else None)
    assert quotable(recalled) == ([one.record] if known or heard else [])


def found(memory: Memory, *kinds: Kind, parts: tuple[Part, ...] = (Part.WORDS,)) -> Recalled:
    """All that is known, of these kinds in this order, for a question that memory says it knows the answer to."""
    ordered = sorted(memory.list(kinds=kinds), key=lambda record: kinds.index(record.kind))
    hits = tuple(Hit(record=r, score=1.0, why="", parts=dict.fromkeys(parts, 1.0)) for r in ordered)
    return Recalled(hits=hits, certainty=1.0, known=True)


def words(question: str, recalled: Recalled) -> str:
    passage = answering(question, recalled, English(), ZONE)
    return passage.text if passage else ""


def test_words_heard_that_hold_more_of_the_question_go_before_a_statement(memory: Memory, mind: Mind) -> None:
    keep(memory, "the cellar key has a red band", at(4, 3))
    hear(mind, "the courier left the parcel under the cellar stairs", at(4, 2))
    recalled = found(memory, Kind.FACT, Kind.EPISODE)
    assert "courier" in words("where did the courier leave the parcel in the cellar", recalled)
    assert "red band" in words("which band does the cellar key have", recalled)


def test_a_statement_that_holds_little_of_the_question_leads_only_beside_other_statements(
    memory: Memory, mind: Mind
) -> None:
    keep(memory, "the cellar key has a red band")
    question = "what did the courier leave under the cellar stairs"
    assert "red band" in words(question, found(memory, Kind.FACT))
    hear(mind, question, at(4, 2))
    assert words(question, found(memory, Kind.FACT, Kind.EPISODE)) == ""


def test_what_holds_the_value_leads_whatever_was_heard(memory: Memory, mind: Mind) -> None:
    keep(memory, "I moved to Leipzig")
    hear(mind, "they live in a house where you would not want to live", at(4, 2))
    recalled = found(memory, Kind.FACT, Kind.EPISODE, parts=(Part.SLOT,))
    assert words("in which house do I live", recalled) == "I moved to Leipzig"


def test_news_must_be_of_the_time_that_is_asked_about(memory: Memory, mind: Mind) -> None:
    keep(memory, "i parked my bike on level two of the garage", at(4, 6))
    hear(mind, "i parked my bike in the basement under the bakery", at(4, 9))
    question = "where did i park my bike"
    of_both = found(memory, Kind.FACT, Kind.EPISODE, parts=(Part.WORDS, Part.TIME))
    fact, episode = of_both.hits
    of_fact = replace(of_both, hits=(fact, replace(episode, parts={Part.WORDS: 1.0})))
    assert "basement" in words(question, of_both)
    assert "level two" in words(question, of_fact)


def test_an_older_commitment_as_good_by_its_words_answers_only_when(memory: Memory, mind: Mind) -> None:
    hear(mind, "my sister is coming for dinner tomorrow at seven", at(4, 1))
    keep(memory, "dinner with my sister is great fun on a sunday", at(4, 9))
    recalled = found(memory, Kind.FACT, Kind.COMMITMENT)
    assert "at seven" in words("when is dinner with my sister", recalled)
    assert "great fun" in words("how is dinner with my sister", recalled)
