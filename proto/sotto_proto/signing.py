"""A peer's key and its certificate: asks a hub to sign, and believes no answer that is not about its own key.

Used when a peer is paired, and whenever it renews its certificate. The private key never leaves the peer.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from sotto_proto.credentials import Credentials
from sotto_proto.errors import PairingFailed
from sotto_proto.v1 import link_pb2 as pb

ANSWER_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh P-256 key that has no certificate yet."""

    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def made(cls) -> Self:
        """A key from the system's randomness."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @property
    def pem(self) -> bytes:
        """PKCS #8, unencrypted: for a file that only its owner may read."""
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def request(self, name: str) -> bytes:
        """PKCS #10, DER. The name in it is a courtesy: the hub decides the subject."""
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64] or "peer")])
        signed = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(self._key, SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def require_own(self, certificate_pem: bytes, authority: x509.Certificate) -> None:
        """Raises `PairingFailed` (`reply`) unless this is a certificate of this key, signed by this authority."""
        try:
            certificate = x509.load_pem_x509_certificate(certificate_pem)
        except ValueError as error:
            raise PairingFailed("reply", "the hub's answer holds no certificate") from error
        require_signed(certificate, authority, "reply", "the hub's answer is signed by somebody else")
        if certificate.public_key() != self._key.public_key():
            raise PairingFailed("reply", "the hub's answer is not about this peer")


async def renewed(credentials: Credentials, stub: Any) -> Credentials:
    """The same peer with a fresh key and certificate; the old one works until the new one has been used.

    `stub`: of either service; both renew with the same words.
    The caller saves it (`Credentials.save_identity`) and connects with it from then on. Raises `PairingFailed` with
    code `reply`, or gRPC's own error.
    """
    key = NewKey.made()
    asked = pb.RenewRequest(certificate_request=key.request(credentials.peer_id))
    reply = await stub.Renew(asked, timeout=ANSWER_S)
    key.require_own(reply.certificate, x509.load_pem_x509_certificate(credentials.authority))
    return credentials.with_identity(key.pem, reply.certificate)


def require_signed(leaf: x509.Certificate, authority: x509.Certificate, code: str, sentence: str) -> None:
    """Raises `PairingFailed` with this code and sentence unless the authority has signed the leaf."""
    try:
        leaf.verify_directly_issued_by(authority)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError) as error:
        raise PairingFailed(code, sentence) from error
