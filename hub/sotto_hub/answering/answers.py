"""Answers a question of the wearer from memory: quotes what was said and when, or abstains.

The last step of the path for a question. Search is memory's, choice is pure (`choosing`), the words are made here.
"""

from datetime import datetime, tzinfo
from typing import Final

from sotto_hub.answering.agenda import NONE, agenda
from sotto_hub.answering.choosing import best
from sotto_hub.answering.passages import Passage, passages
from sotto_hub.bridge.days import beside_due, due_in_words, in_words, local_time
from sotto_hub.language.protocol import Language
from sotto_hub.language.records import Asked
from sotto_hub.records import Answer, Citation
from sotto_memory import Memory

LOOKED_AT: Final = 40
LONGEST: Final = 2000


def answer_from(memory: Memory, language: Language, question: str, now_ns: int, zone: tzinfo) -> Answer:
    """An answer in the words that were said, with what it rests on; or an abstention."""
    question = question[:LONGEST]
    if language.asked(question) is Asked.AGENDA:
        now = local_time(now_ns, zone)
        when = language.when(question, now)
        return agenda(memory, when.day if when else None, now)
    query = language.query(question)
    hits = memory.search(query, now_ns=now_ns, limit=LOOKED_AT) if query else []
    chosen = best(question, passages(hit.record for hit in hits), language)
    if chosen is None:
        return Answer(text=NONE, abstained=True)
    passage = chosen.passage
    cited = tuple(Citation(id=i, at_ns=passage.at_ns, text=passage.text) for i in passage.evidence)
    return Answer(text=in_words_of(passage, local_time(now_ns, zone)), abstained=False, citations=cited)


def in_words_of(passage: Passage, now: datetime) -> str:
    """So: "Tuesday 10 March at 19:00 (tomorrow). On Monday 9 March at 08:00 somebody said: “…”"."""
    assert now.tzinfo is not None
    said = local_time(passage.at_ns, now.tzinfo)
    who = {"wearer": "you", None: "someone"}.get(passage.speaker, passage.speaker)
    quote = f"On {in_words(said.date())} at {said:%H:%M} {who} said: “{passage.text}”"
    return f"{time_of(passage, now)}{quote}"


def time_of(passage: Passage, now: datetime) -> str:
    """The due time of a commitment as a sentence before the quotation, with its end if it has ended."""
    assert now.tzinfo is not None
    if not passage.due:
        return ""
    near = beside_due(passage.due, now)
    state = f", {passage.status}" if passage.status in ("cancelled", "done") else ""
    return f"{due_in_words(passage.due, now.tzinfo)}{f' ({near})' if near else ''}{state}. "
