"""What else speaks for a row than its words: how it says them, who said them, where and when (pure).

Each is a factor of the score by words. A row without any word of the question is not found by these.
"""

from math import log
from typing import Final

from sotto_memory.hits import Part
from sotto_memory.recall.others import about_another, speaks_of
from sotto_memory.recall.people import Named, by_wearer, folded, names
from sotto_memory.recall.pool import Seen
from sotto_memory.recall.query import Query
from sotto_memory.recall.tuning import Tuning
from sotto_memory.records import Kind
from sotto_memory.wording.questions import asking_share, self_talk, tells_when, word_count
from sotto_memory.wording.words import words

_ONE: Final = 1.0


def telling(row: Seen, tuning: Tuning) -> float:
    """How likely a row tells anything: less when it only asks or hardly says a word, more when about its speaker."""
    tells = 1 - tuning.asking * asking_share(row.text)
    spoken = 1 + tuning.self_talk * self_talk(row.text)
    return float(tells * spoken * log(2 + word_count(row.text)) ** tuning.length)


def factors(row: Seen, query: Query, named: Named, tuning: Tuning) -> dict[Part, float]:
    """The factors by reason."""
    return {
        Part.PERSON: _person(row, query, named, tuning),
        Part.PLACE: _ONE + tuning.place * _at_place(row, query),
        Part.TIME: _time(row, query, tuning),
    }


def asked_of(query: Query, named: Named) -> frozenset[str]:
    """Whom a question names, known or not."""
    return named.subjects | {folded(name) for name in query.names}


def is_of(row: Seen, subjects: frozenset[str]) -> bool:
    """Whether a row is by or about one of these; what was said to somebody is not about that person."""
    return names(row.subject, subjects) or (row.kind != Kind.EPISODE and names(row.text, subjects))


def is_stranger(row: Seen, query: Query, named: Named) -> bool:
    """Whether a statement is about another than the wearer asks about: neither him nor his kin that he names."""
    if row.kind == Kind.EPISODE or not query.of_wearer or asked_of(query, named):
        return False
    if named.kin:
        return not speaks_of(f"{row.subject} {row.text}", named.kin)
    return not query.for_person and about_another(row.text, query.said)


def untimely(row: Seen, query: Query) -> bool:
    """Whether a statement was not so at the time that is named, and does not name that time either."""
    if query.span is None or row.within or row.kind == Kind.EPISODE:
        return False
    days = frozenset(term.word for term in query.terms if term.of_day)
    return not days or not days <= frozenset(words(row.text))


def _person(row: Seen, query: Query, named: Named, tuning: Tuning) -> float:
    if is_stranger(row, query, named):
        return tuning.stranger
    if is_of(row, asked_of(query, named)):
        return _ONE + tuning.person
    if query.of_wearer and not named.subjects and by_wearer(row.subject, row.source):
        return _ONE + tuning.wearer
    return _ONE


def _at_place(row: Seen, query: Query) -> bool:
    return bool(row.place) and names(row.place, frozenset(term.word for term in query.terms))


def _time(row: Seen, query: Query, tuning: Tuning) -> float:
    factor = _ONE
    if row.within:
        factor += tuning.time
    if query.formerly and row.closed and row.kind != Kind.EPISODE:
        factor += tuning.time
    if query.asks_when and tells_when(row.text):
        factor *= _ONE + tuning.when
    return factor
