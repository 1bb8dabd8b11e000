"""How far event time has come, and whether anything was sensed on the way (pure).

The watermark is the least of what the connected audio streams have settled; it never goes back. While every stream is
off, muted or lost, nothing is sensed: event time passes, but silence proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Tide:
    """Settled up to `until_ns`; not sensing since `off_since_ns` (`None`: sensing)."""

    until_ns: int
    off_since_ns: int | None = None


class Step(NamedTuple):
    """Event time moves to `now_ns`, sensed or not."""

    now_ns: int
    sensing: bool


def common(tides: Iterable[Tide]) -> Tide | None:
    """The tide of all streams together: `None` when there is none. One stream that senses is enough to sense."""
    all_of_them = list(tides)
    if not all_of_them:
        return None
    off = [tide.off_since_ns for tide in all_of_them if tide.off_since_ns is not None]
    off_since = max(off) if len(off) == len(all_of_them) else None
    return Tide(until_ns=min(tide.until_ns for tide in all_of_them), off_since_ns=off_since)


def steps(now_ns: int, to_ns: int, off_since_ns: int | None) -> tuple[Step, ...]:
    """The steps from `now_ns` to `to_ns`: sensed up to where the stream went OFF, then not."""
    if to_ns <= now_ns:
        return ()
    if off_since_ns is None or off_since_ns >= to_ns:
        return (Step(to_ns, True),)
    if off_since_ns <= now_ns:
        return (Step(to_ns, False),)
    return (Step(off_since_ns, True), Step(to_ns, False))
