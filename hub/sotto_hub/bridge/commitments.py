"""Findings as memories: what is new, what was said again, what has moved or ended (pure decisions over records).

What was overheard stays what it is: a commitment in the words that were said, of unknown source, never a wish of the
wearer (P7). A commitment that the wearer has confirmed is not changed by anything overheard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo

from sotto_hub.bridge.days import due_day, due_in_words
from sotto_hub.bridge.words import clean
from sotto_hub.language.protocol import Language
from sotto_hub.language.records import Finding, FindingKind
from sotto_hub.moments.ids import id_at
from sotto_memory import Kind, MemoryRecord, Source, new_memory

IMPORTANCE = 0.7


def commitment_of(finding: Finding, speaker: str | None, now_ns: int, zone: tzinfo) -> MemoryRecord:
    """A new open commitment."""
    what = clean(finding.what)
    return new_memory(
        kind=Kind.COMMITMENT,
        id=id_at(now_ns, "commitment", *finding.evidence),
        text=titled(what, finding.when.due if finding.when else "", zone),
        now_ns=now_ns,
        source=source_of(speaker),
        evidence=finding.evidence,
        valid_from_ns=now_ns,
        confidence=finding.confidence,
        importance=IMPORTANCE,
        details={
            "status": "open",
            "form": finding.kind.value,
            "who": who(finding.kind, speaker),
            "what": what,
            "spoken": " ".join(finding.evidence),
        }
        | times_of(finding),
    )


def times_of(finding: Finding) -> dict[str, str]:
    """The details that say when: `due`, the words `when`, the part of the day, and whether it is a latest time."""
    if finding.when is None:
        return {}
    when = finding.when
    told = {"due": when.due, "when": when.words, "part": when.part, "deadline": "yes" if when.deadline else ""}
    return {name: value for name, value in told.items() if value}


def titled(what: str, due: str, zone: tzinfo) -> str:
    """The words, and the day they meant when they were said ("tomorrow" does not age well)."""
    return f"{what} ({due_in_words(due, zone, year=True)})" if due else what


def source_of(speaker: str | None) -> Source:
    """Whose word it is. An unknown voice stays unknown."""
    if speaker is None:
        return Source.UNKNOWN
    return Source.WEARER if speaker == "wearer" else Source.OTHER


def who(kind: FindingKind, speaker: str | None) -> str:
    """Who has to do it: wearer, other or unknown."""
    if speaker is None or kind is FindingKind.EVENT:
        return "unknown"
    own = speaker == "wearer"
    if kind is FindingKind.REQUEST:
        return "other" if own else "wearer"
    return "wearer" if own else "other"


def fact_of(finding: Finding, speaker: str | None, now_ns: int) -> MemoryRecord:
    """A fact somebody asked to be remembered, in the words that were said."""
    return new_memory(
        kind=Kind.FACT,
        id=id_at(now_ns, "fact", *finding.evidence),
        text=clean(finding.what),
        now_ns=now_ns,
        source=source_of(speaker),
        evidence=finding.evidence,
        valid_from_ns=now_ns,
        confidence=finding.confidence,
        importance=IMPORTANCE,
    )


def is_open(record: MemoryRecord) -> bool:
    """True for a commitment that still stands."""
    return record.kind is Kind.COMMITMENT and record.current and record.details.get("status") == "open"


def confirmed(record: MemoryRecord) -> bool:
    """True when the wearer has accepted it."""
    return record.details.get("confirmed") == "yes"


def said_again(finding: Finding, recent: Sequence[MemoryRecord], language: Language) -> MemoryRecord | None:
    """The commitment, of those given (oldest first), that this finding says again or takes up."""
    for record in reversed(recent):
        if finding.kind is FindingKind.ACCEPTANCE:
            if set(record.evidence) & set(finding.evidence[:-1]):
                return record
        elif same_matter(finding, record, language):
            return record
    return None


def same_matter(finding: Finding, record: MemoryRecord, language: Language) -> bool:
    """True for the same due time with a word in common, or the very same words where one of the two has no time."""
    if set(finding.evidence) & set(record.evidence):
        return record.details.get("form") == finding.kind.value
    due = finding.when.due if finding.when else ""
    known = record.details.get("due", "")
    mine, theirs = set(language.stems(finding.what)), set(language.stems(record.details.get("what", "")))
    if due and known:
        return due == known and bool(mine & theirs)
    return bool(mine) and mine == theirs


def joined(record: MemoryRecord, finding: Finding, zone: tzinfo) -> MemoryRecord:
    """The commitment with what was said about it now; one the wearer has confirmed only gains evidence."""
    evidence = tuple(dict.fromkeys((*record.evidence, *finding.evidence)))
    if confirmed(record):
        return replace(record, evidence=evidence)
    details = {"what": record.text, "spoken": ""} | dict(record.details) | times_of(finding)
    if finding.kind is FindingKind.ACCEPTANCE:
        details["taken_up"] = "yes"
        if clean(finding.what) != details.get("what"):
            details |= {"what": clean(finding.what), "spoken": finding.evidence[-1]}
    if details.get("when") != record.details.get("when") and finding.evidence[-1] not in details["spoken"]:
        details["spoken"] += f" {finding.evidence[-1]}"
    return replace(
        record,
        text=titled(details["what"], details.get("due", ""), zone),
        evidence=evidence,
        confidence=max(record.confidence, finding.confidence),
        details=details,
    )


def moved_from(
    finding: Finding, standing: Iterable[MemoryRecord], language: Language, zone: tzinfo
) -> MemoryRecord | None:
    """The open commitment whose time this finding changes: on a day it denies, or with most words in common."""
    if not finding.moved or finding.when is None:
        return None
    mine = set(language.stems(finding.what))
    ranked = []
    for record in standing:
        common = len(mine & set(language.stems(record.details.get("what", ""))))
        denied = due_day(record.details.get("due", ""), zone) in finding.denied
        if common >= (1 if denied else 2) and record.details.get("due") != finding.when.due and not confirmed(record):
            ranked.append((denied, common, record.recorded_ns, record))
    return max(ranked, key=lambda row: row[:3])[3] if ranked else None


def ended_by(
    finding: Finding, standing: Iterable[MemoryRecord], language: Language, zone: tzinfo
) -> MemoryRecord | None:
    """The open commitment that "cancelled" (all words of the thing) or "done" (two words in common) is about."""
    mine = set(language.stems(finding.what))
    day = finding.when.day if finding.when else None
    best: tuple[int, MemoryRecord] | None = None
    for record in standing:
        theirs = set(language.stems(record.details.get("what", "")))
        common = len(mine & theirs)
        if finding.kind is FindingKind.CANCELLED:
            fits = bool(mine) and mine <= theirs and day in (None, due_day(record.details.get("due", ""), zone))
        else:
            fits = common >= 2
        if fits and not confirmed(record) and (best is None or common > best[0]):
            best = (common, record)
    return best[1] if best else None


def with_status(record: MemoryRecord, status: str, finding: Finding) -> MemoryRecord:
    """The commitment, done or cancelled, with the utterance that said so."""
    evidence = tuple(dict.fromkeys((*record.evidence, *finding.evidence)))
    details = dict(record.details) | {"status": status, "ended_in": finding.evidence[-1]}
    return replace(record, evidence=evidence, details=details)


def reopened(record: MemoryRecord) -> MemoryRecord:
    """The commitment as it stood before it was ended or replaced by words that are forgotten now."""
    details = {k: v for k, v in record.details.items() if k != "ended_in"} | {"status": "open"}
    return replace(record, superseded_ns=None, details=details)
