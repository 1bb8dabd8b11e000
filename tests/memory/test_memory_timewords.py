"""Time expressions of questions against now and the wearer's zone: golden examples, clock changes, bounds."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory.recall import periods
from sotto_memory.recall.periods import FIRST_NS, LAST_NS
from sotto_memory.recall.timewords import TEXT_CHARS, Span, looks_back, spans
from sotto_memory.wording import numbers

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_NS = 3_600 * 10**9


def ns(text: str, zone: tzinfo = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 10**9


NOW_NS = ns("2026-11-18T15:30")  # a Wednesday


def told(span: Span, zone: tzinfo = BERLIN) -> str:
    """So: "2026-11-17..2026-11-18", times where they are not midnight, nothing for an open side, ~ when vague."""

    def side(at_ns: int) -> str:
        if at_ns in (FIRST_NS, LAST_NS):
            return ""
        at = datetime.fromtimestamp(at_ns / 1e9, zone)
        return f"{at:%Y-%m-%d}" + (f"T{at:%H:%M}" if at.hour or at.minute else "")

    return f"{'' if span.exact else '~'}{side(span.from_ns)}..{side(span.to_ns)}"


def read(text: str, now_ns: int = NOW_NS, zone: tzinfo = BERLIN) -> list[str]:
    return [told(span, zone) for span in spans(text, now_ns, zone)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday", "2026-11-17..2026-11-18"),
        ("this morning", "2026-11-18T04:00..2026-11-18T12:00"),
        ("last night", "2026-11-17T18:00..2026-11-18T06:00"),
        ("yesterday evening", "2026-11-17T17:00..2026-11-18"),
        ("the day before yesterday", "2026-11-16..2026-11-17"),
        ("tomorrow", "2026-11-19..2026-11-20"),
        ("on Tuesday", "2026-11-17..2026-11-18"),
        ("on wednesday", "2026-11-11..2026-11-12"),
        ("last Friday evening", "2026-11-13T17:00..2026-11-14"),
        ("next tuesday", "2026-11-24..2026-11-25"),
        ("tuesday last week", "2026-11-10..2026-11-11"),
        ("last week", "2026-11-09..2026-11-16"),
        ("this week", "2026-11-16..2026-11-23"),
        ("last weekend", "2026-11-14..2026-11-16"),
        ("over the weekend", "2026-11-14..2026-11-16"),
        ("last month", "2026-10-01..2026-11-01"),
        ("last year", "2025-01-01..2026-01-01"),
        ("last summer", "~2026-06-01..2026-09-01"),
        ("last winter", "~2025-12-01..2026-03-01"),
        ("in summer 2021", "~2021-06-01..2021-09-01"),
        ("three days ago", "2026-11-15..2026-11-16"),
        ("twenty one days ago", "2026-10-28..2026-10-29"),
        ("two weeks ago", "~2026-11-01..2026-11-08"),
        ("a couple of weeks ago", "~2026-10-25..2026-11-08"),
        ("four years ago", "~2022-01-01..2023-01-01"),
        ("an hour ago", "2026-11-18T14:00..2026-11-18T15:00"),
        ("in the last two weeks", "2026-11-04..2026-11-19"),
        ("recently", "~2026-10-19..2026-11-19"),
        ("in March", "2026-03-01..2026-04-01"),
        ("in December", "2025-12-01..2026-01-01"),
        ("last march", "2026-03-01..2026-04-01"),
        ("March last year", "2025-03-01..2025-04-01"),
        ("last year in March", "2025-03-01..2025-04-01"),
        ("in march twenty twenty three", "2023-03-01..2023-04-01"),
        ("early march", "~2026-03-01..2026-03-12T11:16"),
        ("in the first half of September 2022", "~2022-09-01..2022-09-16"),
        ("in 2022", "2022-01-01..2023-01-01"),
        ("in nineteen ninety nine", "1999-01-01..2000-01-01"),
        ("in the nineties", "~1990-01-01..2000-01-01"),
        ("on 8 May 2023", "2023-05-08..2023-05-09"),
        ("May 8th, 2023", "2023-05-08..2023-05-09"),
        ("Monday, May 8, 2023", "2023-05-08..2023-05-09"),
        ("on the eighth of may", "2026-05-08..2026-05-09"),
        ("8.5.2023", "2023-05-08..2023-05-09"),
        ("2023-05-08", "2023-05-08..2023-05-09"),
        ("5/8/2023", "~2023-08-05..2023-08-06"),
        ("5/28/2023", "2023-05-28..2023-05-29"),
        ("on the third", "2026-11-03..2026-11-04"),
        ("8 May 2023 in the evening", "2023-05-08T17:00..2023-05-09"),
        ("the morning of May 8", "2026-05-08T04:00..2026-05-08T12:00"),
        ("last christmas", "~2025-12-24..2025-12-27"),
        ("at easter 2024", "2024-03-29..2024-04-02"),
        ("before March", "..2026-03-01"),
        ("after 8 May 2023", "2023-05-09.."),
        ("since last tuesday", "2026-11-17.."),
        ("until 2020", "..2021-01-01"),
        ("between August 11 and August 15 2023", "2023-08-11..2023-08-16"),
        ("between 3 and 8 May", "2026-05-03..2026-05-09"),
        ("between November and January", "2025-11-01..2026-02-01"),
        ("from monday to wednesday", "2026-11-09..2026-11-12"),
        ("the week before August 3, 2023", "2023-07-27..2023-08-03"),
        ("two weeks before August 11, 2023", "~2023-07-25..2023-08-01"),
        ("on the Monday before July 24, 2023", "2023-07-17..2023-07-18"),
        ("the weekend before 4th October, 2023", "2023-09-30..2023-10-02"),
        ("during the first weekend of August 2023", "2023-08-05..2023-08-07"),
        ("on the last Friday of May", "2026-05-29..2026-05-30"),
        ("in the second week of November 2025", "~2025-11-08..2025-11-15"),
    ],
)
def test_a_time_and_its_words(text: str, expected: str) -> None:
    question = f"What did I do {text}?"
    assert read(question) == [expected]
    (span,) = spans(question, NOW_NS, BERLIN)
    assert question[slice(*span.words)] == text
    assert read(question.lower()) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "what may happen will march on",
        "did April call, and what did May say",
        "the second time on the third floor",
        "I have lived here for two years",
        "we sat in the sun before the race",
        "the spring broke after the fall",
        "call 0171 2023",
    ],
)
def test_words_that_only_look_like_times(text: str) -> None:
    assert read(text) == []


def test_a_question_that_looks_ahead() -> None:
    assert read("What do I have on Friday?") == ["2026-11-20..2026-11-21"]
    assert read("What will we do in March?") == ["2027-03-01..2027-04-01"]


def test_several_times_in_the_order_of_their_words() -> None:
    assert read("Was it yesterday, or in March 2025?") == ["2026-11-17..2026-11-18", "2025-03-01..2025-04-01"]


def test_days_on_which_the_clocks_change_have_23_and_25_hours() -> None:
    spring, autumn = (spans(text, NOW_NS, BERLIN)[0] for text in ("on 29 March 2026", "on 25 October 2026"))
    assert (spring.to_ns - spring.from_ns, autumn.to_ns - autumn.from_ns) == (23 * HOUR_NS, 25 * HOUR_NS)


def test_today_is_the_wearers_day() -> None:
    late_ns = ns("2026-12-31T23:30", UTC)
    assert read("today", late_ns, UTC) == ["2026-12-31..2027-01-01"]
    assert read("today", late_ns, BERLIN) == ["2027-01-01..2027-01-02"]
    assert read("last month", late_ns, BERLIN) == ["2026-12-01..2027-01-01"]
    cairo = ZoneInfo("Africa/Cairo")  # its clocks go forward at midnight
    (span,) = spans("on 24 April 2026", ns("2026-05-01T12:00", cairo), cairo)
    assert span.to_ns - span.from_ns == 23 * HOUR_NS


def test_the_29th_of_february() -> None:
    assert read("on 29 February 2024") == ["2024-02-29..2024-03-01"]
    assert read("on 30 February 2024") == ["2024-02-01..2024-03-01"]  # no such day: its month is meant


def test_no_calendar_no_times() -> None:
    for now_ns in (LAST_NS, FIRST_NS, ns("1970-01-01T00:00", UTC)):
        assert all(span.from_ns < span.to_ns for span in spans("yesterday, four years ago, in 2022", now_ns, UTC))
    assert spans("yesterday", 10**30, UTC) == ()
    assert len(read("around early " * 150 + "in March")) == 1
    assert spans("x" * TEXT_CHARS + " yesterday", NOW_NS, UTC) == ()


def test_what_was_so_before() -> None:
    for text in (
        "Where did I use to live?",
        "my old address",
        "Who was my dentist before that?",
        "where was I before?",
    ):
        assert looks_back(text), text
    for text in ("Where do I live?", "how to use the oven", "what is my last name", "what did I do before March"):
        assert not looks_back(text), text


def test_easter_against_the_almanac() -> None:
    known = {1961: (4, 2), 2000: (4, 23), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2038: (4, 25)}
    assert {year: (periods.easter(year).month, periods.easter(year).day) for year in known} == known


def test_spoken_numbers() -> None:
    assert numbers.cardinal(["twenty", "one"], 0) == (21, 2)
    assert numbers.ordinal(["thirty", "first"], 0) == (31, 2)
    assert numbers.year(["two", "thousand", "and", "five"], 0) == (2005, 4)
    assert numbers.year(["twenty", "oh", "five"], 0) == (2005, 3)
    assert numbers.year(["twenty", "five"], 0) is None
    assert [numbers.cardinal(words, 0) for words in (["twenty"], ["x"], [])] == [(20, 1), None, None]


_SAID = (
    "in on the last next before after since between and of a week weeks day month may march friday two 8 8th 2023 ago"
)
_TEXTS = st.lists(st.sampled_from(_SAID.split()), max_size=10).map(" ".join) | st.text(max_size=40)
_ZONES = st.sampled_from([UTC, BERLIN, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Pacific/Apia")])


@given(_TEXTS, st.integers(-(2**61), 2**62), _ZONES)
@settings(max_examples=150, deadline=None)
def test_any_text_at_any_time(text: str, now_ns: int, zone: tzinfo) -> None:
    last = 0
    for span in spans(text, now_ns, zone):
        assert FIRST_NS <= span.from_ns < span.to_ns <= LAST_NS
        assert last <= span.words[0] < span.words[1] <= len(text)
        last = span.words[1]
