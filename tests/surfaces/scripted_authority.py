"""A certificate authority for tests: what pairing would have left on both sides, made in a few milliseconds."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sotto_proto.channel import HUB_NAME

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One key and its certificate, PEM."""

    key: bytes
    certificate: bytes


class Authority:
    """Signs one hub and its clients."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "scripted authority")])
        self._name = name
        certificate = self._builder(name, self._key.public_key())
        certificate = certificate.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.pem = certificate.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def leaf(self, common_name: str) -> Leaf:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        builder = self._builder(name, key.public_key())
        names = x509.SubjectAlternativeName([x509.DNSName(HUB_NAME)])
        certificate = builder.add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        return Leaf(
            key=key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            certificate=certificate.public_bytes(serialization.Encoding.PEM),
        )

    def signed(self, request_der: bytes) -> bytes:
        """The certificate, PEM, for a request of a client."""
        request = x509.load_der_x509_csr(request_der)
        public = request.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        certificate = self._builder(request.subject, public).sign(self._key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM)

    def server_credentials(self) -> grpc.ServerCredentials:
        leaf = self.leaf(HUB_NAME)
        return grpc.ssl_server_credentials(
            [(leaf.key, leaf.certificate)], root_certificates=self.pem, require_client_auth=True
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        leaf = self.leaf("client")
        return grpc.ssl_channel_credentials(self.pem, leaf.key, leaf.certificate)

    def save_client(self, folder: Path, address: str) -> None:
        """The folder that pairing leaves: see `sotto_proto.pairing`."""
        folder.mkdir(parents=True, mode=0o700)
        leaf = self.leaf("client")
        link = {"hub_id": "hub-1", "peer_id": "client", "address": address}
        files = {"key.pem": leaf.key, "cert.pem": leaf.certificate, "authority.pem": self.pem}
        files |= {"sealing.key": bytes(32), "link.json": json.dumps(link).encode()}
        for name, data in files.items():
            (folder / name).write_bytes(data)
            (folder / name).chmod(0o600)

    def _builder(self, name: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(public_key)
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - YEAR).not_valid_after(now + YEAR)
