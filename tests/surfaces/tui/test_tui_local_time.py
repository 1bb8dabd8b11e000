"""Times for people, in the hub's timezone."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from sotto_hub.surfaces.localtime import zone_of
from sotto_hub.surfaces.tui.local_time import (
    Due,
    clock,
    day_and_clock,
    due,
    due_order,
    due_words,
    is_over,
    span,
)
from tests.surfaces.tui.demo_words import ns

WHERE = ZoneInfo("Europe/Stockholm")


def test_the_clock_is_the_hubs() -> None:
    assert clock(ns("08:30:50"), WHERE) == "08:30"
    assert clock(ns("08:30:50"), UTC) == "07:30"
    assert day_and_clock(ns("08:30"), WHERE) == "Mon 9 Mar  08:30"


@pytest.mark.parametrize("name", ["", "Nowhere/Else", "../etc/passwd", "UTC"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone_of(name).utcoffset(None) in {None, timedelta(0)}


def test_impossible_times_do_not_crash() -> None:
    assert clock(-(2**62), WHERE) == clock(0, WHERE)
    assert clock(2**63 - 1, WHERE)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-03-10T99:00"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert due(text, WHERE) is None


def parsed(text: str) -> Due:
    when = due(text, WHERE)
    assert when is not None
    return when


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-03-09T19:00:00+01:00", "today 19:00"),
        ("2026-03-10T18:00:00+00:00", "tomorrow 19:00"),
        ("2026-03-10", "tomorrow"),
        ("2026-03-08", "yesterday"),
        ("2026-03-13T09:00", "Fri 13 Mar 09:00"),
        ("2027-03-13", "Sat 13 Mar 2027"),
    ],
)
def test_due_words(text: str, words: str) -> None:
    assert due_words(parsed(text), ns("08:30"), WHERE) == words


def test_a_day_sorts_after_its_times_and_no_date_sorts_last() -> None:
    texts = ["", "2026-03-10", "2026-03-11", "2026-03-10T19:00:00+01:00"]
    ordered = sorted(texts, key=lambda t: due_order(due(t, WHERE)))
    assert ordered == ["2026-03-10T19:00:00+01:00", "2026-03-10", "2026-03-11", ""]


def test_a_whole_day_is_over_at_its_end() -> None:
    today = Due(day=date(2026, 3, 9))
    assert not is_over(today, ns("23:59"), WHERE)
    assert is_over(today, ns("23:59") + 120 * 10**9, WHERE)
    assert is_over(parsed("2026-03-09T08:00:00+01:00"), ns("08:30"), WHERE)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (30, "30 seconds"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (600, "10 minutes"),
    ],
)
def test_span(seconds: int, words: str) -> None:
    assert span(seconds * 10**9) == words


def test_long_spans_are_hours() -> None:
    assert span(2 * 3600 * 10**9) == "2 hours"
