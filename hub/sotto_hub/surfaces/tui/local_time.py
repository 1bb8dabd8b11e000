"""Times for people, in the hub's timezone: between event time and every widget (pure)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a commitment is due: a day, and a time of that day where one was said."""

    day: date
    at: datetime | None = None


def local(ns: int, where: tzinfo) -> datetime:
    """Unix nanoseconds as local time; seconds are exact, what is below them is dropped."""
    return datetime.fromtimestamp(min(max(ns // 1_000_000_000, 0), 253_000_000_000), where)


def clock(ns: int, where: tzinfo) -> str:
    """`08:30`."""
    return f"{local(ns, where):%H:%M}"


def day_name(day: date) -> str:
    """`Tue 10 Mar`, the same in every locale."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def day_and_clock(ns: int, where: tzinfo) -> str:
    """`Tue 10 Mar  08:30`."""
    return f"{day_name(local(ns, where).date())}  {clock(ns, where)}"


def due(text: str, where: tzinfo) -> Due | None:
    """A due date as a memory holds it: ISO 8601 with an offset, or a bare date. `None` when there is none."""
    try:
        if "T" not in text:
            return Due(day=date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at.replace(tzinfo=where) if at.tzinfo is None else at.astimezone(where)
    return Due(day=at.date(), at=at)


def due_order(when: Due | None) -> tuple[int, str, str]:
    """A key that sorts by due time: a whole day after the times in it, nothing due last."""
    if when is None:
        return (1, "", "")
    return (0, when.day.isoformat(), when.at.isoformat() if when.at else "~")


def due_words(when: Due, now_ns: int, where: tzinfo) -> str:
    """`today 19:00`, `tomorrow`, `Tue 10 Mar 19:00`: as near as it can be said."""
    today = local(now_ns, where).date()
    near = {today: "today", today + timedelta(days=1): "tomorrow", today - timedelta(days=1): "yesterday"}
    name = near.get(when.day) or day_name(when.day)
    year = f" {when.day.year}" if abs((when.day - today).days) > 300 else ""
    return f"{name}{year}" + (f" {when.at:%H:%M}" if when.at else "")


def is_over(when: Due, now_ns: int, where: tzinfo) -> bool:
    """Whether the due time, or the whole due day, has passed."""
    end = when.at or datetime.combine(when.day, time.max, tzinfo=where)
    return end < local(now_ns, where)


def span(ns: int) -> str:
    """`30 seconds`, `10 minutes`, `2 hours`: the nearest whole unit that fits."""
    seconds = max(round(ns / 1e9), 0)
    for size, unit in ((3600, "hour"), (60, "minute")):
        if seconds >= 2 * size or seconds == size:
            count = round(seconds / size)
            return f"{count} {unit}" + ("s" if count != 1 else "")
    return f"{seconds} second" + ("s" if seconds != 1 else "")
