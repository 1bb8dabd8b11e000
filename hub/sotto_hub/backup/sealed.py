"""The outside of a backup (pure): a header, then chunks sealed under a passphrase, in order and to the last one.

    header   "SOTTOBAK", version u16 = 1, log2(n) u8, r u8, p u8, salt 16 bytes, check 16 bytes: 45 bytes
    chunk i  ChaCha20-Poly1305 of up to 1 MiB; nonce: i as 11 bytes, then 1 for the last chunk and 0 for others;
             associated data: the whole header

Numbers are big-endian. scrypt (RFC 7914) makes 32 bytes of passphrase and salt; HKDF-Expand (RFC 5869, SHA-256) makes
the chunks' key (info "sotto backup 1 seal") and the check ("sotto backup 1 check") of them. A chunk that was cut,
changed, moved or left out does not open; the check tells a wrong passphrase from a damaged file.
"""

import hmac
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Self

from sotto_hub.errors import UsageError
from sotto_hub.keys.passphrase import Costs, Passphrase

MAGIC: Final = b"SOTTOBAK"
VERSION: Final = 1
CHUNK: Final = 1 << 20
TAG: Final = 16
_FIXED: Final = struct.Struct(">8sHBBB16s")
_CHECK: Final = 16
HEADER: Final = _FIXED.size + _CHECK


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One backup's header and the key of its chunks."""

    header: bytes
    key: bytes = field(repr=False)

    @classmethod
    def fresh(cls, passphrase: Passphrase, costs: Costs | None = None) -> Self:
        """For a new backup."""
        costs = costs or Costs.fresh()
        fixed = _FIXED.pack(MAGIC, VERSION, costs.n.bit_length() - 1, costs.r, costs.p, costs.salt)
        key, check = _keys(costs, passphrase)
        return cls(header=fixed + check, key=key)

    @classmethod
    def of(cls, header: bytes, passphrase: Passphrase) -> Self:
        """Of a backup that is there. Raises `UsageError`: `backup_foreign`, `backup_newer`, `backup_passphrase`."""
        costs = _costs(header)
        key, check = _keys(costs, passphrase)
        if not hmac.compare_digest(check, header[_FIXED.size :]):
            raise UsageError("backup_passphrase", "that passphrase does not open this backup")
        return cls(header=header, key=key)

    def close(self, index: int, chunk: bytes, *, last: bool) -> bytes:
        """One sealed chunk."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        return ChaCha20Poly1305(self.key).encrypt(_nonce(index, last), chunk, self.header)

    def open(self, index: int, box: bytes, *, last: bool) -> bytes:
        """What was sealed. Raises `UsageError` with code `backup_damaged`."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        try:
            return ChaCha20Poly1305(self.key).decrypt(_nonce(index, last), box, self.header)
        except InvalidTag as error:
            raise damaged(f"from byte {HEADER + index * (CHUNK + TAG)} on") from error


def sealed(seal: Seal, plain: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a backup file: first the header, then one chunk at a time."""
    yield seal.header
    index, held = 0, bytearray()
    for piece in plain:
        held += piece
        while len(held) > CHUNK:
            yield seal.close(index, bytes(held[:CHUNK]), last=False)
            index += 1
            del held[:CHUNK]
    yield seal.close(index, bytes(held), last=True)


def opened(file: BinaryIO, passphrase: Passphrase) -> Iterator[bytes]:
    """What lies in a backup file, one chunk at a time; the last is given out only when it is the last.

    Raises `UsageError`: `backup_foreign`, `backup_newer`, `backup_passphrase`, `backup_damaged`; `OSError`.
    """
    seal = Seal.of(file.read(HEADER), passphrase)
    index, box = 0, file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        yield seal.open(index, box, last=not following)
        if not following:
            return
        index, box = index + 1, following


def damaged(where: str) -> UsageError:
    """The backup is not what was written."""
    return UsageError("backup_damaged", f"the backup is damaged or not whole ({where}): nothing was restored")


def _costs(header: bytes) -> Costs:
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise UsageError("backup_foreign", "that file is no backup of Sotto")
    _, version, power, r, p, salt = _FIXED.unpack(header[: _FIXED.size])
    if version > VERSION:
        raise UsageError("backup_newer", "the backup was written by a newer Sotto: update this one")
    costs = Costs(salt=salt, n=1 << min(power, 63), r=r, p=p)
    if version != VERSION or not costs.plausible:
        raise damaged("in its header")
    return costs


def _keys(costs: Costs, passphrase: Passphrase) -> tuple[bytes, bytes]:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    secret = costs.key(passphrase)
    parts = {"seal": 32, "check": _CHECK}
    key, check = (
        HKDFExpand(SHA256(), length, f"sotto backup {VERSION} {part}".encode()).derive(secret)
        for part, length in parts.items()
    )
    return key, check


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])
