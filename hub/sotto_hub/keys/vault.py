"""The vault's form (pure): which lock holds its master key, in clear, and all secrets, sealed under that key.

One JSON object: `version` 1, `lock`, `nonce` and `sealed` in base64. Sealed is a JSON object of names and base64,
by ChaCha20-Poly1305 (RFC 8439) under the master key; the lock is its associated data, so that neither can be
exchanged alone.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Self

from sotto_hub.keys.passphrase import Costs

VERSION: Final = 1
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Place(Enum):
    """Where a master key lies."""

    KEYRING = "keyring"
    FILE = "file"
    PASSPHRASE = "passphrase"  # noqa: S105  (the name of a place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Where the master key of one vault lies. `entry`: its name in the keyring. `costs`: of a passphrase."""

    place: Place
    entry: str = ""
    costs: Costs | None = None


class WrongKey(Exception):
    """A master key that does not open this vault, or the vault is damaged: the two cannot be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """Sealed secrets and their lock."""

    lock: Lock
    nonce: bytes
    sealed: bytes

    @classmethod
    def of(cls, secrets: Mapping[str, bytes], lock: Lock, master: bytes) -> Self:
        """Seals secrets under a master key of 32 bytes."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        nonce = os.urandom(_NONCE_BYTES)
        plain = json.dumps({name: b64encode(value).decode() for name, value in secrets.items()}).encode()
        return cls(lock=lock, nonce=nonce, sealed=ChaCha20Poly1305(master).encrypt(nonce, plain, _bound(lock)))

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The vault of a file's bytes. Raises `ValueError` when it is none."""
        try:
            told = json.loads(raw)
            if told["version"] != VERSION:
                raise ValueError("another version")
            return cls(lock=_lock(told["lock"]), nonce=b64decode(told["nonce"]), sealed=b64decode(told["sealed"]))
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("no vault") from error

    def written(self) -> bytes:
        """The bytes of its file."""
        told = {"version": VERSION, "lock": _told(self.lock)}
        boxed = {"nonce": b64encode(self.nonce).decode(), "sealed": b64encode(self.sealed).decode()}
        return json.dumps({**told, **boxed}, indent=2).encode()

    def open(self, master: bytes) -> dict[str, bytes]:
        """All secrets. Raises `WrongKey`."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        try:
            plain = ChaCha20Poly1305(master).decrypt(self.nonce, self.sealed, _bound(self.lock))
        except (InvalidTag, ValueError) as error:
            raise WrongKey from error
        return {name: b64decode(value) for name, value in json.loads(plain).items()}


def _told(lock: Lock) -> dict[str, Any]:
    told: dict[str, Any] = {"place": lock.place.value}
    if lock.entry:
        told["entry"] = lock.entry
    if lock.costs:
        costs = lock.costs
        told["scrypt"] = {"salt": b64encode(costs.salt).decode(), "n": costs.n, "r": costs.r, "p": costs.p}
    return told


def _lock(told: dict[str, Any]) -> Lock:
    costs = None
    if scrypt := told.get("scrypt"):
        numbers = {name: int(scrypt[name]) for name in ("n", "r", "p")}
        costs = Costs(salt=b64decode(scrypt["salt"]), **numbers)
    lock = Lock(place=Place(told["place"]), entry=str(told.get("entry", "")), costs=costs)
    needs = {Place.PASSPHRASE: costs is not None and costs.plausible, Place.KEYRING: bool(lock.entry)}
    if not needs.get(lock.place, True):
        raise ValueError("the lock lacks a part")
    return lock


def _bound(lock: Lock) -> bytes:
    return json.dumps({"version": VERSION, "lock": _told(lock)}, sort_keys=True, separators=(",", ":")).encode()
