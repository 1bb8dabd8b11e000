"""When two memories say the same, and what becomes of them then (pure).

Stands before the store: a memory that is told again is not kept twice; its evidence joins that of the first. What the
wearer said and what somebody else said stay apart even when the words are equal.
"""

import hashlib
import unicodedata
from dataclasses import replace

from sotto_memory.limits import LIST_ITEMS
from sotto_memory.records import MemoryRecord


def normalised(text: str) -> str:
    """Words as they count for likeness: case folded, spaces collapsed, no full stop at the end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip(" .!")


def fingerprint(record: MemoryRecord) -> str:
    """SHA-256 in hex of kind and normalised text: equal for memories that may say the same."""
    return hashlib.sha256(f"{record.kind}\n{normalised(record.text)}".encode()).hexdigest()


def says_the_same(known: MemoryRecord, told: MemoryRecord) -> bool:
    """True when `told` adds no memory of its own to `known`, given that kind and words are equal.

    Either it is the same telling (its id or all its evidence is known already), or everything else that it says is
    equal too: the same promise with another due date is another promise.
    """
    if told.id == known.id or (told.evidence and set(told.evidence) <= set(known.evidence)):
        return True
    return (known.source, normalised(known.subject), known.details) == (
        told.source,
        normalised(told.subject),
        told.details,
    )


def merged(known: MemoryRecord, told: MemoryRecord) -> MemoryRecord:
    """`known`, resting on the evidence of both (the oldest first, bounded). Equal to `known` when nothing is new."""
    evidence = tuple(dict.fromkeys(known.evidence + told.evidence))[:LIST_ITEMS]
    return replace(known, evidence=evidence)
