"""What is sensed, before it becomes frames: immutable records that every source yields (pure).

Sound is 16 kHz mono int16, little-endian, as plain bytes: the device needs no array library.
"""

from dataclasses import dataclass
from typing import Final

from sotto_proto.records import CaptureTime, Control, GapKind, GazePoint

SAMPLE_NS: Final = 62_500
"""One sample of sound at 16 kHz."""

SAMPLE_BYTES: Final = 2


def later(at: CaptureTime, by_ns: int) -> CaptureTime:
    """The instant `by_ns` after `at`, on both clocks."""
    return CaptureTime(monotonic_ns=at.monotonic_ns + by_ns, wall_ns=at.wall_ns + by_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioSample:
    """A block of sound that begins at `at`."""

    at: CaptureTime
    pcm: bytes

    @property
    def duration_ns(self) -> int:
        """How long the block lasts."""
        return len(self.pcm) // SAMPLE_BYTES * SAMPLE_NS

    @property
    def end_wall_ns(self) -> int:
        """Wall time at the end of the block."""
        return self.at.wall_ns + self.duration_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSample:
    """One JPEG keyframe of the scene camera."""

    at: CaptureTime
    jpeg: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GazeSample:
    """Up to 100 ms of gaze, normalised to the scene picture; offsets count from `at`."""

    at: CaptureTime
    duration_ns: int
    points: tuple[GazePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSample:
    """What the wearer did on the device itself."""

    at: CaptureTime
    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A span for which a sensor, by default the microphone, has nothing: OFF, MUTED, or LOST with its reason."""

    at: CaptureTime
    duration_ns: int
    kind: GapKind
    reason: str = ""
    stream: str = "mic"

    @property
    def end_wall_ns(self) -> int:
        """Wall time at the end of the span."""
        return self.at.wall_ns + self.duration_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A recorded day pauses here until somebody outside says go. `label` is how the instant was written."""

    at: CaptureTime
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time has come to `at`. A source asks so whether a mute is over before it looks at what it may not see yet."""

    at: CaptureTime


Sample = AudioSample | PictureSample | GazeSample | ControlSample | Absence | Stop | Tick


def split_audio(sample: AudioSample, wall_ns: int) -> tuple[AudioSample, AudioSample]:
    """The block before and from `wall_ns` on, cut between samples; either may be empty."""
    samples = min(max(0, -(-(wall_ns - sample.at.wall_ns) // SAMPLE_NS)), len(sample.pcm) // SAMPLE_BYTES)
    head, tail = sample.pcm[: samples * SAMPLE_BYTES], sample.pcm[samples * SAMPLE_BYTES :]
    return AudioSample(at=sample.at, pcm=head), AudioSample(at=later(sample.at, samples * SAMPLE_NS), pcm=tail)
