"""Sound becomes Opus packets of 20 ms by PyAV's bundled libopus, without an array library.

The encoder looks 104 samples (6.5 ms) ahead, so decoded words come 6.5 ms late: less than one step (10 ms) of any
recogniser, and always the same. A run of packets has its own encoder; nothing of what was left out leaks into it.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

from sotto_proto.records import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext

PACKET_SAMPLES: Final = 320


class Coder(Protocol):
    """Encodes a run of packets."""

    def encode(self, pcm: bytes) -> bytes:
        """One Opus packet for one packet of sound."""

    def restart(self) -> None:
        """The next packet begins a new run."""


class OpusCoder:
    """libopus for speech: variable rate around `bitrate`, in bits a second."""

    def __init__(self, bitrate: int = 28_000, complexity: int = 5) -> None:
        self._bitrate = bitrate
        self._complexity = complexity
        self._codec: AudioCodecContext | None = None
        self._sent = 0

    def encode(self, pcm: bytes) -> bytes:
        """One Opus packet for 640 bytes of sound."""
        import av  # heavy: only where sound is encoded

        codec = self._codec = self._codec or self._opened()
        frame = av.AudioFrame(format="s16", layout="mono", samples=PACKET_SAMPLES)
        frame.planes[0].update(pcm)
        frame.sample_rate, frame.time_base = SAMPLE_RATE_HZ, Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = self._sent * PACKET_SAMPLES
        self._sent += 1
        (packet,) = codec.encode(frame)
        return bytes(packet)

    def restart(self) -> None:
        """The next packet begins with a fresh encoder."""
        self._codec, self._sent = None, 0

    def _opened(self) -> "AudioCodecContext":
        import av  # heavy: only where sound is encoded

        codec = av.CodecContext.create("libopus", "w")
        codec.sample_rate, codec.layout, codec.format = SAMPLE_RATE_HZ, "mono", "s16"
        codec.bit_rate = self._bitrate
        codec.options = {
            "application": "voip",
            "frame_duration": "20",
            "vbr": "on",
            "compression_level": str(self._complexity),
        }
        codec.open()
        return codec
