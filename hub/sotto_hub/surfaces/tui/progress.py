"""How far a recorded day has come, while the screen shows its replay (pure)."""

from datetime import tzinfo
from typing import Final

from sotto_hub.surfaces.tui.local_time import clock

BAR_CELLS: Final = 20


def fraction(span_ns: tuple[int, int], now_ns: int) -> float:
    """0 at the start of the span, 1 at its end; all outside is clipped."""
    start, end = span_ns
    return min(max((now_ns - start) / max(end - start, 1), 0.0), 1.0)


def bar(done: float, cells: int = BAR_CELLS) -> str:
    """`━━━━━━──────────────`."""
    full = round(done * cells)
    return "━" * full + "─" * (cells - full)


def progress_words(span_ns: tuple[int, int] | None, now_ns: int, where: tzinfo) -> str:
    """One line for the status: a bar where the length of the day is known, and how far it was heard."""
    if now_ns == 0:
        return "Replaying a recorded day: nothing heard yet"
    heard = f"heard until {clock(now_ns, where)}"
    if span_ns is None:
        return f"Replaying a recorded day: {heard}"
    return f"Replaying a recorded day  {bar(fraction(span_ns, now_ns))}  {heard}"
