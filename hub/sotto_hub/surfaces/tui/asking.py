"""One question and its answer as it grows (pure)."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from sotto_hub.surfaces.tui.plain import plain
from sotto_proto.v1 import companion_pb2 as pb

MAX_ANSWER: Final = 16_000
"""Characters of an answer that are kept; more is not read here."""

MAX_CITED: Final = 20


class Phase(Enum):
    """How far an answer is."""

    ASKED = "asked"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One thing the answer rests on."""

    id: str
    at_ns: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question; its answer so far; a note where there is something to say about it."""

    question: str
    raw: str = ""
    note: str = ""
    phase: Phase = Phase.ASKED
    citations: tuple[Cited, ...] = ()

    @property
    def text(self) -> str:
        """The answer so far, plain."""
        return plain(self.raw)

    @property
    def told_apart(self) -> tuple[Cited, ...]:
        """The citations that read differently: a memory often says in the same words what was heard."""
        first: dict[str, Cited] = {}
        for cited in self.citations:
            first.setdefault(cited.text.casefold(), cited)
        return tuple(first.values())


def asked(question: str) -> Asking:
    """A new question."""
    return Asking(question=plain(question), note="thinking …")


def more(asking: Asking, reply: pb.AskReply) -> Asking:
    """The answer after one more piece."""
    cited = tuple(Cited(id=c.id, at_ns=c.at_ns, text=plain(c.text)) for c in reply.citations)
    return replace(
        asking,
        raw=(asking.raw + reply.text)[:MAX_ANSWER],
        note="" if asking.raw or reply.text or reply.done else asking.note,
        phase=Phase.DONE if reply.done else asking.phase,
        citations=(*asking.citations, *cited)[:MAX_CITED],
    )


def ended(asking: Asking) -> Asking:
    """Nothing more comes, whether or not the last piece said so."""
    return replace(asking, phase=Phase.DONE, note="" if asking.raw else "No answer came.")


def failed(asking: Asking, sentence: str) -> Asking:
    """No answer, and why."""
    return replace(asking, note=sentence, phase=Phase.FAILED)


def waiting(asking: Asking) -> Asking:
    """The hub went away while it was asked: the question waits, what had come of the answer is dropped."""
    return Asking(question=asking.question, note="The hub is away; this is asked when it is back.")


def rests_on(asking: Asking, ids: frozenset[str]) -> bool:
    """Whether the answer cites any of these."""
    return any(c.id in ids for c in asking.citations)
