"""Words while they are being said. Best effort: when the recogniser is behind, partials come later and rarer.

At most one partial of an utterance is under way; sound that arrives meanwhile waits and goes into the next one.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from sotto_hub.errors import DecodeFailed
from sotto_hub.perception.hear.listening import Listening
from sotto_hub.perception.hear.worker import Worker
from sotto_proto.records import Frame


class Partials:
    """The partials of one utterance. `broken` tells that decoding failed: no more will come."""

    def __init__(self, listening: Listening, worker: Worker, first: int) -> None:
        self.first = first
        self.broken = False
        self._listening = listening
        self._worker = worker
        self._next = first
        self._pass: asyncio.Future[str | None] | None = None

    def take(self, frames: Sequence[Frame]) -> str | None:
        """Collects the words of the last pass, if it is done, and starts another over the frames that are new."""
        if self._pass is not None and not self._pass.done():
            return None
        text = self._collected()
        fresh = [frame for frame in frames if frame.sequence >= self._next]
        if fresh and not self.broken:
            self._next = fresh[-1].sequence + 1
            self._pass = self._worker.submit(partial(self._listening.hear, fresh))
        return text

    def drop(self) -> None:
        """Forgets the pass under way."""
        if self._pass is not None and not self._pass.cancel():
            self._collected()

    def _collected(self) -> str | None:
        done, self._pass = self._pass, None
        try:
            return done.result() if done is not None else None
        except DecodeFailed:
            self.broken = True
            return None
