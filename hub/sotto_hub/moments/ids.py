"""Ids that follow from what they name (pure): the same moment or suggestion gets the same id in every replay."""

import hashlib
from typing import Final

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def id_at(at_ns: int, *names: str) -> str:
    """A ULID of 48 bits of milliseconds and 80 bits of a hash of the names; 26 Crockford base32 letters."""
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()[:10]
    number = (max(0, at_ns // 1_000_000) & (2**48 - 1)) << 80 | int.from_bytes(digest)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
