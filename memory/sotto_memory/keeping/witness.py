"""What may bear witness for a memory (pure): nothing that rests on that memory, and nothing twice.

Stands before the store. A memory that was recalled, told on and heard again is its own echo; it must not make itself
surer. The graph (evidence by memory id) is fetched by the caller, as far as it is needed.
"""

from collections.abc import Iterable, Mapping
from typing import Final

GRAPH_ITEMS: Final = 2_000
"""How many memories are looked through under one piece of evidence; beyond that, it is taken for an echo."""

Graph = Mapping[str, tuple[str, ...]]
"""Evidence by memory id. An id that is no memory (an utterance, a look) is not in it: there the ground begins."""


def rests_on(one: str, memory_id: str, graph: Graph) -> bool:
    """True when `one` is this memory, or rests on it, however indirectly. Circles are walked once."""
    return memory_id in _below([one], graph)


def ground(evidence: Iterable[str], graph: Graph) -> frozenset[str]:
    """What was sensed, at the bottom of all this evidence."""
    return frozenset(one for one in _below(evidence, graph) if one not in graph)


def sound(evidence: Iterable[str], memory_id: str, graph: Graph) -> tuple[str, ...]:
    """The evidence, each once, without what rests on the memory itself."""
    return tuple(one for one in dict.fromkeys(evidence) if not rests_on(one, memory_id, graph))


def fresh(evidence: Iterable[str], memory_id: str, known: Iterable[str], graph: Graph) -> tuple[str, ...]:
    """The evidence that witnesses something new for a memory with the evidence `known`.

    Not new is what is known, what rests on the memory itself, and what stands on the same ground as the memory.
    """
    stood_on = ground(known, graph)
    return tuple(
        one
        for one in sound(evidence, memory_id, graph)
        if one not in set(known) and not (_below([one], graph) - graph.keys() <= stood_on)
    )


def _below(evidence: Iterable[str], graph: Graph) -> set[str]:
    """The evidence and all that it rests on."""
    seen: set[str] = set()
    waiting = list(evidence)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += graph.get(one, ())
    return seen
