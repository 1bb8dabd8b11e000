"""A day and a clock that are said apart; spans; reminders with their time in the middle; what must not be read."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sotto_hub.language.english.reader import English
from sotto_hub.language.records import FindingKind, Said

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Wednesday."""
K = FindingKind


def read(text: str) -> list[tuple[FindingKind, str]]:
    found = English().read(Said(id="u1", text=text, at=NOW), [])
    return [(f.kind, f.when.due.removesuffix(":00+01:00") if f.when else "") for f in found]


def due(text: str) -> str:
    when = English().when(text, NOW)
    return when.due.removesuffix(":00+01:00") if when else "none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow i have a meeting at nine", "2026-11-19T09:00"),
        ("tomorrow morning i have a meeting at eight", "2026-11-19T08:00"),
        ("on saturday the plumber comes at ten", "2026-11-21T10:00"),
        ("next tuesday i am seeing the doctor at quarter past nine", "2026-11-24T09:15"),
        ("the meeting on friday starts at nine", "2026-11-20T09:00"),
        ("so on friday we have to be at the airport at five in the morning", "2026-11-20T05:00"),
        ("tonight we have dinner with my parents at eight", "2026-11-18T20:00"),
        ("on friday we are having dinner at my place and it starts at eight", "2026-11-20T20:00"),
        ("we meet at nine at the station on friday", "2026-11-20T09:00"),
        ("meeting at three with four people tomorrow", "2026-11-19T15:00"),
    ],
)
def test_a_day_belongs_to_the_clock_of_its_clause(text: str, expected: str) -> None:
    assert due(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see you tomorrow i will call you at six", "2026-11-18T18:00"),
        ("i am busy on friday but i will call you at five", "2026-11-18T17:00"),
        ("remind me at nine to pack for tomorrow", "2026-11-18T21:00"),
        ("not tomorrow the meeting is at nine", "2026-11-18T21:00"),
        ("until friday the shop opens at eleven", "2026-11-18T11:00"),
        ("tomorrow and on friday i have a meeting at eleven", "2026-11-18T11:00"),
        ("on friday call me in twenty minutes", "2026-11-18T10:20"),
    ],
)
def test_a_day_of_another_clause_does_not(text: str, expected: str) -> None:
    assert due(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i have a meeting tomorrow from two to four", "2026-11-19T14:00"),
        ("i have a meeting from two to four tomorrow", "2026-11-19T14:00"),
        ("i have a class tomorrow from nine to eleven", "2026-11-19T09:00"),
        ("the workshop is on friday between two and four", "2026-11-20T14:00"),
        ("the party is from seven to ten pm on saturday", "2026-11-21T19:00"),
        ("the seminar is tomorrow from eleven to one", "2026-11-19T11:00"),
        ("the fair is on friday from ten until noon", "2026-11-20T10:00"),
    ],
)
def test_a_span_is_due_when_it_begins(text: str, expected: str) -> None:
    assert due(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("remind me in an hour to check the oven", "2026-11-18T11:00"),
        ("remind me in ninety minutes to check the oven", "2026-11-18T11:30"),
        ("remind me tomorrow to call tom", "2026-11-19"),
        ("remind me tomorrow at nine to call tom", "2026-11-19T09:00"),
        ("please remind me on friday at five to call the plumber", "2026-11-20T17:00"),
        ("remind me on monday week to water the plants", "2026-11-30"),
        ("remind me again at half past four about the cake", "2026-11-18T16:30"),
        ("remind me next week to water the plants", ""),
    ],
)
def test_the_time_of_a_reminder_may_stand_in_its_middle(text: str, expected: str) -> None:
    assert read(text) == [(K.REMINDER, expected)]


def test_a_reminder_with_its_time_in_the_middle_quotes_what_is_to_be_done() -> None:
    (found,) = English().read(Said(id="u1", text="Remind me in an hour to check the oven.", at=NOW), [])
    assert found.what == "check the oven"


@pytest.mark.parametrize(
    "text",
    [
        "do not remind me to call tom at seven",
        "you don't have to remind me to call tom tomorrow",
        "there is no need to remind me of the meeting at nine",
        "never remind me about the call at seven",
        "i used to have a meeting at nine",
        "the dentist appointment on friday at ten is off",
        "i won't come tomorrow at seven",
        "i'm not going to call you tomorrow at five",
        "we're not having dinner on saturday at eight",
        "there is no class tomorrow at nine",
        "if it rains tomorrow i will bring you an umbrella at five",
        "i would call you tomorrow at nine",
        "imagine i will pay you tomorrow at nine",
        "what if we have dinner tomorrow at seven",
        "every monday at nine i have a meeting",
        "we had a meeting last friday at ten",
    ],
)
def test_what_commits_to_nothing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "i promised to bring the book on friday",
        "i booked the dentist appointment for friday",
        "i wanted to send the report",
        "i tried to fix the gate",
        "i moved my things to the office",
    ],
)
def test_what_is_still_to_come_is_not_done(text: str) -> None:
    assert K.DONE not in [kind for kind, _ in read(text)]


@pytest.mark.parametrize("text", ["i mailed the report", "i have already fixed the gate", "i brought the book back"])
def test_what_is_done_is_done(text: str) -> None:
    assert read(text) == [(K.DONE, "")]
