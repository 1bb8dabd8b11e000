"""The frames of the link as immutable records: what both ends reason about (pure).

Every record mirrors one message of `link.proto`; `codec` translates. Times are integers of nanoseconds.
"""

from dataclasses import dataclass
from enum import Enum

PACKET_NS = 20_000_000
"""One Opus packet is 20 ms: 320 samples at 16 kHz."""

SAMPLE_RATE_HZ = 16_000
"""Rate of all audio on the link, mono."""


class Modality(Enum):
    """What a stream senses."""

    AUDIO = "audio"
    PICTURE = "picture"
    GAZE = "gaze"
    CONTROL = "control"


class GapKind(Enum):
    """Why nothing is sent for a span."""

    SILENT = "silent"
    MUTED = "muted"
    LOST = "lost"
    OFF = "off"


class GazeCoordinates(Enum):
    """The coordinate frame of a gaze batch; frames are never mixed."""

    SCENE_NORMALISED = "scene_normalised"
    SCENE_PIXELS = "scene_pixels"
    ANGLES = "angles"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureTime:
    """One instant on both clocks of the device."""

    monotonic_ns: int
    wall_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """Opus packets of 20 ms and the speech probability (0..255) of each."""

    packets: tuple[bytes, ...]
    voice: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One JPEG keyframe."""

    jpeg: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GazePoint:
    """Where the eyes pointed, `offset_us` after the frame's capture time. Confidence 0..1, 0 in a blink."""

    offset_us: int
    x: float
    y: float
    confidence: float
    worn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GazeBatch:
    """Gaze points in one coordinate frame, in order of time."""

    coordinates: GazeCoordinates
    points: tuple[GazePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span of which nothing is sent. `reason` is a stable word for LOST, else empty."""

    kind: GapKind
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteState:
    """Whether sensors are closed, and until when (`None`: until unmuted). `streams`: which; none named, all."""

    muted: bool
    until_wall_ns: int | None = None
    streams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OffTheRecord:
    """Takes back the span of `last_ns` that ends at the frame's capture time."""

    last_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A body that waited on the device's disk: only the hub can open it (`sealing`).

    `segment`: 16 random bytes. `key`: the segment's X25519 public key, 32 bytes. `index`: which box of the segment.
    """

    segment: bytes
    key: bytes
    index: int
    box: bytes


Control = MuteState | OffTheRecord
Body = Audio | Picture | GazeBatch | Gap | MuteState | OffTheRecord | Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One numbered span of one stream.

    `sequence` counts from 1 per boot and stream, without holes. `captured_ns` is all that the stream captured since
    boot up to the end of this frame (spans that are OFF do not count). `since_sequence`: a loss may stand for all
    numbers from this one up to `sequence`; 0, for its own alone.
    """

    stream: str
    sequence: int
    at: CaptureTime
    duration_ns: int
    captured_ns: int
    body: Body
    since_sequence: int = 0

    @property
    def first_sequence(self) -> int:
        """The first number that this frame stands for."""
        return self.since_sequence or self.sequence

    @property
    def end_wall_ns(self) -> int:
        """Wall time at the end of the span."""
        return self.at.wall_ns + self.duration_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamInfo:
    """What one stream of a device carries. `live` is false for a recorded day."""

    stream: str
    modality: Modality
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The first message of a device: who it is, from which boot, and how its clock stands to the hub's.

    `late`: frames of an earlier boot, those of a newer one follow. `waiting_ns`: captured and not acknowledged, of
    all boots. `closed`: single sensors that are closed, one entry a stream; `mute` is about all of them together.
    """

    boot_id: str
    timezone: str
    streams: tuple[StreamInfo, ...]
    software: str
    mute: MuteState
    clock_offset_ns: int = 0
    clock_error_ns: int = 0
    protocol: int = 1
    late: bool = False
    waiting_ns: int = 0
    closed: tuple[MuteState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Up to where the hub has committed one stream of a boot, and all that the stream had captured up to there."""

    sequence: int = 0
    captured_ns: int = 0
