"""Spans of time as a person types and reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.duration import parse_duration, say_duration, say_exactly

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("2h", 7200), ("1h30m", 5400), ("1d", 86_400), (" 5 M ", 300), ("0.5m", 30)],
)
def test_what_a_person_types(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds * SECOND


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "10x", "5m later", "0s", "8d", "9999999s", "１０m"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_duration(text)
    assert caught.value.code == "duration"


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 7 * 24 * 60))
def test_minutes_come_back(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    text = f"{hours}h{rest}m"
    assert parse_duration(text) == minutes * 60 * SECOND


@pytest.mark.parametrize(
    ("span_ns", "said"),
    [
        (0, "0 s"),
        (SECOND, "1 s"),
        (600 * SECOND, "10 min"),
        (5400 * SECOND, "1 h 30 min"),
        (90_061 * SECOND, "1 d 1 h"),
    ],
)
def test_how_it_is_read(span_ns: int, said: str) -> None:
    assert say_duration(span_ns) == said


def test_the_ledger_shows_milliseconds() -> None:
    assert say_exactly(71_640) == "71.640"
    assert say_exactly(3_723_456, long=True) == "1:02:03.456"
