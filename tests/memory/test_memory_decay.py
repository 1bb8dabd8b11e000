"""The curve and the updates of FSRS-6, held against py-fsrs and against golden values worked out by hand."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory.decay import (
    NS_PER_DAY,
    STABILITY_MIN_DAYS,
    WEIGHTS,
    DecayState,
    Grade,
    after_use,
    first_state,
    forgetting_curve,
    whole_days,
)

START = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
SECOND_NS = 10**9
GRADES = st.sampled_from(Grade)
STABILITIES = st.floats(STABILITY_MIN_DAYS, 1e5)
STATES = st.builds(DecayState, stability_days=STABILITIES, difficulty=st.floats(1, 10))
SPANS_S = st.one_of(st.integers(0, 90_000), st.integers(0, 400 * 86_400), st.integers(0, 40 * 365 * 86_400))


def close(ours: float, theirs: float) -> bool:
    return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)


def compare(history: list[tuple[int, Grade]]) -> None:
    """Runs one history of (seconds since the last use, grade) through both and compares after every step."""
    scheduler, card, at = Scheduler(enable_fuzzing=False), Card(), START
    state: DecayState | None = None
    for seconds, grade in history:
        at += timedelta(seconds=seconds)
        recall = scheduler.get_card_retrievability(card, at)
        card, _ = scheduler.review_card(card, Rating(grade), at)
        if state is None:
            state = first_state(grade)
        else:
            assert close(forgetting_curve(whole_days(seconds * SECOND_NS), state.stability_days), recall)
            state = after_use(state, seconds * SECOND_NS, grade)
        assert card.stability is not None
        assert card.difficulty is not None
        assert close(state.stability_days, card.stability)
        assert close(state.difficulty, card.difficulty)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(SPANS_S, GRADES), min_size=1, max_size=12))
def test_every_history_equals_py_fsrs(history: list[tuple[int, Grade]]) -> None:
    compare(history)


@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("seconds", [0, 60, 86_399, 86_400, 86_401, 2 * 86_400 - 1, 10 * 86_400, 3_650 * 86_400])
def test_the_edges_of_the_day_equal_py_fsrs(grade: Grade, seconds: int) -> None:
    for first in Grade:
        compare([(0, first), (seconds, grade), (seconds, Grade.GOOD)])


def test_the_weights_are_those_of_py_fsrs() -> None:
    assert Scheduler().parameters == WEIGHTS


@pytest.mark.parametrize(
    ("days", "stability", "recall"),
    [
        (0, 5.0, 1.0),
        (5, 5.0, 0.9),
        (1, 1.0, 0.9),
        (30, 2.3065, 0.667526),
        (365, 2.3065, 0.458945),
        (365, 100, 0.790897),
    ],
)
def test_golden_recall(days: int, stability: float, recall: float) -> None:
    assert forgetting_curve(days, stability) == pytest.approx(recall, abs=2e-6)


def test_golden_history() -> None:
    state = first_state(Grade.GOOD)
    seen = [(state.stability_days, state.difficulty)]
    for days, grade in ((3, Grade.GOOD), (13, Grade.AGAIN), (0, Grade.GOOD), (2, Grade.EASY)):
        state = after_use(state, days * NS_PER_DAY, grade)
        seen.append((state.stability_days, state.difficulty))
    golden = [
        (2.3065, 2.118104),
        (13.826904, 2.111214),
        (1.712087, 7.392238),
        (1.736389, 7.380074),
        (8.126121, 6.489846),
    ]
    assert seen == [pytest.approx(pair, abs=1e-6) for pair in golden]


@settings(max_examples=60, deadline=None)
@given(STABILITIES, st.floats(0, 1e5), st.floats(1e-3, 1e4))
def test_recall_falls_with_time_and_rises_with_stability(stability: float, days: float, more: float) -> None:
    recall = forgetting_curve(days, stability)
    assert 0 < recall <= 1
    assert forgetting_curve(days + more, stability) <= recall
    assert forgetting_curve(days, stability + more) >= recall


@settings(max_examples=60, deadline=None)
@given(STATES, SPANS_S, GRADES)
def test_the_state_stays_within_its_bounds(state: DecayState, seconds: int, grade: Grade) -> None:
    after = after_use(state, seconds * SECOND_NS, grade)
    assert STABILITY_MIN_DAYS <= after.stability_days < math.inf
    assert 1 <= after.difficulty <= 10


@settings(max_examples=60, deadline=None)
@given(STATES, SPANS_S)
def test_recalling_never_weakens_and_better_grades_help_more(state: DecayState, seconds: int) -> None:
    by_grade = [after_use(state, seconds * SECOND_NS, grade).stability_days for grade in Grade]
    assert by_grade == sorted(by_grade)
    assert by_grade[1] >= state.stability_days * (1 - 1e-12)


def test_a_loop_cannot_inflate() -> None:
    state = first_state(Grade.GOOD)
    for _ in range(1_000):
        state = after_use(state, SECOND_NS, Grade.GOOD)
    assert state.stability_days == pytest.approx(2.3065)


def test_the_later_the_use_the_more_it_helps() -> None:
    state = first_state(Grade.GOOD)
    gains = [after_use(state, days * NS_PER_DAY, Grade.GOOD).stability_days for days in (0, 1, 3, 10, 100)]
    assert gains == sorted(gains)
    assert gains[0] < gains[-1]


@pytest.mark.parametrize(("elapsed_ns", "days"), [(-5, 0), (0, 0), (NS_PER_DAY - 1, 0), (NS_PER_DAY, 1)])
def test_whole_days(elapsed_ns: int, days: int) -> None:
    assert whole_days(elapsed_ns) == days
