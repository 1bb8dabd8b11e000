"""What a day came to (pure): heard, kept, suggested, ledger, where the data lies. The end of `sotto demo`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from sotto_hub.surfaces.ledger import balanced, identity, verdict
from sotto_hub.surfaces.lines import count, memory_text
from sotto_hub.surfaces.localtime import clock
from sotto_proto.v1 import companion_pb2 as pb

_MANY: Final = {"person": "people"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything that stands when a day is over."""

    utterances: Sequence[pb.Utterance]
    memories: Sequence[pb.Memory]
    suggestions: Sequence[pb.Suggestion]
    ledger: Sequence[pb.LedgerRow]
    zone: tzinfo
    finished: bool = True

    @property
    def words(self) -> int:
        """How many words were heard."""
        return sum(len(utterance.text.split()) for utterance in self.utterances)

    @property
    def failures(self) -> list[str]:
        """What must not be, each a sentence; empty when all is well. A day that was left early owes no words."""
        sentences = [] if self.words or not self.finished else ["nothing was heard"]
        return sentences if balanced(self.ledger) else [*sentences, "the ledger does not balance"]


def summary_lines(outcome: Outcome) -> Iterator[str]:
    """The summary, without where the data lies."""
    yield f"heard      {count(outcome.words, 'word')} in {count(len(outcome.utterances), 'utterance')}"
    yield f"kept       {_kinds(outcome.memories)}"
    commitments = [memory for memory in outcome.memories if memory.kind == "commitment"]
    for memory in sorted(commitments, key=lambda memory: memory.recorded_ns):
        yield f"             {memory_text(memory, outcome.zone)}"
    yield f"suggested  {count(len(outcome.suggestions), 'thing')}"
    for suggestion in outcome.suggestions:
        yield f"             {clock(suggestion.at_ns, outcome.zone)}  {suggestion.text}"
        yield f"                       why: {suggestion.reason}"
    yield f"ledger     {verdict(outcome.ledger)}"
    yield from (f"             {identity(row)}" for row in outcome.ledger if row.captured_ns)


def summary_sentence(outcome: Outcome) -> str:
    """The summary in one line, for a screen."""
    heard = f"heard {count(outcome.words, 'word')}, kept {_kinds(outcome.memories)}"
    ledger = "ledger balanced" if balanced(outcome.ledger) else "ledger NOT balanced"
    return f"The day is over: {heard}, suggested {count(len(outcome.suggestions), 'thing')}, {ledger}."


def _kinds(memories: Sequence[pb.Memory]) -> str:
    """How many of each kind: "2 commitments, 1 fact"."""
    counted = Counter(memory.kind for memory in memories).most_common()
    return ", ".join(count(number, kind, _MANY.get(kind, "")) for kind, number in counted) or "nothing"
