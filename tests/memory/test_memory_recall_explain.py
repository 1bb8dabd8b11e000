"""Why a memory was found, in whole words: nobody is left unnamed, and nothing is said that is not so."""

from typing import Any

import pytest

from sotto_memory import Kind, Memory, Part, Source, new_memory
from sotto_memory.hits import Hit
from sotto_memory.recall.explain import Reasons, persons_in, why

NOW_NS = 1_800_000_000 * 10**9


def said_of(persons: tuple[str, ...] = (), part: Part = Part.PERSON, **fields: Any) -> str:
    given = {"kind": Kind.EPISODE, "text": "played the cello"} | fields
    record = new_memory(now_ns=NOW_NS, **given)
    hit = Hit(record=record, score=1.0, why="", parts={part: 1.0})
    return why(hit, Reasons(persons=persons), NOW_NS)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"source": Source.WEARER}, "your own words; strength 100%"),
        ({}, "strength 100%"),
        ({"subject": "Anna"}, "by Anna; strength 100%"),
        ({"subject": "wearer"}, "by you; strength 100%"),
        ({"kind": Kind.FACT, "subject": "wearer"}, "about you; strength 100%"),
        ({"kind": Kind.FACT, "subject": "Bo", "text": "Bo met Ánna"}, "about Anna; strength 100%"),
        ({"kind": Kind.FACT, "text": "Anna plays", "source": Source.WEARER}, "about Anna; strength 100%"),
        ({"kind": Kind.FACT, "subject": "ANNA", "source": Source.WEARER}, "about ANNA; strength 100%"),
        ({"kind": Kind.FACT}, "strength 100%"),
    ],
)
def test_a_person_has_a_name(fields: dict[str, Any], reason: str) -> None:
    assert said_of(("Anna",), **fields) == reason


def test_the_newest_is_not_said_to_name_a_time() -> None:
    assert said_of(part=Part.TIME) == "the newest to say so; strength 100%"
    assert said_of(part=Part.TIME, text="played on Friday").startswith("names a time")


def test_names_are_as_the_question_writes_them() -> None:
    assert persons_in("What does Ánna's BO play, Anna?", frozenset({"anna", "bo"})) == ("Ánna", "BO", "Anna")


def test_a_search_names_the_person_of_the_question(memory: Memory) -> None:
    memory.add(new_memory(kind=Kind.FACT, text="the cello belongs to Anna", now_ns=NOW_NS))
    memory.add(new_memory(kind=Kind.EPISODE, text="went to the fair", now_ns=NOW_NS, source=Source.WEARER))
    assert "; about Anna; " in memory.search("which cello does Anna play", now_ns=NOW_NS)[0].why
    own = memory.search("when did I go to the fair", now_ns=NOW_NS)[0].why
    assert "your own words" in own
    assert "by ;" not in own
