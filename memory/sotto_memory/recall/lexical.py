"""Finds by words: which rows say them, or stand beside rows that do, and how well (a thin shell over pure files).

Stands in the middle of `search`. Every row that a word touches is judged roughly (`spreading`), the best of them
closely (`windows`), with what else speaks for them (`factors`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Final

import numpy as np

from sotto_memory.hits import Part
from sotto_memory.recall import pool, postings
from sotto_memory.recall.factors import factors, telling
from sotto_memory.recall.hops import Lead
from sotto_memory.recall.people import Named, folded
from sotto_memory.recall.pool import Seen, Sight
from sotto_memory.recall.postings import Reach
from sotto_memory.recall.query import Query, Term
from sotto_memory.recall.spreading import Field, Floats, Presence, best, information, presence, spread
from sotto_memory.recall.tuning import Tuning
from sotto_memory.recall.windows import Windows, bm25, held, windows
from sotto_memory.records import Kind
from sotto_memory.wording.questions import roots
from sotto_memory.wording.words import level

if TYPE_CHECKING:
    from sotto_memory.store import Store

Parts = dict[Part, float]

TERMS: Final = 8
"""So many words of a question that memories hold are looked for, those that say most. Unknown ones all count."""
_POOLS: Final = 4
"""So many times the pool is looked at when what it holds is out of sight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to one store, with all that is known of it before anything was found."""

    store: "Store"
    here: Reach
    query: Query
    named: Named
    sight: Sight
    now_ns: int
    tuning: Tuning


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What words have found: rows with their parts, in shares of the best score by words alone.

    `factors`: what that score is multiplied by, by row. `known`: where the terms are. `covered`: by term and row, how
    much of the term is said there; `own`: without what is said beside.
    """

    terms: tuple[Term, ...]
    known: tuple[Presence, ...]
    rows: tuple[Seen, ...]
    factors: tuple[float, ...]
    parts: tuple[Parts, ...]
    own: Floats
    covered: Floats
    within: Windows


def find(ask: Ask) -> Found:
    """The rows that the words of a question find, best not first."""
    terms = chosen(ask)
    known = presences(ask, terms)
    field = spread(known, [term.weight for term in terms], ask.here.rows, ask.tuning)
    rows = _pool(ask, _with_people(ask, field))
    within = windows(rows, pool.talk(ask.store, [row.number for row in rows], ask.sight), ask.tuning)
    own, sums = held(known, within)
    weights = np.array([term.weight for term in terms]) * _idf(field, known, rows, ask.here.rows)
    said, every = (bm25(one, weights, within.norm, ask.tuning) for one in (own, sums))
    scale = float(every.max(initial=0.0)) or 1.0
    weighed = [_weighed(ask, row) for row in rows]
    return Found(
        terms=terms,
        known=tuple(known),
        rows=rows,
        factors=tuple(factor for factor, _ in weighed),
        parts=tuple(
            _parts(float(one), float(all_), factor, reasons)
            for one, all_, (factor, reasons) in zip(said / scale, every / scale, weighed, strict=True)
        ),
        own=own,
        covered=sums,
        within=within,
    )


def _idf(field: Field, known: Sequence[Presence], rows: Sequence[Seen], kept: int) -> Floats:
    """What each word says: by windows for what was said in a conversation, by rows for what stands alone."""
    spoken = sum(row.kind == Kind.EPISODE for row in rows) / max(1, len(rows))
    alone = np.array([information(min(one.rows, kept), kept) for one in known])
    return spoken * field.idf + (1 - spoken) * alone


def chosen(ask: Ask) -> tuple[Term, ...]:
    """The words to look for: no names of speakers, if there is any other word that says something."""
    others = tuple(term for term in ask.query.terms if folded(term.word) not in ask.named.speakers)
    terms = others if any(term.weight >= 1 for term in others) else ask.query.terms
    if len(terms) <= TERMS:
        return terms
    counts = dict(
        zip(terms, postings.counts(ask.store, [postings.any_of((term.word,)) for term in terms]), strict=True)
    )
    known = [term for term in terms if counts[term]]
    telling_most = sorted(known, key=lambda term: (-term.weight, counts[term]))[:TERMS]
    return tuple(term for term in terms if not counts[term] or term in telling_most)


