"""The small pure parts: clocks, echoes, back-off, words, settings, and what is kept of a mute."""

import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.arguments import instant_ns, parser, span_s
from sotto_device.backoff import FIRST_S, LONGEST_S, backoff_s
from sotto_device.clock import Clock
from sotto_device.echo import Echo, best
from sotto_device.errors import DeviceError, HomeError, LinkRefused, RecordingError, UsageError
from sotto_device.mute import UNMUTED
from sotto_device.remote import control_of
from sotto_device.settings import (
    Settings,
    default_home,
    local_timezone,
    parsed_settings,
    prepared_home,
    read_settings,
)
from sotto_proto.records import MuteState, OffTheRecord
from tests.device.sensed import SECOND


def test_wall_time_follows_the_monotonic_clock() -> None:
    readings = iter([5, 9])
    clock = Clock(wall_minus_monotonic_ns=1000, read=lambda: next(readings))
    assert [clock.now().wall_ns, clock.now().wall_ns] == [1005, 1009]
    assert clock.at(7).monotonic_ns == 7
    started = Clock.started_now()
    assert started.now().wall_ns <= started.now().wall_ns


def test_an_echo_tells_the_offset_and_its_error() -> None:
    echo = Echo(sent_ns=100, hub_ns=1_150, received_ns=200)
    assert (echo.offset_ns, echo.error_ns) == (1_000, 50)
    assert best([echo, Echo(sent_ns=100, hub_ns=1_104, received_ns=110)]).offset_ns == 999


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_the_true_offset_lies_within_the_error(offset_ns: int, there_ns: int, back_ns: int) -> None:
    echo = Echo(sent_ns=0, hub_ns=there_ns + offset_ns, received_ns=there_ns + back_ns)
    assert abs(echo.offset_ns - offset_ns) <= echo.error_ns + 1


@given(st.integers(0, 100), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_back_off_grows_within_its_bounds(attempt: int, chance: float) -> None:
    assert FIRST_S <= backoff_s(attempt, chance) <= LONGEST_S
    assert backoff_s(attempt, chance) <= backoff_s(attempt + 1, chance)


def test_back_off_spreads() -> None:
    assert backoff_s(0, 0) == FIRST_S
    assert backoff_s(20, 0) == LONGEST_S / 2
    assert backoff_s(20, 1) == LONGEST_S


@pytest.mark.parametrize(("words", "seconds"), [("90s", 90), ("10m", 600), (" 2H ", 7200), ("1d", 86_400)])
def test_spans(words: str, seconds: int) -> None:
    assert span_s(words) == seconds


@pytest.mark.parametrize("words", ["", "10", "0m", "-5m", "ten minutes", "5y"])
def test_words_that_are_no_span(words: str) -> None:
    with pytest.raises(UsageError):
        span_s(words)


def test_instants_need_an_offset() -> None:
    assert instant_ns("2026-03-09T08:00:00+01:00") == 1_773_039_600 * SECOND
    assert instant_ns("2026-03-09T07:00:00.25Z") == 1_773_039_600 * SECOND + SECOND // 4
    for words in ("2026-03-09T08:00:00", "tomorrow"):
        with pytest.raises(UsageError):
            instant_ns(words)


def test_the_command_line(tmp_path: Path) -> None:
    words = parser(tmp_path).parse_args(["run", "--source", "replay:x", "--stop-at", "a", "--stop-at", "b"])
    assert (words.source, words.pace, words.stop_at, words.until, words.home) == (
        "replay:x",
        "real",
        ["a", "b"],
        None,
        tmp_path,
    )
    assert parser(tmp_path).parse_args(["run"]).source == "mic"


def test_exit_statuses_tell_kinds_apart() -> None:
    assert DeviceError("x", "y").exit_status == 1
    assert [kind("x", "y").exit_status for kind in (UsageError, HomeError, RecordingError, LinkRefused)] == [
        2,
        3,
        6,
        7,
    ]
    assert str(UsageError("code", "a sentence")) == "a sentence [code]"


def test_settings_have_defaults_and_are_checked(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()
    (tmp_path / "device.toml").write_text('timezone = "Europe/Stockholm"\nmicrophone = "USB"\nspool_mib = 8\n')
    told = read_settings(tmp_path)
    assert (told.timezone, told.microphone, told.spool_bytes) == ("Europe/Stockholm", "USB", 8 << 20)


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"spool": 5}, "no setting 'spool'"),
        ({"spool_mib": "many"}, "not a number"),
        ({"spool_mib": True}, "not a number"),
        ({"spool_mib": 1}, "between 4 and 4096"),
        ({"bitrate": 5}, "between 6000 and 64000"),
        ({"timezone": 5}, "not text"),
        ({"timezone": "Mars/Base"}, "a name like"),
        ({"gate": 5}, "no setting 'gate'"),
    ],
)
def test_settings_that_are_off(told: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parsed_settings(told)


def test_a_broken_settings_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "device.toml").write_text("timezone = ")
    with pytest.raises(UsageError) as caught:
        read_settings(tmp_path)
    assert str(tmp_path / "device.toml") in caught.value.sentence


def test_where_the_device_lives() -> None:
    assert default_home({"SOTTO_DEVICE_HOME": "/x"}) == Path("/x")
    assert default_home({"HOME": "/me"}) == Path("/me/.local/share/sotto-device")


def test_the_home_is_for_its_owner_only(tmp_path: Path) -> None:
    home = prepared_home(tmp_path / "a/b")
    assert oct(home.stat().st_mode & 0o777) == "0o700"
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError) as caught:
        prepared_home(tmp_path / "file" / "home")
    assert caught.value.exit_status == 3


def test_the_zone_of_the_machine(tmp_path: Path) -> None:
    zones = tmp_path / "zoneinfo/Europe"
    zones.mkdir(parents=True)
    (zones / "Stockholm").write_text("")
    (tmp_path / "localtime").symlink_to(zones / "Stockholm")
    assert local_timezone({}, tmp_path / "localtime") == "Europe/Stockholm"
    assert local_timezone({"TZ": ":Asia/Tokyo"}, tmp_path / "localtime") == "Asia/Tokyo"
    assert local_timezone({"TZ": "CET-1CEST"}, tmp_path / "nothing") == "UTC"
    assert ZoneInfo(local_timezone(os.environ))


@pytest.mark.parametrize(
    ("told", "control"),
    [
        ({"do": "mute"}, MuteState(muted=True)),
        ({"do": "mute", "for_s": 2}, MuteState(muted=True, until_wall_ns=7 + 2 * SECOND)),
        ({"do": "mute", "for_s": None, "sensors": ["eyes", "mic"]}, MuteState(muted=True, streams=("mic", "eyes"))),
        ({"do": "unmute", "sensors": []}, UNMUTED),
        ({"do": "unmute", "sensors": ["mic"]}, MuteState(muted=False, streams=("mic",))),
        ({"do": "off_the_record", "last_s": 1.5}, OffTheRecord(last_ns=3 * SECOND // 2)),
    ],
)
def test_orders_in_words(told: dict[str, object], control: object) -> None:
    assert control_of(told, 7) == control


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        '{"do": "fly"}',
        '{"do": "off_the_record"}',
        '{"do": "mute", "for_s": -1}',
        '{"do": "mute", "sensors": ["nose"]}',
        '{"do": "unmute", "sensors": "mic"}',
    ],
)
def test_orders_that_are_none(line: str) -> None:
    with pytest.raises(UsageError):
        control_of(json.loads(line), 0)
