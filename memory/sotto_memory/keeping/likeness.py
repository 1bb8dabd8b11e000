"""When two memories say the same, and what becomes of them then (pure).

Stands before the store: a memory that is told again is not kept twice; its evidence joins that of the first. What the
wearer said and what somebody else said stay apart even when the words are equal. `gist` is looked up in an index, so
that no write ever looks through the memories; `says_the_same` decides about the few that it brings up.
"""

import hashlib
import unicodedata
from dataclasses import replace
from typing import Any, Final

from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.wording.dress import bare, coarse, same_word

EVIDENCE_ITEMS: Final = 64
"""How much evidence joining may pile up on one memory: what is told every day must not grow for ever."""
EVIDENCE_OLDEST: Final = 16
"""How much of it is the oldest; the rest is the newest."""
SURE_AT_MOST: Final = 0.99
"""As sure as hearing again makes; certainty is only given."""


def normalised(text: str) -> str:
    """Words as they count for likeness of names: case folded, spaces collapsed, no full stop at the end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip(" .!")


def gist(record: MemoryRecord) -> int:
    """63 bits of kind, source, subject and bare words in their order: equal for what may say the same.

    Of an episode, the occasion is among them: the walk of yesterday is not the walk of today.
    """
    said = " ".join([coarse(one.word) for one in bare(record.text)]) or normalised(record.text)
    key = f"{record.kind}\n{record.source}\n{normalised(record.subject)}\n{_occasion(record)}\n{said}"
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) >> 1


def says_the_same(known: MemoryRecord, told: MemoryRecord) -> bool:
    """True when `told` adds no memory of its own to `known`, given that their gists, or their ids, are equal.

    Either it is the same telling (its id or all its evidence is known already), or it is the same statement and
    everything else that it says is equal too: the same promise with another due date is another promise.
    """
    if told.id == known.id:
        return gist(replace(told, valid_from_ns=known.at_ns)) == gist(replace(known, valid_from_ns=known.at_ns))
    if not _same_words(known, told):
        return False
    if told.evidence and set(told.evidence) <= set(known.evidence):
        return True
    return _beside_words(known) == _beside_words(told) and (not known.slot or known.slot == (told.slot or known.slot))


def merged(known: MemoryRecord, told: MemoryRecord, fresh: tuple[str, ...]) -> MemoryRecord:
    """`known` with what `told` brings. `fresh`: the evidence of `told` that witnesses something new.

    Confidence grows by fresh evidence alone, as of two witnesses who do not know of each other: 1 - (1-a)(1-b).
    Equal to `known` when nothing is new.
    """
    evidence = _united(known.evidence, fresh)
    said = {**known.quotes, **{one: told.quotes[one] for one in fresh if one in told.quotes}}
    return replace(
        known,
        evidence=evidence,
        quotes={one: words for one, words in said.items() if one in evidence},
        confidence=_surer(known.confidence, told.confidence) if fresh else known.confidence,
        importance=max(known.importance, told.importance),
        pinned=known.pinned or told.pinned,
        slot=known.slot or told.slot,
        valid_from_ns=_earlier(known.valid_from_ns, told.valid_from_ns),
    )


def _occasion(record: MemoryRecord) -> str:
    """What tells one event from the next with equal words: when it was; unknown, what it rests on, else when learnt.

    Only what rests on the same evidence is then the same telling, whenever it is told.
    """
    if record.kind is not Kind.EPISODE:
        return "None"
    if record.valid_from_ns is None and record.evidence:
        return "\n".join(sorted(record.evidence))
    return str(record.at_ns)


def _same_words(known: MemoryRecord, told: MemoryRecord) -> bool:
    if known.text == told.text:
        return True
    one, other = bare(known.text), bare(told.text)
    return len(one) == len(other) and all(map(same_word, one, other))


def _beside_words(record: MemoryRecord) -> tuple[Any, ...]:
    subject = normalised(record.subject)
    return record.kind, record.source, subject, dict(record.details), record.label, record.valid_until_ns


def _united(known: tuple[str, ...], fresh: tuple[str, ...]) -> tuple[str, ...]:
    both = tuple(dict.fromkeys(known + fresh))
    most = max(EVIDENCE_ITEMS, len(known))
    if len(both) <= most:
        return both
    oldest = most - EVIDENCE_ITEMS + EVIDENCE_OLDEST
    return both[:oldest] + both[oldest - most :]


def _surer(known: float, told: float) -> float:
    return max(known, min(SURE_AT_MOST, 1 - (1 - known) * (1 - told)))


def _earlier(known_ns: int | None, told_ns: int | None) -> int | None:
    """When it began: never later than was known. What was true since nobody knows when stays so."""
    return known_ns if known_ns is None or told_ns is None else min(known_ns, told_ns)
