"""What the wearer has to do: the open commitments, soonest first, for a question that asks for no one thing."""

from datetime import date, datetime
from typing import Final

from sotto_hub.bridge.commitments import is_open
from sotto_hub.bridge.days import beside_due, due_day, due_in_words, nanoseconds
from sotto_hub.records import Answer, Citation
from sotto_memory import Kind, Memory, MemoryRecord

NONE: Final = "I have nothing on that."
MOST: Final = 7


def agenda(memory: Memory, day: date | None, now: datetime) -> Answer:
    """The open commitments that are not past, of one day if one is named. `now` is aware local time."""
    known = [record for record in memory.list(kinds=(Kind.COMMITMENT,)) if is_open(record)]
    due = sorted((r for r in known if fits(r, day, now)), key=lambda r: (r.details.get("due", "") or "~", r.id))
    if not due:
        return Answer(text=NONE, abstained=True)
    more = f" And {len(due) - MOST} more." if len(due) > MOST else ""
    cited = [Citation(id=r.id, at_ns=r.valid_from_ns or r.recorded_ns, text=r.text) for r in due[:MOST]]
    return Answer(text=" ".join(line(r, now) for r in due[:MOST]) + more, abstained=False, citations=tuple(cited))


def fits(record: MemoryRecord, day: date | None, now: datetime) -> bool:
    """Whether a commitment belongs to the day that was asked for; to any day that is not past without one."""
    assert now.tzinfo is not None
    known, due = record.recorded_ns <= nanoseconds(now), due_day(record.details.get("due", ""), now.tzinfo)
    if day is not None:
        return known and due == day
    return known and (due is None or due >= now.date())


def line(record: MemoryRecord, now: datetime) -> str:
    """So: "Tuesday 10 March at 19:00 (tomorrow): “my sister is coming for dinner”."."""
    assert now.tzinfo is not None
    due = record.details.get("due", "")
    near = beside_due(due, now)
    when = due_in_words(due, now.tzinfo) or "No date"
    return f"{when}{f' ({near})' if near else ''}: “{record.details.get('what') or record.text}”."
