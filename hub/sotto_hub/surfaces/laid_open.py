"""One memory laid open, what waits in the bin, and what is about to go, as lines of plain text (pure)."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import Final

from sotto_hub.surfaces.lines import count, memory_text, shorten
from sotto_hub.surfaces.localtime import clock, local
from sotto_proto.v1 import companion_pb2 as pb

INDENT: Final = "  "
MOST: Final = 20
"""How many of many are named."""

SOME: Final = 5
"""How many of many utterances are quoted."""

_SOURCES: Final = {
    "wearer": "stated by you",
    "other": "said by somebody else",
    "unknown": "said by an unknown voice",
    "inferred": "inferred",
    "imported": "brought in",
}
_USES: Final = {
    "shown": "shown to you",
    "told": "told again",
    "confirmed": "confirmed by you",
    "corrected": "corrected by you",
    "contradicted": "contradicted",
}


def laid_open(shown: pb.ShownMemory, zone: tzinfo, width: int) -> Iterator[str]:
    """All that a person may know of a memory, in lines of about `width` characters."""
    memory = shown.memory
    yield from textwrap.wrap(memory_text(memory, zone), width, subsequent_indent=INDENT)
    yield from (f"{INDENT}{line}" for line in _wrapped(_origin(memory, zone), width))
    yield from _section("why it is kept", (line for why in shown.why for line in _wrapped(why, width)))
    yield from _section("how it fades", shown.plot)
    older = memory.uses - len(shown.uses)
    uses = [f"{_day_clock(use.at_ns, zone)}  {_USES.get(use.use, use.use)}" for use in shown.uses]
    yield from _section("uses", ([f"{count(older, 'earlier use')}"] if older > 0 else []) + uses)
    yield from _section("what it rests on", (_ground(one, zone) for one in shown.evidence))
    yield from _section("what rests on it", _named(shown.resting, zone))


def pruned_lines(reply: pb.PruneMemoriesReply, did: str, zone: tzinfo) -> list[str]:
    """What a run of pruning did: each memory, how many, and how many more it might have been."""
    lines = [*_named(reply.memories, zone), f"{count(len(reply.memories), 'memory', 'memories')} {did}"]
    return [*lines, f"{reply.left} more have faded as far"] if reply.left else lines


def going_lines(going: Sequence[pb.Memory], heard: Sequence[pb.Utterance], zone: tzinfo) -> list[str]:
    """What an erasure would take, and how many: memories, and some lines of what was heard. One line: nothing."""
    numbers = [count(len(going), "memory", "memories")] if going else []
    numbers += [count(len(heard), "utterance")] if heard else []
    if not numbers:
        return ["nothing is kept that fits"]
    return [*_named(going, zone), *_heard(heard, zone), f"{' and '.join(numbers)} would go"]


def _heard(heard: Sequence[pb.Utterance], zone: tzinfo) -> list[str]:
    lines = [f"heard {_day_clock(said.start_ns, zone)}  “{shorten(said.text)}”" for said in heard[:SOME]]
    return lines if len(heard) <= SOME else [*lines, f"and {count(len(heard) - SOME, 'utterance')} more"]


def _named(memories: Iterable[pb.Memory], zone: tzinfo) -> list[str]:
    lines = [f"{memory.id}  {memory_text(memory, zone)}" for memory in memories]
    return lines if len(lines) <= MOST else [*lines[:MOST], f"and {len(lines) - MOST} more"]


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title and its lines; nothing where there are none."""
    inside = [f"{INDENT}{line}".rstrip() for line in lines]
    if inside:
        yield from (title, *inside)


def _origin(memory: pb.Memory, zone: tzinfo) -> str:
    source = _SOURCES.get(memory.source, memory.source)
    return f"{memory.id}, kept {_day_clock(memory.recorded_ns, zone)}, {source}, confidence {memory.confidence:.0%}"


def _ground(one: pb.Citation, zone: tzinfo) -> str:
    if not one.text:
        return f"{one.id}: its words are no longer kept here"
    when = f"{_day_clock(one.at_ns, zone)}  " if one.at_ns else ""
    return f"{when}“{shorten(one.text)}”"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width - len(INDENT), subsequent_indent=INDENT)


def _day_clock(at_ns: int, zone: tzinfo) -> str:
    return f"{local(at_ns, zone):%Y-%m-%d} {clock(at_ns, zone)}"
