"""Why a memory was found, in a few words for people (pure)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sotto_memory.hits import Hit, Part
from sotto_memory.recall.people import WEARER, folded, names
from sotto_memory.recall.view import over
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.strength import belongs_in_archive, retrievability
from sotto_memory.wording.questions import tells_when
from sotto_memory.wording.words import root

WORDS_NAMED: Final = 6
_WORD: Final = re.compile(r"[^\W_]+")
_SLIGHT: Final = 0.02
"""A part that gives less than this share of the score is not worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What is known of a hit beside its parts, in words of the question.

    `said`: those that it says; `beside`: those that were said beside it; `persons`: the names; `when`: the time.
    """

    said: Sequence[str] = ()
    beside: Sequence[str] = ()
    persons: Sequence[str] = ()
    when: str = ""


def why(hit: Hit, reasons: Reasons, now_ns: int) -> str:
    """So: "says “dentist”; by Anna; in March; strength 67%; no longer current"."""
    least = _SLIGHT * max(hit.parts.values(), default=0.0)
    told = [part for part, share in hit.parts.items() if share > least]
    strength = retrievability(hit.record, now_ns)
    said = (*_of_words(hit.record, reasons), *_of_parts(hit.record, told, reasons))
    return "; ".join([*said, *_of_state(hit.record, strength, now_ns)])


def _of_words(record: MemoryRecord, reasons: Reasons) -> Iterable[str]:
    if reasons.said:
        yield f"says {_quoted(as_said(record, reasons.said))}"
    if reasons.beside:
        yield f"said beside {_quoted(reasons.beside)}"


def _of_parts(record: MemoryRecord, told: Sequence[Part], reasons: Reasons) -> Iterable[str]:
    said = {
        Part.SLOT: f"holds the answer to “{record.slot}”",
        Part.PERSON: _of_whom(record, reasons.persons),
        Part.PLACE: f"at {record.details.get('place', '')}",
        Part.TIME: reasons.when or _of_time(record),
        Part.VECTOR: "near in meaning",
        Part.HOP: "leads on from another hit",
    }
    if reasons.said:  # words that it says itself are the better reason
        said.pop(Part.HOP)
    return (said[part] for part in said if part in told and said[part])


def _of_time(record: MemoryRecord) -> str:
    """What speaks for its time when the question names none; empty for what is over, which is said anyway."""
    if tells_when(record.text):
        return "names a time"
    return "the newest to say so" if record.current else ""


def persons_in(question: str, asked: frozenset[str]) -> tuple[str, ...]:
    """The names in a question as it writes them. `asked`: the same, folded (see `people.folded`)."""
    return tuple(dict.fromkeys(word for word in _WORD.findall(question) if folded(word) in asked))


def _of_whom(record: MemoryRecord, persons: Sequence[str]) -> str:
    """Whose words it is, or whom it is about: the persons of the question if it is them; empty when it is nobody."""
    happened = record.kind is Kind.EPISODE
    of = f"{'by' if happened else 'about'} {record.subject}"
    if _standing(persons, record.subject):
        return of
    if not happened and (told := _standing(persons, record.text)):
        return f"about {' and '.join(told)}"
    if record.source is Source.WEARER:
        return "your own words"
    if record.subject.casefold() == WEARER:
        return f"{'by' if happened else 'about'} you"
    return of if record.subject else ""


def _standing(persons: Sequence[str], text: str) -> list[str]:
    return [one for one in persons if names(text, frozenset({folded(one)}))]


def _of_state(record: MemoryRecord, strength: float, now_ns: int) -> Iterable[str]:
    states = {
        "pinned": record.pinned,
        "from the archive": belongs_in_archive(record, now_ns),
        "no longer current": over(record, now_ns),
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
