"""Becoming a peer: a one-time code turns into credentials, and credentials into the channel of the link.

Used by the device and by every client. The code carries a pin of the hub's authority, so that the secret digits are
only ever sent to the hub that showed them: the peer first fetches the certificate chain, checks the pin, and then
speaks over a channel that trusts that authority alone.
"""

import asyncio
import socket
import ssl
from enum import IntEnum
from typing import Final

import grpc
import grpc.aio
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sotto_proto.channel import client_options
from sotto_proto.code import spki_pin, split_address, split_code
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import PairingFailed
from sotto_proto.secure import secure_channel
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub

__all__ = ["Credentials", "PeerRole", "authority_pin", "load_credentials", "pair", "secure_channel"]

TIMEOUT_S: Final = 10.0
_NO_PAIRING: Final = (
    "no pairing is open at {}:{}: ask the hub for a new code with `sotto pair` and use it within ten minutes"
)


class PeerRole(IntEnum):
    """What a peer is allowed to be; the numbers are those of `link.proto`."""

    DEVICE = pb.PEER_ROLE_DEVICE
    CLIENT = pb.PEER_ROLE_CLIENT


async def pair(address: str, code: str, *, name: str, role: PeerRole) -> Credentials:
    """Spends a pairing code: makes a key, lets the hub at `address` (HOST:PORT of its link) sign it.

    Raises `PairingFailed`: `address` and `code_form` for words that cannot be right, `unreachable` when no pairing is
    open there, `pin` when another hub answers than the one that showed the code, `refused` when the hub says no.
    """
    host, port = split_address(address)
    digits, pin = split_code(code)
    authority = await asyncio.to_thread(_fetch_authority, host, port + 1, pin)
    key = ec.generate_private_key(ec.SECP256R1())
    request = pb.PairRequest(code=digits, name=name, role=_wire_role(role), certificate_request=_request(key, name))
    reply = await _spend(f"{_bracketed(host)}:{port + 1}", authority, request)
    return _credentials(reply, key, authority, f"{_bracketed(host)}:{reply.link_port or port}")


def authority_pin(authority: x509.Certificate) -> str:
    """The pin of an authority: what a pairing code says about it."""
    public = authority.public_key()
    return spki_pin(public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


def _fetch_authority(host: str, port: int, pin: str) -> x509.Certificate:
    """The authority of whoever listens there, proved by the pin. Blocks up to two time-outs."""
    try:
        chain = _fetch_chain(host, port)
    except (OSError, ValueError) as error:
        raise PairingFailed("unreachable", _NO_PAIRING.format(host, port)) from error
    if len(chain) != 2 or authority_pin(chain[1]) != pin:
        raise PairingFailed("pin", f"the hub at {host} is not the one that showed this code: check the address")
    _require_signed(chain[0], chain[1], f"the hub at {host} shows a certificate that its authority did not sign")
    return chain[1]


def _fetch_chain(host: str, port: int) -> list[x509.Certificate]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is sent here; the pin decides whom to trust
    context.set_alpn_protocols(["h2"])
    with socket.create_connection((host, port), timeout=TIMEOUT_S) as raw, context.wrap_socket(raw) as tls:
        return [x509.load_der_x509_certificate(bytes(der)) for der in _unverified_chain(tls)]


def _unverified_chain(tls: ssl.SSLSocket) -> list[bytes]:
    """What the server sent, leaf first, as DER. Public in Python 3.13; before, the same method one level down."""
    public = getattr(tls, "get_unverified_chain", None)
    if public is not None:
        return list(public())
    inner = getattr(tls, "_sslobj")  # noqa: B009  (not in the type stubs of 3.11)
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in inner.get_unverified_chain()]


async def _spend(address: str, authority: x509.Certificate, request: pb.PairRequest) -> pb.PairReply:
    tls = grpc.ssl_channel_credentials(authority.public_bytes(serialization.Encoding.PEM))
    async with grpc.aio.secure_channel(address, tls, options=client_options()) as channel:
        try:
            return await SensorLinkStub(channel).Pair(request, timeout=TIMEOUT_S)
        except grpc.aio.AioRpcError as error:
            raise _failure(error) from error


def _failure(error: grpc.aio.AioRpcError) -> PairingFailed:
    if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
        return PairingFailed("unreachable", "the hub went away while pairing: try again with a new code")
    return PairingFailed("refused", error.details() or "the hub refuses to pair")


def _credentials(
    reply: pb.PairReply, key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, address: str
) -> Credentials:
    """What the peer keeps, once it is sure that the reply is about its own key and the pinned authority."""
    try:
        certificate = x509.load_pem_x509_certificate(reply.certificate)
    except ValueError as error:
        raise PairingFailed("reply", "the hub's answer holds no certificate") from error
    _require_signed(certificate, authority, "the hub's answer is signed by somebody else")
    if certificate.public_key() != key.public_key() or len(reply.sealing_key) != 32:
        raise PairingFailed("reply", "the hub's answer is not about this peer")
    return Credentials(
        key=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        certificate=reply.certificate,
        authority=authority.public_bytes(serialization.Encoding.PEM),
        sealing_key=reply.sealing_key,
        hub_id=reply.hub_id,
        peer_id=reply.peer_id,
        address=address,
    )


def _require_signed(leaf: x509.Certificate, authority: x509.Certificate, sentence: str) -> None:
    try:
        leaf.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise PairingFailed("pin", sentence) from error


def _request(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    """PKCS #10, DER. The name in it is a courtesy: the hub decides the subject."""
    from cryptography.hazmat.primitives.hashes import SHA256

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64] or "peer")])
    signed = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def _wire_role(role: PeerRole) -> pb.PeerRole:
    return pb.PEER_ROLE_DEVICE if role is PeerRole.DEVICE else pb.PEER_ROLE_CLIENT


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
