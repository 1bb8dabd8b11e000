"""A passphrase to a key (pure): scrypt, RFC 7914, with its costs beside the salt. Vault and backups both use it."""

import os
import unicodedata
from dataclasses import dataclass, field
from typing import Final, Self

from sotto_hub.errors import UsageError

SHORTEST: Final = 8
SALT_BYTES: Final = 16
_LARGEST_N: Final = 1 << 20
_LARGEST_R: Final = 16
_LARGEST_P: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Passphrase:
    """What somebody typed. Never shown; equal however the keyboard composes its letters (NFKC)."""

    text: str = field(repr=False)

    @classmethod
    def chosen(cls, text: str) -> Self:
        """A new passphrase. Raises `UsageError` with code `passphrase_short`."""
        if len(text) < SHORTEST:
            raise UsageError("passphrase_short", f"a passphrase has at least {SHORTEST} characters")
        return cls(text=text)

    @property
    def raw(self) -> bytes:
        """What the key is derived from."""
        return unicodedata.normalize("NFKC", self.text).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """How a key is derived: `n` · `r` · 128 bytes of memory, `p` times. Defaults: 128 MiB, a third of a second."""

    salt: bytes
    n: int = 1 << 17
    r: int = 8
    p: int = 1

    @classmethod
    def fresh(cls) -> Self:
        """The costs of today with a random salt."""
        return cls(salt=os.urandom(SALT_BYTES))

    @property
    def plausible(self) -> bool:
        """Whether a file may ask for this: costs from a stranger's file must not exhaust the machine."""
        power = self.n > 1 and self.n & (self.n - 1) == 0
        within = self.n <= _LARGEST_N and 0 < self.r <= _LARGEST_R and 0 < self.p <= _LARGEST_P
        return power and within and len(self.salt) == SALT_BYTES

    def key(self, passphrase: Passphrase) -> bytes:
        """32 bytes."""
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        return Scrypt(salt=self.salt, length=32, n=self.n, r=self.r, p=self.p).derive(passphrase.raw)
