"""What makes a hub itself: its authority and its keys, read from the vault in HOME/keys, made on the first start.

authority.key/.pem sign peers; database.key opens the store and the memory; sealing.key opens what devices sealed
while the hub was away. What the hub shows on the link, its own key and certificate, is made anew at every start.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sotto_hub.keys.asking import Asking
from sotto_hub.keys.chest import Chest, Secrets
from sotto_hub.pairing import certificates as c
from sotto_proto.pairing import PeerRole, authority_pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A freshly signed certificate (PEM) and its fingerprint."""

    certificate: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What makes this hub itself. `hub_id` is the pin of its authority: stable for the life of the home.

    `parts`: all of it, as the vault holds it.
    """

    hub_id: str
    root: x509.Certificate
    database_key: bytes = field(repr=False)
    sealing_key: X25519PrivateKey = field(repr=False)
    parts: Secrets = field(repr=False)
    _root_key: EllipticCurvePrivateKey = field(repr=False)
    _hub_key: bytes = field(repr=False)
    _chain: bytes = field(repr=False)

    @classmethod
    def open(cls, folder: Path, wanted: str = "file", asking: Asking | None = None) -> Self:
        """Reads the keys in `folder`, or makes them when there are none. `wanted`: where the master key should lie.

        Raises `HomeError`: `keys` when they are missing in part, unreadable or damaged (they cannot be made again),
        `passphrase`, `passphrase_needed`, `keyring`, `keys_place`.
        """
        return cls._of(Chest(folder, wanted, asking).open(_make, cls._of))

    @classmethod
    def _of(cls, parts: Secrets) -> Self:
        root = x509.load_pem_x509_certificate(parts["authority.pem"])
        root_key = serialization.load_pem_private_key(parts["authority.key"], None)
        _require(isinstance(root_key, EllipticCurvePrivateKey) and root_key.public_key() == root.public_key())
        _require(len(parts["database.key"]) == 32)
        assert isinstance(root_key, EllipticCurvePrivateKey)
        hub_key = c.new_key()
        return cls(
            hub_id=authority_pin(root),
            root=root,
            database_key=parts["database.key"],
            sealing_key=X25519PrivateKey.from_private_bytes(parts["sealing.key"]),
            parts=parts,
            _root_key=root_key,
            _hub_key=c.key_pem(hub_key),
            _chain=c.pem(c.hub_certificate(hub_key, root, root_key)) + parts["authority.pem"],
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


def _make() -> Secrets:
    """The parts of a new hub."""
    root_key = c.new_key()
    return {
        "authority.key": c.key_pem(root_key),
        "authority.pem": c.pem(c.authority_certificate(root_key)),
        "database.key": os.urandom(32),
        "sealing.key": X25519PrivateKey.generate().private_bytes_raw(),
    }


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("the keys do not belong together")
