"""What the wearer's answer to a suggestion changes in memory. Only here does anything act (P7)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sotto_hub.bridge.days import nanoseconds
from sotto_hub.bridge.words import clean
from sotto_hub.language.protocol import Language
from sotto_hub.proactive.timing import LOOK_AHEAD
from sotto_hub.records import Suggestion, Verdict
from sotto_memory import Kind, Memory, MemoryRecord, Source, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The commitments a suggestion was about, as they are after the answer."""

    verdict: Verdict
    records: tuple[MemoryRecord, ...] = ()


def answered(suggestion: Suggestion, text: str, memory: Memory, language: Language, now: datetime) -> Answered:
    """Changes memory as the wearer's verdict asks; `now` is aware local time.

    Accepted: pinned, confirmed and strengthened. Edited: the same, in the wearer's words. Dismissed: not brought up
    again. Later and never change no memory. A look-ahead is only acknowledged: it is about several things.
    """
    if suggestion.kind == LOOK_AHEAD:
        return Answered(verdict=suggestion.verdict)
    about = [r for i in suggestion.evidence if (r := memory.get(i)) and r.kind is Kind.COMMITMENT]
    changed = [after for r in about if (after := after_verdict(r, suggestion.verdict, text, language, now))]
    for record in changed:
        memory.put(record)
    if suggestion.verdict in (Verdict.ACCEPTED, Verdict.EDITED):
        changed = [memory.use(r.id, nanoseconds(now), Use.CONFIRMED) for r in changed]
    return Answered(verdict=suggestion.verdict, records=tuple(changed))


def after_verdict(
    record: MemoryRecord, verdict: Verdict, text: str, language: Language, now: datetime
) -> MemoryRecord | None:
    """The commitment after a verdict, or nothing when it stays as it is."""
    if verdict is Verdict.DISMISSED:
        return replace(record, details=dict(record.details) | {"declined": "yes"})
    if verdict not in (Verdict.ACCEPTED, Verdict.EDITED):
        return None
    confirmed = replace(
        record, pinned=True, confidence=1.0, details=dict(record.details) | {"confirmed": "yes", "declined": ""}
    )
    words = clean(text)
    return corrected(confirmed, words, language, now) if verdict is Verdict.EDITED and words else confirmed


def corrected(record: MemoryRecord, words: str, language: Language, now: datetime) -> MemoryRecord:
    """The commitment in the wearer's own words; a time among them replaces the due time."""
    details = dict(record.details) | {"what": words}
    when = language.when(words, now)
    if when and when.due:
        details |= {"due": when.due, "when": when.words, "part": when.part}
        details["deadline"] = "yes" if when.deadline else ""
    return replace(record, text=words, source=Source.WEARER, details=details)
