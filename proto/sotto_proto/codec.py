"""Frames to wire messages and back; what breaks a rule is refused with a reason (pure)."""

from collections.abc import Callable
from itertools import pairwise
from math import isfinite
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sotto_proto import records as r
from sotto_proto.errors import MalformedFrame
from sotto_proto.v1 import link_pb2 as pb

MAX_PICTURE_BYTES: Final = 1 << 20
MAX_PACKETS: Final = 50
MAX_PACKET_BYTES: Final = 1275
MAX_GAZE_POINTS: Final = 2000
MAX_STREAMS: Final = 16
MAX_NAME: Final = 64
MAX_NS: Final = (1 << 63) - 1
MAX_BOXES: Final = 1 << 14
MAX_BOX_BYTES: Final = MAX_PICTURE_BYTES + 4096
_DAY_NS: Final = 86_400_000_000_000

_MODALITIES: Final = {
    r.Modality.AUDIO: pb.MODALITY_AUDIO,
    r.Modality.PICTURE: pb.MODALITY_PICTURE,
    r.Modality.GAZE: pb.MODALITY_GAZE,
    r.Modality.CONTROL: pb.MODALITY_CONTROL,
}
_GAPS: Final = {
    r.GapKind.SILENT: pb.GAP_KIND_SILENT,
    r.GapKind.MUTED: pb.GAP_KIND_MUTED,
    r.GapKind.LOST: pb.GAP_KIND_LOST,
    r.GapKind.OFF: pb.GAP_KIND_OFF,
}
_COORDINATES: Final = {
    r.GazeCoordinates.SCENE_NORMALISED: pb.GAZE_FRAME_SCENE_NORMALISED,
    r.GazeCoordinates.SCENE_PIXELS: pb.GAZE_FRAME_SCENE_PIXELS,
    r.GazeCoordinates.ANGLES: pb.GAZE_FRAME_ANGLES,
}
_MODALITY_OF: Final = {v: k for k, v in _MODALITIES.items()}
_GAP_OF: Final = {v: k for k, v in _GAPS.items()}
_COORDINATES_OF: Final = {v: k for k, v in _COORDINATES.items()}


def encode_frame(frame: r.Frame) -> pb.Frame:
    """The wire message of one frame."""
    message = pb.Frame(
        stream=frame.stream,
        sequence=frame.sequence,
        at=pb.CaptureTime(monotonic_ns=frame.at.monotonic_ns, wall_ns=frame.at.wall_ns),
        duration_ns=frame.duration_ns,
        captured_ns=frame.captured_ns,
        since_sequence=frame.since_sequence,
    )
    match frame.body:
        case r.Audio(packets=packets, voice=voice):
            message.audio.CopyFrom(pb.Audio(packets=packets, voice=voice))
        case r.Picture(jpeg=jpeg, width_px=width, height_px=height):
            message.picture.CopyFrom(pb.Picture(jpeg=jpeg, width_px=width, height_px=height))
        case r.GazeBatch() as batch:
            message.gaze.CopyFrom(_encode_gaze(batch))
        case r.Gap(kind=kind, reason=reason):
            message.gap.CopyFrom(pb.Gap(kind=_GAPS[kind], reason=reason))
        case r.MuteState() as mute:
            message.control.mute.CopyFrom(encode_mute(mute))
        case r.OffTheRecord(last_ns=last_ns):
            message.control.off_the_record.CopyFrom(pb.OffTheRecord(last_ns=last_ns))
        case r.Sealed(segment=segment, key=key, index=index, box=box):
            message.sealed.CopyFrom(pb.Sealed(segment=segment, key=key, index=index, box=box))
    return message


def decode_frame(message: pb.Frame) -> r.Frame:
    """The record of one wire message.

    Raises `MalformedFrame` for what breaks a rule of `link.proto`: codes `stream`, `sequence`, `time`, `body`,
    `audio`, `picture`, `gaze`, `gap`, `control`, `sealed`.
    """
    _require(0 < len(message.stream) <= MAX_NAME, "stream", "the stream's name is empty or too long")
    _require(0 < message.sequence <= MAX_NS, "sequence", "sequence numbers count from 1")
    _require(message.HasField("at"), "time", "the capture time is missing")
    _require(message.since_sequence <= message.sequence, "sequence", "a loss begins after it ends")
    alone = not message.since_sequence or message.gap.kind == pb.GAP_KIND_LOST
    _require(alone, "sequence", "only a loss stands for several numbers")
    _require(message.duration_ns <= 7 * _DAY_NS, "time", "a frame spans at most seven days")
    _require(max(message.captured_ns, message.at.monotonic_ns) <= MAX_NS, "time", "a time is out of range")
    _require(abs(message.at.wall_ns) <= MAX_NS - 8 * _DAY_NS, "time", "the wall time is out of range")
    return r.Frame(
        stream=message.stream,
        sequence=message.sequence,
        at=r.CaptureTime(monotonic_ns=message.at.monotonic_ns, wall_ns=message.at.wall_ns),
        duration_ns=message.duration_ns,
        captured_ns=message.captured_ns,
        body=_decode_body(message),
        since_sequence=message.since_sequence,
    )


