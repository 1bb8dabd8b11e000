"""The timer queue fires in order, at its own times, however time is cut into steps."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.moments.timers import Timers

Setting = tuple[int, str]
SETTINGS = st.lists(st.tuples(st.integers(1, 100), st.sampled_from("abcdefgh")), max_size=20)


def fired(timers: Timers, until_ns: int) -> list[tuple[int, str]]:
    found = []
    while timer := timers.pop(until_ns):
        found.append((timer.at_ns, timer.name))
    return found


def filled(timers_set: list[Setting]) -> Timers:
    timers = Timers()
    for at_ns, name in timers_set:
        timers.set(at_ns, name)
    return timers


def test_fires_in_order_of_time_and_only_what_is_due() -> None:
    timers = filled([(30, "late"), (10, "early"), (20, "middle")])
    assert fired(timers, 20) == [(10, "early"), (20, "middle")]
    assert timers.next_ns() == 30


def test_equal_times_fire_in_the_order_they_were_set() -> None:
    assert [name for _, name in fired(filled([(5, "b"), (5, "a"), (5, "c")]), 5)] == ["b", "a", "c"]


def test_setting_again_moves_a_timer() -> None:
    timers = filled([(10, "x"), (20, "x")])
    assert len(timers) == 1
    assert fired(timers, 15) == []
    assert fired(timers, 20) == [(20, "x")]


def test_keys_are_timers_of_their_own_and_can_be_cancelled() -> None:
    timers = Timers()
    timers.set(1, "remind", "a")
    timers.set(2, "remind", "b")
    timers.cancel("remind", "a")
    timers.cancel("remind", "never set")
    assert timers.next_ns() == 2
    fired(timers, 2)
    assert timers.next_ns() is None


@settings(max_examples=80, deadline=None)
@given(SETTINGS, st.lists(st.integers(1, 120), max_size=6))
def test_any_steps_fire_the_same_timers_in_the_same_order(timers_set: list[Setting], cuts: list[int]) -> None:
    at_once = fired(filled(timers_set), 120)
    timers = filled(timers_set)
    in_steps = [timer for until in sorted([*cuts, 120]) for timer in fired(timers, until)]
    assert in_steps == at_once
    assert [at for at, _ in at_once] == sorted(at for at, _ in at_once)
