"""Live sound is placed by counting; the clock only tells holes and drift."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.timeline import HOLE_NS, PATIENCE, Placed, Timeline
from tests.device.sensed import MS, SECOND

BLOCK = 100 * MS


def placed(timeline: Timeline, arrivals_ms: list[float]) -> list[Placed]:
    return [timeline.place(BLOCK, round(ms * MS)) for ms in arrivals_ms]


def test_blocks_follow_each_other_however_late_they_come() -> None:
    arrivals = [100, 230, 480, 481, 500, 633, 700]
    starts = [p.start_ns // MS for p in placed(Timeline(), [float(a) for a in arrivals])]
    assert starts == [0, 100, 200, 300, 400, 500, 600]


def test_a_long_silence_of_the_driver_is_a_hole_at_once() -> None:
    timeline = Timeline()
    last = placed(timeline, [100, 200, 5300])[-1]
    assert (last.start_ns, last.hole_ns) == (5200 * MS, 5000 * MS)


def test_a_reported_overflow_is_a_hole_at_once() -> None:
    timeline = Timeline()
    placed(timeline, [100])
    told = timeline.place(BLOCK, 350 * MS, overflowed=True)
    assert (told.start_ns, told.hole_ns) == (250 * MS, 150 * MS)
    assert timeline.place(BLOCK, 450 * MS, overflowed=True).hole_ns == 0


def test_a_delay_that_stays_is_a_hole_after_some_patience() -> None:
    timeline = Timeline()
    placed(timeline, [100.0 * n for n in range(1, 20)])
    late = placed(timeline, [2000 + 300 + 100.0 * n for n in range(PATIENCE)])
    assert [p.hole_ns for p in late[:-1]] == [0] * (PATIENCE - 1)
    assert late[-1].hole_ns > HOLE_NS
    assert timeline.next_ns == (2300 + 100 * (PATIENCE - 1)) * MS


def test_a_slow_crystal_is_evened_out_without_a_hole() -> None:
    timeline = Timeline()
    result = placed(timeline, [100 * (1 + 200e-6) * n for n in range(1, 20_001)])
    assert sum(p.hole_ns for p in result) == 0
    assert abs(result[-1].start_ns - round(100 * (1 + 200e-6) * 19_999 * MS)) < 20 * MS


def test_a_fast_crystal_is_evened_out_too() -> None:
    timeline = Timeline()
    result = placed(timeline, [100 * (1 - 200e-6) * n for n in range(1, 20_001)])
    assert sum(p.hole_ns for p in result) == 0
    assert abs(result[-1].start_ns - round(100 * (1 - 200e-6) * 19_999 * MS)) < 20 * MS


def test_skipping_tells_how_long_nothing_was_there() -> None:
    timeline = Timeline()
    assert timeline.skip_to(5 * SECOND) == 0
    assert timeline.skip_to(7 * SECOND) == 2 * SECOND
    assert timeline.skip_to(6 * SECOND) == 0
    assert timeline.next_ns == 7 * SECOND


@given(st.lists(st.tuples(st.integers(0, 3000), st.booleans()), max_size=60))
@settings(max_examples=80, deadline=None)
def test_spans_and_holes_cover_the_time(jitter: list[tuple[int, bool]]) -> None:
    timeline, now_ns, end_ns = Timeline(), 0, 0
    for late_ms, overflowed in jitter:
        now_ns += BLOCK + late_ms * MS
        one = timeline.place(BLOCK, now_ns, overflowed=overflowed)
        assert one.hole_ns >= 0
        if end_ns:
            assert abs(one.start_ns - one.hole_ns - end_ns) <= BLOCK // 1000
        end_ns = one.start_ns + BLOCK
        assert end_ns <= now_ns + BLOCK // 1000
