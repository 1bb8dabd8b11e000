"""Reads a question: its words and their weights, the time it names, the value it asks for (pure).

The first step of a search. Who is named is not read here: only the store knows who is known (`people`).
"""

import re
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from sotto_memory.errors import MemoryInputError
from sotto_memory.keeping.claims import asked
from sotto_memory.recall.others import asks_for_person, kin_asked
from sotto_memory.recall.timewords import Span, looks_back, spans
from sotto_memory.recall.tuning import Tuning
from sotto_memory.wording.calendar import FEASTS, MONTHS, SEASONS, WEEKDAYS
from sotto_memory.wording.questions import FRAME, SAYING_LITTLE, asks_when, asks_work, roots, speaks_of_self
from sotto_memory.wording.variants import variants
from sotto_memory.wording.words import root, words

QUERY_CHARS: Final = 10_000
QUERY_TERMS: Final = 32
_CALENDAR: Final = {*MONTHS, *WEEKDAYS, *SEASONS, *(name[0] for name in FEASTS)}
_YEAR_DIGITS: Final = 4
_DATE: Final = re.compile(r"[0-9]{1,2}|[12][0-9]{3}")
_CAPITAL: Final = re.compile(r"(?<=[^\W\d_][ ,])[A-Z][^\W\d_]+")
_BEFORE: Final = re.compile(
    r" before (?:(?:i|we|\w+) (?:moved to|lived in|worked (?:at|for)|went to|had) )?"
    r"(?!(?:that|then|this|now|the (?:move|change))\b)(?P<value>[^?]+?)(?: (?:was|became) .*)?\??$",
    re.IGNORECASE,
)
_OF_ANSWER: Final = re.compile(r"\b(?:which|what) ([^\W\d_]+)(?= )", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word that is looked for. `weight`: 1, less for a word that frames; `variants` count as part of it.

    `of_day`: it names a day, which a memory may be of without saying so. `of_answer`: it says what sort of thing the
    answer is ("which instrument"), which the answer itself need not say.
    """

    word: str
    weight: float = 1.0
    variants: tuple[str, ...] = ()
    of_day: bool = False
    of_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as the search sees it. `span`: the time it names; `formerly`: it asks for what is no longer so.

    `names`: words that are written like names. `of_work`: it asks what somebody does; `for_person`: the answer is a
    person; `kin`: the words for whom it asks of "my sister". `said`: all its words, and their roots.
    """

    terms: tuple[Term, ...]
    names: frozenset[str] = frozenset()
    span: Span | None = None
    formerly: bool = False
    asks_when: bool = False
    of_wearer: bool = False
    slots: tuple[str, ...] = ()
    of_work: bool = False
    for_person: bool = False
    kin: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    """The words of the value that came after the one that is asked for: "before Oslo"."""


def read(text: str, now_ns: int, zone: tzinfo, tuning: Tuning) -> Query:
    """The question of a text. Raises MemoryInputError, code `query_long`."""
    if len(text) > QUERY_CHARS:
        sentence = f"The question has {len(text):,} characters; {QUERY_CHARS:,} is the most."
        raise MemoryInputError("query_long", sentence)
    span = next(iter(sorted(spans(text, now_ns, zone), key=lambda one: not one.exact)), None)
    left = without(text, span) if span else text
    slots = asked(_cut(text, span)) or asked(text)
    before = _before(text) if slots and span is None else frozenset()
    return Query(
        terms=terms(left, tuning, may_be_none=span is not None),
        names=names(left),
        span=span,
        formerly=looks_back(text) or bool(before),
        asks_when=asks_when(text),
        of_wearer=speaks_of_self(text),
        slots=slots,
        of_work=asks_work(text),
        for_person=asks_for_person(text),
        kin=kin_asked(text),
        said=frozenset(words(text)) | roots(text),
        before=before,
    )


def _before(text: str) -> frozenset[str]:
    """The words behind a last "before": "where did I live before Oslo"."""
    match = _BEFORE.search(text)
    return frozenset(words(match["value"])) - SAYING_LITTLE if match else frozenset()


def _cut(text: str, span: Span | None) -> str:
    return f"{text[: span.words[0]]} {text[span.words[1] :]}" if span else text


def without(text: str, span: Span) -> str:
    """The text without the words that name a time, but for names of days, months and feasts, and dates.

    Those are indexed with every memory, and may be what was said: "the dinner on Friday" was arranged on Monday.
    """
    first, last = span.words
    named = words(text[first:last])
    dated = not MONTHS.keys().isdisjoint(named)
    kept = [word for word in named if word in _CALENDAR or (word.isdigit() and (dated or len(word) == _YEAR_DIGITS))]
    return f"{text[:first]} {' '.join(kept)} {text[last:]}"


def terms(text: str, tuning: Tuning, *, may_be_none: bool = False) -> tuple[Term, ...]:
    """The words that count, one of each root. A text of words that say little keeps them, unless it may have none."""
    every = list({root(word): word for word in reversed(words(text.replace("’s", "").replace("'s", "")))}.values())[
        ::-1
    ]
    told = [word for word in every if word not in SAYING_LITTLE]
    kept = told or ([] if may_be_none else every)
    of_answer = frozenset(one for match in _OF_ANSWER.findall(text) for one in words(match))
    return tuple(_term(word, of_answer, tuning) for word in kept[:QUERY_TERMS])


def names(text: str) -> frozenset[str]:
    """The words that are written like names: with a capital letter, though not at the beginning. Days are none."""
    found = (one for match in _CAPITAL.findall(text) for one in words(match))
    return frozenset(one for one in found if one not in _CALENDAR | SAYING_LITTLE | FRAME)


def _term(word: str, of_answer: frozenset[str], tuning: Tuning) -> Term:
    of_day = word in _CALENDAR or _DATE.fullmatch(word) is not None
    return Term(
        word=word,
        weight=tuning.frame if word in FRAME else 1.0,
        variants=() if of_day else variants(word),
        of_day=of_day,
        of_answer=word in of_answer,
    )
