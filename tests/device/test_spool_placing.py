"""Where earlier boots lie in the hub's time: in order, as long as they were, no more wrong than said (clocks)."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.spool.boot import Known
from sotto_device.spool.placing import DRIFT, Era, Offset, Present, all_placed
from tests.device.sensed import SECOND

DAY = 86_400 * SECOND
NOW = 20_000 * DAY
PRESENT = Present(kernel_boot_id="now", hub_minus_monotonic_ns=NOW - 5 * DAY, error_ns=SECOND // 100, hub_ns=NOW)


def era(began: int, length: int = DAY, **known: object) -> Era:
    plain: dict[str, object] = {"kernel_boot_id": "then", "wall_minus_monotonic_ns": 0}
    plain |= {"began_wall_ns": began, "ended_wall_ns": began + length}
    return Era(**(plain | known))  # type: ignore[arg-type]  # fields by name


def begins(one: Era, offset: Offset) -> int:
    return one.began_wall_ns + offset.offset_ns


def test_on_the_same_run_of_the_machine_the_hub_is_asked_now() -> None:
    """The wall clock was years away; the machine's own clock has gone on since."""
    one = era(DAY, kernel_boot_id="now", wall_minus_monotonic_ns=-2 * DAY)
    (offset,) = all_placed([one], PRESENT)
    assert begins(one, offset) == PRESENT.hub_minus_monotonic_ns + 3 * DAY
    assert offset.error_ns == PRESENT.error_ns + (NOW - begins(one, offset)) // DRIFT


def test_a_boot_that_met_the_hub_keeps_what_it_heard() -> None:
    one = era(DAY, known=Offset(offset_ns=5 * DAY, error_ns=SECOND, at_wall_ns=DAY + DAY // 4))
    (offset,) = all_placed([one], PRESENT)
    assert offset == Offset(offset_ns=5 * DAY, error_ns=SECOND + DAY * 3 // 4 // DRIFT)


def test_a_guess_once_made_stays() -> None:
    guess = Offset(offset_ns=7, error_ns=9)
    assert all_placed([era(DAY, known=guess)], PRESENT) == [guess]


def test_a_wall_clock_that_can_be_right_is_believed() -> None:
    one = era(NOW - 3 * DAY, floor_ns=NOW - 10 * DAY)
    assert all_placed([one], PRESENT) == [Offset(offset_ns=0, error_ns=7 * DAY)]


def test_one_that_cannot_be_right_begins_where_the_last_hub_time_was() -> None:
    for wrong in (0, NOW + 400 * DAY, NOW - DAY // 2):
        one = era(wrong, floor_ns=NOW - 10 * DAY)
        (offset,) = all_placed([one], PRESENT)
        assert begins(one, offset) == NOW - 10 * DAY
        assert offset.error_ns == 9 * DAY


def test_boots_without_a_clock_come_one_after_the_other() -> None:
    eras = [era(0, DAY, floor_ns=NOW - 10 * DAY) for _ in range(4)]
    found = [begins(one, offset) for one, offset in zip(eras, all_placed(eras, PRESENT), strict=True)]
    assert found == [NOW - (10 - n) * DAY for n in range(4)]


def test_the_floor_goes_on_with_the_machine_and_not_beyond_it() -> None:
    known = Known(boots=1, hub_ns=NOW, kernel_boot_id="k", monotonic_ns=DAY)
    assert known.floor_ns("k", 2 * DAY) == NOW + DAY - DAY // DRIFT
    assert known.floor_ns("other", 2 * DAY) == NOW
    assert Known().floor_ns("", 5) == 0


truths = st.lists(
    st.tuples(
        st.integers(1, 30 * 86_400),  # off before it, seconds
        st.integers(1, 5 * 86_400),  # long
        st.sampled_from([0, 0, 3600, -3600, -20_000 * 86_400, 3000 * 86_400]),  # its wall clock is off by
        st.sampled_from(["now", "then", "then2"]),
        st.none() | st.floats(0, 1),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(rows=truths)
def test_order_and_durations_are_right_and_the_error_is_honest(
    rows: list[tuple[int, int, int, str, float | None, bool]],
) -> None:
    """Clocks that run true, wall clocks that are anywhere: what is said of the error holds for every boot."""
    cursor, known_ns = 15_000 * DAY, 0
    history: list[tuple[int, Era]] = []
    rows = sorted(rows, key=lambda row: row[3] == "now")  # the machine's present run is its last
    for off_s, long_s, wall_off_s, kernel, met, keeps_floor in rows:
        began, length, wall_off = cursor + off_s * SECOND, long_s * SECOND, wall_off_s * SECOND
        wall = began + wall_off
        known = None
        if met is not None:
            known = Offset(offset_ns=-wall_off, error_ns=1000, at_wall_ns=wall + round(met * length))
        monotonic_off = (NOW - 5 * DAY) if kernel == "now" else 0
        history.append(
            (
                began,
                Era(
                    kernel_boot_id=kernel,
                    wall_minus_monotonic_ns=monotonic_off + wall_off,
                    began_wall_ns=wall,
                    ended_wall_ns=wall + length,
                    floor_ns=known_ns,
                    known=known,
                ),
            )
        )
        cursor = began + length
        if met is not None and keeps_floor:
            known_ns = began + round(met * length)
    present = Present(
        kernel_boot_id="now", hub_minus_monotonic_ns=NOW - 5 * DAY, error_ns=1000, hub_ns=max(NOW, cursor + 1)
    )
    offsets = all_placed([one for _, one in history], present)
    placed = [
        (one.began_wall_ns + o.offset_ns, one.length_ns, o) for (_, one), o in zip(history, offsets, strict=True)
    ]
    for (truth, _), (where, _, offset) in zip(history, placed, strict=True):
        assert abs(where - truth) <= offset.error_ns
    for (first, length, _), (second, _, _) in pairwise(placed):
        assert first + length <= second
