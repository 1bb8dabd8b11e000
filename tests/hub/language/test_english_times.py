"""Times as people say them and recognisers write them: no case, no punctuation, numbers as words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.language.english.numbers import cardinal, ordinal
from sotto_hub.language.english.reader import English
from sotto_hub.language.english.times import mentions
from sotto_hub.language.english.tokens import tokens, vocabulary

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 10, 14, 0, tzinfo=ZONE)
"""A Wednesday afternoon in summer."""


def due(text: str, at: datetime = NOW) -> str:
    when = English().when(text, at)
    return when.due.removesuffix(":00+02:00") if when else "none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my sister is coming for dinner tomorrow at seven", "2026-06-11T19:00"),
        ("the meeting is tomorrow at ten", "2026-06-11T10:00"),
        ("let us meet at three", "2026-06-10T15:00"),
        ("at half past four", "2026-06-10T16:30"),
        ("at quarter to five", "2026-06-10T16:45"),
        ("at a quarter past eight on friday", "2026-06-12T08:15"),
        ("ten past six tonight", "2026-06-10T18:10"),
        ("at ten to five", "2026-06-10T16:50"),
        ("five minutes to seven this evening", "2026-06-10T18:55"),
        ("tomorrow at noon", "2026-06-11T12:00"),
        ("tomorrow at midnight", "2026-06-12T00:00"),
        ("friday at eight in the morning", "2026-06-12T08:00"),
        ("friday at eight in the evening", "2026-06-12T20:00"),
        ("friday at seven thirty", "2026-06-12T19:30"),
        ("our train leaves tomorrow at seven", "2026-06-11T07:00"),
        ("tomorrow at seven pm", "2026-06-11T19:00"),
        ("Tomorrow at 7 p.m.", "2026-06-11T19:00"),
        ("tomorrow at 19:30", "2026-06-11T19:30"),
        ("the day after tomorrow at two o'clock", "2026-06-12T14:00"),
        ("at nine", "2026-06-10T21:00"),
        ("at one", "2026-06-11T13:00"),
        ("today at nine", "2026-06-10T21:00"),
        ("in twenty minutes", "2026-06-10T14:20"),
        ("in half an hour", "2026-06-10T14:30"),
        ("in two hours", "2026-06-10T16:00"),
    ],
)
def test_to_the_minute(text: str, expected: str) -> None:
    assert due(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-06-10"),
        ("tonight", "2026-06-10"),
        ("the day after tomorrow", "2026-06-12"),
        ("on friday", "2026-06-12"),
        ("by friday", "2026-06-12"),
        ("on monday", "2026-06-15"),
        ("on wednesday", "2026-06-17"),
        ("this wednesday evening", "2026-06-10"),
        ("next friday", "2026-06-19"),
        ("next monday", "2026-06-15"),
        ("tomorrow after lunch", "2026-06-11"),
        ("by friday evening", "2026-06-12"),
        ("in a fortnight", "2026-06-24"),
        ("in two weeks", "2026-06-24"),
        ("in three days", "2026-06-13"),
        ("in a week's time", "2026-06-17"),
        ("friday in two weeks", "2026-06-26"),
        ("a week from friday", "2026-06-19"),
        ("on the weekend", "2026-06-13"),
        ("by the end of the week", "2026-06-12"),
        ("by the end of the month", "2026-06-30"),
        ("in two months", "2026-08-10"),
        ("on the third of july", "2026-07-03"),
        ("on july the third", "2026-07-03"),
        ("on the twenty first of june", "2026-06-21"),
        ("on 3 july", "2026-07-03"),
        ("on july 3rd", "2026-07-03"),
        ("on the third of may", "2027-05-03"),
        ("on the seventeenth", "2026-06-17"),
        ("on monday the fifteenth", "2026-06-15"),
        ("on the fifth", "2026-07-05"),
    ],
)
def test_to_the_day(text: str, expected: str) -> None:
    assert due(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "i may go in may",
        "she sat on the second chair",
        "we march every day",
        "give me a second",
        "in a minute i want to write it down",
        "every friday at six i swim",
        "last night was cold",
        "since monday",
        "there were at seven people",
        "platform number nine",
        "room two",
        "about three kilos",
        "you can hear the boats in the morning",
        "we all go to the pub after work",
        "at forty",
        "on the third floor",
        "",
    ],
)
def test_words_without_support_are_no_time(text: str) -> None:
    assert due(text) in ("none", "")


def test_words_deadline_and_part_are_kept() -> None:
    when = English().when("i will send it by Friday evening", NOW)
    assert when
    assert (when.words, when.deadline, when.part) == ("by Friday evening", True, "evening")
    vague = English().when("some day next week", NOW)
    assert vague
    assert (vague.due, vague.words) == ("", "next week")


def test_what_is_denied_is_not_the_time() -> None:
    assert due("he is not coming on thursday he is coming on friday at eight in the morning") == "2026-06-12T08:00"
    assert due("it is on sunday at six instead of saturday") == "2026-06-14T18:00"
    assert due("can we move it from two to half past three") == "2026-06-10T15:30"


def test_a_weekday_that_is_today_means_today_only_while_its_hour_is_to_come() -> None:
    assert due("on wednesday at five") == "2026-06-10T17:00"
    assert due("on wednesday at one in the afternoon") == "2026-06-17T13:00"


def test_the_day_of_a_clock_change_keeps_the_wall_time() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=ZONE)
    when = English().when("tomorrow at ten", before)
    assert when
    assert when.due == "2026-10-25T10:00:00+01:00"
    later = English().when("in two hours", datetime(2026, 10, 25, 1, 30, tzinfo=ZONE))
    assert later
    assert later.due == "2026-10-25T02:30:00+01:00"


def test_several_times_are_found_in_order() -> None:
    found = mentions("tomorrow at nine or on friday at ten", NOW)
    assert [m.when.words for m in found] == ["tomorrow at nine", "on friday at ten"]


def test_spoken_numbers() -> None:
    assert cardinal(["twenty", "one"], 0) == (21, 2)
    assert cardinal(["forty", "and"], 0) == (40, 1)
    assert cardinal(["7"], 0) == (7, 1)
    assert cardinal(["cat"], 0) is None
    assert cardinal([], 0) is None
    assert ordinal(["twenty", "first"], 0) == (21, 2)
    assert ordinal(["3rd"], 0) == (3, 1)
    assert ordinal(["twenty", "cats"], 0) is None


def test_contractions_are_opened_in_place() -> None:
    text = "I'll say it’s done, won't I?"
    assert [t.word for t in tokens(text)] == ["i", "will", "say", "it", "is", "done", "will", "not", "i"]
    assert [text[t.start : t.end] for t in tokens(text)][:2] == ["I'll", "I'll"]


WORDS = st.lists(
    st.sampled_from(
        vocabulary(
            "at by in the on of to past half quarter a an seven ten twenty two noon friday next tomorrow may third "
            "morning week weeks days fortnight 7:30 25:99 99 0 pm o'clock and not instead midnight weekend end month"
        )
    ),
    max_size=9,
)


@settings(max_examples=100, deadline=None)
@given(WORDS, st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001
def test_no_words_can_break_it_and_no_time_is_long_past(words: list[str], at: datetime) -> None:
    now = at.replace(tzinfo=ZONE)
    for mention in mentions(" ".join(words), now):
        assert 0 <= mention.start < mention.end
        if mention.when.at is not None:
            assert mention.when.day == mention.when.at.date()
            assert (now - mention.when.at).days <= 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my sister is coming for dinner tomorrow and seven", "2026-06-11T19:00"),
        ("friday ten thirty", "2026-06-12T10:30"),
        ("there is a fire drill on thursday afternoon and three", "2026-06-11T15:00"),
        ("come back on monday and a quarter past eight", "2026-06-15T08:15"),
        ("move the meeting from two to have passed three", "2026-06-10T15:30"),
        ("i have to go at three", "2026-06-10T15:00"),
        ("on friday and seven people will come", "2026-06-12"),
        ("on friday seven boats will come", "2026-06-12"),
    ],
)
def test_a_misheard_at_does_not_hide_the_hour(text: str, expected: str) -> None:
    assert due(text) == expected
