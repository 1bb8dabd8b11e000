"""How a memory fades and how use makes it last: the FSRS-6 model of spaced repetition, on plain numbers (pure).

Stands below everything: `strength` applies it to records. Stability S is the days after which recall has fallen to
90 %; difficulty D (1..10) says how hard it is to make the memory last. Time is counted in whole days, as the model
was trained and as py-fsrs 6 counts it; results equal py-fsrs.

Formulas and default weights: Free Spaced Repetition Scheduler, version 6
(https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm).
"""

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

NS_PER_DAY: Final = 86_400 * 10**9
STABILITY_MIN_DAYS: Final = 0.001
DIFFICULTY_MIN: Final = 1.0
DIFFICULTY_MAX: Final = 10.0

WEIGHTS: Final = (
    *(0.212, 1.2931, 2.3065, 8.2956),  # 0-3: first stability by grade
    *(6.4133, 0.8334),  # 4-5: first difficulty
    *(3.0194, 0.001),  # 6-7: difficulty after use, and its pull to the mean
    *(1.8722, 0.1666, 0.796),  # 8-10: growth when recalled
    *(1.4835, 0.0614, 0.2629, 1.6483),  # 11-14: what is left when forgotten
    *(0.6014, 1.8729),  # 15-16: hard and easy
    *(0.5425, 0.0912, 0.0658),  # 17-19: used again within a day
    0.1542,  # 20: how flat the curve is
)
"""The default weights of FSRS-6, w0 to w20."""

_FACTOR: Final = 0.9 ** (-1 / WEIGHTS[20]) - 1


class Grade(IntEnum):
    """How well a memory was at hand when it was used.

    EASY is for the wearer's own confirmation, never for a lookup: it is the one grade that a loop could inflate by.
    """

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DecayState:
    """What the model knows of one memory."""

    stability_days: float
    difficulty: float


def whole_days(elapsed_ns: int) -> int:
    """Full days in a span. A clock that went backwards counts as no time."""
    return max(0, elapsed_ns) // NS_PER_DAY


def forgetting_curve(elapsed_days: float, stability_days: float) -> float:
    """The chance of recall: R(t, S) = (1 + F t/S)^(-w20), so that R(S, S) = 0.9. 1 at t = 0, falling for ever."""
    return float((1 + _FACTOR * elapsed_days / stability_days) ** -WEIGHTS[20])


def days_until(recall: float, stability_days: float) -> float:
    """After how many days the curve has fallen to this chance of recall (0 < recall <= 1): the inverse of R(t, S)."""
    return float(stability_days / _FACTOR * (recall ** (-1 / WEIGHTS[20]) - 1))


def first_state(grade: Grade) -> DecayState:
    """The state of a memory that has just been made."""
    return DecayState(stability_days=WEIGHTS[grade - 1], difficulty=_bounded(_first_difficulty(grade)))


def after_use(state: DecayState, elapsed_ns: int, grade: Grade) -> DecayState:
    """The state after one use, `elapsed_ns` after the last one. Within a day the short-term rule holds."""
    days = whole_days(elapsed_ns)
    stability = _same_day(state, grade) if days < 1 else _later(state, days, grade)
    return DecayState(
        stability_days=max(stability, STABILITY_MIN_DAYS), difficulty=_next_difficulty(state.difficulty, grade)
    )


def _first_difficulty(grade: Grade) -> float:
    """D0(G) = w4 - e^(w5 (G-1)) + 1, not yet bounded."""
    return WEIGHTS[4] - math.exp(WEIGHTS[5] * (grade - 1)) + 1


def _bounded(difficulty: float) -> float:
    return min(max(difficulty, DIFFICULTY_MIN), DIFFICULTY_MAX)


def _next_difficulty(difficulty: float, grade: Grade) -> float:
    """D' = w7 D0(4) + (1 - w7) (D - w6 (G-3) (10-D)/9): damped near 10, drawn a little to the easiest start."""
    moved = difficulty - WEIGHTS[6] * (grade - 3) * (10 - difficulty) / 9
    return _bounded(WEIGHTS[7] * _first_difficulty(Grade.EASY) + (1 - WEIGHTS[7]) * moved)


def _same_day(state: DecayState, grade: Grade) -> float:
    """S' = S e^(w17 (G-3+w18)) S^(-w19); never less than S unless it was forgotten."""
    growth = math.exp(WEIGHTS[17] * (grade - 3 + WEIGHTS[18])) * state.stability_days ** -WEIGHTS[19]
    return float(state.stability_days * (growth if grade is Grade.AGAIN else max(growth, 1.0)))


def _later(state: DecayState, days: int, grade: Grade) -> float:
    recall = forgetting_curve(days, state.stability_days)
    return _forgotten(state, recall) if grade is Grade.AGAIN else _recalled(state, recall, grade)


def _recalled(state: DecayState, recall: float, grade: Grade) -> float:
    """S' = S (1 + e^w8 (11-D) S^(-w9) (e^(w10 (1-R)) - 1) h e): the more had faded, the more a use helps."""
    gain = math.exp(WEIGHTS[8]) * (11 - state.difficulty) * state.stability_days ** -WEIGHTS[9]
    spacing = math.exp(WEIGHTS[10] * (1 - recall)) - 1
    by_grade = {Grade.HARD: WEIGHTS[15], Grade.EASY: WEIGHTS[16]}.get(grade, 1.0)
    return float(state.stability_days * (1 + gain * spacing * by_grade))


def _forgotten(state: DecayState, recall: float) -> float:
    """S' = min(w11 D^(-w12) ((S+1)^w13 - 1) e^(w14 (1-R)), S / e^(w17 w18))."""
    left = WEIGHTS[11] * state.difficulty ** -WEIGHTS[12] * ((state.stability_days + 1) ** WEIGHTS[13] - 1)
    long_term = left * math.exp(WEIGHTS[14] * (1 - recall))
    return float(min(long_term, state.stability_days / math.exp(WEIGHTS[17] * WEIGHTS[18])))
