"""Frames survive the wire unchanged, and whatever breaks a rule of the schema is refused with its reason."""

from contextlib import suppress

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_proto import codec
from sotto_proto import records as r
from sotto_proto.errors import MalformedFrame
from sotto_proto.v1 import link_pb2 as pb

NS = st.integers(0, codec.MAX_NS)
WALL = st.integers(-(1 << 61), 1 << 61)
NAME = st.text("abcdefghijklmnop-_", min_size=1, max_size=64)
UNIT = st.floats(0, 1, width=32)
CALM = settings(max_examples=100, deadline=None)


@st.composite
def audio(draw: st.DrawFn) -> r.Audio:
    packets = draw(st.lists(st.binary(min_size=1, max_size=80), min_size=1, max_size=50))
    return r.Audio(packets=tuple(packets), voice=draw(st.binary(min_size=len(packets), max_size=len(packets))))


@st.composite
def gaze(draw: st.DrawFn) -> r.GazeBatch:
    offsets = sorted(draw(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20)))
    coordinate = st.floats(-1e6, 1e6, width=32)
    points = [
        r.GazePoint(
            offset_us=o, x=draw(coordinate), y=draw(coordinate), confidence=draw(UNIT), worn=draw(st.booleans())
        )
        for o in offsets
    ]
    return r.GazeBatch(coordinates=draw(st.sampled_from(r.GazeCoordinates)), points=tuple(points))


def picture() -> st.SearchStrategy[r.Picture]:
    return st.builds(
        r.Picture,
        jpeg=st.binary(max_size=200).map(lambda tail: b"\xff\xd8" + tail),
        width_px=st.integers(1, 8192),
        height_px=st.integers(1, 8192),
    )


def gap() -> st.SearchStrategy[r.Gap]:
    quiet = st.sampled_from([k for k in r.GapKind if k is not r.GapKind.LOST])
    return st.builds(r.Gap, kind=quiet) | st.builds(r.Gap, kind=st.just(r.GapKind.LOST), reason=NAME)


def mute() -> st.SearchStrategy[r.MuteState]:
    return st.builds(r.MuteState, muted=st.booleans(), until_wall_ns=st.none() | st.integers(1, 1 << 61))


def control() -> st.SearchStrategy[r.MuteState | r.OffTheRecord]:
    return mute() | st.builds(r.OffTheRecord, last_ns=st.integers(1, 7 * 86_400_000_000_000))


@st.composite
def frames(draw: st.DrawFn) -> r.Frame:
    body: r.Body = draw(st.one_of(audio(), gaze(), picture(), gap(), control()))
    span = st.integers(0, 7 * 86_400_000_000_000)
    return r.Frame(
        stream=draw(NAME),
        sequence=draw(st.integers(1, codec.MAX_NS)),
        at=r.CaptureTime(monotonic_ns=draw(NS), wall_ns=draw(WALL)),
        duration_ns=len(body.packets) * r.PACKET_NS if isinstance(body, r.Audio) else draw(span),
        captured_ns=draw(NS),
        body=body,
    )


def hellos() -> st.SearchStrategy[r.Hello]:
    stream = st.builds(r.StreamInfo, stream=NAME, modality=st.sampled_from(r.Modality), live=st.booleans())
    return st.builds(
        r.Hello,
        boot_id=NAME,
        timezone=st.sampled_from(["Europe/Stockholm", "UTC", "Asia/Kathmandu"]),
        streams=st.lists(stream, min_size=1, max_size=8, unique_by=lambda s: s.stream).map(tuple),
        software=st.text(max_size=codec.MAX_NAME),
        mute=mute(),
        clock_offset_ns=st.integers(-(1 << 62), 1 << 62),
        clock_error_ns=NS,
    )


@CALM
@given(frames())
def test_a_frame_survives_the_wire(frame: r.Frame) -> None:
    wire = codec.encode_frame(frame).SerializeToString()
    assert codec.decode_frame(pb.Frame.FromString(wire)) == frame


@CALM
@given(hellos())
def test_a_hello_survives_the_wire(hello: r.Hello) -> None:
    wire = codec.encode_hello(hello).SerializeToString()
    assert codec.decode_hello(pb.Hello.FromString(wire)) == hello


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_a_frame_or_a_reason(wire: bytes) -> None:
    with suppress(DecodeError, MalformedFrame):
        codec.decode_frame(pb.Frame.FromString(wire))


