"""Which words of a question name a subject that is known: a person as a rule, a place or a thing sometimes.

Stands beside `query`. Who has spoken is named by the name, which is then no word to be looked for: it stands in what
others said to that person, and seldom in what the person said.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sotto_memory.recall.others import names_of_kin
from sotto_memory.recall.query import Query
from sotto_memory.records import Kind, Source
from sotto_memory.wording.words import words

if TYPE_CHECKING:
    from sotto_memory.store import Store

WEARER: Final = "wearer"
LOOKED_AT: Final = 8
"""So many rows show whether a subject has spoken."""

_SUBJECTS: Final = """
SELECT subject, kind FROM memories WHERE number IN (
    SELECT rowid FROM memories_fts WHERE memories_fts MATCH :match ORDER BY rowid DESC LIMIT :most
)
"""

_OF_KIN: Final = """
SELECT substr(text, 1, 500) FROM memories WHERE doubt = '' AND binned_ns IS NULL AND number IN (
    SELECT rowid FROM memories_fts WHERE memories_fts MATCH :match ORDER BY rowid DESC LIMIT :most
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The names in a question that are subjects of memories, folded (see `folded`). `speakers`: who has spoken.

    `kin`: what those are called of whom the question asks as "my sister", names among it.
    """

    subjects: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    kin: frozenset[str] = frozenset()


def named(store: "Store", query: Query) -> Named:
    """Who is named in a question."""
    subjects, speakers = set(), set()
    for term in query.terms:
        match = f'{{subject}} : "{term.word}"'
        found = [
            (subject, kind)
            for subject, kind in store.tuples(_SUBJECTS, {"match": match, "most": LOOKED_AT})
            if names(subject, frozenset({folded(term.word)}))
        ]
        subjects |= {folded(term.word) for _ in found[:1]}
        speakers |= {folded(term.word) for _, kind in found if kind == Kind.EPISODE}
    return Named(subjects=frozenset(subjects), speakers=frozenset(speakers), kin=_of_kin(store, query.kin))


def _of_kin(store: "Store", kin: frozenset[str]) -> frozenset[str]:
    """The words for one's kin, and the names that memories give it."""
    if not kin:
        return kin
    match = " OR ".join(f'"my {one}"' for one in sorted(kin))
    told = store.tuples(_OF_KIN, {"match": match, "most": LOOKED_AT})
    return kin.union(*(names_of_kin(text, kin) for (text,) in told))


@lru_cache(maxsize=1_000)
def folded(word: str) -> str:
    """A word without case and accents, as the full-text index has it."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def names(text: str, asked: frozenset[str]) -> bool:
    """Whether any of these folded names stands in a text as a word."""
    return bool(asked and text) and not asked.isdisjoint(_folded_words(text))


@lru_cache(maxsize=1_000)
def _folded_words(text: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words(text))


def by_wearer(subject: str, source: str) -> bool:
    """Whether something is the wearer's own word or about the wearer."""
    return source == Source.WEARER or subject.casefold() == WEARER
