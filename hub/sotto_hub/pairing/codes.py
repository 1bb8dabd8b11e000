"""The life of a pairing code as a small state machine (pure): six digits, five tries, ten minutes, one use."""

from dataclasses import dataclass, field, replace
from enum import Enum
from hmac import compare_digest
from typing import Final

from sotto_proto.code import DIGITS
from sotto_proto.pairing import PeerRole

TRIES: Final = 5
LIFE_NS: Final = 600_000_000_000
ENTROPY_BYTES: Final = 16


class Attempt(Enum):
    """How a try to spend a code went."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    OTHER_ROLE = "other_role"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCode:
    """A code that can still be spent until `expires_ns` (wall clock)."""

    digits: str = field(repr=False)
    role: PeerRole
    expires_ns: int
    tries_left: int = TRIES


def make_code(entropy: bytes, role: PeerRole, now_ns: int) -> LiveCode:
    """A fresh code from `ENTROPY_BYTES` random bytes (so many that the remainder's bias does not matter)."""
    if len(entropy) < ENTROPY_BYTES:
        raise ValueError(f"a code needs {ENTROPY_BYTES} random bytes")
    digits = str(int.from_bytes(entropy, "big") % 10**DIGITS).zfill(DIGITS)
    return LiveCode(digits=digits, role=role, expires_ns=now_ns + LIFE_NS)


def is_alive(code: LiveCode | None, now_ns: int) -> bool:
    """Whether a try could still succeed."""
    return code is not None and code.tries_left > 0 and now_ns < code.expires_ns


def spend(code: LiveCode | None, digits: str, role: PeerRole | None, now_ns: int) -> tuple[Attempt, LiveCode | None]:
    """One try: how it went, and the code that is left (`None` when it is used up).

    Digits are compared in constant time. The right digits for another role cost a try too.
    """
    if code is None or not is_alive(code, now_ns):
        return Attempt.DEAD, None
    right = compare_digest(code.digits.encode(), digits.encode())
    if right and role is code.role:
        return Attempt.ACCEPTED, None
    left = replace(code, tries_left=code.tries_left - 1)
    return (Attempt.OTHER_ROLE if right else Attempt.WRONG), (left if left.tries_left > 0 else None)