def presences(ask: Ask, terms: Sequence[Term]) -> list[Presence]:
    """Where the words are, or their variants."""
    exact = [postings.any_of((term.word,), "text subject" if term.of_day else "") for term in terms]
    other = [_other(term) for term in terms]
    lists = postings.read(ask.store, [*exact, *other], ask.here)
    return [
        presence(one, more, ask.tuning.of_day if term.of_day else ask.tuning.variant)
        for term, one, more in zip(terms, lists[: len(terms)], lists[len(terms) :], strict=True)
    ]


def _other(term: Term) -> str:
    """What holds a word in part: its variants; of the name of a day, whatever happened on such a day."""
    if term.of_day:
        return postings.any_of((term.word,), "setting")
    return postings.any_of(term.variants)


def led(ask: Ask, found: Found, leads: Sequence[Lead]) -> list[float]:
    """How well the rows that were found answer the words to which the best of them lead, 0..1."""
    asked = [lead.root for lead in leads]
    texts = {row.number: level(row.text) for row in found.rows}
    said = {number: roots(text) for number, text in texts.items() if any(one in text for one in asked)}
    places = [_among(said, lead) for lead in leads]
    _, sums = held(places, found.within)
    weights = np.array([lead.weight * information(lead.rows, ask.here.rows) for lead in leads])
    scores = bm25(sums, weights, found.within.norm, ask.tuning)
    return [float(score) for score in scores / (scores.max(initial=0.0) or 1.0)]


def _among(said: Mapping[int, frozenset[str]], lead: Lead) -> Presence:
    numbers = np.array(sorted(number for number, words in said.items() if lead.root in words), np.int64)
    return Presence(numbers=numbers, shares=np.ones(len(numbers)), rows=lead.rows)


def _with_people(ask: Ask, field: Field) -> Field:
    """The field with the rows of who is named before others, as they will be."""
    if not ask.named.subjects or not len(field.numbers):
        return field
    match = postings.any_of(sorted(ask.named.subjects), "subject")
    of_them = np.isin(field.numbers, postings.newest(ask.store, match, postings.ROOM), assume_unique=True)
    by = np.where(of_them, 1 + ask.tuning.person, 1.0)
    return replace(field, scores=field.scores * by, own=field.own * by)


def _pool(ask: Ask, field: Field) -> tuple[Seen, ...]:
    """The best rows that the question may see; when most of them are out of sight, further ones.

    With those of the time that it names: at that time, few words may be enough.
    """
    size = ask.tuning.pool
    ordered = best(field, size)
    span = ask.query.span
    then = pool.happened(ask.store, (span.from_ns, span.to_ns), ask.tuning.then) if span else []
    rows = _closely(ask, dict.fromkeys([*ordered, *then]))
    if len(rows) < size // 3:
        rows += _further(ask, field, then, size // 3 - len(rows))
    return tuple(rows)


def _further(ask: Ask, field: Field, then: Sequence[int], wanted: int) -> list[Seen]:
    """Rows that come after the pool, at least so many of them if they are not out of sight as well."""
    size = first = ask.tuning.pool
    ordered = best(field, size * 4**_POOLS)
    rows: list[Seen] = []
    while first < len(ordered) and len(rows) < wanted:
        size *= 4
        rows += _closely(ask, set(ordered[first : first + size]).difference(then))
        first += size
    return rows


def _closely(ask: Ask, numbers: Iterable[int]) -> list[Seen]:
    return pool.closely(ask.store, numbers, ask.sight, ask.query.slots, ask.now_ns)


def _weighed(ask: Ask, row: Seen) -> tuple[float, Parts]:
    """All that a row's score by words is multiplied by, and the factors that are reasons of their own."""
    reasons = factors(row, ask.query, ask.named, ask.tuning)
    return telling(row, ask.tuning) * prod(reasons.values()), reasons


def _parts(said: float, every: float, factor: float, reasons: Parts) -> Parts:
    """A score in its parts; `said` and `every`: by the row's own words, and with those beside."""
    plain = factor / prod(reasons.values())
    parts = {Part.WORDS: said * plain, Part.CONTEXT: (every - said) * plain}
    score = every * plain
    for reason, by in reasons.items():
        parts[reason] = score * (by - 1)
        score *= by
    return {part: share for part, share in parts.items() if share}
