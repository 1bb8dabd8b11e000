"""The second hop: what the best hits lead to, by their own rarer words and by the evidence they share.

Stands after the first ranking. It moves a score by a small share of the best one at most.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sotto_memory.recall import postings
from sotto_memory.recall.postings import Reach
from sotto_memory.recall.spreading import information
from sotto_memory.wording.questions import telling
from sotto_memory.wording.words import root

if TYPE_CHECKING:
    from sotto_memory.store import Store

WORDS_WEIGHED: Final = 24
"""So many words of the best hits are weighed, the longest first: long words are the rarer ones."""
COUNTED: Final = 500
LINKED: Final = 40

_LINKED: Final = """
WITH top AS (SELECT number, id FROM memories WHERE number IN (SELECT value FROM json_each(:numbers)))
SELECT other.number, own.number FROM links AS own JOIN links AS other ON other.evidence = own.evidence
    WHERE own.number IN (SELECT number FROM top) AND other.number <> own.number
UNION SELECT links.number, top.number FROM top JOIN links ON links.evidence = top.id
UNION SELECT memories.number, links.number FROM links JOIN memories ON memories.id = links.evidence
    WHERE links.number IN (SELECT number FROM top)
LIMIT :most
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A word that the best hits lead to, by its root. `rows`: how many rows hold it, counted up to `COUNTED`."""

    root: str
    weight: float
    rows: int


def leads(
    store: "Store", best: Sequence[tuple[str, float]], known: frozenset[str], here: Reach, most: int
) -> list[Lead]:
    """The words of the best texts that say most, heaviest first, with weights up to 1.

    `best`: texts and scores; `known`: roots of words that were asked for already. Words of one row lead nowhere.
    """
    told: dict[str, float] = defaultdict(float)
    for text, score in best:
        for word in {root(one): one for one in telling(text) if root(one) not in known}.values():
            told[word] += score
    some = sorted(told, key=lambda word: (-told[word], -len(word), word))[:WORDS_WEIGHED]
    counts = postings.counts(store, [postings.any_of((word,)) for word in some], COUNTED)
    holding = dict(zip(some, counts, strict=True))
    weights = {word: told[word] * information(rows, here.rows) for word, rows in holding.items() if rows > 1}
    heaviest = sorted((word for word in weights if weights[word] > 0), key=lambda word: (-weights[word], word))[:most]
    return [
        Lead(root=root(word), weight=weights[word] / weights[heaviest[0]], rows=holding[word]) for word in heaviest
    ]


def linked(store: "Store", best: Mapping[int, float]) -> dict[int, float]:
    """Rows that share evidence with the best ones, rest on them or lie under them, with the best score of those."""
    values = {"numbers": json.dumps(list(best)), "most": LINKED}
    scores: dict[int, float] = {}
    for number, giver in store.tuples(_LINKED, values):
        scores[number] = max(scores.get(number, 0.0), best.get(giver, 0.0))
    return scores
