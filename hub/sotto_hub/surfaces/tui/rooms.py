"""How the lines of the screen are shared out between its panes (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Lines for the two panes beside or below the transcript. 0: all that the layout gives."""

    suggestions: int
    memories: int


def rooms(body: int, *, wide: bool) -> Rooms:
    """How many lines the panes may fill of the body's (pure): side by side, or so that the transcript keeps half."""
    if wide:
        return Rooms(suggestions=int(body * 0.6) - 3, memories=0)
    return Rooms(suggestions=body // 4, memories=max(3, body // 6))
