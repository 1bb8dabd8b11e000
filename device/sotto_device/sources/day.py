"""A recorded day on disk: its folder is read and checked before anything is sensed from it.

Format: `session.toml`, `audio.jsonl`, `frames.jsonl`, `gaze.csv`, `controls.jsonl`; times count in seconds from the
session's start. Every mistake is one sentence that names the file, the line and what to do.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any, Final, TypeVar

from sotto_device.errors import RecordingError, UsageError
from sotto_device.mute import SENSORS
from sotto_device.settings import is_timezone
from sotto_proto.records import Control, GazePoint, MuteState, OffTheRecord

SESSION: Final = "session.toml"
SECOND_NS: Final = 1_000_000_000
GAZE_HEADER: Final = "at_s,x,y,confidence"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One stretch of sound, `at_ns` after the session's start."""

    at_ns: int
    duration_ns: int
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One keyframe, `at_ns` after the session's start."""

    at_ns: int
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One line of gaze, not read yet beyond its time: `at_ns` after the session's start."""

    at_ns: int
    number: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What the wearer did, `at_ns` after the session's start."""

    at_ns: int
    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A recorded day. `start_wall_ns` is its calendar; all other times count from there."""

    folder: Path
    start_wall_ns: int
    timezone: str
    picture_px: tuple[int, int]
    gaze_ns: int
    scenes: tuple[Scene, ...]
    shots: tuple[Shot, ...]
    presses: tuple[Press, ...]

    def gaze(self) -> Iterator[Look]:
        """Every gaze sample in order, with nothing of it read but its time. Raises `RecordingError`."""
        path = self.folder / "gaze.csv"
        if not path.exists():
            return
        before_ns = -1
        with path.open(encoding="utf-8", errors="replace") as lines:
            if next(lines, "").strip() != GAZE_HEADER:
                raise _broken(path, 1, f"the first line has to be {GAZE_HEADER}")
            for number, line in enumerate(lines, start=2):
                look = _look(path, number, line)
                if look.at_ns < before_ns:
                    raise _broken(path, number, "its time lies before the line above")
                before_ns = look.at_ns
                yield look

    def point(self, look: Look, offset_us: int) -> GazePoint:
        """Where the eyes were in this sample. Raises `RecordingError`."""
        try:
            x, y, confidence = (float(word) for word in look.line.split(",")[1:])
            if not (0.0 <= confidence <= 1.0 and isfinite(x) and isfinite(y)):
                raise ValueError("a value is out of range")
        except ValueError as error:
            raise _gaze_broken(self.folder / "gaze.csv", look.number) from error
        return GazePoint(offset_us=offset_us, x=x, y=y, confidence=confidence, worn=True)


def read_day(folder: Path) -> Day:
    """Reads and checks the folder. Raises `UsageError` (no such day) or `RecordingError` (something in it is off)."""
    if not folder.is_dir():
        raise UsageError("day_missing", f"there is no recorded day at {folder}: name a folder that holds {SESSION}")
    session = _session(folder / SESSION)
    start = datetime.fromisoformat(session["start"])
    width, height = session.get("frame_size", (640, 480))
    return Day(
        folder=folder,
        start_wall_ns=wall_ns(start),
        timezone=session["timezone"],
        picture_px=(int(width), int(height)),
        gaze_ns=SECOND_NS // int(session.get("gaze_hz", 100)),
        scenes=_scenes(folder),
        shots=_rows(folder / "frames.jsonl", lambda row: Shot(at_ns=_ns(row["at_s"]), path=_file(folder, row))),
        presses=_rows(folder / "controls.jsonl", lambda row: _press(row, wall_ns(start))),
    )


def wall_ns(instant: datetime) -> int:
    """Unix nanoseconds of an instant with an offset, to the microsecond."""
    return round(instant.timestamp() * 1_000_000) * 1_000


def _session(path: Path) -> dict[str, Any]:
    advice = f"is this a recorded day? It needs a {SESSION} with start and timezone"
    if not path.exists():
        raise UsageError("day_missing", f"{path.parent} holds no {SESSION}: {advice}")
    try:
        told = tomllib.loads(path.read_text())
        aware = datetime.fromisoformat(told["start"]).tzinfo is not None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecordingError("session", f"{path} cannot be read ({_why(error)}): {advice}") from error
    if not aware or not is_timezone(str(told.get("timezone", ""))):
        raise RecordingError("session", f"{path} has no start with an offset, or no timezone that exists: {advice}")
    return told


def _scenes(folder: Path) -> tuple[Scene, ...]:
    path = folder / "audio.jsonl"
    if not path.exists():
        raise RecordingError("audio", f"{path} is missing: a recorded day lists its sound there")
    scenes = _rows(path, lambda row: _scene(folder, row))
    if not scenes:
        raise RecordingError("audio", f"{path} is empty: there is nothing to hear in this day")
    for number, (first, second) in enumerate(pairwise(scenes), start=2):
        if first.at_ns + first.duration_ns > second.at_ns:
            raise _broken(path, number, "the scene begins before the one above has ended")
    return scenes


def _scene(folder: Path, row: dict[str, Any]) -> Scene:
    duration_ns = _ns(row["seconds"])
    return Scene(at_ns=_ns(row["at_s"]), duration_ns=duration_ns, path=_file(folder, row))


def _file(folder: Path, row: dict[str, Any]) -> Path:
    path = folder / str(row["file"])
    if not path.is_file():
        raise ValueError(f"the file {row['file']} is missing")
    return path


def _press(row: dict[str, Any], start_wall_ns: int) -> Press:
    at_ns = _ns(row["at_s"])
    match row["do"]:
        case "mute":
            until = start_wall_ns + at_ns + _ns(row["for_s"]) if "for_s" in row else None
            return Press(at_ns=at_ns, control=MuteState(muted=True, until_wall_ns=until, streams=_sensors(row)))
        case "unmute":
            return Press(at_ns=at_ns, control=MuteState(muted=False, streams=_sensors(row)))
        case "off_the_record":
            return Press(at_ns=at_ns, control=OffTheRecord(last_ns=_ns(row["last_s"])))
        case other:
            raise ValueError(f"the device has no control {other!r}")


def _sensors(row: dict[str, Any]) -> tuple[str, ...]:
    """The sensors that a press is about; none named, all of them."""
    named = tuple(row.get("sensors", ()))
    if unknown := [name for name in named if name not in SENSORS]:
        raise ValueError(f"there is no sensor {unknown[0]!r}")
    return named


def _rows(path: Path, read: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    """The rows of a JSON-lines file, in order of time; none where there is no file."""
    if not path.exists():
        return ()
    rows: list[T] = []
    before_s = 0.0
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        try:
            row = json.loads(line)
            rows.append(read(row))
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise _broken(path, number, _why(error)) from error
        if row["at_s"] < before_s:
            raise _broken(path, number, "its time lies before the line above")
        before_s = row["at_s"]
    return tuple(rows)


def _look(path: Path, number: int, line: str) -> Look:
    try:
        return Look(at_ns=_ns(float(line.partition(",")[0])), number=number, line=line)
    except (ValueError, OverflowError) as error:
        raise _gaze_broken(path, number) from error


def _gaze_broken(path: Path, number: int) -> RecordingError:
    return _broken(path, number, f"it has to hold {GAZE_HEADER}")


def _ns(seconds: float) -> int:
    """Whole microseconds, as nanoseconds. Raises `ValueError` for what is no time."""
    microseconds = round(float(seconds) * 1_000_000)
    if microseconds < 0:
        raise ValueError("a time is negative")
    return microseconds * 1_000


def _why(error: Exception) -> str:
    """What is wrong, in words for whoever made the file."""
    match error:
        case KeyError():
            return f"{error.args[0]} is missing"
        case json.JSONDecodeError():
            return "it is not JSON"
        case TypeError():
            return "it does not hold what is expected there"
        case _:
            return str(error)


def _broken(path: Path, number: int, why: str) -> RecordingError:
    return RecordingError("line", f"{path}, line {number}: {why}. Repair the line, or render the day again")
