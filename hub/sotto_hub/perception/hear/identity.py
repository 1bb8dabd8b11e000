"""Names of utterances: the same words heard again get the same name, so that nothing is stored twice (pure)."""

from hashlib import sha256

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def utterance_id(device_id: str, stream: str, start_ns: int) -> str:
    """A ULID (26 signs of Crockford's base 32): 48 bits of milliseconds, then 80 bits of a hash instead of chance."""
    digest = sha256(f"{device_id}\n{stream}\n{start_ns}".encode()).digest()
    number = ((start_ns // 1_000_000) & ((1 << 48) - 1)) << 80 | int.from_bytes(digest[:10])
    return "".join(_SIGNS[number >> shift & 31] for shift in range(125, -1, -5))