def encode_mute(mute: r.MuteState) -> pb.MuteState:
    """The wire form of a mute state."""
    return pb.MuteState(muted=mute.muted, until_wall_ns=mute.until_wall_ns or 0, streams=mute.streams)


def decode_mute(message: pb.MuteState) -> r.MuteState:
    """The record of a mute state. Raises `MalformedFrame` with code `control`."""
    _require(len(message.streams) <= MAX_STREAMS, "control", f"a mute names at most {MAX_STREAMS} sensors")
    _require(all(0 < len(s) <= MAX_NAME for s in message.streams), "control", "a sensor's name is empty or too long")
    return r.MuteState(
        muted=message.muted, until_wall_ns=message.until_wall_ns or None, streams=tuple(message.streams)
    )


def encode_hello(hello: r.Hello) -> pb.Hello:
    """The wire form of the first message of a device."""
    streams = [pb.StreamInfo(stream=s.stream, modality=_MODALITIES[s.modality], live=s.live) for s in hello.streams]
    return pb.Hello(
        protocol=hello.protocol,
        boot_id=hello.boot_id,
        timezone=hello.timezone,
        streams=streams,
        software=hello.software,
        mute=encode_mute(hello.mute),
        clock_offset_ns=hello.clock_offset_ns,
        clock_error_ns=hello.clock_error_ns,
        late=hello.late,
        waiting_ns=hello.waiting_ns,
        closed=[encode_mute(state) for state in hello.closed],
    )


def decode_hello(message: pb.Hello) -> r.Hello:
    """The record of the first message of a device.

    Raises `MalformedFrame` with code `hello` (protocol, boot id, streams) or `timezone`.
    """
    _require(message.protocol == 1, "hello", f"this hub speaks protocol 1, the device speaks {message.protocol}")
    _require(0 < len(message.boot_id) <= MAX_NAME, "hello", "the boot id is empty or too long")
    _require(0 < len(message.streams) <= MAX_STREAMS, "hello", f"a device has 1 to {MAX_STREAMS} streams")
    _require(len({s.stream for s in message.streams}) == len(message.streams), "hello", "a stream is named twice")
    _require(len(message.closed) <= MAX_STREAMS, "hello", "more sensors are closed than a device has")
    _require(_is_zone(message.timezone), "timezone", "the timezone is not an IANA name")
    return r.Hello(
        protocol=message.protocol,
        boot_id=message.boot_id,
        timezone=message.timezone,
        streams=tuple(_decode_stream(s) for s in message.streams),
        software=message.software[:MAX_NAME],
        mute=decode_mute(message.mute),
        clock_offset_ns=message.clock_offset_ns,
        clock_error_ns=message.clock_error_ns,
        late=message.late,
        waiting_ns=message.waiting_ns,
        closed=tuple(decode_mute(state) for state in message.closed),
    )


def _decode_stream(message: pb.StreamInfo) -> r.StreamInfo:
    _require(0 < len(message.stream) <= MAX_NAME, "hello", "a stream's name is empty or too long")
    modality = _MODALITY_OF.get(message.modality)
    if modality is None:
        raise MalformedFrame("hello", "a stream's modality is unknown")
    return r.StreamInfo(stream=message.stream, modality=modality, live=message.live)


def _decode_body(message: pb.Frame) -> r.Body:
    kind = message.WhichOneof("body")
    if kind is None:
        raise MalformedFrame("body", "the frame carries nothing")
    return _BODIES[kind](message)


