"""Finds memories by their words: FTS5's bm25, swayed a little by strength, with the reason for every hit.

Stands on `store`. What decides is a pure function; SQLite only fetches. Strength moves a score by at most a tenth
either way, so that a faded memory that answers the question still comes before a fresh one that does not.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sotto_memory.errors import MemoryInputError
from sotto_memory.hits import Hit
from sotto_memory.records import MemoryRecord
from sotto_memory.rows import from_row
from sotto_memory.strength import retrievability
from sotto_memory.wording.words import STOP_WORDS, words

if TYPE_CHECKING:
    from sotto_memory.store import Store

QUERY_CHARS: Final = 10_000
QUERY_TERMS: Final = 32
SWAY: Final = 0.1
"""How far strength may move a score: by this share up or down."""

_OPEN, _SHUT = "\x02", "\x03"  # no text holds control characters, so these can only be ours
_MARKED: Final = re.compile(f"{_OPEN}(.*?){_SHUT}", re.DOTALL)
_FIND: Final = """
SELECT memories.*, -bm25(memories_fts) AS relevance,
    highlight(memories_fts, 0, :open, :shut) AS text_marked,
    highlight(memories_fts, 1, :open, :shut) AS subject_marked
FROM memories_fts JOIN memories ON memories.number = memories_fts.rowid
WHERE memories_fts MATCH :match AND (:past OR (superseded_ns IS NULL AND NOT archived))
    AND doubt = '' AND binned_ns IS NULL
ORDER BY bm25(memories_fts), memories.number DESC LIMIT :pool
"""


def search(store: "Store", query: str, *, now_ns: int, limit: int, include_past: bool) -> list[Hit]:
    """The best `limit` memories for the words of the query, best first. No words, no hits."""
    asked = terms(query)
    if not asked or limit <= 0:
        return []
    values: dict[str, object] = {"match": match_expression(asked), "past": include_past, "pool": 4 * limit + 50}
    values |= {"open": _OPEN, "shut": _SHUT}
    return ranked([_hit(row, now_ns) for row in store.rows(_FIND, values)])[:limit]


def terms(query: str) -> list[str]:
    """The words of a query that count, each once. A query of stop words alone keeps them."""
    if len(query) > QUERY_CHARS:
        sentence = f"The question has {len(query):,} characters; {QUERY_CHARS:,} is the most."
        raise MemoryInputError("query_long", sentence)
    asked = list(dict.fromkeys(words(query)))
    return ([word for word in asked if word not in STOP_WORDS] or asked)[:QUERY_TERMS]


def match_expression(asked: list[str]) -> str:
    """The words as FTS5 reads them: any of them, each quoted so that none is an operator."""
    return " OR ".join(f'"{word}"' for word in asked)


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
