"""Chooses the words that answer a question, or none (pure). A wrong answer costs more than none.

What was kept as a statement follows memory: it is quoted only when memory knows the answer, and leads when memory
puts it first. What was only heard (episodes, commitments) is chosen by content words covered, newest first among
equals: no model and no synonyms. Memory's certainty does not judge what was heard: measured, that lost right answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Final

from sotto_hub.answering.passages import JOINT, Passage, kept, passages
from sotto_hub.bridge.days import local_time
from sotto_hub.language.protocol import Language
from sotto_hub.language.records import Asked
from sotto_memory import Hit, Kind, MemoryRecord, Part, Recalled

ENOUGH: Final = 0.6
HALF: Final = 0.5
PAIR_COST: Final = 0.08
COMMITMENT_BONUS: Final = 0.06
TIMED_BONUS: Final = 0.3
TIMED: Final = (Asked.TIME, Asked.DAY)
HEARD: Final = frozenset({Kind.EPISODE, Kind.COMMITMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A passage, the share of the question's words it covers (0..1), and its rank."""

    passage: Passage
    coverage: float
    rank: float


def answering(question: str, recalled: Recalled, language: Language, zone: tzinfo) -> Passage | None:
    """What answers the question, of all that memory brought back for it; `None` when nothing does.

    A statement that memory puts first and that holds the very value asked for is quoted. Any other leads unless
    something that was heard may be what memory knows, see `yields`, or a time is asked for that it does not name.
    """
    first = leading(recalled)
    if first and Part.SLOT in first.parts:
        return kept(first.record)
    weighed = best(question, passages(quotable(recalled)), language)
    chosen = weighed.passage if weighed else None
    if first is None or yields(first, weighed, question, recalled, language):
        return chosen
    if language.asked(question) in TIMED and (is_due(chosen) or not is_timed(first.record, language, zone)):
        return chosen
    return kept(first.record)


def leading(recalled: Recalled) -> Hit | None:
    """The statement that memory puts first, if it knows the answer."""
    first = recalled.hits[0] if recalled.known and recalled.hits else None
    return first if first and first.record.kind not in HEARD else None


def quotable(recalled: Recalled) -> list[MemoryRecord]:
    """What was heard; and, if memory knows the answer, what was kept as a statement."""
    return [hit.record for hit in recalled.hits if recalled.known or hit.record.kind in HEARD]


def yields(first: Hit, weighed: Weighed | None, question: str, recalled: Recalled, language: Language) -> bool:
    """Whether a statement that comes first makes room for what was heard.

    Memory knows by the best of its hits, which need not be the first: words heard that hold more of the question go
    before it, and as much if they are news. A statement that holds less than half of it does not lead beside them.
    """
    wanted = frozenset(language.stems(language.query(question)))
    heard = any(hit.record.kind in HEARD for hit in recalled.hits)
    if not wanted or not heard:
        return False
    own = weigh(kept(first.record), wanted, language.asked(question), language).coverage
    if weighed is None or weighed.passage.kind not in HEARD:
        return own < HALF
    return weighed.coverage > own or (weighed.coverage == own and is_news(weighed.passage, first, recalled))


def is_news(passage: Passage, first: Hit, recalled: Recalled) -> bool:
    """Whether words were heard after a statement, and at the time that is asked about if that was true then."""
    timely = {hit.record.id for hit in recalled.hits if Part.TIME in hit.parts}
    later = passage.at_ns > kept(first.record).at_ns
    return later and (Part.TIME not in first.parts or passage.record_id in timely)


def is_due(chosen: Passage | None) -> bool:
    """Whether a commitment was chosen."""
    return chosen is not None and chosen.kind is Kind.COMMITMENT


def is_timed(statement: MemoryRecord, language: Language, zone: tzinfo) -> bool:
    """Whether it names a time: where one is asked for, words without one do not lead."""
    return language.when(statement.text, local_time(kept(statement).at_ns, zone)) is not None


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
