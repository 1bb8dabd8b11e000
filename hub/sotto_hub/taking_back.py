"""Taking a span back: refused from now on first, then erased in memory, then in the transcript.

    refuse ─► note as unfinished ─► mind (memories, suggestions) ─► transcript ─► drop the note

Single utterances go the same way, but for the first step: their time is not refused.

Whatever breaks it off, it is finished by the next taking back, by the hub's sweep, or at its next start.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Protocol

from sotto_hub.bus import Event
from sotto_hub.pairing.refusal import REFUSABLE, Refusable
from sotto_hub.records import Erased
from sotto_hub.store.notes import Notes
from sotto_hub.store.spans import Span, merged
from sotto_hub.store.transcript import Transcript

LOG: Final = logging.getLogger("sotto.hub")
WITHHOLDING: Final = "withholding"
UNSAYING: Final = "unsaying"


class Forgetful(Protocol):
    """What understands, or is about to."""

    def withhold(self, from_ns: int, to_ns: int, utterance_ids: Sequence[str]) -> Erased:
        """Forgets what rests on these utterances alone; may be done again."""
        ...


def spans_of(note: str | None) -> tuple[Span, ...]:
    """The spans of a note, oldest first; one alone is a note from before there could be several (pure)."""
    told = json.loads(note or "[]")
    pairs = [told] if told and isinstance(told[0], int) else told
    return tuple(Span(from_ns, to_ns) for from_ns, to_ns in pairs)


@dataclass(slots=True, kw_only=True)
class TakingBack:
    """One for the hub. `drop`: of what is in RAM, a span; `unheard`: of what waits to be understood, utterances."""

    transcript: Transcript
    notes: Notes
    mind: Forgetful
    drop: Callable[[int, int], None]
    unheard: Callable[[Sequence[str]], None]
    publish: Callable[[Event], None]
    before: list[Callable[[], None]] = field(default_factory=list)

    def withhold(self, from_ns: int, to_ns: int) -> Erased:
        """Takes a span back, and finishes what an earlier one left.

        Raises `HomeError` or `SottoMemoryError` when it is refused from now on, but not all of it is erased yet.
        """
        span = Span(from_ns, to_ns)
        self._accept(span)
        erased = self._erase(span)
        self._finish()
        self.transcript.scrub()
        return erased

    def promise(self, from_ns: int, to_ns: int) -> None:
        """Takes a span back; once that is on the disk, what is left to be done is the hub's own affair.

        So a device that asks is acknowledged, and need not ask again. Raises `HomeError` when it cannot be noted.
        """
        self._accept(Span(from_ns, to_ns))
        self.sweep()

    def withdraw(self, device_id: str, boot_id: str, span: Span) -> None:
        """Takes back what one boot of a device brought of a span, and nothing of others: its time is but a guess.

        The session refuses what is still to come. Raises `HomeError` or `SottoMemoryError`: the device asks again.
        """
        self.erasing()
        ids = self.transcript.brought(device_id, boot_id, span)
        self.unheard(ids)
        gone = self.mind.withhold(*span, ids)
        self.transcript.erase(ids)
        self.publish(replace(gone, from_ns=span.from_ns, to_ns=span.to_ns, utterance_ids=ids))

    def unsay(self, utterance_ids: Sequence[str], first: Callable[[], Erased]) -> Erased:
        """Takes back single utterances, after `first` has erased what was chosen beside them. Returns both.

        What arrives later of the same time is not refused. Raises `HomeError` or `SottoMemoryError` when not all of
        it is erased yet; once it is noted, the hub goes on trying.
        """
        self.erasing()
        self._leave((*self.unsaid(), *utterance_ids))
        erased = first()
        if erased.anything:
            self.publish(erased)
        erased = erased.and_then(self._unsay(utterance_ids))
        self.transcript.scrub()
        return erased

    def unsaid(self) -> tuple[str, ...]:
        """Utterances that are to be erased, but are not yet."""
        return tuple(json.loads(self.notes.get(UNSAYING) or "[]"))

    def unfinished(self) -> tuple[Span, ...]:
        """Spans that are refused, but not erased everywhere."""
        return spans_of(self.notes.get(WITHHOLDING))

    def sweep(self) -> None:
        """Does what is left to do, as far as the disk lets it."""
        try:
            self._finish()
            self.transcript.scrub()
        except REFUSABLE as error:
            _warn(error)

    def erasing(self) -> None:
        """Something is about to be erased: whoever holds on to what was there lets go."""
        for let_go in self.before:
            let_go()

    def _accept(self, span: Span) -> None:
        self.drop(*span)
        self.transcript.refuse(*span)
        self._note(merged((*self.unfinished(), span)))

    def _finish(self) -> None:
        """Erases all that is left. Raises what went wrong first, when everything has been tried."""
        wrong: list[Refusable] = []
        left: list[Callable[[], Erased]] = [partial(self._erase, span) for span in self.unfinished()]
        left.append(partial(self._unsay, self.unsaid()))
        for erase in left:
            try:
                erase()
            except REFUSABLE as error:
                wrong.append(error)
        if wrong:
            raise wrong[0]

    def _erase(self, span: Span) -> Erased:
        """Memory goes before the words, for they tell what rests on them. Every step may be done again."""
        self.erasing()
        self.transcript.refuse(*span)
        ids = self.transcript.touching(*span)
        self.unheard(ids)
        gone = self.mind.withhold(*span, ids)
        self.transcript.withhold(*span)
        self._note(tuple(other for other in self.unfinished() if other != span))
        erased = replace(gone, from_ns=span.from_ns, to_ns=span.to_ns, utterance_ids=ids)
        self.publish(erased)
        return erased

    def _unsay(self, utterance_ids: Sequence[str]) -> Erased:
        """As `_erase`, for utterances of whatever time."""
        if not utterance_ids:
            return Erased(from_ns=0, to_ns=0)
        self.erasing()
        self.unheard(utterance_ids)
        gone = self.mind.withhold(0, 0, utterance_ids)
        self.transcript.erase(utterance_ids)
        self._leave([one for one in self.unsaid() if one not in set(utterance_ids)])
        erased = replace(gone, utterance_ids=tuple(utterance_ids))
        self.publish(erased)
        return erased

    def _leave(self, utterance_ids: Sequence[str]) -> None:
        if utterance_ids:
            self.notes.put(UNSAYING, json.dumps(list(dict.fromkeys(utterance_ids))))
        elif self.notes.get(UNSAYING) is not None:
            self.notes.drop(UNSAYING)

    def _note(self, spans: Sequence[Span]) -> None:
        if spans:
            self.notes.put(WITHHOLDING, json.dumps(spans))
        else:
            self.notes.drop(WITHHOLDING)


def _warn(error: Refusable) -> None:
    LOG.warning("something taken back is not erased everywhere yet, the hub goes on trying: %s", error.code)
