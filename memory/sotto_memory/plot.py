"""A forgetting curve as lines of plain text (pure): readable in any terminal, without colour and without Unicode.

Stands beside `curve`, which has the numbers. `*` is what was, `.` what will be if the memory is never used again.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from sotto_memory.curve import Curve
from sotto_memory.decay import NS_PER_DAY, Grade
from sotto_memory.strength import FADED_BELOW
from sotto_memory.uses import WEIGHTS, UseNote

NARROWEST: Final = 40
WIDEST: Final = 200

_MARGIN: Final = 6
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_NS: Final = 2**63 - 1
_LEAST_AHEAD_NS: Final = 30 * NS_PER_DAY
_MOST_AHEAD_NS: Final = 3 * 365 * NS_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the plot shows: `columns` points at equal distances from the first time to the last (Unix nanoseconds)."""

    from_ns: int
    until_ns: int
    columns: int

    def column(self, at_ns: int) -> int | None:
        """The column of a time; None when it lies outside."""
        if not self.from_ns <= at_ns <= self.until_ns:
            return None
        return (at_ns - self.from_ns) * (self.columns - 1) // (self.until_ns - self.from_ns)


def frame_of(curve: Curve, now_ns: int, archive_ns: int | None, columns: int) -> Frame:
    """From where the curve begins to as far ahead as it lies behind; farther when that shows where it fades."""
    behind = max(0, now_ns - curve.begins_ns)
    ahead = max(behind, _LEAST_AHEAD_NS)
    if archive_ns is not None and now_ns < archive_ns < now_ns + _MOST_AHEAD_NS:
        ahead = max(ahead, (archive_ns - now_ns) * 6 // 5)
    from_ns = min(curve.begins_ns, now_ns)
    return Frame(from_ns=from_ns, until_ns=max(from_ns + 1, min(now_ns + ahead, _LAST_NS)), columns=columns)


def plotted(curve: Curve, *, now_ns: int, archive_ns: int | None, zone: tzinfo, width: int = 78) -> list[str]:
    """The curve as lines of at most `width` (40 to 200) characters, with its uses, its dates and a legend.

    `archive_ns`: when it falls below the line of the archive; None: never, and no line is drawn.
    """
    width = min(max(width, NARROWEST), WIDEST)
    frame = frame_of(curve, now_ns, archive_ns, width - _MARGIN)
    return [
        *_grid(curve, frame, now_ns, threshold=archive_ns is not None),
        _axis(frame, now_ns),
        *_uses(frame, curve.notes),
        _dates(frame, now_ns, zone),
        *(line for sentence in _legend(curve, archive_ns is not None) for line in textwrap.wrap(sentence, width)),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The rows of the plot, in percent of strength: 100 at the top, then `step` less a row, down to `lowest`."""

    lowest: int
    step: int

    @property
    def rows(self) -> int:
        """How many there are."""
        return (100 - self.lowest) // self.step + 1

    def row(self, strength: float) -> int:
        """The row of a strength (0..1), counted from the top."""
        return min(max(round((100 - strength * 100) / self.step), 0), self.rows - 1)

    def label(self, row: int) -> str:
        """The percentage at the side of every tenth."""
        return f"{100 - row * self.step:3d}%" if row * self.step % 10 == 0 else " " * 4


FINE: Final = Scale(lowest=40, step=5)
"""Most memories are put away before they ever get lower."""
WHOLE: Final = Scale(lowest=0, step=10)


def _grid(curve: Curve, frame: Frame, now_ns: int, *, threshold: bool) -> list[str]:
    """The rows of the curve; with the `threshold` of the archive where there is one to fall below."""
    points = curve.points(frame.from_ns, frame.until_ns, frame.columns)
    scale = FINE if all(point.strength * 100 >= FINE.lowest for point in points) else WHOLE
    rows = [[" "] * frame.columns for _ in range(scale.rows)]
    if threshold:
        rows[scale.row(FADED_BELOW)] = ["-" if n % 2 else " " for n in range(frame.columns)]
    if (now := frame.column(now_ns)) is not None:
        for row in rows:
            row[now] = ":"
    for column, point in enumerate(points):
        rows[scale.row(point.strength)][column] = "*" if point.at_ns <= now_ns else "."
    return [f"{scale.label(n)} |{''.join(row)}".rstrip() for n, row in enumerate(rows)]


def _axis(frame: Frame, now_ns: int) -> str:
    line = ["-"] * frame.columns
    if (now := frame.column(now_ns)) is not None:
        line[now] = ":"
    return f"     +{''.join(line)}"


def _uses(frame: Frame, notes: Sequence[UseNote]) -> list[str]:
    """The uses under the axis, where there are any."""
    marks = [" "] * frame.columns
    for note in notes:
        if (at := frame.column(note.at_ns)) is not None:
            marks[at] = "-" if weakens(note) else "+"
    return [_placed(marks)] if notes else []


def _dates(frame: Frame, now_ns: int, zone: tzinfo) -> str:
    dates = [" "] * frame.columns
    first, last = day(frame.from_ns, zone), day(frame.until_ns, zone)
    dates[: len(first)] = first
    dates[frame.columns - len(last) :] = last
    _write_now(dates, frame.column(now_ns), len(first), frame.columns - len(last))
    return _placed(dates)


def _write_now(dates: list[str], at: int | None, first: int, last: int) -> None:
    """The word "now" under its column, unless a date is in the way."""
    if at is not None and first < at - 1 and at + 2 < last:
        dates[at - 1 : at + 2] = "now"


def _placed(cells: Sequence[str]) -> str:
    return f"{' ' * _MARGIN}{''.join(cells)}".rstrip()


def _legend(curve: Curve, threshold: bool) -> list[str]:
    """What the signs mean; those of uses and of the archive only where there are any."""
    below = "  - - archive below" if threshold else ""
    lines = [f"* was  . if never used again  : now{below}"]
    if curve.notes:
        lines.append("under the axis: + a use that strengthened, - one that weakened")
    if not curve.complete:
        lines.append("it begins with the last use: of earlier ones too little is known")
    return lines


def weakens(note: UseNote) -> bool:
    """True for a use that spoke against the memory."""
    return WEIGHTS[note.use].grade is Grade.AGAIN


def day(at_ns: int, zone: tzinfo) -> str:
    """A time as a day there, so: "2026-03-09"; nothing when it lies outside the calendar."""
    try:
        return f"{(_EPOCH + timedelta(microseconds=at_ns // 1000)).astimezone(zone):%Y-%m-%d}"
    except (OverflowError, ValueError):
        return ""
