"""Finds memories by their words: FTS5's bm25, swayed a little by strength, with the reason for every hit.

Stands on `store`. What decides is a pure function; SQLite only fetches. Strength moves a score by at most a tenth
either way, so that a faded memory that answers the question still comes before a fresh one that does not.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sotto_memory.errors import MemoryInputError
from sotto_memory.records import Hit, MemoryRecord
from sotto_memory.rows import from_row
from sotto_memory.strength import retrievability

if TYPE_CHECKING:
    from sotto_memory.store import Store

QUERY_CHARS: Final = 10_000
QUERY_TERMS: Final = 32
SWAY: Final = 0.1
"""How far strength may move a score: by this share up or down."""

_SAYING_LITTLE: Final = """
a about am an and any are as at be been but by can could d did do does for from had has have he her hers him his
how i if in is it its just ll m me my of on or our ours re s shall she should so some t than that the their them
then there these they this those to us ve was we were what when where which who whom whose why with would you
your yours
"""
STOP_WORDS: Final = frozenset(_SAYING_LITTLE.split())
"""Words that say little. Words that are names too (will, may, mark) are not among them."""

_WORD: Final = re.compile(r"[^\W_]+")
_OPEN, _SHUT = "\x02", "\x03"  # no text holds control characters, so these can only be ours
_MARKED: Final = re.compile(f"{_OPEN}(.*?){_SHUT}", re.DOTALL)
_FIND: Final = """
SELECT memories.*, -bm25(memories_fts) AS relevance,
    highlight(memories_fts, 0, :open, :shut) AS text_marked,
    highlight(memories_fts, 1, :open, :shut) AS subject_marked
FROM memories_fts JOIN memories ON memories.number = memories_fts.rowid
WHERE memories_fts MATCH :match AND (:past OR (superseded_ns IS NULL AND NOT archived))
ORDER BY bm25(memories_fts), memories.number DESC LIMIT :pool
"""


def search(store: "Store", query: str, *, now_ns: int, limit: int, include_past: bool) -> list[Hit]:
    """The best `limit` memories for the words of the query, best first. No words, no hits."""
    words = terms(query)
    if not words or limit <= 0:
        return []
    values: dict[str, object] = {"match": match_expression(words), "past": include_past, "pool": 4 * limit + 50}
    values |= {"open": _OPEN, "shut": _SHUT}
    return ranked([_hit(row, now_ns) for row in store.rows(_FIND, values)])[:limit]


def terms(query: str) -> list[str]:
    """The words of a query that count, each once. A query of stop words alone keeps them."""
    if len(query) > QUERY_CHARS:
        sentence = f"The question has {len(query):,} characters; {QUERY_CHARS:,} is the most."
        raise MemoryInputError("query_long", sentence)
    words = list(dict.fromkeys(_WORD.findall(query.casefold())))
    return ([word for word in words if word not in STOP_WORDS] or words)[:QUERY_TERMS]


def match_expression(words: list[str]) -> str:
    """The words as FTS5 reads them: any of them, each quoted so that none is an operator."""
    return " OR ".join(f'"{word}"' for word in words)


def swayed(relevance: float, strength: float) -> float:
    """Relevance moved by strength (0..1): by -10 % when all but gone, by +10 % when fresh."""
    return relevance * (1 - SWAY + 2 * SWAY * strength)


def ranked(hits: list[Hit]) -> list[Hit]:
    """Best first; of equals the one that was used or came last."""
    return sorted(hits, key=lambda hit: (hit.score, hit.record.last_use_ns, hit.record.recorded_ns), reverse=True)


def why(record: MemoryRecord, found: list[str], strength: float) -> str:
    """The reason for a hit, in words."""
    states = {
        "pinned": record.pinned,
        "from the archive": record.archived,
        "no longer current": not record.current,
    }
    words = ", ".join(f"“{word}”" for word in found)
    return "; ".join(
        [f"says {words}", f"strength {strength:.0%}", *(state for state, holds in states.items() if holds)]
    )


def _hit(row: Mapping[str, Any], now_ns: int) -> Hit:
    record = from_row(row)
    strength = retrievability(record, now_ns)
    found = _MARKED.findall(f"{row['text_marked']}\n{row['subject_marked']}")
    unique = list({word.casefold(): word for word in reversed(found)}.values())[::-1]
    return Hit(record=record, score=swayed(row["relevance"], strength), why=why(record, unique, strength))
