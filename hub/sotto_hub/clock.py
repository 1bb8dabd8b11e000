"""The wall clock, for display, certificates, pairing codes and time-outs only: understanding runs on event time."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Gives Unix nanoseconds."""


def wall_ns() -> int:
    """Unix time of this machine in nanoseconds."""
    return time.time_ns()
