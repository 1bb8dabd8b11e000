"""The hub's secrets in HOME/keys (0700, files 0600): made on the first start, read ever after.

authority.key/.pem sign peers; hub.key/.pem are what the hub shows; database.key opens the store and the memory;
sealing.key opens what devices sealed while the hub was away.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Final, Self

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sotto_hub.errors import HomeError
from sotto_hub.pairing import certificates as c
from sotto_proto.credentials import write_private
from sotto_proto.pairing import PeerRole, authority_pin

_NAMES: Final = ("authority.key", "authority.pem", "hub.key", "hub.pem", "database.key", "sealing.key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A freshly signed certificate (PEM) and its fingerprint."""

    certificate: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What makes this hub itself. `hub_id` is the pin of its authority: stable for the life of the home."""

    hub_id: str
    root: x509.Certificate
    database_key: bytes = field(repr=False)
    sealing_key: X25519PrivateKey = field(repr=False)
    _root_key: EllipticCurvePrivateKey = field(repr=False)
    _hub_key: bytes = field(repr=False)
    _chain: bytes = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Reads the keys in `folder`, or makes them when there are none.

        Raises `HomeError` with code `keys` when some are missing or unreadable: they cannot be made again.
        """
        try:
            if not folder.exists():
                _make(folder)
            return cls._read(folder)
        except OSError as error:
            raise HomeError("keys", f"the keys in {folder} cannot be read or written: {error.strerror}") from error
        except (ValueError, TypeError) as error:
            raise HomeError("keys", f"the keys in {folder} are damaged: bring them back from a backup") from error

    @classmethod
    def _read(cls, folder: Path) -> Self:
        files = {name: (folder / name).read_bytes() for name in _NAMES}
        root = x509.load_pem_x509_certificate(files["authority.pem"])
        root_key = serialization.load_pem_private_key(files["authority.key"], None)
        _require(isinstance(root_key, EllipticCurvePrivateKey) and root_key.public_key() == root.public_key())
        _require(len(files["database.key"]) == 32)
        assert isinstance(root_key, EllipticCurvePrivateKey)
        return cls(
            hub_id=authority_pin(root),
            root=root,
            database_key=files["database.key"],
            sealing_key=X25519PrivateKey.from_private_bytes(files["sealing.key"]),
            _root_key=root_key,
            _hub_key=files["hub.key"],
            _chain=files["hub.pem"] + files["authority.pem"],
        )

    @property
    def root_pem(self) -> bytes:
        """The authority's certificate: the only root that this hub's peers trust."""
        return c.pem(self.root)

    @property
    def sealing_public(self) -> bytes:
        """X25519 public key, 32 bytes: peers seal to it."""
        return self.sealing_key.public_key().public_bytes_raw()

    def issue(self, request_der: bytes, peer_id: str, role: PeerRole) -> Issued:
        """Signs a peer's certificate request. Raises `UsageError` with code `certificate_request`."""
        public = c.requested_key(request_der)
        certificate = c.peer_certificate(public, peer_id, role, self.root, self._root_key)
        return Issued(certificate=c.pem(certificate), fingerprint=c.fingerprint(certificate))

    def issue_with_key(self, peer_id: str, role: PeerRole) -> tuple[bytes, Issued]:
        """A key (PEM) and its certificate, for a peer on this very machine."""
        key = c.new_key()
        certificate = c.peer_certificate(key.public_key(), peer_id, role, self.root, self._root_key)
        return c.key_pem(key), Issued(certificate=c.pem(certificate), fingerprint=c.fingerprint(certificate))

    def link_credentials(self) -> grpc.ServerCredentials:
        """Mutual TLS: only peers that this authority signed get as far as a request."""
        pair = [(self._hub_key, self._chain)]
        return grpc.ssl_server_credentials(pair, root_certificates=self.root_pem, require_client_auth=True)

    def pairing_credentials(self) -> grpc.ServerCredentials:
        """TLS without client certificates: for the pairing port alone."""
        return grpc.ssl_server_credentials([(self._hub_key, self._chain)])


def _make(folder: Path) -> None:
    """Writes a new set aside and moves it into place as a whole, so that a torn set can never be read."""
    draft = folder.with_name(f".{folder.name}.new")
    rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    root_key, hub_key = c.new_key(), c.new_key()
    root = c.authority_certificate(root_key)
    write_private(draft / "authority.key", c.key_pem(root_key))
    write_private(draft / "authority.pem", c.pem(root))
    write_private(draft / "hub.key", c.key_pem(hub_key))
    write_private(draft / "hub.pem", c.pem(c.hub_certificate(hub_key, root, root_key)))
    write_private(draft / "database.key", os.urandom(32))
    write_private(draft / "sealing.key", X25519PrivateKey.generate().private_bytes_raw())
    draft.rename(folder)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("the keys do not belong together")
