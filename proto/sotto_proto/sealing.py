"""Bodies that wait on a device's disk, sealed so that only the hub can open them: both ends of it.

    device: frame ──Sealer──► sealed frame ──disk──► link ──► hub: Opener ──► frame

Each segment of a spool has a fresh X25519 key. Its shared secret with the hub's key gives the first chain
(HKDF-SHA256, RFC 5869; salt: the segment's id; info: `sotto spool v1` and both public keys). Box *i* is sealed with
ChaCha20-Poly1305 under `expand(chain i, "box")`, a key that is used once, hence with a nonce of zeros; the next chain
is `expand(chain i, "next")`, and the one before is dropped, as is the private key. So a device, even one that is
seized while it runs, cannot open what it has sealed (Python cannot promise that no copy of an old chain lingers in
freed memory; it holds no reference to one). The frame's clear header, the segment's id and the index (u32) are
authenticated. `cryptography` is imported only when something is sealed or opened.
"""

import hmac
import struct
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sotto_proto.codec import MAX_BOXES, decode_frame, encode_frame
from sotto_proto.errors import MalformedFrame, Unpaired
from sotto_proto.records import Frame, Sealed
from sotto_proto.v1 import link_pb2 as pb

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

INFO: Final = b"sotto spool v1"
NONCE: Final = bytes(12)
CHAINS: Final = 64
"""Of so many segments, the newest used, the hub remembers how far it has turned the ratchet."""

_SENSES: Final = frozenset({"audio", "picture", "gaze"})
_FIELDS: Final = struct.Struct("<QQQqQQ")


def header_bytes(frame: Frame) -> bytes:
    """The canonical bytes of a frame's clear header.

    All little-endian: length of the name (u16), its UTF-8, then, 8 bytes each, sequence, since_sequence,
    monotonic_ns, wall_ns (signed), duration_ns, captured_ns.
    """
    name, at = frame.stream.encode(), frame.at
    times = (at.monotonic_ns, at.wall_ns, frame.duration_ns, frame.captured_ns)
    return struct.pack("<H", len(name)) + name + _FIELDS.pack(frame.sequence, frame.since_sequence, *times)


class Sealer:
    """Seals the boxes of one segment, in order. `segment`: its id, 16 bytes. `key`: its public key, 32 bytes."""

    def __init__(self, *, segment: bytes, key: bytes, chain: bytes) -> None:
        self.segment = segment
        self.key = key
        self.boxes = 0
        self._chain = chain

    @classmethod
    def fresh(cls, hub_key: bytes) -> "Sealer":
        """A new segment for the hub with this X25519 public key. Raises `Unpaired` where it is none."""
        import secrets

        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

        own, segment = X25519PrivateKey.generate(), secrets.token_bytes(16)
        key = own.public_key().public_bytes_raw()
        try:
            shared = own.exchange(X25519PublicKey.from_public_bytes(hub_key))
        except ValueError as error:
            raise Unpaired("credentials", "the hub's sealing key is broken: pair this device again") from error
        return cls(segment=segment, key=key, chain=_first_chain(shared, segment, key, hub_key))

    def seal(self, frame: Frame) -> Frame:
        """The same frame with its body sealed. At most `MAX_BOXES` a segment."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        if self.boxes >= MAX_BOXES:
            raise ValueError(f"a segment holds at most {MAX_BOXES} boxes")
        index, key = self.boxes, _expand(self._chain, b"box")
        aad = _authenticated(frame, self.segment, index)
        box = ChaCha20Poly1305(key).encrypt(NONCE, _plain(frame), aad)
        self._chain = _expand(self._chain, b"next")
        self.boxes += 1
        return replace(frame, body=Sealed(segment=self.segment, key=self.key, index=index, box=box))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turned:
    """The ratchet of one segment, turned to `index`."""

    index: int
    chain: bytes


class Opener:
    """Opens sealed frames with the hub's private key. Boxes may come in any order; in order is cheap."""

    def __init__(self, private: "X25519PrivateKey") -> None:
        self._private = private
        self._own = private.public_key().public_bytes_raw()
        self._turned: OrderedDict[tuple[bytes, bytes], _Turned] = OrderedDict()

    def open(self, frame: Frame) -> Frame:
        """The frame with its body in clear; one that is not sealed, as it is.

        Raises `MalformedFrame` with code `sealed`, or with that of the body inside.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        sealed = frame.body
        if not isinstance(sealed, Sealed):
            return frame
        chain = self._chain(sealed)
        aad = _authenticated(frame, sealed.segment, sealed.index)
        try:
            plain = ChaCha20Poly1305(_expand(chain, b"box")).decrypt(NONCE, sealed.box, aad)
        except InvalidTag:
            raise _refused("a box was not sealed for this hub, or was changed since") from None
        self._remember(sealed, _Turned(index=sealed.index + 1, chain=_expand(chain, b"next")))
        return _opened(frame, plain)

    def _chain(self, sealed: Sealed) -> bytes:
        """The chain of the box: onwards from where this segment stands, or from its beginning."""
        now = self._turned.get((sealed.segment, sealed.key))
        if now is None or now.index > sealed.index:
            now = _Turned(index=0, chain=self._beginning(sealed))
        chain = now.chain
        for _ in range(sealed.index - now.index):
            chain = _expand(chain, b"next")
        return chain

    def _beginning(self, sealed: Sealed) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(sealed.key))
        except ValueError:
            raise _refused("a segment's key is none") from None
        return _first_chain(shared, sealed.segment, sealed.key, self._own)

    def _remember(self, sealed: Sealed, turned: _Turned) -> None:
        self._turned[sealed.segment, sealed.key] = turned
        self._turned.move_to_end((sealed.segment, sealed.key))
        if len(self._turned) > CHAINS:
            self._turned.popitem(last=False)


def _first_chain(shared: bytes, segment: bytes, key: bytes, hub_key: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=segment, info=INFO + key + hub_key).derive(shared)


def _expand(chain: bytes, info: bytes) -> bytes:
    """HKDF-Expand to 32 bytes: the one block of RFC 5869, section 2.3."""
    return hmac.digest(chain, info + b"\x01", "sha256")


def _authenticated(frame: Frame, segment: bytes, index: int) -> bytes:
    return header_bytes(frame) + segment + struct.pack("<I", index)


def _plain(frame: Frame) -> bytes:
    """A `pb.Frame` that holds nothing but the body."""
    message = encode_frame(frame)
    if message.WhichOneof("body") not in _SENSES:
        raise ValueError("only what was sensed is sealed")
    for field in ("stream", "sequence", "at", "duration_ns", "captured_ns", "since_sequence"):
        message.ClearField(field)
    return message.SerializeToString()


def _opened(frame: Frame, plain: bytes) -> Frame:
    from google.protobuf.message import DecodeError

    message = pb.Frame()
    try:
        message.ParseFromString(plain)
    except DecodeError:
        raise _refused("a box holds no frame") from None
    if message.WhichOneof("body") not in _SENSES:
        raise _refused("a box holds nothing that was sensed")
    message.stream, message.sequence, message.since_sequence = frame.stream, frame.sequence, frame.since_sequence
    message.duration_ns, message.captured_ns = frame.duration_ns, frame.captured_ns
    message.at.monotonic_ns, message.at.wall_ns = frame.at.monotonic_ns, frame.at.wall_ns
    return decode_frame(message)


def _refused(sentence: str) -> MalformedFrame:
    return MalformedFrame("sealed", sentence)
