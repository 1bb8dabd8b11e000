"""Opus packets become sound: 20 ms each, 320 samples at 16 kHz, whatever comes over the link.

PyAV's bundled libopus decodes to 48 kHz; a short low-pass brings it to 16 kHz with exactly 320 samples a packet.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sotto_hub.perception.hear.engine import Pcm

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext

PACKET_SAMPLES = 320
_RATIO = 3
_DECODED_SAMPLES = PACKET_SAMPLES * _RATIO
_TAPS = 61


def low_pass(taps: int = _TAPS) -> NDArray[np.float32]:
    """A windowed-sinc filter for 48 → 16 kHz: unit gain, 6 dB down at 7.8 kHz, linear phase: delay (taps - 1) / 2."""
    at = np.arange(taps) - (taps - 1) / 2
    cutoff = 7_800 / 48_000
    shape: NDArray[np.float64] = np.sinc(2 * cutoff * at) * np.blackman(taps)
    unit: NDArray[np.float32] = (shape / shape.sum()).astype(np.float32)
    return unit


class OpusDecoder:
    """Decodes one contiguous run of packets; make a new one after every gap.

    `corrupt` counts packets that could not be decoded: each becomes 20 ms of silence.
    """

    def __init__(self) -> None:
        self.corrupt = 0
        self._filter = low_pass()
        self._past = np.zeros(_TAPS - 1, dtype=np.float32)
        self._codec = self._fresh()

    def decode(self, packets: Iterable[bytes]) -> Pcm:
        """Sound of packets in order: shape (320 · number of packets,), int16."""
        decoded = [self._decoded(packet) for packet in packets]
        if not decoded:
            return np.zeros(0, dtype=np.int16)
        sound = np.concatenate([self._past, *decoded])
        self._past = sound[-(_TAPS - 1) :]
        smooth = np.convolve(sound, self._filter, mode="valid")[::_RATIO]
        return np.clip(np.rint(smooth), -32768, 32767).astype(np.int16)

    @staticmethod
    def _fresh() -> "AudioCodecContext":
        import av  # heavy: only where sound is decoded

        codec = av.CodecContext.create("libopus", "r")
        # The identification header (RFC 7845 §5.1): mono, no samples to skip.
        codec.extradata = b"OpusHead" + bytes((1, 1, 0, 0, 0x80, 0x3E, 0, 0, 0, 0, 0))
        return codec

    def _decoded(self, packet: bytes) -> NDArray[np.float32]:
        """48 kHz samples of one packet; silence where it is broken or does not hold 20 ms."""
        sound = self._attempt(packet)
        if sound.shape == (_DECODED_SAMPLES,):
            return sound
        self.corrupt += 1
        self._codec = self._fresh()
        return np.zeros(_DECODED_SAMPLES, dtype=np.float32)

    def _attempt(self, packet: bytes) -> NDArray[np.float32]:
        import av  # heavy: only where sound is decoded

        nothing = np.zeros(0, dtype=np.float32)
        if not packet:  # an empty packet would tell the decoder that the stream is over
            return nothing
        try:
            frames = self._codec.decode(av.Packet(packet))
        except (av.error.FFmpegError, EOFError):
            return nothing
        return np.concatenate([nothing, *(frame.to_ndarray().reshape(-1) for frame in frames)]).astype(np.float32)
