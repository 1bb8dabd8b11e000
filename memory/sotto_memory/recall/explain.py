"""Why a memory was found, in a few words for people (pure)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sotto_memory.hits import Hit, Part
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.strength import retrievability
from sotto_memory.wording.words import root

WORDS_NAMED: Final = 6
_SLIGHT: Final = 0.02
"""A part that gives less than this share of the score is not worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What is known of a hit beside its parts. `said` and `beside`: words of the question; `when`: the named time."""

    said: Sequence[str] = ()
    beside: Sequence[str] = ()
    when: str = ""


def why(hit: Hit, reasons: Reasons, now_ns: int) -> str:
    """So: "says “dentist”; by Anna; in March; strength 67%; no longer current"."""
    least = _SLIGHT * max(hit.parts.values(), default=0.0)
    told = [part for part, share in hit.parts.items() if share > least]
    strength = retrievability(hit.record, now_ns)
    said = (*_of_words(hit.record, reasons), *_of_parts(hit.record, told, reasons))
    return "; ".join([*said, *_of_state(hit.record, strength)])


def _of_words(record: MemoryRecord, reasons: Reasons) -> Iterable[str]:
    if reasons.said:
        yield f"says {_quoted(as_said(record, reasons.said))}"
    if reasons.beside:
        yield f"said beside {_quoted(reasons.beside)}"


def _of_parts(record: MemoryRecord, told: Sequence[Part], reasons: Reasons) -> Iterable[str]:
    said = {
        Part.SLOT: f"holds the answer to “{record.slot}”",
        Part.PERSON: f"by {record.subject}"
        if record.kind == "episode"
        else f"about {record.subject or 'the person'}",
        Part.PLACE: f"at {record.details.get('place', '')}",
        Part.TIME: reasons.when or "names a time",
        Part.VECTOR: "near in meaning",
        Part.HOP: "leads on from another hit",
    }
    if reasons.said:  # words that it says itself are the better reason
        said.pop(Part.HOP)
    return (said[part] for part in said if part in told)


def _of_whom(record: MemoryRecord) -> str:
    if record.source is Source.WEARER:
        return "your own words"
    if not record.subject:
        return "about the person"
    return f"{'by' if record.kind is Kind.EPISODE else 'about'} {record.subject}"


def _of_state(record: MemoryRecord, strength: float) -> Iterable[str]:
    states = {
        "pinned": record.pinned,
        "from the archive": record.archived,
        "no longer current": not record.current,
    }
    return (f"strength {strength:.0%}", *(state for state, holds in states.items() if holds))


def as_said(record: MemoryRecord, asked: Sequence[str]) -> list[str]:
    """The words as the memory says them, in its order; as they were asked where only the index knows how."""
    text = f"{record.text}\n{record.subject}"
    found = [(match.start(), match[0]) if (match := _like(one, text)) else (len(text), one) for one in asked]
    return list(dict.fromkeys(word for _, word in sorted(found)))[:WORDS_NAMED]


def _like(word: str, text: str) -> re.Match[str] | None:
    stem = root(word)
    begins = re.escape(stem[: max(3, len(stem) - 1)])
    exact = re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    return exact or re.search(rf"\b{begins}[^\W_]*", text, re.IGNORECASE)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words[:WORDS_NAMED])
