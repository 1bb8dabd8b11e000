"""The life of a pairing code as a small state machine (pure): six digits, five tries, ten minutes, one use.

A try is an exchange that was begun (`attempt`): whoever begins one can test one guess with it, so it counts, finished
or not. It is finished (`Opened`) within half a minute, and before the code is used or too old.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from sotto_proto.code import DIGITS
from sotto_proto.exchange import SharedKey
from sotto_proto.pairing import PeerRole

TRIES: Final = 5
LIFE_NS: Final = 600_000_000_000
ENTROPY_BYTES: Final = 16
REST_NS: Final = 1_000_000_000
"""Between two tries: nobody types faster, and a program may not."""

FINISH_NS: Final = 30_000_000_000
MOST_OPEN: Final = 4
"""Exchanges under way at once. The oldest gives way to the next."""


class Attempt(Enum):
    """How a try went that was asked for."""

    OPENED = "opened"
    TOO_SOON = "too_soon"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCode:
    """A code that can still be spent until `expires_ns` (wall clock). `tried_ns`: the last try, `None` before any."""

    digits: str = field(repr=False)
    role: PeerRole
    expires_ns: int
    scopes: tuple[str, ...] = ()
    tries_left: int = TRIES
    tried_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An exchange that waits for the peer's proof."""

    id: str
    key: SharedKey = field(repr=False)
    expires_ns: int


def make_code(entropy: bytes, role: PeerRole, now_ns: int, scopes: tuple[str, ...] = ()) -> LiveCode:
    """A fresh code from `ENTROPY_BYTES` random bytes (so many that the remainder's bias does not matter)."""
    if len(entropy) < ENTROPY_BYTES:
        raise ValueError(f"a code needs {ENTROPY_BYTES} random bytes")
    digits = str(int.from_bytes(entropy, "big") % 10**DIGITS).zfill(DIGITS)
    return LiveCode(digits=digits, role=role, scopes=scopes, expires_ns=now_ns + LIFE_NS)


def attempt(code: LiveCode | None, now_ns: int) -> tuple[Attempt, LiveCode | None]:
    """One more try: whether it may begin, and the code that is left. A try that comes too soon costs nothing."""
    if code is None or code.tries_left < 1 or now_ns >= code.expires_ns:
        return Attempt.DEAD, code
    if code.tried_ns is not None and 0 <= now_ns - code.tried_ns < REST_NS:
        return Attempt.TOO_SOON, code
    return Attempt.OPENED, replace(code, tries_left=code.tries_left - 1, tried_ns=now_ns)


def opened_by(code: LiveCode, pairing_id: str, key: SharedKey, now_ns: int) -> Opened:
    """A begun exchange. It does not outlive its code."""
    return Opened(id=pairing_id, key=key, expires_ns=min(now_ns + FINISH_NS, code.expires_ns))


def with_opened(waiting: Iterable[Opened], newest: Opened, now_ns: int) -> tuple[Opened, ...]:
    """The exchanges that wait, with one more: the expired and the oldest make room."""
    return (*(one for one in waiting if now_ns < one.expires_ns), newest)[-MOST_OPEN:]


def taken(waiting: Iterable[Opened], pairing_id: str, now_ns: int) -> tuple[Opened | None, tuple[Opened, ...]]:
    """The exchange of that name, if it still waits, and the others. It is taken out: each has one proof."""
    known = tuple(waiting)
    found = next((one for one in known if one.id == pairing_id and now_ns < one.expires_ns), None)
    return found, tuple(one for one in known if one is not found)


def open_until_ns(code: LiveCode | None) -> int:
    """How long the code can still make a peer: with tries its whole life, without as long as the last may take."""
    if code is None:
        return 0
    last_ns = 0 if code.tried_ns is None else code.tried_ns + FINISH_NS
    return code.expires_ns if code.tries_left else min(code.expires_ns, last_ns)


def is_same(code: LiveCode | None, other: LiveCode) -> bool:
    """Whether this is still that code, however many tries it has lost meanwhile."""
    return code is not None and (code.digits, code.expires_ns) == (other.digits, other.expires_ns)
