"""Spans of time as a person types and reads them: "10m", "1h30m", "90s" (pure)."""

import re
from typing import Final

from sotto_hub.errors import UsageError

SECOND_NS: Final = 1_000_000_000
HOUR_NS: Final = 3600 * SECOND_NS
_UNITS: Final = {"s": SECOND_NS, "m": 60 * SECOND_NS, "h": 3600 * SECOND_NS, "d": 86_400 * SECOND_NS}
_LONGEST_NS: Final = 7 * _UNITS["d"]
_PART: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", re.ASCII)


def parse_duration(text: str) -> int:
    """Nanoseconds of "90s", "10m", "2h", "1h30m" or "1d"; more than nothing and at most seven days.

    Raises `UsageError` with code `duration`.
    """
    plain = "".join(text.split()).lower()
    parts = _PART.findall(plain)
    if not parts or "".join(number + unit for number, unit in parts) != plain:
        raise UsageError("duration", f"'{text}' is not a length of time: write it like 90s, 10m, 2h or 1h30m")
    span_ns = sum(round(float(number) * _UNITS[unit]) for number, unit in parts)
    if not 0 < span_ns <= _LONGEST_NS:
        raise UsageError("duration", f"'{text}' is out of range: more than nothing and at most seven days")
    return span_ns


def say_duration(span_ns: int) -> str:
    """A span as it is read: its two largest units, as in "1 h 30 min"; under a second, "0 s"."""
    left, words = max(0, span_ns) // SECOND_NS, []
    for unit, seconds in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, seconds)
        if count:
            words.append(f"{count} {unit}")
    return " ".join(words[:2]) or "0 s"


def say_exactly(span_ms: int, *, long: bool = False) -> str:
    """A span to the millisecond, as the ledger shows it: seconds "71.640", or `long`, "1:02:03.456"."""
    seconds, ms = divmod(span_ms, 1000)
    if not long:
        return f"{seconds}.{ms:03d}"
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}.{ms:03d}"
