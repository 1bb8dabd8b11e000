"""Orders that wait: few, the newest counts, and nothing that is to be taken back is forgotten (P3, P4)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.orders import queued
from sotto_proto.records import Control, MuteState, OffTheRecord

MUTE, OPEN = MuteState(muted=True), MuteState(muted=False)
CAMERA, NO_CAMERA = MuteState(muted=False, streams=("camera",)), MuteState(muted=True, streams=("camera",))
BACK = OffTheRecord(last_ns=5)


def many(orders: list[Control], most: int = 3) -> list[Control]:
    waiting: list[Control] = []
    for order in orders:
        waiting = queued(waiting, order, most)
    return waiting


def test_what_a_later_order_undoes_goes_first() -> None:
    assert many([BACK, MUTE, OPEN, MUTE]) == [BACK, OPEN, MUTE]
    assert many([NO_CAMERA, BACK, MUTE, OPEN]) == [BACK, MUTE, OPEN]


def test_then_what_opens_and_then_the_oldest_mute() -> None:
    assert many([NO_CAMERA, BACK, MuteState(muted=False, streams=("eyes",)), MUTE]) == [NO_CAMERA, BACK, MUTE]
    assert many([NO_CAMERA, BACK, MUTE, MuteState(muted=True, streams=("mic",))])[0] == BACK


def test_of_nothing_but_spans_to_take_back_two_become_the_longer_one() -> None:
    spans: list[Control] = [OffTheRecord(last_ns=ns) for ns in (7, 3, 1, 2)]
    assert many(spans) == [OffTheRecord(last_ns=7), OffTheRecord(last_ns=1), OffTheRecord(last_ns=2)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([MUTE, OPEN, CAMERA, NO_CAMERA, BACK, OffTheRecord(last_ns=9)]), max_size=20))
def test_the_longest_span_and_the_newest_order_always_stay(orders: list[Control]) -> None:
    waiting = many(orders)
    assert len(waiting) <= 3
    assert not orders or waiting[-1] == orders[-1]
    spans = [order.last_ns for order in orders if isinstance(order, OffTheRecord)]
    assert max(spans, default=0) == max((o.last_ns for o in waiting if isinstance(o, OffTheRecord)), default=0)
