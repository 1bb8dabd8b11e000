from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PeerRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PEER_ROLE_UNSPECIFIED: _ClassVar[PeerRole]
    PEER_ROLE_DEVICE: _ClassVar[PeerRole]
    PEER_ROLE_CLIENT: _ClassVar[PeerRole]

class Modality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODALITY_UNSPECIFIED: _ClassVar[Modality]
    MODALITY_AUDIO: _ClassVar[Modality]
    MODALITY_PICTURE: _ClassVar[Modality]
    MODALITY_GAZE: _ClassVar[Modality]
    MODALITY_CONTROL: _ClassVar[Modality]

class GazeFrame(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GAZE_FRAME_UNSPECIFIED: _ClassVar[GazeFrame]
    GAZE_FRAME_SCENE_NORMALISED: _ClassVar[GazeFrame]
    GAZE_FRAME_SCENE_PIXELS: _ClassVar[GazeFrame]
    GAZE_FRAME_ANGLES: _ClassVar[GazeFrame]

class GapKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GAP_KIND_UNSPECIFIED: _ClassVar[GapKind]
    GAP_KIND_SILENT: _ClassVar[GapKind]
    GAP_KIND_MUTED: _ClassVar[GapKind]
    GAP_KIND_LOST: _ClassVar[GapKind]
    GAP_KIND_OFF: _ClassVar[GapKind]
PEER_ROLE_UNSPECIFIED: PeerRole
PEER_ROLE_DEVICE: PeerRole
PEER_ROLE_CLIENT: PeerRole
MODALITY_UNSPECIFIED: Modality
MODALITY_AUDIO: Modality
MODALITY_PICTURE: Modality
MODALITY_GAZE: Modality
MODALITY_CONTROL: Modality
GAZE_FRAME_UNSPECIFIED: GazeFrame
GAZE_FRAME_SCENE_NORMALISED: GazeFrame
GAZE_FRAME_SCENE_PIXELS: GazeFrame
GAZE_FRAME_ANGLES: GazeFrame
GAP_KIND_UNSPECIFIED: GapKind
GAP_KIND_SILENT: GapKind
GAP_KIND_MUTED: GapKind
GAP_KIND_LOST: GapKind
GAP_KIND_OFF: GapKind

class OpenPairingRequest(_message.Message):
    __slots__ = ("share",)
    SHARE_FIELD_NUMBER: _ClassVar[int]
    share: bytes
    def __init__(self, share: _Optional[bytes] = ...) -> None: ...

class OpenPairingReply(_message.Message):
    __slots__ = ("pairing", "share", "authority", "proof")
    PAIRING_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    pairing: str
    share: bytes
    authority: bytes
    proof: bytes
    def __init__(self, pairing: _Optional[str] = ..., share: _Optional[bytes] = ..., authority: _Optional[bytes] = ..., proof: _Optional[bytes] = ...) -> None: ...

class PairRequest(_message.Message):
    __slots__ = ("pairing", "proof", "name", "role", "certificate_request")
    PAIRING_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    pairing: str
    proof: bytes
    name: str
    role: PeerRole
    certificate_request: bytes
    def __init__(self, pairing: _Optional[str] = ..., proof: _Optional[bytes] = ..., name: _Optional[str] = ..., role: _Optional[_Union[PeerRole, str]] = ..., certificate_request: _Optional[bytes] = ...) -> None: ...

class PairReply(_message.Message):
    __slots__ = ("peer_id", "certificate", "authority", "sealing_key", "hub_id", "link_port")
    PEER_ID_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    SEALING_KEY_FIELD_NUMBER: _ClassVar[int]
    HUB_ID_FIELD_NUMBER: _ClassVar[int]
    LINK_PORT_FIELD_NUMBER: _ClassVar[int]
    peer_id: str
    certificate: bytes
    authority: bytes
    sealing_key: bytes
    hub_id: str
    link_port: int
    def __init__(self, peer_id: _Optional[str] = ..., certificate: _Optional[bytes] = ..., authority: _Optional[bytes] = ..., sealing_key: _Optional[bytes] = ..., hub_id: _Optional[str] = ..., link_port: _Optional[int] = ...) -> None: ...

class RenewRequest(_message.Message):
    __slots__ = ("certificate_request",)
    CERTIFICATE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    certificate_request: bytes
    def __init__(self, certificate_request: _Optional[bytes] = ...) -> None: ...

class RenewReply(_message.Message):
    __slots__ = ("certificate", "authority")
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    certificate: bytes
    authority: bytes
    def __init__(self, certificate: _Optional[bytes] = ..., authority: _Optional[bytes] = ...) -> None: ...

class ClockPing(_message.Message):
    __slots__ = ("sent_ns",)
    SENT_NS_FIELD_NUMBER: _ClassVar[int]
    sent_ns: int
    def __init__(self, sent_ns: _Optional[int] = ...) -> None: ...

class ClockPong(_message.Message):
    __slots__ = ("sent_ns", "hub_ns")
    SENT_NS_FIELD_NUMBER: _ClassVar[int]
    HUB_NS_FIELD_NUMBER: _ClassVar[int]
    sent_ns: int
    hub_ns: int
    def __init__(self, sent_ns: _Optional[int] = ..., hub_ns: _Optional[int] = ...) -> None: ...

class DeviceMessage(_message.Message):
    __slots__ = ("hello", "frame")
    HELLO_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    hello: Hello
    frame: Frame
    def __init__(self, hello: _Optional[_Union[Hello, _Mapping]] = ..., frame: _Optional[_Union[Frame, _Mapping]] = ...) -> None: ...

class Hello(_message.Message):
    __slots__ = ("protocol", "boot_id", "timezone", "streams", "software", "mute", "clock_offset_ns", "clock_error_ns", "late", "waiting_ns", "closed")
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    BOOT_ID_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    MUTE_FIELD_NUMBER: _ClassVar[int]
    CLOCK_OFFSET_NS_FIELD_NUMBER: _ClassVar[int]
    CLOCK_ERROR_NS_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    WAITING_NS_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    protocol: int
    boot_id: str
    timezone: str
    streams: _containers.RepeatedCompositeFieldContainer[StreamInfo]
    software: str
    mute: MuteState
    clock_offset_ns: int
    clock_error_ns: int
    late: bool
    waiting_ns: int
    closed: _containers.RepeatedCompositeFieldContainer[MuteState]
    def __init__(self, protocol: _Optional[int] = ..., boot_id: _Optional[str] = ..., timezone: _Optional[str] = ..., streams: _Optional[_Iterable[_Union[StreamInfo, _Mapping]]] = ..., software: _Optional[str] = ..., mute: _Optional[_Union[MuteState, _Mapping]] = ..., clock_offset_ns: _Optional[int] = ..., clock_error_ns: _Optional[int] = ..., late: _Optional[bool] = ..., waiting_ns: _Optional[int] = ..., closed: _Optional[_Iterable[_Union[MuteState, _Mapping]]] = ...) -> None: ...

class StreamInfo(_message.Message):
    __slots__ = ("stream", "modality", "live")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    MODALITY_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    stream: str
    modality: Modality
    live: bool
    def __init__(self, stream: _Optional[str] = ..., modality: _Optional[_Union[Modality, str]] = ..., live: _Optional[bool] = ...) -> None: ...

class Frame(_message.Message):
    __slots__ = ("stream", "sequence", "at", "duration_ns", "captured_ns", "since_sequence", "audio", "picture", "gaze", "gap", "control", "sealed")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    DURATION_NS_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_NS_FIELD_NUMBER: _ClassVar[int]
    SINCE_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    PICTURE_FIELD_NUMBER: _ClassVar[int]
    GAZE_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    CONTROL_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    stream: str
    sequence: int
    at: CaptureTime
    duration_ns: int
    captured_ns: int
    since_sequence: int
    audio: Audio
    picture: Picture
    gaze: GazeBatch
    gap: Gap
    control: Control
    sealed: Sealed
    def __init__(self, stream: _Optional[str] = ..., sequence: _Optional[int] = ..., at: _Optional[_Union[CaptureTime, _Mapping]] = ..., duration_ns: _Optional[int] = ..., captured_ns: _Optional[int] = ..., since_sequence: _Optional[int] = ..., audio: _Optional[_Union[Audio, _Mapping]] = ..., picture: _Optional[_Union[Picture, _Mapping]] = ..., gaze: _Optional[_Union[GazeBatch, _Mapping]] = ..., gap: _Optional[_Union[Gap, _Mapping]] = ..., control: _Optional[_Union[Control, _Mapping]] = ..., sealed: _Optional[_Union[Sealed, _Mapping]] = ...) -> None: ...

class CaptureTime(_message.Message):
    __slots__ = ("monotonic_ns", "wall_ns")
    MONOTONIC_NS_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    monotonic_ns: int
    wall_ns: int
    def __init__(self, monotonic_ns: _Optional[int] = ..., wall_ns: _Optional[int] = ...) -> None: ...

class Audio(_message.Message):
    __slots__ = ("packets", "voice")
    PACKETS_FIELD_NUMBER: _ClassVar[int]
    VOICE_FIELD_NUMBER: _ClassVar[int]
    packets: _containers.RepeatedScalarFieldContainer[bytes]
    voice: bytes
    def __init__(self, packets: _Optional[_Iterable[bytes]] = ..., voice: _Optional[bytes] = ...) -> None: ...

class Picture(_message.Message):
    __slots__ = ("jpeg", "width_px", "height_px")
    JPEG_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    jpeg: bytes
    width_px: int
    height_px: int
    def __init__(self, jpeg: _Optional[bytes] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ...) -> None: ...

class GazeBatch(_message.Message):
    __slots__ = ("coordinates", "points")
    COORDINATES_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    coordinates: GazeFrame
    points: _containers.RepeatedCompositeFieldContainer[GazePoint]
    def __init__(self, coordinates: _Optional[_Union[GazeFrame, str]] = ..., points: _Optional[_Iterable[_Union[GazePoint, _Mapping]]] = ...) -> None: ...

class GazePoint(_message.Message):
    __slots__ = ("offset_us", "x", "y", "confidence", "worn")
    OFFSET_US_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    WORN_FIELD_NUMBER: _ClassVar[int]
    offset_us: int
    x: float
    y: float
    confidence: float
    worn: bool
    def __init__(self, offset_us: _Optional[int] = ..., x: _Optional[float] = ..., y: _Optional[float] = ..., confidence: _Optional[float] = ..., worn: _Optional[bool] = ...) -> None: ...

class Sealed(_message.Message):
    __slots__ = ("segment", "key", "index", "box")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    BOX_FIELD_NUMBER: _ClassVar[int]
    segment: bytes
    key: bytes
    index: int
    box: bytes
    def __init__(self, segment: _Optional[bytes] = ..., key: _Optional[bytes] = ..., index: _Optional[int] = ..., box: _Optional[bytes] = ...) -> None: ...

class Gap(_message.Message):
    __slots__ = ("kind", "reason")
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    kind: GapKind
    reason: str
    def __init__(self, kind: _Optional[_Union[GapKind, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class Control(_message.Message):
    __slots__ = ("mute", "off_the_record")
    MUTE_FIELD_NUMBER: _ClassVar[int]
    OFF_THE_RECORD_FIELD_NUMBER: _ClassVar[int]
    mute: MuteState
    off_the_record: OffTheRecord
    def __init__(self, mute: _Optional[_Union[MuteState, _Mapping]] = ..., off_the_record: _Optional[_Union[OffTheRecord, _Mapping]] = ...) -> None: ...

class MuteState(_message.Message):
    __slots__ = ("muted", "until_wall_ns", "streams")
    MUTED_FIELD_NUMBER: _ClassVar[int]
    UNTIL_WALL_NS_FIELD_NUMBER: _ClassVar[int]
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    muted: bool
    until_wall_ns: int
    streams: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, muted: _Optional[bool] = ..., until_wall_ns: _Optional[int] = ..., streams: _Optional[_Iterable[str]] = ...) -> None: ...

class OffTheRecord(_message.Message):
    __slots__ = ("last_ns",)
    LAST_NS_FIELD_NUMBER: _ClassVar[int]
    last_ns: int
    def __init__(self, last_ns: _Optional[int] = ...) -> None: ...

class HubMessage(_message.Message):
    __slots__ = ("welcome", "ack", "command", "whisper")
    WELCOME_FIELD_NUMBER: _ClassVar[int]
    ACK_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    WHISPER_FIELD_NUMBER: _ClassVar[int]
    welcome: Welcome
    ack: Ack
    command: Command
    whisper: Whisper
    def __init__(self, welcome: _Optional[_Union[Welcome, _Mapping]] = ..., ack: _Optional[_Union[Ack, _Mapping]] = ..., command: _Optional[_Union[Command, _Mapping]] = ..., whisper: _Optional[_Union[Whisper, _Mapping]] = ...) -> None: ...

class Welcome(_message.Message):
    __slots__ = ("hub_id", "marks", "renew")
    HUB_ID_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    RENEW_FIELD_NUMBER: _ClassVar[int]
    hub_id: str
    marks: _containers.RepeatedCompositeFieldContainer[Ack]
    renew: bool
    def __init__(self, hub_id: _Optional[str] = ..., marks: _Optional[_Iterable[_Union[Ack, _Mapping]]] = ..., renew: _Optional[bool] = ...) -> None: ...

class Ack(_message.Message):
    __slots__ = ("stream", "sequence", "captured_ns")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_NS_FIELD_NUMBER: _ClassVar[int]
    stream: str
    sequence: int
    captured_ns: int
    def __init__(self, stream: _Optional[str] = ..., sequence: _Optional[int] = ..., captured_ns: _Optional[int] = ...) -> None: ...

class Command(_message.Message):
    __slots__ = ("mute", "off_the_record")
    MUTE_FIELD_NUMBER: _ClassVar[int]
    OFF_THE_RECORD_FIELD_NUMBER: _ClassVar[int]
    mute: MuteState
    off_the_record: OffTheRecord
    def __init__(self, mute: _Optional[_Union[MuteState, _Mapping]] = ..., off_the_record: _Optional[_Union[OffTheRecord, _Mapping]] = ...) -> None: ...

class Whisper(_message.Message):
    __slots__ = ("suggestion_id", "text")
    SUGGESTION_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    suggestion_id: str
    text: str
    def __init__(self, suggestion_id: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
