"""Whom a statement is about, words that are frequent or unknown, times that do not fit, and a search that waits."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sotto_memory import Kind, Memory, MemoryBusyError, Part, Recalled, Source, new_memory
from sotto_memory.database import open_database
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.recall import lexical, postings
from sotto_memory.recall.others import about_another, asks_for_person, first_other, kin_asked, names_of_kin
from sotto_memory.recall.timewords import spans
from sotto_memory.wording.questions import asks_work, roots, tells_work
from sotto_memory.wording.words import words

NOW_NS = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()) * 10**9  # a Saturday


def told(memory: Memory, *texts: str, days_ago: int = 300, kind: Kind = Kind.FACT) -> None:
    for number, text in enumerate(texts):
        at_ns = NOW_NS - days_ago * NS_PER_DAY + number
        memory.add(new_memory(kind=kind, text=text, now_ns=at_ns, valid_from_ns=at_ns, source=Source.WEARER))


def asked(memory: Memory, question: str) -> Recalled:
    return memory.recall(question, now_ns=NOW_NS)


@pytest.mark.parametrize(
    ("text", "question", "another"),
    [
        ("Nina plays the violin", "which violin do I play", True),
        ("nina plays the violin", "which violin do i play", True),
        ("Nina plays the violin", "does nina play with me", False),
        ("Nina's violin is from Cremona", "where is my violin from", True),
        ("Paul's dog is called Rex", "what is the name of my dog", True),
        ("paul's dog is called rex", "what is the name of my dog", True),
        ("Paul's dog bit me", "what is the name of my dog", False),
        ("grandma moved to Weimar", "when did we move", True),
        ("grandma moved to Weimar", "when did my granny move to us", False),
        ("my older sister's flat is on Mill Road", "where is my flat", True),
        ("my sister Ada moved", "when did I move", True),
        ("my sister Ada moved", "when did I move with Ada", False),
        ("my sister and I moved to Bonn", "when did I move", False),
        ("I moved to Bonn with grandma", "when did I move", False),
        ("Anna Berg is allergic to nuts", "am I allergic to nuts", True),
        ("I'm allergic to nuts", "am I allergic to nuts", False),
        ("my flat is on Mill Road", "where is my flat", False),
        ("dinner is at eight", "when do we eat", False),
        ("today's dinner is at eight", "when is my dinner", False),
        ("it's raining in Weimar", "where am I", False),
        ("the car's battery is new", "is my battery new", False),
        ("", "where am I", False),
    ],
)
def test_whom_a_statement_is_about(text: str, question: str, another: bool) -> None:
    assert about_another(text, frozenset(words(question)) | roots(question)) is another


def test_what_a_question_says_of_persons() -> None:
    assert first_other("my sister Ada works at a bakery") == ("sister", "ada")
    assert kin_asked("Is my older sister's dog a poodle?") >= {"sister"}
    assert {"mum", "mother"} <= kin_asked("what does my mum do")
    assert kin_asked("which of my friends plays tennis") == kin_asked("my flat") == frozenset()
    assert asks_for_person("who has my drill")
    assert asks_for_person("which of my friends sings")
    assert not asks_for_person("which violin do I play")
    assert names_of_kin("yesterday my sister Ada sang", kin_asked("my sister")) == {"ada"}
    assert names_of_kin("my little sister is called Ada", kin_asked("my sister")) == {"ada"}
    assert names_of_kin("my sister works in Bonn", kin_asked("my sister")) == frozenset()
    assert asks_work("what does my mother do?")
    assert asks_work("what do you do for a living")
    assert not asks_work("what does my mother do on Mondays")
    assert tells_work("she is a nurse")
    assert not tells_work("my mother lives in Bremen")


OTHERS = (
    "Nina plays the violin",
    "Paul's dog is called Rex",
    "grandma moved in spring",
    "my mother lives in Bremen",
    "I am allergic to nuts",
)


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("what violin do I play", False),
        ("what is the name of my dog", False),
        ("when did we move", False),
        ("is my wife allergic to nuts", False),
        ("what does my mother do", False),
        ("am I allergic to nuts", True),
        ("where does my mum live", True),
        ("when did my grandmother move", True),
        ("who plays the violin, do I know?", True),
        ("what does Nina play", True),
    ],
)
def test_what_is_told_of_another_does_not_answer(memory: Memory, question: str, known: bool) -> None:
    told(memory, *OTHERS)
    assert asked(memory, question).known is known


def test_the_wearers_own_statement_leads_before_another_persons(memory: Memory) -> None:
    told(
        memory, "I live in Leipzig in a small flat on Karl Street", "grandma lives in Weimar", "my mother lives here"
    )
    for question in ("where do I live", "where did I live in March"):
        hits = asked(memory, question).hits
        assert hits[0].record.text.startswith("I live in Leipzig")
        assert hits[1].parts[Part.PERSON] < 0


def test_what_happened_to_others_is_ranked_as_ever(memory: Memory) -> None:
    told(memory, "Nina plays the violin", kind=Kind.EPISODE, days_ago=1)
    (hit,) = asked(memory, "which violin do I play").hits
    assert hit.parts.get(Part.PERSON, 0) >= 0


def test_a_sister_is_known_by_her_name(memory: Memory) -> None:
    told(memory, "Ada plays the violin")
    question = "does my sister play the violin"
    before = asked(memory, question)
    told(memory, "my sister Ada", days_ago=200)
    after = asked(memory, question)
    assert before.certainty < 0.5 < after.certainty
    assert before.hits[0].parts[Part.PERSON] < 0
    assert all(hit.parts.get(Part.PERSON, 0) >= 0 for hit in after.hits)


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("where did I work in 2019", False),
        ("where did I work in 2026-03", True),
        ("where did I work in 2025-03", False),
        ("where do I work", True),
        ("which bridge did we build in 2019", True),  # it names that time itself
        ("which tower did we build in 2019", False),
    ],
)
def test_what_was_not_so_then_does_not_answer(memory: Memory, question: str, known: bool) -> None:
    told(memory, "I work at the mill in Bonn", "we built the bridge in 2019", "we built the tower")
    assert asked(memory, question).known is known


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in 2026-03", (2026, 3, 1), (2026, 4, 1)),
        ("between 2025-12 and 2026-01", (2025, 12, 1), (2026, 2, 1)),
        ("a year ago today", (2025, 11, 21), (2025, 11, 22)),
        ("today two weeks ago", (2026, 11, 7), (2026, 11, 8)),
        ("nine months ago today", (2026, 2, 21), (2026, 2, 22)),
        ("the weekend before last", (2026, 11, 7), (2026, 11, 9)),
        ("the week before last", (2026, 11, 2), (2026, 11, 9)),
    ],
)
def test_times(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    (span,) = spans(f"What did we do {text}?", NOW_NS, UTC)
    assert (span.from_ns, span.to_ns) == tuple(
        int(datetime(*day, tzinfo=UTC).timestamp()) * 10**9 for day in (first, last)
    )


def test_a_month_ago_today_at_the_end_of_a_month() -> None:
    now_ns = int(datetime(2027, 3, 31, tzinfo=UTC).timestamp()) * 10**9
    (span,) = spans("what did we do a month ago today", now_ns, UTC)
    assert datetime.fromtimestamp(span.from_ns / 1e9, UTC).date().isoformat() == "2027-02-28"


def test_numbers_that_are_no_months() -> None:
    for text in ("call 0171-2023-04", "the code 2026-13", "the part 2026-03-b"):
        assert all("-" not in text[slice(*span.words)] for span in spans(text, NOW_NS, UTC))


def test_the_one_row_that_holds_two_frequent_words_is_found(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "RARE", 5)
    monkeypatch.setattr(postings, "ROOM", 20)
    told(memory, "Anna bought a bicycle")
    others = [
        one for number in range(60) for one in (f"Anna saw cloud {number}", f"the bicycle passed tree {number}")
    ]
    told(memory, *others, days_ago=100)
    assert asked(memory, "anna bicycle").hits[0].record.text == "Anna bought a bicycle"
    monkeypatch.setattr(postings, "PAIRS", 0)
    assert "Anna bought a bicycle" not in [hit.record.text for hit in asked(memory, "anna bicycle").hits]


def test_every_unknown_word_counts(memory: Memory) -> None:
    told(memory, "the blue boat with two white sails floats behind the old harbour near Hamburg bridge")
    question = "does the blue boat with two white sails float behind the old harbour near the bridge"
    assert asked(memory, question).certainty == 1.0
    more = asked(memory, f"{question} with a telescope, giraffe, submarine, walrus and parachute")
    assert more.certainty < 0.75
    assert len(words(question)) > lexical.TERMS


def test_a_search_does_not_wait_long_for_another_writer(
    path: Path, key: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    with Memory.open(path, key=key) as memory:
        told(memory, "Anna plays the xylophone")
        assert asked(memory, "xylophone").hits
        told(memory, "Ben bought a xylophone")
        other = open_database(path, key)
        other.conn.execute("BEGIN IMMEDIATE")
        with caplog.at_level(logging.WARNING, "sotto.memory"):
            assert [hit.record.text for hit in asked(memory, "xylophone").hits] == ["Anna plays the xylophone"]
        assert len(caplog.records) == 1
        assert "xylophone" not in caplog.text
        memory._store._db.conn.execute("PRAGMA busy_timeout = 1")  # all else waits, here not for ten seconds
        with pytest.raises(MemoryBusyError):
            memory.count()
        other.conn.rollback()
        other.close()
        assert len(asked(memory, "xylophone").hits) == 2
        assert memory._store._db.conn.execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
        assert memory.count() == 2
