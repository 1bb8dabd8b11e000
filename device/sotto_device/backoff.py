"""How long to wait before the hub is tried again (pure)."""

from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 10.0


def backoff_s(attempt: int, chance: float) -> float:
    """Seconds before attempt number `attempt` (from 0).

    Doubles from 0.5 to 10; `chance` (0..1) spreads the upper half, so that devices do not all come back at once.
    """
    whole = min(LONGEST_S, FIRST_S * 2.0 ** min(attempt, 10))
    return max(FIRST_S, whole * (0.5 + chance / 2))
