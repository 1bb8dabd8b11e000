"""The bytes of one segment of the disk spool (pure).

    header: magic "SOTTOSEG", version u16, segment id 16 B, X25519 public key 32 B, CRC-32 of these
    record: length u32, CRC-32 of the payload u32, payload: a serialised `sotto.v1.Frame`
    (all little-endian)

Of sealed bodies the segment's id and key stand in the header alone. Headers of frames and gaps are in clear: they are
the index by time. Reading stops at the first record whose length or checksum does not hold, so a torn tail cuts
itself off; what is read is always a prefix of what was written.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from google.protobuf.message import DecodeError

from sotto_proto.codec import MAX_BOX_BYTES, decode_frame, encode_frame
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Frame, Sealed
from sotto_proto.v1 import link_pb2 as pb

MAGIC: Final = b"SOTTOSEG"
VERSION: Final = 1
MAX_RECORD: Final = MAX_BOX_BYTES + 4096
_HEADER: Final = struct.Struct("<8sH16s32s")
_RECORD: Final = struct.Struct("<II")
HEADER_BYTES: Final = _HEADER.size + 4
RECORD_BYTES: Final = _RECORD.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Which segment this is: its id, and the public key that its boxes are sealed with."""

    segment: bytes
    key: bytes

    def packed(self) -> bytes:
        """As it stands at the beginning of the file."""
        plain = _HEADER.pack(MAGIC, VERSION, self.segment, self.key)
        return plain + struct.pack("<I", zlib.crc32(plain))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A frame of a segment and the offset behind its record."""

    frame: Frame
    end: int


def read_header(data: bytes) -> Header | None:
    """The header at the beginning of these bytes; `None` where there is none that can be trusted."""
    if len(data) < HEADER_BYTES:
        return None
    plain = data[: _HEADER.size]
    magic, version, segment, key = _HEADER.unpack(plain)
    sound = struct.pack("<I", zlib.crc32(plain)) == data[_HEADER.size : HEADER_BYTES]
    return Header(segment=segment, key=key) if sound and magic == MAGIC and version == VERSION else None


def record(frame: Frame) -> bytes:
    """One frame as a record."""
    message = encode_frame(frame)
    if message.HasField("sealed"):
        message.sealed.segment = message.sealed.key = b""
    payload = message.SerializeToString()
    return _RECORD.pack(len(payload), zlib.crc32(payload)) + payload


def record_length(data: bytes) -> int:
    """How long the whole record at the beginning of these bytes says that it is; 0 where it says nothing."""
    if len(data) < RECORD_BYTES:
        return 0
    length: int = _RECORD.unpack_from(data)[0]
    return RECORD_BYTES + length if 0 < length <= MAX_RECORD else 0


def records(data: bytes, header: Header, offset: int = 0) -> Iterator[Placed]:
    """The frames of whole, sound records from `offset` on. Ends, and never raises, at the first that is not."""
    while length := record_length(data[offset : offset + RECORD_BYTES]):
        payload = data[offset + RECORD_BYTES : offset + length]
        checksum = _RECORD.unpack_from(data, offset)[1]
        if len(payload) < length - RECORD_BYTES or zlib.crc32(payload) != checksum:
            return
        frame = _frame(payload, header)
        if frame is None:
            return
        offset += length
        yield Placed(frame=frame, end=offset)


def _frame(payload: bytes, header: Header) -> Frame | None:
    message = pb.Frame()
    try:
        message.ParseFromString(payload)
        if message.HasField("sealed"):
            message.sealed.segment, message.sealed.key = header.segment, header.key
        frame = decode_frame(message)
    except (DecodeError, MalformedFrame):
        return None
    if isinstance(frame.body, Sealed):  # one copy of both for all frames of a segment
        return replace(frame, body=replace(frame.body, segment=header.segment, key=header.key))
    return frame