@settings(max_examples=200, deadline=None)
@given(frames(), st.data())
def test_a_flipped_byte_is_a_frame_or_a_reason(frame: r.Frame, data: st.DataObject) -> None:
    wire = bytearray(codec.encode_frame(frame).SerializeToString())
    wire[data.draw(st.integers(0, len(wire) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(DecodeError, MalformedFrame):
        codec.decode_frame(pb.Frame.FromString(bytes(wire)))


def good(**changes: object) -> pb.Frame:
    """A valid one-packet audio frame, with fields replaced."""
    fields: dict[str, object] = {
        "stream": "mic",
        "sequence": 1,
        "at": pb.CaptureTime(monotonic_ns=1, wall_ns=1),
        "duration_ns": r.PACKET_NS,
        "captured_ns": r.PACKET_NS,
        "audio": pb.Audio(packets=[b"x"], voice=b"\0"),
    }
    return pb.Frame(**(fields | changes))  # type: ignore[arg-type]  # built from a table of cases


def without(*names: str) -> pb.Frame:
    message = good()
    for name in names:
        message.ClearField(name)
    return message


NAN = pb.GazePoint(x=float("nan"), y=0, confidence=1)
POINTS = [pb.GazePoint(offset_us=2), pb.GazePoint(offset_us=1)]
SCENE = pb.GAZE_FRAME_SCENE_NORMALISED
BROKEN = [
    ("stream", good(stream="")),
    ("stream", good(stream="x" * 65)),
    ("sequence", good(sequence=0)),
    ("sequence", good(sequence=1 << 63)),
    ("time", without("at")),
    ("time", good(duration_ns=8 * 86_400_000_000_000)),
    ("time", good(captured_ns=1 << 63)),
    ("time", good(at=pb.CaptureTime(wall_ns=(1 << 63) - 1))),
    ("body", without("audio")),
    ("audio", good(audio=pb.Audio())),
    ("audio", good(audio=pb.Audio(packets=[b""], voice=b"\0"))),
    ("audio", good(audio=pb.Audio(packets=[b"x" * 1276], voice=b"\0"))),
    ("audio", good(audio=pb.Audio(packets=[b"x"], voice=b""))),
    ("audio", good(audio=pb.Audio(packets=[b"x"] * 51, voice=b"\0" * 51), duration_ns=51 * r.PACKET_NS)),
    ("audio", good(duration_ns=1)),
    ("picture", good(picture=pb.Picture(jpeg=b"GIF89a", width_px=1, height_px=1))),
    ("picture", good(picture=pb.Picture(jpeg=b"\xff\xd8", width_px=0, height_px=1))),
    ("picture", good(picture=pb.Picture(jpeg=b"\xff\xd8" * (1 << 20), width_px=1, height_px=1))),
    ("gaze", good(gaze=pb.GazeBatch(points=[pb.GazePoint()]))),
    ("gaze", good(gaze=pb.GazeBatch(coordinates=SCENE))),
    ("gaze", good(gaze=pb.GazeBatch(coordinates=SCENE, points=[NAN]))),
    ("gaze", good(gaze=pb.GazeBatch(coordinates=SCENE, points=[pb.GazePoint(confidence=1.5)]))),
    ("gaze", good(gaze=pb.GazeBatch(coordinates=SCENE, points=POINTS))),
    ("gap", good(gap=pb.Gap())),
    ("gap", good(gap=pb.Gap(kind=pb.GAP_KIND_LOST))),
    ("gap", good(gap=pb.Gap(kind=pb.GAP_KIND_SILENT, reason="why"))),
    ("control", good(control=pb.Control())),
    ("control", good(control=pb.Control(off_the_record=pb.OffTheRecord()))),
]


@pytest.mark.parametrize(("code", "message"), BROKEN)
def test_a_broken_rule_is_named(code: str, message: pb.Frame) -> None:
    with pytest.raises(MalformedFrame) as caught:
        codec.decode_frame(message)
    assert caught.value.code == code


ONE = [pb.StreamInfo(stream="mic", modality=pb.MODALITY_AUDIO)]
BROKEN_HELLOS = [
    ("hello", pb.Hello(protocol=2, boot_id="b", timezone="UTC", streams=ONE)),
    ("hello", pb.Hello(protocol=1, timezone="UTC", streams=ONE)),
    ("hello", pb.Hello(protocol=1, boot_id="b", timezone="UTC")),
    ("hello", pb.Hello(protocol=1, boot_id="b", timezone="UTC", streams=ONE * 2)),
    ("hello", pb.Hello(protocol=1, boot_id="b", timezone="UTC", streams=[pb.StreamInfo(stream="mic")])),
    ("timezone", pb.Hello(protocol=1, boot_id="b", timezone="Mars/Olympus", streams=ONE)),
    ("timezone", pb.Hello(protocol=1, boot_id="b", timezone="../../etc/passwd", streams=ONE)),
    ("timezone", pb.Hello(protocol=1, boot_id="b", streams=ONE)),
]


@pytest.mark.parametrize(("code", "message"), BROKEN_HELLOS)
def test_a_broken_hello_is_named(code: str, message: pb.Hello) -> None:
    with pytest.raises(MalformedFrame) as caught:
        codec.decode_hello(message)
    assert caught.value.code == code
