"""When two memories say the same, and what becomes of them then (pure).

Stands before the store: a memory that is told again is not kept twice; its evidence joins that of the first. What the
wearer said and what somebody else said stay apart even when the words are equal.
"""

import hashlib
import unicodedata
from dataclasses import replace

from sotto_memory.limits import LIST_ITEMS
from sotto_memory.records import MemoryRecord
from sotto_memory.wording.words import STOP_WORDS, root, words


def normalised(text: str) -> str:
    """Words as they count for likeness: case folded, spaces collapsed, no full stop at the end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip(" .!")


def gist(record: MemoryRecord) -> int:
    """63 bits of kind and the roots of the words that count, in their order: equal for what may say the same."""
    roots = [root(word) for word in words(record.text) if word not in STOP_WORDS] or [normalised(record.text)]
    roots += ["?"] if record.text.rstrip().endswith("?") else []  # a question says nothing
    digest = hashlib.blake2b(f"{record.kind}\n{' '.join(roots)}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def says_the_same(known: MemoryRecord, told: MemoryRecord) -> bool:
    """True when `told` adds no memory of its own to `known`, given that kind and gist are equal.

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
