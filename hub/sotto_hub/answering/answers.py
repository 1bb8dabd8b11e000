"""Answers a question of the wearer from memory: quotes what was said and when, or abstains.

The last step of the path for a question. Search is memory's, choice is pure (`choosing`), the words are made here.
What was kept as a statement answers only a question that memory knows the answer to.
What an answer quotes has been shown to the wearer: that, and no search, is a use of the memory.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from sotto_hub.answering.agenda import NONE, agenda
from sotto_hub.answering.choosing import answering
from sotto_hub.answering.passages import Passage
from sotto_hub.bridge.days import beside_due, due_in_words, in_words, local_time
from sotto_hub.language.protocol import Language
from sotto_hub.language.records import Asked
from sotto_hub.records import Answer, Citation
from sotto_memory import Memory, SottoMemoryError, Use

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOG: Final = logging.getLogger("sotto.hub")
LOOKED_AT: Final = 40
LONGEST: Final = 2000


def answer_from(  # noqa: PLR0913  (all that a question brings)
    memory: Memory,
    language: Language,
    question: str,
    now_ns: int,
    zone: tzinfo,
    *,
    vector: "NDArray[np.float32] | None" = None,
) -> Answer:
    """An answer in the words that were said, with what it rests on; or an abstention. `vector`: of the question."""
    answer, quoted = _answered(memory, language, question[:LONGEST], now_ns, zone, vector=vector)
    _note_shown(memory, quoted, now_ns)
    return answer


def _answered(  # noqa: PLR0913  (as above)
    memory: Memory,
    language: Language,
    question: str,
    now_ns: int,
    zone: tzinfo,
    *,
    vector: "NDArray[np.float32] | None",
) -> tuple[Answer, tuple[str, ...]]:
    """The answer, and the ids of the memories that it quotes."""
    if language.asked(question) is Asked.AGENDA:
        now = local_time(now_ns, zone)
        when = language.when(question, now)
        todo = agenda(memory, when.day if when else None, now)
        return todo, tuple(citation.id for citation in todo.citations)
    recalled = memory.recall(question, now_ns=now_ns, limit=LOOKED_AT, vector=vector)
    passage = answering(question, recalled, language, zone)
    if passage is None:
        return Answer(text=NONE, abstained=True), ()
    cited = tuple(Citation(id=i, at_ns=passage.at_ns, text=passage.text) for i in passage.evidence)
    words = in_words_of(passage, local_time(now_ns, zone))
    return Answer(text=words, abstained=False, citations=cited), (passage.record_id,)


def _note_shown(memory: Memory, ids: Iterable[str], now_ns: int) -> None:
    """What was shown lasts longer. An answer never fails over it: a file that is busy or full goes without."""
    try:
        for memory_id in ids:
            memory.use(memory_id, now_ns, Use.SHOWN)
    except SottoMemoryError as error:
        LOG.warning("a memory was shown, and that could not be noted: %s", error.code)


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
