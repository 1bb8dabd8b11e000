"""What was taken back in a run stands until its end, whatever order the orders came in."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.spool.taken import Taken
from sotto_device.withhold import withheld
from sotto_proto.records import Frame
from tests.device.sensed import MS, WALL_NS, audio, frame

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=8)


def sound(at_ms: int) -> Frame:
    return frame("mic", 1, at_ms, 2, audio(1))


@settings(max_examples=60, deadline=None)
@given(spans=SPANS, at_ms=st.integers(0, 45))
def test_many_spans_take_what_each_of_them_would(spans: list[tuple[int, int]], at_ms: int) -> None:
    taken, one = Taken(), sound(at_ms)
    expected = one
    for since, length in spans:
        span = (WALL_NS + since * MS, WALL_NS + (since + length) * MS)
        taken.add(*span)
        expected = withheld(expected, *span)
    assert taken.without(one) == expected


def test_taking_back_again_and_again_costs_no_more() -> None:
    taken = Taken()
    for n in range(1_000):
        taken.add(n * MS, (n + 5) * MS)
    assert len(taken._spans) == 1
