"""Finding by more than the words of one row: what is said beside, who, when, where, and which value is asked for."""

from dataclasses import replace

import pytest

from sotto_memory import Kind, Memory, Part, Source, new_memory
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.recall import postings
from sotto_memory.recall.query import Query, read
from sotto_memory.recall.tuning import Tuning
from sotto_memory.wording.variants import variants
from tests.memory.test_memory_search import NOW_NS

MINUTE_NS = 60 * 10**9
DAY_NS = NS_PER_DAY


def say(memory: Memory, text: str, who: str = "", *, ago_ns: int = DAY_NS, kind: Kind = Kind.EPISODE) -> str:
    at_ns = NOW_NS - ago_ns
    return memory.add(new_memory(kind=kind, text=text, subject=who, now_ns=at_ns, valid_from_ns=at_ns)).id


def found(memory: Memory, query: str) -> list[str]:
    return [hit.record.text for hit in memory.search(query, now_ns=NOW_NS)]


def asked(text: str) -> Query:
    from datetime import UTC

    return read(text, NOW_NS, UTC, Tuning())


def test_the_answer_beside_the_question_is_found(memory: Memory) -> None:
    say(memory, "which breed of dog did you choose?", "Ben", ago_ns=DAY_NS)
    say(memory, "a greyhound from the shelter", "Anna", ago_ns=DAY_NS - MINUTE_NS)
    say(memory, "the soup is cold again", "Ben", ago_ns=DAY_NS // 2)
    hits = memory.search("Which breed of dog did Anna choose?", now_ns=NOW_NS)
    assert hits[0].record.text == "a greyhound from the shelter"
    assert "said beside “breed”, “dog”" in hits[0].why
    assert "by Anna" in hits[0].why
    assert "the soup is cold again" not in [hit.record.text for hit in hits]


def test_facts_kept_side_by_side_lend_each_other_nothing(memory: Memory) -> None:
    say(memory, "the boiler was repaired", kind=Kind.FACT)
    say(memory, "the ferry leaves at nine", kind=Kind.FACT)
    assert found(memory, "boiler") == ["the boiler was repaired"]


@pytest.mark.parametrize("taken", ["doubt", "bin"])
def test_what_is_out_of_sight_lends_no_words(memory: Memory, taken: str) -> None:
    hidden = memory.get(say(memory, "the boiler is broken", "Ben"))
    assert hidden is not None
    say(memory, "then call somebody", "Anna", ago_ns=DAY_NS - MINUTE_NS)
    assert "then call somebody" in found(memory, "boiler")
    gone = replace(hidden, doubt="half_sentence") if taken == "doubt" else replace(hidden, binned_ns=NOW_NS)
    memory.put(gone)
    assert found(memory, "boiler") == []


def test_words_are_found_in_other_forms(memory: Memory) -> None:
    say(memory, "mum bought a bicycle")
    assert found(memory, "what did my mother buy") == ["mum bought a bicycle"]
    assert "bought" in variants("buys")
    assert "go" in variants("went")


def test_who_said_it_decides_between_equals(memory: Memory) -> None:
    for who in ("Anna", "Ben", "Carla Ruiz"):
        say(memory, "I want to learn the cello", who, ago_ns=DAY_NS * (1 + len(who)))
    for who in ("Anna", "Ben", "Carla"):
        first = memory.search(f"Did {who} want to learn an instrument, the cello?", now_ns=NOW_NS)[0]
        assert first.record.subject.startswith(who)
        assert first.parts[Part.PERSON] > 0


def test_a_fact_about_somebody_who_also_speaks_is_found_by_the_name(memory: Memory) -> None:
    say(memory, "hello everybody", "Anna")
    say(memory, "Ben is allergic to walnuts", kind=Kind.FACT)
    say(memory, "Anna is allergic to latex", kind=Kind.FACT, ago_ns=9 * DAY_NS)
    assert found(memory, "what is Anna allergic to")[0] == "Anna is allergic to latex"


def test_when_it_happened_decides_between_equals(memory: Memory) -> None:
    for days in (1, 8, 40):
        say(memory, f"we met the builders about the roof, visit {days}", ago_ns=days * DAY_NS)
    first = memory.search("What did the builders say about the roof yesterday?", now_ns=NOW_NS)[0]
    assert first.record.text.endswith("visit 1")
    assert "yesterday" in first.why
    assert first.parts[Part.TIME] > 0


def test_a_time_alone_brings_what_happened_then(memory: Memory) -> None:
    say(memory, "dinner with Tom", ago_ns=DAY_NS)
    say(memory, "rain all day", ago_ns=5 * DAY_NS)
    assert found(memory, "yesterday") == ["dinner with Tom"]
    assert found(memory, "what was there yesterday") == ["dinner with Tom"]


def test_names_of_days_may_be_what_was_said(memory: Memory) -> None:
    say(memory, "dinner with Tom is on Sunday", ago_ns=20 * DAY_NS)
    assert found(memory, "the dinner on Sunday")[0] == "dinner with Tom is on Sunday"
    assert [term.word for term in asked("dinner last week").terms] == ["dinner"]
    assert [term.word for term in asked("dinner in March 2025").terms] == ["dinner", "march", "2025"]


def home(memory: Memory, text: str, days: int) -> str:
    at_ns = NOW_NS - days * DAY_NS
    made = new_memory(kind=Kind.FACT, text=text, now_ns=at_ns, valid_from_ns=at_ns, source=Source.WEARER)
    return memory.add(replace(made, slot="wearer/home")).id


def test_the_value_that_is_asked_for_comes_first_though_no_word_matches(memory: Memory) -> None:
    older, newer = home(memory, "Malmo is home", 200), home(memory, "it is Lund now", 30)
    for text in ("where people live is odd", "Anna asked where I live", "we live and learn"):
        say(memory, text)
    now = memory.recall("Where do I live?", now_ns=NOW_NS)
    assert (now.hits[0].record.id, now.known, now.certainty) == (newer, True, 1.0)
    assert "holds the answer to “wearer/home”" in now.hits[0].why
    then = memory.recall("Where do I live?", now_ns=NOW_NS, as_of_ns=NOW_NS - 100 * DAY_NS)
    assert then.hits[0].record.id == older
    assert memory.recall("Where did I live 3 months ago?", now_ns=NOW_NS).hits[0].record.id == older
    assert memory.recall("Where did I use to live?", now_ns=NOW_NS).hits[0].record.id == older


def test_a_value_that_was_not_true_then_is_no_answer(memory: Memory) -> None:
    home(memory, "it is Lund now", 30)
    assert not memory.recall("Where did I live two years ago?", now_ns=NOW_NS).known


def test_what_shares_evidence_with_a_hit_follows_it(memory: Memory) -> None:
    talk = replace(new_memory(kind=Kind.EPISODE, text="the plumber rang", now_ns=NOW_NS), evidence=("u1", "u2"))
    due = replace(new_memory(kind=Kind.COMMITMENT, text="pay forty euros", now_ns=NOW_NS), evidence=("u2",))
    for record in (talk, due, new_memory(kind=Kind.FACT, text="the lake is cold", now_ns=NOW_NS)):
        memory.add(record)
    hits = memory.search("plumber", now_ns=NOW_NS)
    assert [hit.record.id for hit in hits] == [talk.id, due.id]
    assert set(hits[1].parts) == {Part.HOP}
    assert "leads on from another hit" in hits[1].why


def test_the_parts_and_strength_make_the_score(memory: Memory) -> None:
    say(memory, "Ben sold the old boat", "Ben")
    say(memory, "the boat is red", "Anna")
    for hit in memory.search("When did Ben sell the boat?", now_ns=NOW_NS):
        assert 0.9 * sum(hit.parts.values()) <= hit.score <= 1.1 * sum(hit.parts.values())


def test_frequent_words_are_read_in_part_and_rare_ones_in_full(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest memory is found by a rare word together with a frequent one, however bounded the reading is."""
    monkeypatch.setattr(postings, "RARE", 20)
    monkeypatch.setattr(postings, "ROOM", 40)
    say(memory, "the harp stands in the hall", kind=Kind.FACT, ago_ns=200 * DAY_NS)
    for day in range(120):
        say(memory, f"walked through the hall {day}", kind=Kind.FACT, ago_ns=day * DAY_NS)
    assert found(memory, "the harp in the hall")[0] == "the harp stands in the hall"
    here = postings.reach(memory._store)
    assert here is not None
    hall = postings.read(memory._store, ['"hall"', '"harp"'], here)[0]
    assert len(hall.numbers) <= 80
    assert hall.numbers[0] == 1
    assert 100 <= hall.rows <= 140


def test_most_of_a_memory_may_be_out_of_sight(memory: Memory) -> None:
    for number in range(300):
        memory.add(new_memory(kind=Kind.EPISODE, text=f"walk number {number}", now_ns=NOW_NS - 400 * DAY_NS))
    say(memory, "a walk to remember with Tom and the dogs and all the children", ago_ns=200 * DAY_NS)
    assert len(found(memory, "walk")) == 1


def test_many_facts_of_one_form_are_told_apart_in_a_small_store(memory: Memory) -> None:
    people = ("Anna", "Ben", "Clara", "David", "Edda", "Felix", "Greta", "Hugo")
    forms = ("{} keeps the spare key in the shed", "{} plays the oboe in the band", "{} is allergic to cat hair")
    for number, text in enumerate(form.format(one) for one in people for form in forms):
        memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS + number * 10**12))
    for one in people:
        hit = memory.search(f"Where does {one} keep the spare key?", now_ns=NOW_NS + 10**15)[0]
        assert hit.record.text == forms[0].format(one)
