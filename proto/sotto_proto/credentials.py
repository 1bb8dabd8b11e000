"""What pairing leaves on a peer: its key, its certificate, and whom it trusts. Files 0600 in a folder 0700."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from sotto_proto.errors import Unpaired

_KEY: Final = "key.pem"
_CERTIFICATE: Final = "cert.pem"
_AUTHORITY: Final = "authority.pem"
_SEALING: Final = "sealing.key"
_LINK: Final = "link.json"
_FACTS: Final = ("hub_id", "peer_id", "address")


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
        write_private(folder / _KEY, self.key)
        write_private(folder / _CERTIFICATE, self.certificate)
        write_private(folder / _AUTHORITY, self.authority)
        write_private(folder / _SEALING, self.sealing_key)
        facts = {name: getattr(self, name) for name in _FACTS}
        write_private(folder / _LINK, json.dumps(facts, indent=2).encode())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` wrote.

        Raises `Unpaired`: `unpaired` when there is nothing, `credentials` when it cannot be read or is broken.
        """
        try:
            facts = json.loads((folder / _LINK).read_bytes())
            return cls(
                key=(folder / _KEY).read_bytes(),
                certificate=(folder / _CERTIFICATE).read_bytes(),
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


def _sealing(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != 32:
        raise ValueError("an X25519 key has 32 bytes")
    return key
