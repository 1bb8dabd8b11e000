"""The ear: one audio stream of one device, from frames to utterances.

    frames ─► endpointing ─► spans ─► decode worker ─► guard ─► turns ─► utterances
                 └─► settled frames: each exactly once, in order, when nothing that comes can change what it was

Frames that may still be part of an utterance are held, as packets; sound exists only while the worker decodes it.
Final words never depend on partials, on load or on what was heard before: the same frames give the same utterances.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sotto_hub.errors import DecodeFailed
from sotto_hub.perception.hear.endpoint import Endpoint, Span, close, step
from sotto_hub.perception.hear.engine import Engine
from sotto_hub.perception.hear.guard import judge
from sotto_hub.perception.hear.identity import utterance_id
from sotto_hub.perception.hear.listening import Deciphered, Listening, decipher, voice_of
from sotto_hub.perception.hear.partials import Partials
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.turns import split
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.perception.settling import fate_of, settle
from sotto_hub.records import Fate, Partial, Settled, Utterance, Word
from sotto_hub.store.spans import OFF_THE_RECORD
from sotto_proto.records import Audio, Frame, Gap, GapKind

LOG: Final = logging.getLogger("sotto.hear")

JUMP_NS: Final = 60_000_000
"""Frames whose times lie further apart than this were not captured in one go: no word spans them."""

TAKEN_BACK: Final = Gap(kind=GapKind.LOST, reason=OFF_THE_RECORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one frame led to. `settled` is in order of sequence; `utterances` rest on frames that settle here."""

    partial: Partial | None = None
    utterances: tuple[Utterance, ...] = ()
    settled: tuple[Settled, ...] = ()


