"""What is told twice is kept once: the dress of a statement, and what becomes of evidence and confidence."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, Source, Use, new_memory
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.keeping.likeness import EVIDENCE_ITEMS, EVIDENCE_OLDEST, gist, merged, says_the_same
from sotto_memory.wording.dress import Word, bare, coarse, same_word

NOW_NS = 1_800_000_000 * 10**9


def fact(text: str, **fields: Any) -> MemoryRecord:
    return replace(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS), **fields)


def alike(one: MemoryRecord, other: MemoryRecord) -> bool:
    return gist(one) == gist(other) and says_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna likes tea", "  anna LIKES tea."),
        ("I'm living in Oslo", "I live in Oslo now"),
        ("I am allergic to nuts", "im allergic to nuts"),
        ("Tom owes Anna a beer", "Well, you know, Tom owes Anna a beer"),
        ("The gate code is 4471", "please remember that the gate code is 4471"),
        ("I like the sea", "Actually I really like the sea, you know"),
        ("Anna's number is 555 0142", "Anna’s number is 555-0142"),
        ("I don't eat meat", "i do not eat meat"),
        ("I dont eat meat", "I don't eat meat"),
        ("Tom's at home", "Tom is at home"),
        ("She has two cats", "She's got two cats"),
        ("I have a dog", "I've got a dog"),
        ("Anna works at the bank", "Anna is still working at the bank"),
        ("he runs marathons", "he is running marathons"),
        ("The meeting is at 4:30", "the meeting's at 4.30"),
        ("The meeting is at 4:30PM on the 2ND", "the meeting is at 4.30pm on the 2nd"),
        ("The party is loud", "the parties are loud"),
        ("Likes the café", "likes the cafe\u0301"),
        ("...", "…!"),
    ],
)
def test_another_dress_is_the_same_statement(one: str, other: str) -> None:
    assert alike(fact(one), fact(other)) or one == "..."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tom owes Anna", "Anna owes Tom"),
        ("I like tea", "I don't like tea"),
        ("I live in Oslo", "I lived in Oslo"),
        ("I live in Oslo", "I used to live in Oslo"),
        ("Anna has 2 cats", "Anna has 3 cats"),
        ("Jona likes tea", "Jonas likes tea"),
        ("jane likes tea", "jan likes tea"),
        ("version 1.5", "version 15"),
        ("it was -5 degrees", "it was 5 degrees"),
        ("Travels from Oslo to Bergen", "Travels to Oslo from Bergen"),
        ("my sister lives in Oslo", "your sister lives in Oslo"),
        ("likes C++", "likes C#"),
        ("likes 🍎", "likes 🍏"),
        ("कि", "की"),
        ("The password is Xy7kQ", "the password is xy7kq"),
        ("password is Hunter2", "password is hunter2"),
        ("The plate is AB12CD", "the plate is ab12cd"),
        ("Anna is a dentist", "is Anna a dentist"),
        ("Anna likes tea", "Anna likes tea?"),
        ("Anna eats fish", "Anna only eats fish"),
        ("pays 5 €", "pays 5 $"),
        ("Tom likes paint", "Tom likes painting"),
        ("I call Tom", "I will call Tom"),
    ],
)
def test_another_word_is_another_statement(one: str, other: str) -> None:
    assert not alike(fact(one), fact(other))


DIFFERENT: list[dict[str, Any]] = [
    {"kind": Kind.PREFERENCE},
    {"subject": "Bo"},
    {"source": Source.WEARER},
    {"details": {"due": "2027-02-01"}},
    {"label": "private"},
    {"valid_until_ns": NOW_NS + 1},
    {"slot": "anna/tea"},
]


@pytest.mark.parametrize("difference", DIFFERENT, ids=lambda difference: next(iter(difference)))
def test_equal_words_with_another_frame_are_kept_apart(difference: dict[str, Any]) -> None:
    assert not alike(fact("Anna likes tea", slot="x/y"), fact("Anna likes tea", **{"slot": "x/y"} | difference))


def test_the_walk_of_today_is_not_that_of_yesterday() -> None:
    walks = [
        new_memory(kind=Kind.EPISODE, text="A walk", now_ns=NOW_NS, valid_from_ns=NOW_NS - day * NS_PER_DAY)
        for day in (0, 1, 1)
    ]
    assert not alike(walks[0], walks[1])
    assert alike(walks[1], walks[2])


def walk(day: int, **fields: Any) -> MemoryRecord:
    return new_memory(kind=Kind.EPISODE, text="We went for a walk", now_ns=NOW_NS + day * NS_PER_DAY, **fields)


def test_what_happens_again_is_kept_apart_by_the_day_on_which_it_was_learnt(memory: Memory) -> None:
    days = [memory.add(walk(day)) for day in (0, 1, 8)]
    assert [record.at_ns for record in memory.list()] == [record.at_ns for record in reversed(days)]
    assert memory.add(walk(1)).id == days[1].id, "one moment, one telling"
    assert memory.count() == 3


def test_only_the_same_telling_of_an_event_joins(memory: Memory) -> None:
    first = memory.add(walk(0, evidence=("u1", "u2")))
    assert memory.add(walk(1, evidence=("u2", "u1"))) == first, "the same evidence, whenever it is told"
    with pytest.raises(MemoryInputError, match="id_taken"):
        memory.add(replace(walk(2), id=first.id, text="We went to the sea"))
    assert memory.add(walk(2, id=first.id)).id == first.id
    assert memory.add(walk(0, evidence=("u3",))).id != first.id
    assert memory.count() == 2


@pytest.mark.parametrize("text", ["password is {}", "my wifi password is {}"])
def test_of_two_passwords_that_differ_by_case_both_are_known(memory: Memory, text: str) -> None:
    for n, code in enumerate(("Hunter2", "hunter2")):
        memory.add(fact(text.format(code), source=Source.WEARER, recorded_ns=NOW_NS + n, valid_from_ns=NOW_NS + n))
    assert {record.text for record in memory.list(include_past=True)} == {
        text.format("Hunter2"),
        text.format("hunter2"),
    }
    assert memory.list()[0].text == text.format("hunter2")
    assert memory.add(fact(text.format("hunter2").upper().replace("HUNTER", "hunter"), source=Source.WEARER))
    assert memory.count() == 2


FORMS = "like likes liking live living glass glasses box boxes run running party parties tea is 5"
WORDS = st.sampled_from(FORMS.split())


@settings(max_examples=80, deadline=None)
@given(WORDS, WORDS, st.booleans(), st.booleans())
def test_words_that_may_be_one_share_what_is_looked_up(a: str, b: str, going: bool, named: bool) -> None:
    one, other = Word(a, named=named, going=going), Word(b)
    assert same_word(one, other) == same_word(other, one)
    assert not same_word(one, other) or coarse(a) == coarse(b)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_every_text_is_like_itself_in_any_spacing(text: str) -> None:
    assert [one.word for one in bare(text)] == [one.word for one in bare(f"  {text} ")]


def test_evidence_and_quotes_are_united_and_confidence_grows_by_new_evidence(memory: Memory) -> None:
    first = memory.add(fact("Anna likes tea", evidence=("u1",), confidence=0.6, quotes={"u1": "tea, she said"}))
    told = fact("anna likes tea!", evidence=("u2",), confidence=0.5, importance=0.7, quotes={"u2": "tea again"})
    again = memory.add(told)
    assert (again.id, again.text, again.evidence) == (first.id, "Anna likes tea", ("u1", "u2"))
    assert again.quotes == {"u1": "tea, she said", "u2": "tea again"}
    assert again.confidence == pytest.approx(0.8)
    assert again.importance == 0.7
    assert [note.use for note in again.history] == [Use.TOLD]
    assert memory.add(replace(told, id="other")) == again


def test_hearing_alone_never_makes_certain() -> None:
    known = fact("Anna likes tea", confidence=0.9)
    for n in range(9):
        known = merged(known, fact("Anna likes tea", confidence=0.9), (f"u{n}",))
    assert known.confidence == 0.99
    assert merged(replace(known, confidence=1.0), known, ("u99",)).confidence == 1.0


def test_what_is_told_every_day_does_not_grow_for_ever(memory: Memory) -> None:
    for n in range(3 * EVIDENCE_ITEMS):
        memory.add(fact("Anna likes tea", evidence=(f"u{n}",), recorded_ns=NOW_NS + n))
    (known,) = memory.list()
    assert len(known.evidence) == EVIDENCE_ITEMS
    assert known.evidence[EVIDENCE_OLDEST - 1 : EVIDENCE_OLDEST + 1] == ("u15", "u144")
    assert known.evidence[-1] == f"u{3 * EVIDENCE_ITEMS - 1}"
    assert known.uses == 3 * EVIDENCE_ITEMS - 1


def test_what_was_given_at_once_is_kept_whole(memory: Memory) -> None:
    many = tuple(f"u{n}" for n in range(200))
    memory.add(fact("Anna likes tea", evidence=many))
    assert len(memory.add(fact("Anna likes tea", evidence=("new",))).evidence) == 200
    assert memory.list()[0].evidence[-1] == "new"


def test_it_began_when_it_was_first_said_to_have_begun(memory: Memory) -> None:
    memory.add(fact("Anna likes tea", evidence=("u1",), valid_from_ns=500))
    assert memory.add(fact("Anna likes tea", evidence=("u2",), valid_from_ns=900)).valid_from_ns == 500
    assert memory.add(fact("Anna likes tea", evidence=("u3",), valid_from_ns=100)).valid_from_ns == 100


def test_many_equal_words_of_other_people_stay_apart(memory: Memory) -> None:
    for n in range(20):
        memory.add(fact("likes tea", subject=f"Person {n}"))
    assert memory.count() == 20
    assert memory.add(fact("likes tea", subject="person 7")).subject == "Person 7"
