"""The spoken "off the record": what is it, what only talks of it, and what recognisers make of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.language.english.control import takes_back

PHRASE = "off the record"

SAID = (
    "off the record",
    "Off the record.",
    "OFF THE RECORD!",
    "of the record",
    "off the records",
    "okay off the record please",
    "this is off the record",
    "that was off the record",
    "that's off the record",
    "it's off the record",
    "that is strictly off the record",
    "so this is all off the record please",
    "let's keep that off the record",
    "let us keep all of that off the record",
    "please keep this off the record",
    "keep it off the record please",
    "take that off the record",
    "let's go off the record",
    "go off the record now",
    "we are off the record",
    "we're off the record now",
    "i want to keep that off the record",
    "i would like to keep this off the record",
    "what i just said is off the record",
    "everything we said was off the record",
    "the last five minutes are off the record",
    "all of that off the record",
    "this has to be off the record",
    "ok sotto off the record thanks",
    "no wait that was off the record",
)
TALK = (
    "",
    "he told me off the record that they will sell",
    "she said off the record",
    "he told me that off the record",
    "was that off the record",
    "is this off the record",
    "are we off the record",
    "can we keep this off the record",
    "should we go off the record",
    "what does off the record mean",
    "what is off the record",
    "do you want this off the record",
    "this is not off the record",
    "that isn't off the record",
    "nothing is off the record",
    "if this is off the record i can tell you",
    "off the record he is leaving in june",
    "off the record i think the plan is bad",
    "the journalist kept it off the record",
    "we talked off the record for an hour",
    "you could call it off the record",
    "on the record",
    "this is on the record",
    "for the record",
    "off the road",
    "take the lid off the record player",
    "put it off",
    "the end of the record",
    "the best song of the record",
    "delete everything",
    "hey assistant delete the last hour it was off the record",
    "let us say it was off the record",
    "we are back on the record after being off the record",
)


@pytest.mark.parametrize("text", SAID)
def test_a_request_is_taken_for_one(text: str) -> None:
    assert takes_back(text, PHRASE)


@pytest.mark.parametrize("text", TALK)
def test_talk_about_it_is_talk(text: str) -> None:
    assert not takes_back(text, PHRASE)


@pytest.mark.parametrize("text", [*SAID, *TALK])
def test_without_a_phrase_nothing_is_taken_back(text: str) -> None:
    assert not takes_back(text, "")
    assert not takes_back(text, " - ")


def test_another_phrase_can_be_chosen() -> None:
    assert takes_back("okay forget the last bit please", "forget the last bit")
    assert takes_back("Sotto, vergiss das!", "vergiss das")
    assert not takes_back("off the record", "forget the last bit")
    assert not takes_back("i will never forget the last bit", "forget the last bit")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=20))
def test_any_words_are_understood_or_not(text: str, phrase: str) -> None:
    assert takes_back(text, phrase) in (True, False)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(("maria", "tomorrow", "sold", "house", "told", "not", "if", "why")), min_size=1))
def test_no_word_of_content_is_taken_with_it(words: list[str]) -> None:
    content = " ".join(words)
    assert not takes_back(f"{content} off the record", PHRASE)
    assert not takes_back(f"off the record {content}", PHRASE)
