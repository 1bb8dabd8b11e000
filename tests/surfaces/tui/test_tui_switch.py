"""The honest switch never says off while a device may capture."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.surfaces.tui.switch import Device, Now, Sensing, Switch, Tone, is_closed, sensing, switch
from tests.surfaces.tui.demo_words import ns

NOW = Now(event_ns=ns("08:30"), wall_ns=ns("08:30"), where=ZoneInfo("Europe/Stockholm"))


def device(name: str = "pendant", *, connected: bool = True, muted: bool = False, until: str = "") -> Device:
    return Device(id=name, name=name, connected=connected, muted=muted, muted_until_ns=ns(until) if until else 0)


def shown(*devices: Device, reachable: bool = True, day_done: bool = False, now: Now = NOW) -> Switch:
    return switch(devices, now, reachable=reachable, day_done=day_done)


def words(*devices: Device, reachable: bool = True) -> str:
    one = shown(*devices, reachable=reachable)
    return f"{one.sign} {one.label} | {one.detail}"


def test_one_device() -> None:
    assert words(device()) == "● listening | pendant"
    assert words(device(muted=True)) == "○ muted | pendant"
    assert words(device(muted=True, until="14:38")) == "○ muted until 14:38 | pendant"
    assert words() == "– no device | pair one with `sotto pair`"


def test_a_device_out_of_reach_may_be_listening() -> None:
    assert words(device(connected=False)) == "◐ may be listening | pendant, out of reach"
    assert words(device(connected=False, muted=True)) == "○ muted | pendant, out of reach"


def test_a_device_may_be_closed_in_part() -> None:
    camera = replace(device(), closed=("camera",))
    assert words(camera) == "◑ listening, camera closed | pendant"
    assert words(replace(device(), closed=("mic", "eyes"))) == "◑ microphone and eye tracker closed | pendant"
    both = words(camera, device("laptop", muted=True))
    assert both == "◑ partly closed | pendant listening, camera closed · laptop muted"
    assert words(camera, device("laptop")).startswith("● listening |")
    assert words(replace(camera, connected=False)).startswith("◐ may be listening")


def test_a_sensor_is_closed_only_when_every_device_says_so() -> None:
    camera = replace(device(), closed=("camera",))
    assert is_closed("camera", [camera, device("laptop", muted=True)], NOW, reachable=True)
    assert not is_closed("mic", [camera], NOW, reachable=True)
    assert not is_closed("camera", [camera, device("laptop")], NOW, reachable=True)
    assert not is_closed("camera", [camera], NOW, reachable=False)
    assert not is_closed("camera", [], NOW, reachable=True)


def test_one_that_listens_outweighs_all_that_are_muted() -> None:
    two = words(device(muted=True, until="08:41"), device("laptop"))
    assert two == "● listening | pendant muted until 08:41 · laptop listening"
    assert words(device(muted=True), device("laptop", connected=False)).startswith("◐ may be listening")


def test_different_mutes_show_the_one_that_ends_first() -> None:
    both = words(device(muted=True, until="08:41"), device("laptop", muted=True, until="09:00"))
    assert both == "○ muted until 08:41 | pendant muted until 08:41 · laptop muted until 09:00"
    assert words(device(muted=True, until="08:41"), device("laptop", muted=True)).startswith("○ muted |")


def test_hub_away_says_what_may_be() -> None:
    assert words(device(), reachable=False) == "✕ hub away | pendant may be listening"
    assert words(device(muted=True), reachable=False) == "✕ hub away | pendant muted"
    assert shown(device(), reachable=False).tone is Tone.BAD


def test_a_mute_that_ran_out_is_no_mute() -> None:
    over = device(muted=True, until="08:29")
    assert words(over).startswith("◐ may be listening")
    later = Now(event_ns=NOW.event_ns, wall_ns=ns("15:00"), where=NOW.where)
    timed = device(muted=True, until="14:38")
    assert sensing(timed, later, reachable=True) is Sensing.MUTED, "a connected device tells its own time"
    assert sensing(timed, later, reachable=False) is Sensing.UNSURE


def test_the_day_is_done_only_when_no_device_is_left() -> None:
    assert shown(device(connected=False), day_done=True).label == "day done"
    assert shown(device(), day_done=True).label == "listening"


devices = st.builds(
    Device,
    id=st.just("d"),
    name=st.just("d"),
    connected=st.booleans(),
    muted=st.booleans(),
    muted_until_ns=st.sampled_from([0, ns("08:29"), ns("08:31")]),
    closed=st.sampled_from([(), ("camera",), ("mic",), ("mic", "camera", "eyes")]),
)


def may_capture_now(one: Device) -> bool:
    return not one.muted or 0 < one.muted_until_ns <= NOW.event_ns


@pytest.mark.parametrize("reachable", [True, False])
@settings(max_examples=100, deadline=None)
@given(some=st.lists(devices, min_size=1, max_size=4))
def test_never_off_while_anything_may_capture(reachable: bool, some: list[Device]) -> None:
    one = switch(some, NOW, reachable=reachable)
    may_capture = any(may_capture_now(d) for d in some)
    assert not (may_capture and one.label.startswith("muted"))
    assert one.label != "day done"
    mic_may_be_open = any(not d.connected or "mic" not in d.closed for d in some if may_capture_now(d))
    assert not (mic_may_be_open and one.label.startswith("microphone closed"))
    if not reachable:
        assert ("may be listening" in one.detail) == may_capture
