"""Event time as the wearer's local time, and back."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.localtime import (
    clock,
    day_clock,
    day_or_time,
    from_iso,
    iso,
    local,
    next_hour,
    say_due,
    zone_of,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = 3_600_000_000_000


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 4_000_000_000_000_000), st.sampled_from(["Europe/Stockholm", "Asia/Kathmandu", "UTC"]))
def test_iso_there_and_back(at_us: int, zone: str) -> None:
    assert from_iso(iso(at_us * 1000, ZoneInfo(zone))) == at_us * 1000


@pytest.mark.parametrize("text", ["", "soon", "2026-03-09", "2026-03-09T09:10:00", "2026-13-09T00:00:00Z"])
def test_a_time_needs_its_offset(text: str) -> None:
    with pytest.raises(UsageError):
        from_iso(text)


def test_how_times_are_read() -> None:
    at_ns = from_iso("2026-03-09T08:30:07+01:00")
    assert clock(at_ns, STOCKHOLM) == "08:30:07"
    assert day_clock(at_ns, STOCKHOLM) == "Mon 2026-03-09 08:30:07"
    assert clock(at_ns, UTC) == "07:30:07"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-03-10", "Tue 2026-03-10"),
        ("2026-03-10T19:00:00+01:00", "Tue 2026-03-10 19:00"),
        ("2026-03-10T18:00:00+00:00", "Tue 2026-03-10 19:00"),
        ("2026-03-10T19:00", "Tue 2026-03-10 19:00"),
        ("next week", "next week"),
    ],
)
def test_how_due_times_are_read(due: str, said: str) -> None:
    assert say_due(due, STOCKHOLM) == said


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-09T21:00:00+01:00", "2026-03-10T04:00:00+01:00"),
        ("2026-03-10T03:59:59+01:00", "2026-03-10T04:00:00+01:00"),
        ("2026-03-10T04:00:00+01:00", "2026-03-11T04:00:00+01:00"),
        ("2026-03-28T21:00:00+01:00", "2026-03-29T04:00:00+02:00"),  # the night in which summer time begins
        ("2026-10-24T21:00:00+02:00", "2026-10-25T04:00:00+01:00"),
    ],
)
def test_the_next_four_oclock(now: str, then: str) -> None:
    assert next_hour(from_iso(now), STOCKHOLM, 4) == from_iso(then)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2_000_000_000_000_000_000))
def test_the_night_always_comes_within_a_day(now_ns: int) -> None:
    then_ns = next_hour(now_ns, STOCKHOLM, 4)
    assert now_ns < then_ns <= now_ns + 25 * HOUR
    assert local(then_ns, STOCKHOLM).hour == 4


def test_an_unknown_zone_is_utc() -> None:
    assert zone_of("") is UTC
    assert zone_of("Mars/Olympus") is UTC
    assert zone_of("Europe/Stockholm") == STOCKHOLM


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2026-03-09", 24), ("20260309", 24), ("2026-03-29", 23), ("2026-10-25", 25), ("2026-W11-1", 24)],
)
def test_a_day_is_all_of_it_there(text: str, hours: int) -> None:
    from_ns, until_ns = day_or_time(text, STOCKHOLM)
    assert clock(from_ns, STOCKHOLM) == clock(until_ns, STOCKHOLM) == "00:00:00"
    assert until_ns - from_ns == hours * HOUR


def test_a_time_is_one_instant() -> None:
    eight = from_iso("2026-03-09T08:00:00+01:00")
    assert day_or_time("2026-03-09T08:00", STOCKHOLM) == (eight, eight)
    assert day_or_time("2026-03-09T12:30:00+05:30", STOCKHOLM) == (eight, eight)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "9999-12-31", "2026-03-09T25:00"])
def test_what_is_no_day_and_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="time"):
        day_or_time(text, STOCKHOLM)


def test_times_far_out_still_travel() -> None:
    assert day_or_time("0001-01-01", UTC)[0] == -(2**63 - 1)
    assert day_or_time("9999-12-30", UTC)[1] == 2**63 - 1
