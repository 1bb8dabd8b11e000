"""Messages of a device as bytes: whole, cut off, bent, too long, or nothing but noise (Hypothesis strategies)."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import strategies as st

from sotto_proto.codec import encode_frame, encode_hello
from sotto_proto.records import (
    Body,
    Frame,
    GazeBatch,
    GazeCoordinates,
    GazePoint,
    MuteState,
    OffTheRecord,
    Picture,
)
from sotto_proto.sealing import Sealer
from sotto_proto.v1 import link_pb2 as pb
from tests.hub.scripted_device import SECOND, START_NS, Day, hello

HUB_KEY = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
"""No hub in the tests has it; the fuzz target opens boxes with it."""

HELLO = pb.DeviceMessage(hello=encode_hello(hello())).SerializeToString()


def honest_frames() -> list[Frame]:
    """One frame of every kind, as the first of its stream."""
    point = GazePoint(offset_us=1, x=0.5, y=0.5, confidence=1.0, worn=True)
    gaze = GazeBatch(coordinates=GazeCoordinates.SCENE_NORMALISED, points=(point,) * 4)
    bodies: list[tuple[str, Body]] = [
        ("camera", Picture(jpeg=b"\xff\xd8" + bytes(64), width_px=8, height_px=8)),
        ("eyes", gaze),
        ("control", MuteState(muted=True, until_wall_ns=START_NS, streams=("camera",))),
        ("control", OffTheRecord(last_ns=SECOND)),
    ]
    sealed = Sealer.fresh(HUB_KEY.public_key().public_bytes_raw()).seal(Day().speech(100)[0])
    return [*Day().speech(100), *Day().gap(100), sealed, *(Day().frame(name, body) for name, body in bodies)]


HONEST = [pb.DeviceMessage(frame=encode_frame(frame)).SerializeToString() for frame in honest_frames()]

numbers = st.integers(0, (1 << 64) - 1) | st.sampled_from([0, 1, 2, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
times = st.integers(-(1 << 63), (1 << 63) - 1) | st.sampled_from([0, START_NS])


@st.composite
def bent(draw: st.DrawFn) -> bytes:
    """An honest message with a few bits turned over."""
    message = bytearray(draw(st.sampled_from([HELLO, *HONEST])))
    for _ in range(draw(st.integers(1, 4))):
        message[draw(st.integers(0, len(message) - 1))] ^= 1 << draw(st.integers(0, 7))
    return bytes(message)


@st.composite
def cut(draw: st.DrawFn) -> bytes:
    """An honest message that ends too early."""
    message = draw(st.sampled_from([HELLO, *HONEST]))
    return message[: draw(st.integers(0, len(message) - 1))]


@st.composite
def strange(draw: st.DrawFn) -> bytes:
    """A well-formed message with values that nobody would send."""
    frame = pb.DeviceMessage.FromString(draw(st.sampled_from(HONEST))).frame
    frame.sequence, frame.since_sequence = draw(numbers), draw(st.just(0) | numbers)
    frame.duration_ns, frame.captured_ns = draw(st.just(frame.duration_ns) | numbers), draw(numbers)
    frame.at.monotonic_ns, frame.at.wall_ns = draw(numbers), draw(times)
    return pb.DeviceMessage(frame=frame).SerializeToString()


def too_long(size: int) -> bytes:
    """A frame with a packet of so many bytes."""
    frame = pb.DeviceMessage.FromString(HONEST[0]).frame
    frame.audio.packets.append(bytes(size))
    return pb.DeviceMessage(frame=frame).SerializeToString()


sizes = st.sampled_from([2_000, 70_000, (1 << 20) + 1, (4 << 20) + 1])
messages = st.one_of(st.binary(max_size=200), bent(), cut(), strange(), st.sampled_from([HELLO, *HONEST]), sizes)
"""Bytes, or the size of a message that is too long: examples are printed, and megabytes are not to be."""
