"""Mute commands by sensor: what waits, what settles it, what is said to the device, and how the device is shown."""

import pytest

from sotto_hub.ingest.orders import (
    ALL,
    Pending,
    Standing,
    changed,
    commands,
    confirmed,
    greeted,
    ordered,
    orders_note,
    read_orders,
    read_standing,
    standing_note,
    standing_orders,
)
from sotto_proto.codec import MAX_NS
from sotto_proto.records import MuteState

MUTE = Pending(muted=True, until_ns=0, asked_ns=10)
OPEN = Pending(muted=False, until_ns=0, asked_ns=10)
LATER = Pending(muted=True, until_ns=50, asked_ns=20)


def test_a_newer_command_takes_the_place_of_an_older_one_of_the_same_sensors() -> None:
    orders = ordered(ordered({}, ["camera", "eyes"], MUTE), ["camera"], OPEN)
    assert orders == {"camera": OPEN, "eyes": MUTE}
    assert ordered(orders, (), LATER) == {"camera": OPEN, "eyes": MUTE, ALL: LATER}


def test_to_open_everything_overrules_what_was_asked_before() -> None:
    assert ordered({"camera": MUTE, ALL: MUTE}, (), OPEN) == {ALL: OPEN}


@pytest.mark.parametrize(
    ("sensor", "pending", "state", "at_ns", "late", "settled"),
    [
        (ALL, MUTE, MuteState(muted=True), 5, False, True),  # the same was done before it was asked for
        (ALL, MUTE, MuteState(muted=True), 5, True, False),  # but by an earlier boot: that says nothing of today
        (ALL, MUTE, MuteState(muted=False), 5, False, False),  # the opposite, before it was asked for
        (ALL, MUTE, MuteState(muted=False), 11, True, True),  # the hand wins, whatever boot it was
        (ALL, MUTE, MuteState(muted=True, streams=("camera",)), 11, False, False),  # about one sensor only
        ("camera", MUTE, MuteState(muted=True, streams=("camera", "eyes")), 11, False, True),
        ("camera", MUTE, MuteState(muted=True, streams=("eyes",)), 11, False, False),
        ("camera", OPEN, MuteState(muted=False), 11, False, True),  # everything is open: the camera too
        ("camera", OPEN, MuteState(muted=True), 11, False, True),  # everything was closed by hand afterwards
        ("camera", MUTE, MuteState(muted=True), 11, False, False),  # it must stay closed when all the rest opens
        ("camera", MUTE, MuteState(muted=True), 5, False, False),
    ],
)
def test_what_settles_a_command(
    *, sensor: str, pending: Pending, state: MuteState, at_ns: int, late: bool, settled: bool
) -> None:
    assert (confirmed({sensor: pending}, state, at_ns, late=late) == {}) is settled


def test_a_mute_that_ran_out_is_no_order_any_more() -> None:
    assert standing_orders({"camera": LATER, "eyes": MUTE}, 50) == {"eyes": MUTE}
    assert standing_orders({"camera": LATER}, 49) == {"camera": LATER}


def test_commands_are_said_in_their_order_and_sensors_of_one_go_together() -> None:
    orders = {"camera": LATER, "eyes": LATER, ALL: MUTE, "mic": OPEN}
    assert commands(orders, may_open=False) == [
        MuteState(muted=True),
        MuteState(muted=True, until_wall_ns=50, streams=("camera", "eyes")),
    ]
    assert MuteState(muted=False, streams=("mic",)) in commands(orders, may_open=True)


def test_how_a_device_stands_follows_what_it_reports() -> None:
    camera = MuteState(muted=True, until_wall_ns=100, streams=("camera",))
    standing = greeted(MuteState(muted=False), (camera,), 5)
    assert standing == Standing(closed={"camera": 105})
    assert (standing.closed_at(104), standing.closed_at(105)) == (("camera",), ())
    standing = changed(standing, MuteState(muted=True, until_wall_ns=7), 5)
    assert standing == Standing(muted=True, until_ns=12, closed={"camera": 105})
    standing = changed(standing, MuteState(muted=True, streams=("eyes",)), 5)
    assert standing.closed_at(1 << 60) == ("eyes",)
    assert changed(standing, MuteState(muted=False, streams=("eyes",)), 5).closed == {"camera": 105}
    assert changed(standing, MuteState(muted=False), 5) == Standing()


def test_a_device_names_no_more_sensors_than_it_can_have() -> None:
    standing = Standing()
    for number in range(100):
        standing = changed(standing, MuteState(muted=True, streams=(f"sensor {number}",)), 0)
    assert len(standing.closed) == 16


def test_times_stay_where_the_wire_can_carry_them() -> None:
    far = greeted(MuteState(muted=True, until_wall_ns=MAX_NS), (), MAX_NS)
    assert far.until_ns == MAX_NS
    (told,) = commands({ALL: Pending(muted=True, until_ns=MAX_NS, asked_ns=0)}, may_open=False)
    assert told.until_wall_ns == MAX_NS


def test_notes_come_back_as_they_were() -> None:
    orders = {ALL: MUTE, "camera": LATER}
    assert read_orders(orders_note(orders)) == orders
    assert read_orders(None) == {}
    standing = Standing(muted=True, until_ns=3, closed={"camera": 0})
    assert read_standing(standing_note(standing)) == standing
    assert read_standing(None) == Standing()
    assert read_standing('{"muted": true, "until_ns": 4}') == Standing(muted=True, until_ns=4)
