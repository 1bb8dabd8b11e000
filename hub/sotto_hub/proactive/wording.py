"""The words of suggestions (pure): short, concrete, in the words that were said, with day and clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from sotto_hub.bridge.days import beside_due, due_in_words, in_words, local_time, parse_due
from sotto_memory import MemoryRecord


def quoted(record: MemoryRecord) -> str:
    """The words that were said, in quotation marks."""
    return f"“{record.details.get('what', record.text)}”"


def keep_text(record: MemoryRecord, now: datetime) -> str:
    """So: "Keep “my sister is coming for dinner tomorrow at seven” for Tuesday 10 March at 19:00 (tomorrow)?"."""
    assert now.tzinfo is not None
    due = record.details.get("due", "")
    verb = "Remind you of" if record.details.get("form") == "reminder" else "Keep"
    joint = "on" if record.details.get("form") == "reminder" else "for"
    near = beside_due(due, now)
    said = unsaid_time(record)
    notes = ", ".join(note for note in (near, said) if note)
    ending = f" ({notes})?" if notes else "?"
    return f"{verb} {quoted(record)} {joint} {due_in_words(due, now.tzinfo)}{ending}"


def unsaid_time(record: MemoryRecord) -> str:
    """The words of the time where the quoted words do not hold them."""
    when = record.details.get("when", "")
    return "" if when and when.lower() in record.details.get("what", "").lower() else when


def reminder_text(record: MemoryRecord, now: datetime) -> str:
    """So: "At 15:00, in 20 minutes: “i am seeing the doctor this afternoon at three”"."""
    assert now.tzinfo is not None
    due = parse_due(record.details.get("due", ""))
    if not isinstance(due, datetime):
        part = record.details.get("part", "")
        return f"Today{f', {part}' if part not in ('', 'tonight') else ''}: {quoted(record)}"
    local = due.astimezone(now.tzinfo)
    minutes = round((local - now) / timedelta(minutes=1))
    day = "" if local.date() == now.date() else f"{in_words(local.date())}, "
    when = f", in {minutes} minutes" if minutes > 1 else ""
    return f"{day}{local:%H:%M}{when}: {quoted(record)}"


def look_ahead_text(records: Sequence[MemoryRecord], tomorrow: datetime) -> str:
    """So: "Tomorrow, Tuesday 3 March: 12:00 “call the dentist …”; “…”"."""
    assert tomorrow.tzinfo is not None
    parts = []
    for record in records:
        due = parse_due(record.details.get("due", ""))
        clock = f"{due.astimezone(tomorrow.tzinfo):%H:%M} " if isinstance(due, datetime) else ""
        parts.append(f"{clock}{quoted(record)}")
    return f"Tomorrow, {in_words(tomorrow.date())}: {'; '.join(parts)}"


def reason(record: MemoryRecord, zone: tzinfo) -> str:
    """Why: the words and when they were heard."""
    heard = local_time(record.valid_from_ns or record.recorded_ns, zone)
    return f"Heard on {in_words(heard.date())} at {heard:%H:%M}: {quoted(record)}"
