"""An authority of our own for tests: certificates as a hub would issue them, made anew for every test."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sotto_proto.channel import HUB_NAME
from sotto_proto.credentials import Credentials


@dataclass(frozen=True)
class ScriptedAuthority:
    """Signs the hub and its devices."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    sealing: X25519PrivateKey

    @classmethod
    def made(cls) -> Self:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _signed(key, key.public_key(), "authority", _name("authority"), ca=True)
        return cls(key=key, certificate=certificate, sealing=X25519PrivateKey.generate())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def server(self) -> grpc.ServerCredentials:
        """What a hub listens with: mutual TLS."""
        key, certificate = self._leaf(HUB_NAME)
        return grpc.ssl_server_credentials([(key, certificate)], self.pem, require_client_auth=True)

    def signed(self, public: ec.EllipticCurvePublicKey, name: str) -> bytes:
        """A certificate of somebody's key, PEM."""
        certificate = _signed(self.key, public, name, self.certificate.subject, ca=False)
        return certificate.public_bytes(serialization.Encoding.PEM)

    def device(self, address: str) -> Credentials:
        """What pairing leaves on a device."""
        key, certificate = self._leaf("device-1")
        return Credentials(
            key=key,
            certificate=certificate,
            authority=self.pem,
            sealing_key=self.sealing.public_key().public_bytes_raw(),
            hub_id="hub-1",
            peer_id="device-1",
            address=address,
        )

    def _leaf(self, name: str) -> tuple[bytes, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _signed(self.key, key.public_key(), name, self.certificate.subject, ca=False)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private, certificate.public_bytes(serialization.Encoding.PEM)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _signed(
    by: ec.EllipticCurvePrivateKey, public: ec.EllipticCurvePublicKey, name: str, issuer: x509.Name, *, ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return builder.sign(by, hashes.SHA256())
