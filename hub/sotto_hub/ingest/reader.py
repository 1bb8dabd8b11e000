"""Reads committed words to the mind, in order of event time, and moves its clock.

The order does not depend on how frames were batched: before each utterance event time moves to its start, then the
mind hears it, and at last event time moves to the watermark. An utterance waits until the watermark has passed its
end, so that several devices are read in one order.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from sotto_hub.bus import Event
from sotto_hub.ingest.tide import Tide, steps
from sotto_hub.records import Suggestion, Utterance
from sotto_memory.errors import MemoryInputError
from sotto_memory.records import MemoryRecord

if TYPE_CHECKING:
    from sotto_hub.store.transcript import Transcript

LOG: Final = logging.getLogger("sotto.ingest")
Happening = Suggestion | MemoryRecord

LOOKBACK: Final = 100
"""More utterances than a moment may hold: what the mind needs to go on with an open one."""


class Listener(Protocol):
    """The mind, as the reader calls it."""

    @property
    def now_ns(self) -> int:
        """Event time so far."""
        ...

    def resume(self, unread: Sequence[Utterance], read: Sequence[Utterance]) -> None:
        """Takes up again what was committed before a restart: not read yet, and read last."""
        ...

    def heard(self, utterance: Utterance) -> Sequence[Happening]:
        """Hears an utterance."""
        ...

    def advance(self, now_ns: int, *, sensing: bool) -> Sequence[Happening]:
        """Lets event time pass."""
        ...


class Reader:
    """The one who calls the mind for what was sensed."""

    def __init__(
        self,
        *,
        mind: Listener,
        transcript: "Transcript",
        publish: Callable[[Event], None],
        whisper: Callable[[Suggestion], None],
    ) -> None:
        self._mind = mind
        self._transcript = transcript
        self._publish = publish
        self._whisper = whisper
        self._waiting: list[Utterance] = []

    def resume(self) -> None:
        """After a restart: what was committed but not understood is given to the mind again.

        Not what was taken back and waits to be erased.
        """
        unread = self._rightful(self._transcript.unread())
        known = {u.id for u in unread}
        newest = self._rightful(self._transcript.utterances(last=LOOKBACK + len(unread)))
        self._mind.resume(unread, [u for u in newest if u.id not in known])
        self._transcript.mark_read([u.id for u in unread])

    def heed(self, utterances: Iterable[Utterance]) -> None:
        """Queues committed utterances (bounded: each stream settles within its endpointing cap)."""
        self._waiting.extend(utterances)
        self._waiting.sort(key=lambda u: (u.start_ns, u.id))

    def advance(self, tide: Tide) -> None:
        """Reads what is due and moves event time to the watermark.

        What the mind could not hear, for its disk was full, and all behind it waits for the next time.
        """
        read: list[str] = []
        try:
            for utterance in [u for u in self._waiting if u.end_ns <= tide.until_ns]:
                self._move(utterance.start_ns, tide.off_since_ns)
                self._hear(utterance)
                read.append(utterance.id)
        finally:
            self.forget(read)
            self._transcript.mark_read(read)
        self._move(tide.until_ns, tide.off_since_ns)

    def forget(self, utterance_ids: Sequence[str]) -> None:
        """Drops what was read, or taken back before it was."""
        self._waiting = [u for u in self._waiting if u.id not in utterance_ids]

    def tell(self, happenings: Iterable[Happening]) -> None:
        """Tells the watchers, and whispers suggestions to the devices."""
        for happening in happenings:
            self._publish(happening)
            if isinstance(happening, Suggestion):
                self._whisper(happening)

    def _hear(self, utterance: Utterance) -> None:
        """What memory can never take is passed over: it would be in the way of all that follows."""
        try:
            self.tell(self._mind.heard(utterance))
        except MemoryInputError as error:
            LOG.warning("utterance %s was not understood: %s", utterance.id, error.code)

    def _rightful(self, utterances: Iterable[Utterance]) -> list[Utterance]:
        return [u for u in utterances if not self._transcript.is_withheld(u.start_ns, u.end_ns)]

    def _move(self, to_ns: int, off_since_ns: int | None) -> None:
        for step in steps(self._mind.now_ns, to_ns, off_since_ns):
            self.tell(self._mind.advance(step.now_ns, sensing=step.sensing))