class Ear:
    """Takes every frame of one audio stream in order. One task may use it; drop it when the stream breaks off.

    `offset_ns` is added to the device's wall clock. While `behind` says that more sound waits already, partials and
    looking ahead are left out, never sound. `hints` are names that may be said. `counts` holds, by reason,
    what was dropped or lost: no_words, phantom, loop, corrupt_packets, decode_failed; never words.
    """

    def __init__(  # noqa: PLR0913  # the ear joins all of hearing; each argument is named
        self,
        *,
        device_id: str,
        stream: str,
        engine: Engine,
        worker: Worker,
        offset_ns: int,
        settings: HearSettings,
        behind: Callable[[], bool] = lambda: False,
    ) -> None:
        self.hints: Sequence[str] = ()
        self.counts: Counter[str] = Counter()
        self._device_id = device_id
        self._stream = stream
        self._engine = engine
        self._worker = worker
        self._offset_ns = offset_ns
        self._settings = settings
        self._behind = behind
        self._state = Endpoint()
        self._held: deque[Frame] = deque()
        self._settled_until_ns = 0
        self._partials: Partials | None = None
        self._ahead: tuple[Span, asyncio.Future[Deciphered]] | None = None
        self._decoding: Sequence[Frame] = ()
        self._taken_back = False

    @property
    def settled_until_ns(self) -> int:
        """The watermark: end of the last settled frame, hub time. 0 before the first."""
        return self._settled_until_ns

    async def take(self, frame: Frame) -> Heard:
        """Takes the next frame. Waits for the recogniser when an utterance ends here, which holds back the sender."""
        if isinstance(frame.body, Audio):
            return await self._sound(frame, frame.body)
        before = await self.end()
        return _joined(before, Heard(settled=(self._settle(frame, *fate_of(frame)),)))

    async def end(self) -> Heard:
        """Ends the run of sound at once and settles all that is held."""
        self._state, spans = close(self._state, self._settings.endpoint)
        heard = [await self._spoken(span) for span in spans]
        self._hush()
        return _joined(*heard, self._silent(None))

    async def _sound(self, frame: Frame, audio: Audio) -> Heard:
        before = await self.end() if self._jumped(frame) else Heard()
        self._held.append(frame)
        self._state, spans = step(self._state, frame.sequence, audio.voice, self._settings.endpoint)
        heard = [await self._spoken(span) for span in spans]
        quiet = self._silent(self._state.held)
        return replace(_joined(before, *heard, quiet), partial=self._live())

    def _jumped(self, frame: Frame) -> bool:
        """Whether sound does not follow on what is held: lost sequence numbers, or a clock that was set."""
        if not self._held:
            return False
        last = self._held[-1]
        return frame.sequence != last.sequence + 1 or abs(frame.at.wall_ns - last.end_wall_ns) > JUMP_NS

    # ---- off the record ---------------------------------------------------------------------------------------

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Lets go at once of all sound that touches the span: what is held, and what is being decoded.

        An utterance goes whole, as one does that was heard already. Its frames settle as lost with their next frame.
        """
        if any(self._touches(frame, from_ns, to_ns) for frame in self._decoding):
            self._taken_back = True
        if any(self._touches(frame, from_ns, to_ns) for frame in self._held):
            self._held = deque(replace(frame, body=TAKEN_BACK) for frame in self._held)
            self._state = Endpoint()
            self._look_away()
            self._hush()

    def _touches(self, frame: Frame, from_ns: int, to_ns: int) -> bool:
        start_ns = self._start_ns(frame)
        return start_ns < to_ns and from_ns < start_ns + frame.duration_ns

    # ---- finals -----------------------------------------------------------------------------------------------

    async def _spoken(self, span: Span) -> Heard:
        """Settles everything up to the end of a span and returns what was said in it."""
        quiet = self._silent(span.first)
        frames = [self._held.popleft() for _ in range(span.last - span.first + 1)]
        if not span.spoken:
            return _joined(quiet, self._settle_all(frames, Fate.SILENT))
        self._decoding, self._taken_back = frames, False
        try:
            found = await self._final(span, frames)
        except DecodeFailed as broken:
            self.counts[broken.code] += 1
            LOG.warning("%s: %d frames of %s are lost", broken.code, len(frames), self._device_id)
            reason = OFF_THE_RECORD if self._taken_back else broken.code
            return _joined(quiet, self._settle_all(frames, Fate.LOST, reason))
        finally:
            self._decoding = ()
        if self._taken_back:
            return _joined(quiet, self._settle_all(frames, Fate.LOST, OFF_THE_RECORD))
        return _joined(quiet, self._judged(found, frames))

    async def _final(self, span: Span, frames: Sequence[Frame]) -> Deciphered:
        ahead = self._ahead
        self._hush()
        if ahead is not None and (ahead[0].first, ahead[0].last) == (span.first, span.last):
            self._ahead = None
            return await ahead[1]
        self._look_away()
        return await self._worker.run(self._job(frames))

    def _job(self, frames: Sequence[Frame]) -> "partial[Deciphered]":
        return partial(decipher, self._engine, tuple(frames), self._start_ns(frames[0]), tuple(self.hints))

    def _judged(self, found: Deciphered, frames: Sequence[Frame]) -> Heard:
        """Words that pass the guard become utterances. Speech without words was no speech: its frames are silent."""
        verdict = judge(found.words, voice_of(frames))
        self.counts.update({reason: 1 for reason in (verdict.reason,) if reason})
        self.counts.update(corrupt_packets=found.corrupt)
        if found.corrupt == found.packets:
            return self._settle_all(frames, Fate.LOST, "undecodable")
        settled = self._settle_all(frames, Fate.COMMITTED if verdict.words else Fate.SILENT)
        turns = split(verdict.words, self._settings.turn_pause_ms * 1_000_000)
        return replace(settled, utterances=tuple(self._utterance(turn) for turn in turns))

    def _utterance(self, words: Sequence[Word]) -> Utterance:
        known = [word.confidence for word in words if word.confidence is not None]
        return Utterance(
            id=utterance_id(self._device_id, self._stream, words[0].start_ns),
            device_id=self._device_id,
            start_ns=words[0].start_ns,
            end_ns=words[-1].end_ns,
            text=" ".join(word.text for word in words),
            confidence=sum(known) / len(known) if known else 1.0,
            engine=self._engine.name,
        )

    # ---- while it is being said -------------------------------------------------------------------------------

    def _live(self) -> Partial | None:
        """Partials of the open utterance; and when its pause runs, its final is decoded ahead of the decision."""
        now = self._state.open
        if now is None or not self._settings.partials or self._behind():
            return None
        said = [frame for frame in self._held if now.first <= frame.sequence <= (now.tail or now.last)]
        if now.tail is None:
            return self._partial(now.first, said)
        self._look_ahead(Span(first=now.first, last=now.tail, spoken=True), said)
        return None

    def _partial(self, first: int, said: Sequence[Frame]) -> Partial | None:
        if self._partials is None or self._partials.first != first:
            self._hush()
            listening = Listening(self._engine, self._start_ns(said[0]), tuple(self.hints))
            self._partials = Partials(listening, self._worker, first)
        text = self._partials.take(said)
        start_ns = self._start_ns(said[0])
        return Partial(device_id=self._device_id, start_ns=start_ns, text=text) if text else None

    def _look_ahead(self, span: Span, said: Sequence[Frame]) -> None:
        if self._ahead is not None and self._ahead[0] == span:
            return
        self._look_away()
        self._ahead = (span, self._worker.submit(self._job(said)))

    def _look_away(self) -> None:
        if self._ahead is not None:
            self._ahead[1].cancel()
        self._ahead = None

    def _hush(self) -> None:
        if self._partials is not None:
            self._partials.drop()
        self._partials = None

    # ---- settling ---------------------------------------------------------------------------------------------

    def _silent(self, before: int | None) -> Heard:
        """Settles held frames ahead of a sequence number as silent, or as taken back; all of them without one."""
        quiet = []
        while self._held and (before is None or self._held[0].sequence < before):
            quiet.append(self._held.popleft())
        return Heard(settled=tuple(self._settle(frame, *_quiet_fate(frame)) for frame in quiet))

    def _settle_all(self, frames: Sequence[Frame], fate: Fate, reason: str = "") -> Heard:
        return Heard(settled=tuple(self._settle(frame, fate, reason) for frame in frames))

    def _settle(self, frame: Frame, fate: Fate, reason: str = "") -> Settled:
        settled = settle(frame, self._offset_ns, fate, reason)
        self._settled_until_ns = max(self._settled_until_ns, settled.end_ns)
        return settled

    def _start_ns(self, frame: Frame) -> int:
        return frame.at.wall_ns + self._offset_ns


def _quiet_fate(frame: Frame) -> tuple[Fate, str]:
    return (Fate.SILENT, "") if isinstance(frame.body, Audio) else fate_of(frame)


def _joined(*parts: Heard) -> Heard:
    """Several outcomes as one, in order."""
    return Heard(
        utterances=tuple(utterance for part in parts for utterance in part.utterances),
        settled=tuple(settled for part in parts for settled in part.settled),
    )
