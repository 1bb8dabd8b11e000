"""A recorded day as the examination needs it: when it begins and ends, and where its wearer lives."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.localtime import day_clock, from_iso, next_hour

NIGHT_HOUR: Final = 4
"""A day ends when the next local 04:00 comes; the night before it belongs to the day."""

_HOLDS: Final = "session.toml, audio.jsonl and audio/*.flac"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One recorded day. `end_ns` is the end of its last scene."""

    folder: Path
    start_ns: int
    end_ns: int
    zone: tzinfo
    wearer: str

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def read_day(folder: Path) -> Day:
    """The day in a folder. Raises `UsageError`: `day_missing` (no such folder, or no day in it), `day_form`."""
    if not (folder / "session.toml").is_file():
        raise UsageError("day_missing", f"{folder} is not a recorded day: a day folder holds {_HOLDS}")
    try:
        session = tomllib.loads((folder / "session.toml").read_text(encoding="utf-8"))
        start_ns = from_iso(str(session["start"]))
        seconds = max((row["at_s"] + row["seconds"] for row in read_rows(folder / "audio.jsonl")), default=0.0)
        zone = ZoneInfo(session["timezone"])
        wearer = str(session.get("wearer", ""))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError("day_form", f"the recorded day {folder} is broken: {error}") from None
    end_ns = start_ns + round(seconds * 1e9)
    return Day(folder=folder.resolve(), start_ns=start_ns, end_ns=end_ns, zone=zone, wearer=wearer)


def read_rows(path: Path) -> list[dict[str, float]]:
    """The rows of a JSON-lines file; `ValueError` for a broken one."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def require_order(days: Sequence[Day], lived_until_ns: int = 0) -> None:
    """Raises `UsageError` with code `day_order` when days overlap, come twice, or the home has lived past one."""
    for day in days:
        if day.start_ns < lived_until_ns:
            lived = day_clock(lived_until_ns, day.zone)
            begins = day_clock(day.start_ns, day.zone)
            sentence = f"{day.name} begins at {begins}, but what came before it ends at {lived}: give days in order"
            raise UsageError("day_order", sentence)
        lived_until_ns = day.end_ns


def night_after(day: Day, following: Day | None) -> int:
    """Until when event time goes on after a day: the next local 04:00, or the next day if that begins earlier."""
    night_ns = next_hour(day.end_ns, day.zone, NIGHT_HOUR)
    return night_ns if following is None else min(night_ns, following.start_ns)
