"""A memory that fades like a person's, in one encrypted file; a library that needs nothing else of Sotto.

    from pathlib import Path
    from tempfile import TemporaryDirectory

    from sotto_memory import Kind, Memory, Use, new_memory

    DAY_NS = 86_400 * 10**9
    now_ns = 1_800_000_000 * 10**9

    with TemporaryDirectory() as folder, Memory.open(Path(folder) / "memory.db", key=bytes(32)) as memory:
        tea = memory.add(new_memory(kind=Kind.PREFERENCE, text="Likes green tea in the morning", now_ns=now_ns))
        memory.add(new_memory(kind=Kind.PLACE, text="The dentist is next to the station", now_ns=now_ns))
        later_ns = now_ns + 30 * DAY_NS
        for hit in memory.search("what tea in the mornings?", now_ns=later_ns):
            print(hit.record.text, "|", hit.why)
        print(memory.use(tea.id, later_ns, Use.CONFIRMED).stability_days > tea.stability_days)
        print(memory.erase([tea.id]) == (tea.id,), memory.count())

Read in this order: `records` (what a memory is), `decay` and `strength` (how it fades), `memory` (what can be done),
and below that `lexical`, `erase`, `portable`, `likeness`, `store`, `database`, `schema`.
"""

from sotto_memory.errors import (
    MemoryBusyError,
    MemoryEmbedderError,
    MemoryInputError,
    MemoryMissingError,
    MemoryStoreError,
    SottoMemoryError,
)
from sotto_memory.hits import Hit, Part, Recalled
from sotto_memory.keeping.keep import Offered, Outcome
from sotto_memory.keeping.pruning import Pruned
from sotto_memory.keeping.resting import Rested
from sotto_memory.memory import Memory
from sotto_memory.portable import Imported
from sotto_memory.recall.embedding import Embedder, embed, embed_each
from sotto_memory.records import Kind, MemoryRecord, Source, new_memory
from sotto_memory.showing import Shown
from sotto_memory.strength import retrievability
from sotto_memory.uses import Use, UseNote

__all__ = [
    "Embedder",
    "Hit",
    "Imported",
    "Kind",
    "Memory",
    "MemoryBusyError",
    "MemoryEmbedderError",
    "MemoryInputError",
    "MemoryMissingError",
    "MemoryRecord",
    "MemoryStoreError",
    "Offered",
    "Outcome",
    "Part",
    "Pruned",
    "Recalled",
    "Rested",
    "Shown",
    "SottoMemoryError",
    "Source",
    "Use",
    "UseNote",
    "embed",
    "embed_each",
    "new_memory",
    "retrievability",
]
