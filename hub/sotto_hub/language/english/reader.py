"""English behind the `Language` protocol: from an utterance and what came before it to findings (pure)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sotto_hub.language.english.acceptance import arranged, taken_up
from sotto_hub.language.english.broadcast import broadcast
from sotto_hub.language.english.clauses import Reading, best_time, questioned, reading
from sotto_hub.language.english.commitments import commitment
from sotto_hub.language.english.content import ASKING, stems
from sotto_hub.language.english.endings import ended
from sotto_hub.language.english.remember import remembered
from sotto_hub.language.english.tokens import tokens
from sotto_hub.language.records import COMMITTING, Asked, Finding, Said, When

CONTEXT: Final = timedelta(seconds=90)
LATEST: Final = 4
AGENDA: Final = re.compile(
    r"\b(promised?|commitments?|plans?|planned|agenda|calendar|appointments?|owe|due|coming up|to do|"
    r"on (?:today|tomorrow|tonight))\b"
)
AGENDA_STEMS: Final = frozenset(stems("promised commitments plan planned agenda calendar appointments owe due"))


class English:
    """English patterns. Stateless; safe to share."""

    def read(self, said: Said, before: Sequence[Said]) -> tuple[Finding, ...]:
        """What the newest utterance says, in the light of what was said just before."""
        read = reading(said)
        if not read.words or broadcast(read.plain):
            return ()
        near = [s for s in before if s.at >= said.at - CONTEXT][-LATEST:]
        earlier = [f for s in near if (f := alone(s))]
        own = commitment(read)
        found = taken_up(read, earlier, own) or own or arranged(read, near)
        if found:
            return (found,)
        return tuple(f for f in (remembered(read), ended(read)) if f)

    def when(self, text: str, at: datetime) -> When | None:
        """The time that a text names."""
        return best_time(reading(Said(id="", text=text, at=at)), 0)

    def stems(self, text: str) -> tuple[str, ...]:
        """The content words of a text, lightly stemmed."""
        return stems(text)

    def asked(self, question: str) -> Asked:
        """Whether a question wants a time of day, a day, or something else; or is no question at all."""
        words = " ".join(t.word for t in tokens(question))
        if words.startswith("what") and AGENDA.search(words) and AGENDA_STEMS.issuperset(stems(words)):
            return Asked.AGENDA
        if "what time" in words or "which time" in words or "what hour" in words:
            return Asked.TIME
        if words.startswith("when") or "what day" in words or "which da" in words:
            return Asked.DAY
        return Asked.OTHER if questioned(words) else Asked.NOTHING

    def query(self, question: str) -> str:
        """The content words of a question, as they were typed."""
        kept = {s: t.word for t in tokens(question) for s in stems(t.word) if t.word not in ASKING}
        return " ".join(kept.values())


def alone(said: Said) -> Finding | None:
    """The commitment of an earlier utterance, read by itself."""
    read: Reading = reading(said)
    found = None if broadcast(read.plain) else commitment(read)
    return found if found and found.kind in COMMITTING else None
