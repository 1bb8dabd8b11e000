"""How long before its time a commitment is brought up (pure)."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from sotto_hub.bridge.commitments import confirmed
from sotto_hub.bridge.days import parse_due
from sotto_memory import MemoryRecord

CONFIRMED: Final = timedelta(minutes=60)
DEADLINE: Final = timedelta(minutes=45)
APPOINTMENT: Final = timedelta(minutes=20)
PARTS: Final = {
    "morning": time(9),
    "before lunch": time(11),
    "lunch": time(12),
    "after breakfast": time(9, 30),
    "after lunch": time(13),
    "afternoon": time(14),
    "after school": time(15, 30),
    "after work": time(17),
    "evening": time(18),
    "after dinner": time(20),
    "night": time(20, 30),
    "tonight": time(20, 30),
}


def remind_at(record: MemoryRecord, now: datetime) -> datetime | None:
    """When to bring up an open commitment, seen from the local time `now`; `None` for a bare day or a past time.

    Accepted: an hour before. Else a deadline 45 minutes, an appointment 20 minutes before. What somebody asked to be
    reminded of is said at its time; a part of a day ("after lunch") when it begins.
    """
    assert now.tzinfo is not None
    due = parse_due(record.details.get("due", ""))
    if not isinstance(due, datetime):
        return at_part(due, record.details.get("part", ""), now.tzinfo, now)
    if record.details.get("form") == "reminder":
        return due if due > now else None
    leads = [DEADLINE if record.details.get("deadline") else APPOINTMENT]
    if confirmed(record):
        leads.insert(0, CONFIRMED)
    return next((due - lead for lead in leads if due - lead > now), None)


def at_part(day: date | None, part: str, zone: tzinfo, now: datetime) -> datetime | None:
    """When a part of a day begins, if that is still to come."""
    if day is None or part not in PARTS:
        return None
    begins = datetime.combine(day, PARTS[part], tzinfo=zone)
    return begins if begins > now else None
