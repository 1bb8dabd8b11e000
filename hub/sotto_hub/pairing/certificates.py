"""The certificates of one hub: its authority, its own, and those of its peers (EC P-256, X.509).

All are valid from 2020 for twenty years: a Raspberry Pi has no clock and may believe that it is any day since then.
"""

from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sotto_hub.errors import UsageError
from sotto_proto.channel import HUB_NAME
from sotto_proto.pairing import PeerRole

Key = ec.EllipticCurvePrivateKey
_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(2040, 1, 1, tzinfo=UTC)


def new_key() -> Key:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: Key) -> bytes:
    """PKCS #8, unencrypted PEM: for a file that only its owner may read."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    """A certificate as DER: what is hashed and proved."""
    return certificate.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hex: what `Peers` remembers of it."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def authority_certificate(key: Key) -> x509.Certificate:
    """The hub's own root. It signs peers and the hub, and no further authorities."""
    name = _name("Sotto hub authority", "authority")
    return (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def hub_certificate(key: Key, authority: x509.Certificate, authority_key: Key) -> x509.Certificate:
    """The certificate that the hub shows: its name is the same on every address."""
    names = x509.SubjectAlternativeName([x509.DNSName(HUB_NAME)])
    builder = _leaf(_name(HUB_NAME, "hub"), key.public_key(), authority, ExtendedKeyUsageOID.SERVER_AUTH)
    return builder.add_extension(names, critical=False).sign(authority_key, hashes.SHA256())


def peer_certificate(
    public: ec.EllipticCurvePublicKey, peer_id: str, role: PeerRole, authority: x509.Certificate, authority_key: Key
) -> x509.Certificate:
    """A peer's certificate: common name = peer id, organisational unit = its role in lower case."""
    name = _name(peer_id, role.name.lower())
    return _leaf(name, public, authority, ExtendedKeyUsageOID.CLIENT_AUTH).sign(authority_key, hashes.SHA256())


def requested_key(request_der: bytes) -> ec.EllipticCurvePublicKey:
    """The public key of a certificate request, once its signature proves that the peer holds the private one.

    Raises `UsageError` with code `certificate_request`. Everything else that the request asks for is ignored.
    """
    try:
        request = x509.load_der_x509_csr(request_der)
        public = request.public_key()
        valid = request.is_signature_valid
    except ValueError as error:
        raise UsageError("certificate_request", "the certificate request cannot be read") from error
    if not valid or not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise UsageError("certificate_request", "the certificate request is not a signed P-256 request")
    return public


def _leaf(
    name: x509.Name, public: ec.EllipticCurvePublicKey, authority: x509.Certificate, purpose: x509.ObjectIdentifier
) -> x509.CertificateBuilder:
    issuer = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    return (
        _builder(name, authority.subject, public)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(issuer.digest, None, None), critical=False)
    )


def _builder(name: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
    )


def _name(common: str, unit: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit)]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
