"""P3, off is off: what is ordered, what the sensor does, and what is shown."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sotto_device.mute import UNMUTED, Shutter, ordered, passed, sensor, standing
from sotto_proto.records import MuteState

LASTING = MuteState(muted=True)


def until(wall_ns: int) -> MuteState:
    return MuteState(muted=True, until_wall_ns=wall_ns)


def test_a_lasting_mute_lasts() -> None:
    shutter = ordered(Shutter(), LASTING, 5)
    assert passed(shutter, 1 << 62).order == LASTING
    assert not shutter.admits


def test_a_timed_mute_ends_at_its_time() -> None:
    shutter = ordered(Shutter(), until(100), 5)
    assert not passed(shutter, 99).admits
    assert passed(shutter, 100).admits


def test_the_newest_order_wins() -> None:
    shutter = ordered(ordered(Shutter(), LASTING, 5), until(100), 6)
    assert passed(shutter, 100).order == UNMUTED
    assert ordered(shutter, UNMUTED, 7).admits


def test_a_mute_that_is_over_when_it_comes_is_none() -> None:
    assert standing(until(100), 100) == UNMUTED
    assert standing(MuteState(muted=False, until_wall_ns=50), 10) == UNMUTED


def test_off_is_shown_only_once_the_sensor_is_closed() -> None:
    shutter = ordered(Shutter(sensing=True), LASTING, 1)
    assert not shutter.admits
    assert not shutter.shows_off
    assert sensor(shutter, is_open=False).shows_off


def test_a_sensor_that_opens_against_the_order_is_shown() -> None:
    shutter = sensor(Shutter(order=LASTING), is_open=True)
    assert not shutter.shows_off
    assert not shutter.admits


class Orders(RuleBasedStateMachine):
    """Any sequence of orders, times and reports of the sensor."""

    def __init__(self) -> None:
        super().__init__()
        self.shutter = Shutter()
        self.now_ns = 0

    @rule(order=st.one_of(st.just(UNMUTED), st.just(LASTING), st.integers(0, 100).map(until)))
    def order(self, order: MuteState) -> None:
        self.shutter = ordered(self.shutter, order, self.now_ns)

    @rule(by_ns=st.integers(0, 20))
    def time_passes(self, by_ns: int) -> None:
        self.now_ns += by_ns
        self.shutter = passed(self.shutter, self.now_ns)

    @rule(is_open=st.booleans())
    def sensor_reports(self, is_open: bool) -> None:
        self.shutter = sensor(self.shutter, is_open=is_open)

    @invariant()
    def off_is_never_shown_while_anything_is_captured(self) -> None:
        assert not (self.shutter.shows_off and self.shutter.sensing)
        assert not (self.shutter.shows_off and self.shutter.admits)

    @invariant()
    def a_mute_that_stands_has_not_run_out(self) -> None:
        ends_ns = self.shutter.order.until_wall_ns
        assert ends_ns is None or ends_ns > self.now_ns


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@given(st.integers(0, 1000), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_time_standing_still_changes_nothing(ends_ns: int, now_ns: int) -> None:
    once = passed(Shutter(order=until(ends_ns)), now_ns)
    assert passed(once, now_ns) == once
