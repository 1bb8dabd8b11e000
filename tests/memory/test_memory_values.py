"""The parts of a claim: whose thing it is, what may stand as its value; and stretches of the calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sotto_memory.keeping import values
from sotto_memory.keeping.claims import asked, read
from sotto_memory.keeping.nouns import Sort, noun, owner_of
from sotto_memory.recall import periods
from sotto_memory.recall.periods import EVER, FIRST_NS, LAST_NS, NEVER, Period


@pytest.mark.parametrize(
    ("text", "me", "slot", "sort"),
    [
        ("my new dentist", "wearer", "wearer/dentist", Sort.ROLE),
        ("my dentist", "anna", "anna/dentist", Sort.ROLE),
        ("our landlord", "wearer", "the/landlord", Sort.ROLE),
        ("our landlord", "anna", "anna/landlord", Sort.ROLE),
        ("my dentist's name", "wearer", "wearer/dentist", Sort.ROLE),
        ("anna's number", "", "anna/phone-number", Sort.CODE),
        ("anna's mom's number", "", "anna/mother/phone-number", Sort.CODE),
        ("the number of my dentist", "wearer", "wearer/dentist/phone-number", Sort.CODE),
        ("the code for the alarm", "", "the/alarm-code", Sort.CODE),
        ("my locker's code", "wearer", "wearer/locker-code", Sort.CODE),
        ("my favorite color", "wearer", "wearer/favourite-colour", Sort.FAVOURITE),
        ("my favourite colours", "wearer", "wearer/favourite-colours", Sort.OPEN),
        ("my blood type", "wearer", "wearer/blood-type", Sort.ATTRIBUTE),
        ("my type", "wearer", "wearer/type", Sort.OPEN),
        ("the team meeting", "", "the/team-meeting", Sort.EVENT),
        ("my keys", "wearer", "wearer/key", Sort.THING),
        ("the number", "", "the/number", Sort.OPEN),
        ("my password", "wearer", "wearer/password", Sort.OPEN),
        ("my sister's name", "wearer", "wearer/sister/name", Sort.OPEN),
        ("my brother", "wearer", "wearer/brother", Sort.OPEN),
    ],
)
def test_whose_thing_and_which(text: str, me: str, slot: str, sort: Sort) -> None:
    found = noun(text, me)
    assert found is not None
    assert (found.slot, found.sort) == (slot, sort)


@pytest.mark.parametrize(
    "text", ["my", "her dentist", "my old dentist", "a dentist", "the other key", "my very own new small red key", ""]
)
def test_nobodys_things_and_other_ones(text: str) -> None:
    assert noun(text, "wearer") is None
    assert noun("my dentist", "") is None


def test_names_of_people() -> None:
    assert [owner_of(text, "wearer") for text in ("anna", "uncle bob", "my sister", "my new boss")] == [
        "anna",
        "uncle bob",
        "wearer/sister",
        "wearer/boss",
    ]
    assert not any(
        owner_of(text, "wearer") for text in ("everyone", "it", "the man", "my table", "anna is", "x2", "")
    )


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("dr berg in elm street", "My dentist is Dr Berg in Elm Street", "dr berg"),
        ("eva now", "my boss is eva now", "eva"),
        ("late", "my boss is late", ""),
        ("forgetful", "my boss is forgetful", ""),
        ("eva and tom", "my boss is eva and tom", ""),
        ("tired", "My boss is tired", ""),
        ("away", "My boss is Away", ""),
        ("grumpy", "My boss is grumpy", ""),  # written with capitals, a name would have one
    ],
)
def test_what_may_be_a_name(value: str, text: str, expected: str) -> None:
    assert values.name(value, text) == expected


@pytest.mark.parametrize(
    ("value", "side"),
    [
        ("at four", "time"),
        ("at half past nine", "time"),
        ("at 16:30", "time"),
        ("on friday", "day"),
        ("every friday", "day"),
        ("on the third of may", "day"),
        ("in room 5", "place"),
        ("at the office", "place"),
        ("tomorrow", ""),
        ("in an hour", ""),
        ("in progress", ""),
        ("boring", ""),
        ("cancelled", ""),
    ],
)
def test_an_event_has_a_time_a_day_and_a_place(value: str, side: str) -> None:
    assert values.facet(value)[0] == side


def test_values_meet_in_figures_and_small_words() -> None:
    assert values.normal("on the Third of May") == values.normal("third of may")
    assert values.normal("four four seven one") == values.normal("44 71") == ("4471",)
    assert values.code("wrong") == values.code("changed") == values.code("") == ""
    assert values.code("not telling 5") == "not telling 5"


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("nowadays i live in graz", "wearer/home"),
        ("I have settled down in Graz", "wearer/home"),
        ("Anna found a new job at Acme", "anna/work"),
        ("My employer is Acme", "wearer/work"),
        ("from now on I work for Acme", "wearer/work"),
        ("my locker's code is 4412", "wearer/locker-code"),
        ("i keep the spare key in the shed", "the/spare-key/place"),
        ("The spare key hangs behind the door", "the/spare-key/place"),
        ("the team meeting is every Friday", "the/team-meeting/day"),
        ("Anna changed her number to 0171 5512", "anna/phone-number"),
        ("Anna can be reached at 0171 5512", "anna/phone-number"),
        ("lasagne is Anna's favourite dish", "anna/favourite-dish"),
        ("My wife's birthday is the 3rd of May", "wearer/wife/birthday"),
        ("my favourite colour has changed to green", "wearer/favourite-colour"),
        ("Friday is the day of the team meeting", ""),
        ("the code is 5", ""),
        ("I put the milk in the fridge", ""),
        ("Anna has a new coat called Molly", ""),
    ],
)
def test_other_ways_to_say_it(text: str, slot: str) -> None:
    found = read(text)
    assert (found.slot if found else "") == slot


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("On which day is the team meeting?", "the/team-meeting/day"),
        ("How can I reach Anna?", "anna/phone-number"),
        ("Which colour is my favourite?", "wearer/favourite-colour"),
        ("where can I find the spare key", "the/spare-key/place"),
        ("Where is my home?", "wearer/home"),
        ("Who is my employer?", "wearer/work"),
        ("why do I live", ""),
        ("x" * 400, ""),
    ],
)
def test_other_ways_to_ask(question: str, slot: str) -> None:
    assert (asked(question) or ("",))[0] == slot


def test_wall_clocks_and_moments() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at_ns = periods.nanoseconds(datetime(2026, 7, 1, 12), berlin)  # noqa: DTZ001  (a wall clock)
    assert periods.local_time(at_ns, UTC).hour == 10
    assert periods.nanoseconds(EVER, berlin) == FIRST_NS
    assert periods.nanoseconds(NEVER, berlin) == periods.nanoseconds(datetime(2400, 1, 1), UTC) == LAST_NS  # noqa: DTZ001


def test_months_run_over_the_ends_of_years() -> None:
    assert periods.month_start(2026, 0) == date(2025, 12, 1)
    assert periods.month_start(2026, 13) == date(2027, 1, 1)
    assert periods.week(date(2027, 1, 1)).start.date() == date(2026, 12, 28)


def test_what_comes_every_year_is_the_last_that_has_begun() -> None:
    now = datetime(2026, 11, 18, 15)  # noqa: DTZ001

    def november(year: int) -> Period:
        return periods.month(year, 11)

    assert periods.nearest(november, now, ahead=False).start.year == 2026
    assert periods.nearest(november, now, ahead=False, over=True).start.year == 2025
    assert periods.nearest(lambda year: periods.month(year, 3), now, ahead=True).start.year == 2027
