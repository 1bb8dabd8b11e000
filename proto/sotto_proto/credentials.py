"""What pairing leaves on a peer: its key, its certificate, and whom it trusts. Files 0600 in a folder 0700.

identity.pem is the key and its certificate in one file, so that a renewal takes effect whole or not at all. (Older
versions kept them as key.pem and cert.pem.)
"""

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from sotto_proto.errors import Unpaired

_IDENTITY: Final = "identity.pem"
_OLDER: Final = ("key.pem", "cert.pem")
_AUTHORITY: Final = "authority.pem"
_SEALING: Final = "sealing.key"
_LINK: Final = "link.json"
_FACTS: Final = ("hub_id", "peer_id", "address")
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A paired peer. `key`, `certificate`, `authority` are PEM; `sealing_key` is X25519, 32 bytes."""

    key: bytes = field(repr=False)
    certificate: bytes = field(repr=False)
    authority: bytes = field(repr=False)
    sealing_key: bytes = field(repr=False)
    hub_id: str
    peer_id: str
    address: str

    def save(self, folder: Path) -> None:
        """Writes all of it, `link.json` last: a folder without it is not paired. Raises `OSError`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / _LINK).unlink(missing_ok=True)
        for name in _OLDER:
            (folder / name).unlink(missing_ok=True)
        self.save_identity(folder)
        write_private(folder / _AUTHORITY, self.authority)
        write_private(folder / _SEALING, self.sealing_key)
        self.save_address(folder)

    def save_identity(self, folder: Path) -> None:
        """Writes key and certificate, both or neither: after a renewal. Raises `OSError`."""
        write_private(folder / _IDENTITY, self.key + self.certificate)

    def save_address(self, folder: Path) -> None:
        """Writes where the hub is, whole or not at all: after it has moved. Raises `OSError`."""
        facts = {name: getattr(self, name) for name in _FACTS}
        write_private(folder / _LINK, json.dumps(facts, indent=2).encode())

    def with_identity(self, key: bytes, certificate: bytes) -> Self:
        """The same peer with a fresh key and certificate."""
        return replace(self, key=key, certificate=certificate)

    def at(self, address: str) -> Self:
        """The same peer, with its hub at another address."""
        return replace(self, address=address)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` wrote.

        Raises `Unpaired`: `unpaired` when there is nothing, `credentials` when it cannot be read or is broken.
        """
        try:
            facts = json.loads((folder / _LINK).read_bytes())
            key, certificate = _identity(folder)
            return cls(
                key=key,
                certificate=certificate,
                authority=(folder / _AUTHORITY).read_bytes(),
                sealing_key=_sealing(folder / _SEALING),
                **{name: str(facts[name]) for name in _FACTS},
            )
        except FileNotFoundError as error:
            raise Unpaired("unpaired", f"{folder} holds no credentials: pair this peer first") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unpaired(
                "credentials", f"the credentials in {folder} cannot be used: pair this peer again"
            ) from error


def load_credentials(folder: Path) -> Credentials:
    """The credentials in `folder`. Raises `Unpaired`."""
    return Credentials.load(folder)


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all. Raises `OSError`."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # or a power cut may bring the old file back, after the new one has been used
    finally:
        os.close(folder)


def _identity(folder: Path) -> tuple[bytes, bytes]:
    """Key and certificate: of the one file, or of an older version's two."""
    if not (folder / _IDENTITY).exists():
        key, certificate = (folder / name for name in _OLDER)
        return key.read_bytes(), certificate.read_bytes()
    key_pem, begin, rest = (folder / _IDENTITY).read_bytes().partition(_BEGIN)
    if not begin or not key_pem.strip():
        raise ValueError("the file holds no key with its certificate")
    return key_pem, begin + rest


def _sealing(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != 32:
        raise ValueError("an X25519 key has 32 bytes")
    return key
