"""Chooses the words that answer a question, or none (pure): content words covered, newest first among equals.

No model and no synonyms: what was not said in the words of the question is not found, and then the answer is that
nothing is known. A wrong answer costs more than none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sotto_hub.answering.passages import JOINT, Passage
from sotto_hub.language.protocol import Language
from sotto_hub.language.records import Asked
from sotto_memory import Kind

ENOUGH: Final = 0.6
PAIR_COST: Final = 0.08
COMMITMENT_BONUS: Final = 0.06
TIMED_BONUS: Final = 0.3
TIMED: Final = (Asked.TIME, Asked.DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A passage, the share of the question's words it covers (0..1), and its rank."""

    passage: Passage
    coverage: float
    rank: float


def best(question: str, found: Sequence[Passage], language: Language) -> Weighed | None:
    """The passage that answers, or `None` when too few of the question's words were ever said together."""
    wanted = frozenset(language.stems(language.query(question)))
    asked = language.asked(question)
    if not wanted:
        return None
    telling = [p for p in found if tells(p, language)]
    if asked in TIMED:
        telling += arranged_there(telling)
    weighed = [w for p in telling if (w := weigh(p, wanted, asked, language)).coverage >= ENOUGH]
    return max((w for w in weighed if fits(w, asked, wanted)), key=lambda w: (w.rank, w.passage.at_ns), default=None)


def tells(passage: Passage, language: Language) -> bool:
    """False for a passage that ends in a question: it may hold the words, but no answer."""
    last = passage.text.rpartition(JOINT)[2]
    return passage.kind is not Kind.EPISODE or language.asked(last) is Asked.NOTHING


def arranged_there(found: Sequence[Passage]) -> list[Passage]:
    """Dated commitments, to be found by the words that were said around them: "dinner at your house, maria"."""
    dated = [p for p in found if p.kind is Kind.COMMITMENT and p.due]
    return [
        replace(c, around=talk.text)
        for talk in found
        if talk.kind is Kind.EPISODE
        for c in dated
        if set(talk.evidence) & set(c.evidence)
    ]


def weigh(passage: Passage, wanted: frozenset[str], asked: Asked, language: Language) -> Weighed:
    """How well a passage answers."""
    covered = len(wanted & set(language.stems(f"{passage.text} {passage.around}"))) / len(wanted)
    rank = covered + (COMMITMENT_BONUS if passage.kind is Kind.COMMITMENT else 0) - PAIR_COST * (passage.size - 1)
    if asked in TIMED and passage.due and passage.status != "cancelled":
        rank += TIMED_BONUS
    return Weighed(passage=passage, coverage=covered, rank=round(rank, 6))


def fits(weighed: Weighed, asked: Asked, wanted: frozenset[str]) -> bool:
    """A question for a time of day needs one; a question of one word needs something that was kept for itself."""
    if asked is Asked.TIME:
        return "T" in weighed.passage.due
    if asked is Asked.DAY:
        return bool(weighed.passage.due) or weighed.coverage == 1.0
    return len(wanted) > 1 or weighed.passage.kind is not Kind.EPISODE