def _decode_audio(message: pb.Frame) -> r.Body:
    packets = tuple(message.audio.packets)
    _require(0 < len(packets) <= MAX_PACKETS, "audio", f"an audio frame holds 1 to {MAX_PACKETS} packets")
    _require(all(0 < len(p) <= MAX_PACKET_BYTES for p in packets), "audio", "an Opus packet is empty or too long")
    _require(len(message.audio.voice) == len(packets), "audio", "each packet needs its speech probability")
    _require(message.duration_ns == len(packets) * r.PACKET_NS, "audio", "the duration is not 20 ms a packet")
    return r.Audio(packets=packets, voice=message.audio.voice)


def _decode_picture(message: pb.Frame) -> r.Body:
    p = message.picture
    _require(p.jpeg[:2] == b"\xff\xd8", "picture", "the picture is not a JPEG")
    _require(len(p.jpeg) <= MAX_PICTURE_BYTES, "picture", f"a picture is at most {MAX_PICTURE_BYTES} bytes")
    _require(0 < p.width_px <= 8192 and 0 < p.height_px <= 8192, "picture", "the picture's size is out of range")
    return r.Picture(jpeg=p.jpeg, width_px=p.width_px, height_px=p.height_px)


def _encode_gaze(batch: r.GazeBatch) -> pb.GazeBatch:
    points = [
        pb.GazePoint(offset_us=p.offset_us, x=p.x, y=p.y, confidence=p.confidence, worn=p.worn) for p in batch.points
    ]
    return pb.GazeBatch(coordinates=_COORDINATES[batch.coordinates], points=points)


def _decode_gaze(message: pb.Frame) -> r.Body:
    coordinates = _COORDINATES_OF.get(message.gaze.coordinates)
    if coordinates is None:
        raise MalformedFrame("gaze", "the gaze's coordinate frame is unknown")
    points = tuple(_decode_point(p) for p in message.gaze.points)
    _require(0 < len(points) <= MAX_GAZE_POINTS, "gaze", f"a gaze batch holds 1 to {MAX_GAZE_POINTS} points")
    ordered = all(a.offset_us <= b.offset_us for a, b in pairwise(points))
    _require(ordered, "gaze", "gaze points are out of order")
    return r.GazeBatch(coordinates=coordinates, points=points)


def _decode_point(p: pb.GazePoint) -> r.GazePoint:
    _require(isfinite(p.x) and isfinite(p.y), "gaze", "a gaze point is not a number")
    _require(0.0 <= p.confidence <= 1.0, "gaze", "a gaze confidence is outside 0..1")
    return r.GazePoint(offset_us=p.offset_us, x=p.x, y=p.y, confidence=p.confidence, worn=p.worn)


def _decode_gap(message: pb.Frame) -> r.Body:
    kind = _GAP_OF.get(message.gap.kind)
    if kind is None:
        raise MalformedFrame("gap", "the gap's kind is unknown")
    _require((kind is r.GapKind.LOST) == bool(message.gap.reason), "gap", "a loss, and only a loss, names its reason")
    _require(len(message.gap.reason) <= MAX_NAME, "gap", "the gap's reason is too long")
    return r.Gap(kind=kind, reason=message.gap.reason)


def _decode_control(message: pb.Frame) -> r.Body:
    match message.control.WhichOneof("kind"):
        case "mute":
            return decode_mute(message.control.mute)
        case "off_the_record":
            last_ns = message.control.off_the_record.last_ns
            _require(0 < last_ns <= 7 * _DAY_NS, "control", "off the record takes back up to seven days")
            return r.OffTheRecord(last_ns=last_ns)
        case _:
            raise MalformedFrame("control", "the control says nothing")


def _decode_sealed(message: pb.Frame) -> r.Body:
    s = message.sealed
    _require(len(s.segment) == 16 and len(s.key) == 32, "sealed", "a segment has an id of 16 bytes and a key of 32")
    _require(s.index < MAX_BOXES, "sealed", f"a segment holds at most {MAX_BOXES} boxes")
    _require(0 < len(s.box) <= MAX_BOX_BYTES, "sealed", "a sealed box is empty or too long")
    return r.Sealed(segment=s.segment, key=s.key, index=s.index, box=s.box)


_BODIES: Final[dict[str, Callable[[pb.Frame], r.Body]]] = {
    "audio": _decode_audio,
    "picture": _decode_picture,
    "gaze": _decode_gaze,
    "gap": _decode_gap,
    "control": _decode_control,
    "sealed": _decode_sealed,
}


def _require(holds: bool, code: str, sentence: str) -> None:
    if not holds:
        raise MalformedFrame(code, sentence)


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
