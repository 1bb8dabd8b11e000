"""What an answer may quote (pure): lines of episodes, pairs of neighbouring lines, commitments and facts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from sotto_hub.bridge.days import parse_due
from sotto_hub.bridge.episodes import lines_of
from sotto_memory import Kind, MemoryRecord, Source

JOINT: Final = " … "
CORRECTS: Final = "corrects"
"""The detail by which memory marks what the wearer put in the place of something wrong."""
NEIGHBOURS_NS: Final = 12_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words that can be quoted: when they were said, by whom, and the ids they rest on.

    `due` is set for a commitment, `status` says whether it still stands; `size` counts lines; `around` are
    words said beside it, by which it may be found, but which it does not quote.
    """

    text: str
    at_ns: int
    kind: Kind
    evidence: tuple[str, ...]
    record_id: str
    speaker: str | None = None
    due: str = ""
    status: str = ""
    size: int = 1
    around: str = ""


def passages(records: Iterable[MemoryRecord]) -> list[Passage]:
    """All that can be quoted from these memories."""
    found: list[Passage] = []
    for record in records:
        found += spoken(record) if record.kind is Kind.EPISODE else [kept(record)]
    return found


def kept(record: MemoryRecord) -> Passage:
    """A commitment, a fact or any other memory as one passage.

    A correction was said when it was made, however long it has been true; what was heard before said otherwise, and
    is not cited for it.
    """
    due = record.details.get("due", "")
    own = CORRECTS in record.details
    return Passage(
        text=record.details.get("what", record.text),
        at_ns=record.recorded_ns if own else record.at_ns,
        kind=record.kind,
        evidence=(record.id,) if own else (*record.evidence, record.id),
        record_id=record.id,
        speaker="wearer" if record.source is Source.WEARER else None,
        due=due if parse_due(due) else "",
        status=record.details.get("status", ""),
    )


def spoken(record: MemoryRecord) -> list[Passage]:
    """The lines of an episode, and each pair of lines that follow each other within seconds."""
    singles = [
        Passage(
            text=line.text,
            at_ns=line.at_ns,
            kind=Kind.EPISODE,
            evidence=(line.utterance_id,),
            record_id=record.id,
            speaker=line.speaker,
        )
        for line in lines_of(record)
    ]
    return singles + [paired(a, b) for a, b in pairwise(singles) if near(a, b)]


def near(a: Passage, b: Passage) -> bool:
    """True when two lines follow each other within seconds."""
    return b.at_ns - a.at_ns <= NEIGHBOURS_NS


def paired(a: Passage, b: Passage) -> Passage:
    """Two lines as one passage."""
    return replace(a, text=f"{a.text}{JOINT}{b.text}", evidence=a.evidence + b.evidence, size=2)
