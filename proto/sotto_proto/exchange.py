"""The proof of six digits, for both ends of a pairing: SPAKE2, and what is derived from its key.

    peer                                    hub
    share ───────────OpenPairing──────────► share, proof over its authority
    checks the proof; proof over its request
          ──────────────Pair──────────────► checks the proof, signs the request

Six digits can be guessed in a moment by whoever gets something to test guesses on. SPAKE2 (Abdalla and Pointcheval;
the library `spake2`, over Ed25519) gives nothing of the kind: whoever listens learns nothing, and whoever takes part
has made one guess. The authority that TLS has shown is part of the hub's name in it, so that both ends agree on a key
only if they see the same authority: somebody in the middle, who must show one of their own, fails like a wrong guess.
"""

from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any, Final, Self

from sotto_proto.errors import PairingFailed

SHARE_BYTES: Final = 33
PROOF_BYTES: Final = 32
_PEER: Final = b"sotto pairing v1 peer"
_HUB: Final = b"sotto pairing v1 hub "
_FIELD: Final = 2**255 - 19


class SharedKey:
    """The key of one exchange. Both ends hold the same one only if digits and authority were the same."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hub_proof(self, authority_der: bytes) -> bytes:
        """What the hub shows first: 32 bytes."""
        return self._proof(_HUB, authority_der)

    def peer_proof(self, certificate_request: bytes) -> bytes:
        """What the peer shows then: 32 bytes."""
        return self._proof(_PEER, certificate_request)

    def _proof(self, side: bytes, about: bytes) -> bytes:
        return digest(digest(self._key, side, "sha256"), about, "sha256")


class Exchange:
    """One side of one exchange; used once. Making it and finishing it take some milliseconds of arithmetic each."""

    def __init__(self, side: Any) -> None:
        self._side = side
        self.share: bytes = side.start()

    @classmethod
    def of_peer(cls, digits: str, authority_der: bytes) -> Self:
        """The side of a device or client. `authority_der`: what TLS showed."""
        from spake2 import SPAKE2_A

        return cls(SPAKE2_A(digits.encode(), idA=_PEER, idB=_hub_name(authority_der)))

    @classmethod
    def of_hub(cls, digits: str, authority_der: bytes) -> Self:
        """The side of the hub, with its own authority."""
        from spake2 import SPAKE2_B

        return cls(SPAKE2_B(digits.encode(), idA=_PEER, idB=_hub_name(authority_der)))

    def finish(self, share: bytes) -> SharedKey:
        """The key, from the other side's share. Raises `PairingFailed` with code `share` for bytes that are none."""
        if not is_share(share):
            raise _no_share()
        from spake2.ed25519_basic import NotOnCurve
        from spake2.spake2 import SPAKEError

        try:
            return SharedKey(self._side.finish(share))
        except (SPAKEError, NotOnCurve, ValueError) as error:
            raise _no_share() from error


def is_share(share: bytes) -> bool:
    """Whether bytes have the form of a share (pure): a side, and a point in canonical form, not the neutral one."""
    height = int.from_bytes(share[1:], "little") & (1 << 255) - 1
    return len(share) == SHARE_BYTES and 1 < height < _FIELD


def is_proof(expected: bytes, shown: bytes) -> bool:
    """Whether a proof is the right one, in constant time."""
    return compare_digest(expected, shown)


def _hub_name(authority_der: bytes) -> bytes:
    return _HUB + sha256(authority_der).digest()


def _no_share() -> PairingFailed:
    return PairingFailed("share", "that is no half of a pairing: are both sides of one version?")
