"""P3, off is off: what is ordered, what the switch says, what the sensors do, and what is shown."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sotto_device.closures import LONG_AGO_NS, MOST, Closures
from sotto_device.mute import (
    ALL_MUTED,
    CAMERA,
    EYES,
    MIC,
    MUTED,
    NO_ORDERS,
    SENSORS,
    UNMUTED,
    Orders,
    Shown,
    Shutter,
    ordered,
    passed,
    reported,
    said,
    standing,
    switched,
)
from sotto_proto.records import MuteState

ALL = frozenset(SENSORS)
NONE: frozenset[str] = frozenset()


def until(wall_ns: int, *sensors: str) -> MuteState:
    return MuteState(muted=True, until_wall_ns=wall_ns, streams=sensors)


def mute(*sensors: str) -> MuteState:
    return MuteState(muted=True, streams=sensors)


def unmute(*sensors: str) -> MuteState:
    return MuteState(muted=False, streams=sensors)


def after(*orders: MuteState, now_ns: int = 5) -> Shutter:
    shutter = Shutter()
    for order in orders:
        shutter = ordered(shutter, order, now_ns)
    return shutter


def test_a_lasting_mute_lasts() -> None:
    shutter = after(MUTED)
    assert passed(shutter, 1 << 62) == shutter
    assert shutter.wanted == NONE


def test_a_timed_mute_ends_at_its_time() -> None:
    shutter = after(until(100))
    assert passed(shutter, 99).wanted == NONE
    assert passed(shutter, 100).wanted == ALL


def test_the_newest_order_wins() -> None:
    shutter = after(MUTED, until(100))
    assert passed(shutter, 100).orders == NO_ORDERS
    assert ordered(shutter, UNMUTED, 7).wanted == ALL


def test_a_mute_that_is_over_when_it_comes_changes_nothing() -> None:
    """It must not open what has been closed since."""
    assert after(MUTED, until(5)) == after(MUTED)
    assert after(until(5)) == Shutter()
    assert standing(Orders(everything=until(100)), 100) == NO_ORDERS


def test_a_single_sensor_is_closed_by_itself() -> None:
    shutter = after(mute(CAMERA))
    assert shutter.wanted == {MIC, EYES}
    assert shutter.closed == (mute(CAMERA),)
    assert shutter.mute == UNMUTED
    assert reported(shutter, frozenset({MIC, EYES})).shown is Shown.PRIVATE


def test_what_was_closed_by_itself_stays_closed_when_a_mute_of_everything_is_over() -> None:
    shutter = passed(after(mute(CAMERA), until(100)), 100)
    assert shutter.wanted == {MIC, EYES}


def test_unmuting_everything_opens_everything() -> None:
    assert after(mute(CAMERA), MUTED, UNMUTED).wanted == ALL
    assert after(mute(CAMERA), UNMUTED).wanted == ALL


def test_one_sensor_is_opened_out_of_a_mute_of_everything() -> None:
    shutter = after(until(100), until(200, EYES), unmute(MIC))
    assert shutter.wanted == {MIC}
    assert shutter.closed == (until(100, CAMERA), until(200, EYES))
    assert after(MUTED, until(200, EYES), unmute(MIC)).closed == (mute(CAMERA), mute(EYES))


def test_orders_about_sensors_that_nobody_knows_change_nothing() -> None:
    assert after(mute("nose")) == Shutter()
    assert after(MUTED, unmute("nose")) == after(MUTED)


def test_the_switch_beats_every_order() -> None:
    off = switched(Shutter(), is_off=True)
    for order in (UNMUTED, unmute(MIC), until(100), mute(CAMERA)):
        assert ordered(off, order, 5).wanted == NONE
        assert ordered(off, order, 5).mute == MUTED
    assert switched(ordered(off, mute(CAMERA), 5), is_off=False).wanted == {MIC, EYES}


def test_a_device_shows_only_what_it_has() -> None:
    shutter = Shutter(sensors=(MIC,), open=frozenset({MIC}))
    assert ordered(shutter, mute(CAMERA), 5).shown is Shown.SENSING
    assert reported(ordered(shutter, mute(MIC), 5), NONE).shown is Shown.OFF


def test_off_is_shown_only_once_every_sensor_is_closed() -> None:
    shutter = ordered(Shutter(open=ALL), MUTED, 1)
    assert shutter.shown is Shown.CLOSING
    assert reported(shutter, frozenset({EYES})).shown is Shown.CLOSING
    assert reported(shutter, NONE).shown is Shown.OFF


def test_an_order_to_open_is_shown_before_a_sensor_opens() -> None:
    assert ordered(after(MUTED), UNMUTED, 5).shown is Shown.SENSING


def test_a_sensor_that_opens_against_the_order_is_shown() -> None:
    assert reported(after(MUTED), frozenset({CAMERA})).shown is Shown.CLOSING
    assert reported(after(mute(CAMERA)), ALL).shown is Shown.CLOSING


@pytest.mark.parametrize(
    ("before", "order", "told"),
    [
        ((), MUTED, (MUTED,)),
        ((), until(100), (until(100),)),
        ((MUTED,), UNMUTED, (UNMUTED,)),
        ((), UNMUTED, (UNMUTED,)),
        ((), mute(CAMERA, EYES), (mute(CAMERA, EYES),)),
        ((mute(CAMERA, EYES),), unmute(EYES), (unmute(EYES),)),
        ((mute(CAMERA),), mute(CAMERA), (mute(CAMERA),)),
        ((MUTED,), unmute(MIC), (UNMUTED, mute(CAMERA, EYES))),
        ((until(100),), unmute(MIC), (UNMUTED, until(100, CAMERA, EYES))),
        ((), unmute("nose"), ()),
    ],
)
def test_what_the_hub_is_told(before: tuple[MuteState, ...], order: MuteState, told: tuple[MuteState, ...]) -> None:
    shutter = after(*before)
    assert said(shutter, ordered(shutter, order, 6), order) == told


def test_what_the_hub_is_told_of_the_end_of_a_mute_and_of_the_switch() -> None:
    shutter = after(mute(CAMERA), until(100))
    assert said(shutter, passed(shutter, 100)) == (UNMUTED, mute(CAMERA))
    assert said(shutter, passed(shutter, 99)) == ()
    off = switched(shutter, is_off=True)
    assert said(shutter, off) == (MUTED,)
    assert said(off, switched(off, is_off=False)) == (until(100),)
    assert said(off, ordered(off, UNMUTED, 6), UNMUTED) == (MUTED, unmute(CAMERA))


class Hub:
    """What somebody knows of a device who hears nothing but its reports."""

    def __init__(self) -> None:
        self.everything = UNMUTED
        self.single: dict[str, MuteState] = {}

    def hear(self, state: MuteState) -> None:
        if not state.streams:
            self.everything = state
            if not state.muted:
                self.single.clear()
        for sensor in state.streams:
            self.single.pop(sensor, None)
            if state.muted:
                self.single[sensor] = replace(state, streams=(sensor,))


some = st.lists(st.sampled_from(SENSORS), max_size=3, unique=True).map(tuple)
orders = st.builds(MuteState, muted=st.booleans(), until_wall_ns=st.none() | st.integers(0, 150), streams=some).map(
    lambda order: order if order.muted else replace(order, until_wall_ns=None)
)


class Histories(RuleBasedStateMachine):
    """Any sequence of orders, turns of the switch, times, and reports of the sensors."""

    def __init__(self) -> None:
        super().__init__()
        self.shutter = Shutter()
        self.now_ns = 0
        self.hub = Hub()
        self.ended: list[MuteState] = []

    def _turn(self, shutter: Shutter, order: MuteState | None = None) -> None:
        for state in said(self.shutter, shutter, order):
            self.hub.hear(state)
        self.shutter = shutter

    @rule(order=orders)
    def somebody_orders(self, order: MuteState) -> None:
        self._turn(ordered(self.shutter, order, self.now_ns), order)

    @rule(is_off=st.booleans())
    def the_switch_is_turned(self, is_off: bool) -> None:
        self._turn(switched(self.shutter, is_off=is_off))

    @rule(by_ns=st.integers(0, 40))
    def time_passes(self, by_ns: int) -> None:
        self.now_ns += by_ns
        self._turn(passed(self.shutter, self.now_ns))

    @rule(sensors=st.frozensets(st.sampled_from(SENSORS)))
    def sensors_report(self, sensors: frozenset[str]) -> None:
        self.shutter = reported(self.shutter, sensors)

    @rule()
    def sensors_obey(self) -> None:
        self.shutter = reported(self.shutter, self.shutter.wanted)

    @invariant()
    def off_is_never_shown_while_anything_is_open(self) -> None:
        if self.shutter.shown is Shown.OFF:
            assert not self.shutter.open
            assert not self.shutter.wanted

    @invariant()
    def nothing_shows_less_than_it_is(self) -> None:
        if self.shutter.open - self.shutter.wanted:
            assert self.shutter.shown is Shown.CLOSING

    @invariant()
    def no_order_opens_what_the_switch_has_closed(self) -> None:
        if self.shutter.switched_off:
            assert not self.shutter.wanted
            assert self.shutter.mute == MUTED

    @invariant()
    def only_what_has_to_be_open_is_admitted(self) -> None:
        for sensor in self.shutter.wanted:
            assert not self.shutter.orders.of(sensor).muted
            assert not self.shutter.orders.everything.muted

    @invariant()
    def a_mute_that_stands_has_not_run_out(self) -> None:
        ends_ns = self.shutter.orders.ends_ns
        assert ends_ns is None or ends_ns > self.now_ns

    @invariant()
    def whoever_hears_the_reports_knows_how_it_stands(self) -> None:
        assert self.hub.everything == self.shutter.mute
        if not self.shutter.switched_off:
            assert sorted(self.hub.single.values(), key=str) == sorted(self.shutter.closed, key=str)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


@given(st.lists(orders, max_size=6), st.integers(0, 200))
@settings(max_examples=80, deadline=None)
def test_time_standing_still_changes_nothing(given_orders: list[MuteState], now_ns: int) -> None:
    """A timed mute ends once: looking again ends nothing more."""
    once = passed(after(*given_orders, now_ns=0), now_ns)
    assert passed(once, now_ns) == once
    assert said(once, passed(once, now_ns)) == ()


@given(st.lists(orders, max_size=6))
@settings(max_examples=80, deadline=None)
def test_each_timed_mute_ends_exactly_once(given_orders: list[MuteState]) -> None:
    shutter, opened = after(*given_orders, now_ns=0), []
    ends = {one.until_wall_ns for one in (shutter.orders.everything, *shutter.closed) if one.until_wall_ns}
    for now_ns in range(160):
        later = passed(shutter, now_ns)
        opened += [now_ns] if later.orders != shutter.orders else []
        shutter = later
    assert opened == sorted(ends)


def test_all_muted_is_all_muted() -> None:
    assert Shutter(orders=ALL_MUTED).wanted == NONE


# ---- the muted past ----------------------------------------------------------------------------------------------


def test_a_closure_covers_what_it_covered() -> None:
    past = (
        Closures().follow(wanted=False, wall_ns=10).follow(wanted=False, wall_ns=12).follow(wanted=True, wall_ns=20)
    )
    assert past.spans == ((10, 20),)
    assert past.end_of(0, 10) is None
    assert past.end_of(0, 11) == 20
    assert past.end_of(19, 30) == 20
    assert past.end_of(20, 30) is None


def test_a_device_that_starts_muted_has_always_been() -> None:
    past = Closures().follow(wanted=False, wall_ns=LONG_AGO_NS).follow(wanted=True, wall_ns=20)
    assert past.end_of(-(10**18), -(10**17)) == 20


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=4 * MOST))
@settings(max_examples=40, deadline=None)
def test_what_was_closed_stays_closed_however_much_came_after(turns: list[tuple[bool, int]]) -> None:
    past, now_ns, closed, is_open = Closures(), 0, set[int](), True
    for wanted, lasts_ns in turns:
        past, is_open = past.follow(wanted=wanted, wall_ns=now_ns), wanted
        closed |= set() if wanted else set(range(now_ns, now_ns + lasts_ns))
        now_ns += lasts_ns
    past = past.follow(wanted=True, wall_ns=now_ns)
    assert len(past.spans) <= MOST
    for instant in closed:
        assert past.end_of(instant, instant + 1) is not None
    if len(past.spans) < MOST:
        assert all(past.end_of(i, i + 1) is None for i in set(range(now_ns)) - closed)
    assert is_open or past.since_ns is None
