"""From frames to words, off the event loop: what the ear runs on the decode worker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sotto_hub.perception.hear.engine import Decoding, Engine
from sotto_hub.perception.hear.opus import OpusDecoder
from sotto_hub.records import Word
from sotto_proto.records import PACKET_NS, Audio, Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciphered:
    """What a whole utterance gave: its words, and how many of its packets could not be decoded."""

    words: tuple[Word, ...]
    packets: int
    corrupt: int


def packets_of(frame: Frame) -> tuple[bytes, ...]:
    """The Opus packets of a frame; none when it holds no sound."""
    return frame.body.packets if isinstance(frame.body, Audio) else ()


def voice_of(frames: Sequence[Frame]) -> float:
    """Mean speech probability of frames, 0..1."""
    voice = b"".join(frame.body.voice for frame in frames if isinstance(frame.body, Audio))
    return sum(voice) / (255 * len(voice)) if voice else 0.0


def decipher(engine: Engine, frames: Sequence[Frame], start_ns: int, hints: Sequence[str]) -> Deciphered:
    """Decodes a whole utterance from a fresh state, so that the same frames always give the same words. Blocking."""
    opus = OpusDecoder()
    sound = [opus.decode(packets_of(frame)) for frame in frames]
    decoding = engine.open(start_ns, hints, partials=False)
    decoding.feed(np.concatenate(sound))
    packets = sum(len(packets_of(frame)) for frame in frames)
    end_ns = start_ns + packets * PACKET_NS
    words = tuple(_within(word, start_ns, end_ns) for word in decoding.finish())
    return Deciphered(words=words, packets=packets, corrupt=opus.corrupt)


def _within(word: Word, start_ns: int, end_ns: int) -> Word:
    """A word in the time of its sound: engines that pad their window may place the last one beyond it."""
    begun = min(max(word.start_ns, start_ns), end_ns)
    return replace(word, start_ns=begun, end_ns=min(max(word.end_ns, begun), end_ns))


class Listening:
    """One utterance while it is being said: frames go in, partial words come out. Runs on the decode worker."""

    def __init__(self, engine: Engine, start_ns: int, hints: Sequence[str]) -> None:
        self._open = partial(engine.open, start_ns, hints, partials=True)
        self._decoding: Decoding | None = None
        self._opus = OpusDecoder()

    def hear(self, frames: Sequence[Frame]) -> str | None:
        """Takes frames in order; the newest words when they changed. Blocking. Raises `DecodeFailed`."""
        if self._decoding is None:
            self._decoding = self._open()
        return self._decoding.feed(np.concatenate([self._opus.decode(packets_of(frame)) for frame in frames]))
