"""What a statement claims and what a question asks for: examples, a held-out list, and what must never be a claim."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Source, new_memory
from sotto_memory.keeping.claims import LONGEST_CHARS, Claim, asked, claim, read
from sotto_memory.wording.plain import in_figures, plain
from tests.memory.claim_sentences import CLAIMS, NO_CLAIMS, QUESTIONS

NOW_NS = 1_800_000_000 * 10**9


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("I live in Oslo", "wearer/home", "oslo"),
        ("i am living in bonn now", "wearer/home", "bonn"),
        ("We've just moved to Vienna, finally", "wearer/home", "vienna"),
        ("These days I live in Graz.", "wearer/home", "graz"),
        ("Oslo is where I live now", "wearer/home", "oslo"),
        ("I live in Norway", "wearer/home/country", "norway"),
        ("i live at twelve elm street", "wearer/home/address", "12 elm street"),
        ("my new job is at Acme", "wearer/work", "acme"),
        ("I started at Acme today", "wearer/work", "acme"),
        ("Dr Klein is my new dentist", "wearer/dentist", "dr klein"),
        ("My dentist's name is Dr Klein", "wearer/dentist", "dr klein"),
        ("I have a new dentist called Dr Klein", "wearer/dentist", "dr klein"),
        ("the code of my locker is 4412", "wearer/locker-code", "4412"),
        ("the wifi password was changed to kiwi77", "the/wifi-password", "kiwi77"),
        ("I changed the wifi password, it is now kiwi77", "the/wifi-password", "kiwi77"),
        ("my sisters phone number is one two three", "wearer/sister/phone-number", "123"),
        ("you can reach Anna at 5512", "anna/phone-number", "5512"),
        ("Anna has a new number, it is 5512", "anna/phone-number", "5512"),
        ("the meeting has been moved to five", "the/meeting/time", "5"),
        ("the meeting has moved to Friday", "the/meeting/day", "friday"),
        ("the meeting is in room 5", "the/meeting/place", "room 5"),
        ("I put the spare key in the blue box", "the/spare-key/place", "blue box"),
        ("Anna's dog is called Rex", "anna/dog/name", "rex"),
        ("I've changed my wifi password from pear to kiwi", "wearer/wifi-password", "kiwi"),
    ],
)
def test_one_value_at_a_time(text: str, slot: str, value: str) -> None:
    for said in (text, text.lower(), f"well, {text}", f"Please remember that {text}"):
        assert read(said) == Claim(slot=slot, value=tuple(value.split())), said


def test_what_is_over_ends_without_another_value() -> None:
    assert read("I no longer work at Acme") == Claim(slot="wearer/work", value=("acme",), ends=True)
    assert read("Dr Berg isn't my dentist any more") == Claim(slot="wearer/dentist", value=("dr", "berg"), ends=True)
    assert read("my boss is no longer Eva") == Claim(slot="wearer/boss", value=("eva",), ends=True)


def test_who_i_is_depends_on_whose_word_it_is() -> None:
    def slot(source: Source, subject: str = "", text: str = "I live in Oslo") -> str:
        record = new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS, source=source, subject=subject)
        found = claim(record)
        return found.slot if found else ""

    assert slot(Source.WEARER) == "wearer/home"
    assert slot(Source.OTHER, "Anna") == "anna/home"
    assert slot(Source.UNKNOWN) == ""
    assert slot(Source.UNKNOWN, text="Anna lives in Oslo") == "anna/home"
    assert slot(Source.WEARER, "Anna", "She lives in Oslo") == "anna/home"
    assert slot(Source.WEARER, "Anna", "Lives in Oslo") == "anna/home"
    assert slot(Source.WEARER, text="She lives in Oslo") == ""


def test_passing_kinds_claim_nothing_and_a_given_slot_stays() -> None:
    walk = new_memory(kind=Kind.EPISODE, text="I live in Oslo", now_ns=NOW_NS, source=Source.WEARER)
    assert claim(walk) is None
    own = new_memory(kind=Kind.FACT, text="Diesel, please", now_ns=NOW_NS, slot="car/fuel")
    assert claim(own) == Claim(slot="car/fuel", value=("diesel", "please"))


def test_on_the_held_out_list_hardly_any_claim_is_wrong() -> None:
    """Measured once before it was looked at: precision 0.98, recall 0.96, questions 25 of 26."""
    found = [(read(text), slot, value) for text, slot, value in CLAIMS]
    right = [
        one
        for one, slot, value in found
        if one
        and (one.slot, one.ends) == (slot, value[0] == "-")
        and set(one.value) >= set(value.lstrip("-").split())
    ]
    false = [text for text in NO_CLAIMS if read(text)]
    wrong = sum(one is not None for one, _, _ in found) - len(right) + len(false)
    assert len(right) / (len(right) + wrong) >= 0.98
    assert len(right) / len(CLAIMS) >= 0.95
    assert false == []


@pytest.mark.parametrize(("question", "slot"), QUESTIONS)
def test_questions_ask_for_the_slots_that_statements_fill(question: str, slot: str) -> None:
    assert (asked(question) or ("",))[0] == slot


def test_what_is_shared_may_have_been_called_ones_own() -> None:
    assert asked("what is the wifi password") == ("the/wifi-password", "wearer/wifi-password")
    assert asked("what was my old address") == ("wearer/address", "the/address")
    assert asked("where do I live") == ("wearer/home", "wearer/home/address", "wearer/home/country")
    assert asked("what is Anna's dog called?") == ("anna/dog/name",)


def test_one_claim_in_a_text_of_one_sentence() -> None:
    for text in ("I live in Oslo. My dentist is Dr Berg.", "I live in Oslo and my dentist is Dr Berg", "x " * 200):
        assert read(text) is None
    assert len("x " * 200) > LONGEST_CHARS


def test_spoken_figures_are_figures() -> None:
    assert in_figures(["double", "five", "three", "one", "oh"]) == ("55310",)
    assert in_figures(["blue", "kettle", "forty", "two"]) == ("blue", "kettle", "42")
    assert plain("So, I’m in — well. Not you") == ""


_SAID = (
    "I my the our Anna's is are not no longer live in at work Oslo dentist Dr Berg password code four , . ' now was"
)
_WORDS = st.sampled_from(_SAID.split())


@given(st.lists(_WORDS, max_size=9).map(" ".join) | st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_anything_can_be_read(text: str) -> None:
    found = read(text)
    assert found is None or (found.slot and found.value and len(found.slot) <= 200)
    assert read(f"{text}?") is None
    assert len(asked(text)) == len(set(asked(text)))
