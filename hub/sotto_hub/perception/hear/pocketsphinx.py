"""The recogniser that is always there: pocketsphinx, English, its model inside its wheel, no network, no GPU.

Finals decode the whole utterance at once, which normalises its loudness over all of it and makes fewer errors than
live decoding does. The decoder's adaptation is reset for each utterance (it costs 0.1 ms and no accuracy), so that
what was heard before changes nothing. Live decoding has a decoder of its own, loaded when it is needed.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import numpy as np

from sotto_hub.errors import DecodeFailed, ModelMissing
from sotto_hub.perception.hear.agreement import Agreement, agree
from sotto_hub.perception.hear.engine import Pcm
from sotto_hub.records import Word

T = TypeVar("T")

FRAME_NS: Final = 10_000_000
"""The decoder counts time in frames of 10 ms."""

GUESS_SAMPLES: Final = 4_800
"""Partials compare guesses 300 ms apart: closer ones agree on too much that is wrong."""

_VARIANT: Final = re.compile(r"\(\d+\)$")
_NOT_A_WORD: Final = re.compile(r"^(<.*>|\[.*\]|\+\+.*\+\+)$")


def plain_word(token: str) -> str:
    """A dictionary token as a person writes it: "read(2)" is "read"; marks of silence and noise become empty."""
    return "" if _NOT_A_WORD.match(token) else _VARIANT.sub("", token)


class PocketSphinx:
    """The engine. Loading takes about half a second and 90 MB, as much again for partials."""

    name = "pocketsphinx"

    def __init__(self) -> None:
        self._final = _decoder()
        self._live: LiveDecoder | None = None

    def open(self, start_ns: int, hints: Sequence[str] = (), *, partials: bool = True) -> "SphinxDecoding":
        """Begins an utterance. Hints are not used: the vocabulary is fixed."""
        return SphinxDecoding(start_ns, self._final, self._listener() if partials else None)

    def close(self) -> None:
        """Lets go of both decoders."""
        self._final = self._live = None

    def _listener(self) -> "LiveDecoder":
        if self._live is None:
            self._live = LiveDecoder()
        return self._live


class LiveDecoder:
    """The decoder of partials: one utterance at a time, the newest; an older one simply shows no more partials."""

    def __init__(self) -> None:
        self._decoder = _decoder()
        self._owner: SphinxDecoding | None = None

    def begin(self, owner: "SphinxDecoding") -> None:
        """Ends whatever was live and starts anew."""
        if self._owner is not None:
            self._decoder.end_utt()
        self._owner = owner
        self._decoder.reinit_feat()
        self._decoder.start_utt()

    def guess(self, owner: "SphinxDecoding", pcm: Pcm) -> tuple[str, ...]:
        """The words so far, one more stretch of sound included; none when another utterance is live."""
        if self._owner is not owner:
            return ()
        self._decoder.process_raw(pcm.tobytes(), no_search=False, full_utt=False)
        guess = self._decoder.hyp()
        words = (plain_word(token) for token in (guess.hypstr if guess else "").split())
        return tuple(word for word in words if word)


class SphinxDecoding:
    """One utterance being decoded."""

    def __init__(self, start_ns: int, final: Any, live: LiveDecoder | None) -> None:
        self._start_ns = start_ns
        self._final = final
        self._live = live
        self._sound: list[Pcm] = []
        self._agreement = Agreement()
        self._unguessed = 0
        if live is not None:
            live.begin(self)

    def feed(self, pcm: Pcm) -> str | None:
        """Takes more sound; the words that two guesses in a row agree on, when they changed."""
        self._sound.append(pcm)
        if self._live is None:
            return None
        guess = _checked(self._guess, pcm)
        self._unguessed += len(pcm)
        if self._unguessed < GUESS_SAMPLES:
            return None
        before, self._unguessed = self._agreement.agreed, 0
        self._agreement = agree(self._agreement, guess)
        return self._agreement.text if self._agreement.agreed != before else None

    def finish(self) -> tuple[Word, ...]:
        """Decodes the whole utterance."""
        if not self._sound:
            return ()
        return _checked(self._words, np.concatenate(self._sound))

    def _guess(self, pcm: Pcm) -> tuple[str, ...]:
        return self._live.guess(self, pcm) if self._live is not None else ()

    def _words(self, pcm: Pcm) -> tuple[Word, ...]:
        self._final.reinit_feat()
        self._final.start_utt()
        try:
            self._final.process_raw(pcm.tobytes(), no_search=False, full_utt=True)
        finally:
            self._final.end_utt()
        segments = [(plain_word(segment.word), segment) for segment in self._final.seg() or ()]
        return tuple(self._word(text, segment) for text, segment in segments if text)

    def _word(self, text: str, segment: Any) -> Word:
        return Word(
            text=text,
            start_ns=self._start_ns + segment.start_frame * FRAME_NS,
            end_ns=self._start_ns + (segment.end_frame + 1) * FRAME_NS,
            confidence=min(1.0, max(0.0, float(segment.prob))),
        )


def _decoder() -> Any:
    try:
        from pocketsphinx import Decoder  # heavy: only where it is used
    except ImportError as absent:
        raise ModelMissing("no_recogniser", "pocketsphinx is not installed: pip install 'sotto[hub]'.") from absent
    return Decoder(loglevel="FATAL")


def _checked(decode: Callable[[Pcm], tuple[T, ...]], pcm: Pcm) -> tuple[T, ...]:
    """Sound decoded; what pocketsphinx raises becomes one kind of error."""
    try:
        return decode(pcm)
    except (RuntimeError, ValueError) as broken:
        raise DecodeFailed("decode_failed", f"pocketsphinx broke on {len(pcm) / 16_000:.1f} s of sound.") from broken
