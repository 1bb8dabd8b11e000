"""Becoming a peer: six digits turn into credentials, and credentials into the channel of the link.

Used by the device and by every client. The peer looks at the certificates that the pairing port shows, trusts that
authority for this one conversation, and has the hub prove by the digits that the authority is its own (`exchange`).
Only then does it ask for a certificate. Where the code came as a link, its fingerprint is checked before all that.
"""

import asyncio
import socket
import ssl
from enum import IntEnum
from typing import Any, Final

import grpc
import grpc.aio
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from sotto_proto.channel import client_options
from sotto_proto.code import TypedCode, bracketed, is_name, read_code, spki_pin, split_address
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import PairingFailed
from sotto_proto.exchange import Exchange, SharedKey, is_proof
from sotto_proto.secure import secure_channel
from sotto_proto.signing import NewKey, require_signed
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


async def pair(address: str | None, code: str, *, name: str, role: PeerRole) -> Credentials:
    """Spends a pairing code: makes a key, and lets the hub sign it.

    `address` is HOST:PORT of the hub's link; without it the code's own link tells, or the one hub nearby is taken.

    Raises `PairingFailed`: `address`, `code_form`, `name` for words that cannot be right, `no_hub` or `several_hubs`
    when an address is needed, `unreachable` when no pairing is open there, `pin` when another hub answers than the
    one that showed the code, `wrong_code`, `refused` when the hub says no.
    """
    typed = read_code(code)
    if not is_name(name):
        raise PairingFailed("name", "a peer's name has 1 to 64 characters")
    host, port = split_address(address or typed.address or await _nearby(typed))
    authority = await asyncio.to_thread(_fetch_authority, host, port + 1, typed.pin)
    key = NewKey.made()
    request = pb.PairRequest(name=name, role=_wire_role(role), certificate_request=key.request(name))
    reply = await _spend(f"{bracketed(host)}:{port + 1}", authority, typed.digits, request)
    return _credentials(reply, key, authority, f"{bracketed(host)}:{reply.link_port or port}")


def authority_pin(authority: x509.Certificate) -> str:
    """The fingerprint of an authority: what a pairing link says about it."""
    public = authority.public_key()
    return spki_pin(public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


async def _nearby(typed: TypedCode) -> str:
    from sotto_proto.discovery import the_hub_nearby

    return await the_hub_nearby(typed.pin)


def _fetch_authority(host: str, port: int, pin: str) -> x509.Certificate:
    """The authority of whoever listens there: held against the pin, if there is one. Blocks up to two time-outs."""
    try:
        chain = _fetch_chain(host, port)
    except (OSError, ValueError) as error:
        raise PairingFailed("unreachable", _NO_PAIRING.format(host, port)) from error
    if len(chain) != 2 or not _is_pinned(chain[1], pin):
        raise PairingFailed("pin", f"the hub at {host} is not the one that showed this code: check the address")
    require_signed(
        chain[0], chain[1], "pin", f"the hub at {host} shows a certificate that its authority did not sign"
    )
    return chain[1]


def _is_pinned(authority: x509.Certificate, pin: str) -> bool:
    """Whether this authority has that fingerprint; without one, whether it has any."""
    try:
        return pin in ("", authority_pin(authority))
    except (UnsupportedAlgorithm, ValueError):
        return False


def _fetch_chain(host: str, port: int) -> list[x509.Certificate]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is sent here; the digits decide whom to trust
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


async def _spend(address: str, authority: x509.Certificate, digits: str, request: pb.PairRequest) -> pb.PairReply:
    """Both calls over one channel, whose other end holds the key of the authority that was seen."""
    tls = grpc.ssl_channel_credentials(authority.public_bytes(serialization.Encoding.PEM))
    async with grpc.aio.secure_channel(address, tls, options=client_options()) as channel:
        stub = SensorLinkStub(channel)
        try:
            key, request.pairing = await _opened(stub, digits, authority)
            request.proof = key.peer_proof(request.certificate_request)
            return await stub.Pair(request, timeout=TIMEOUT_S)
        except grpc.aio.AioRpcError as error:
            raise _failure(error) from error


async def _opened(stub: Any, digits: str, authority: x509.Certificate) -> tuple[SharedKey, str]:
    """The key that the hub has proved to share, and its name for this attempt."""
    seen = authority.public_bytes(serialization.Encoding.DER)
    exchange = await asyncio.to_thread(Exchange.of_peer, digits, seen)
    reply = await stub.OpenPairing(pb.OpenPairingRequest(share=exchange.share), timeout=TIMEOUT_S)
    key = await asyncio.to_thread(exchange.finish, reply.share)
    if reply.authority != authority.public_bytes(serialization.Encoding.PEM):
        raise PairingFailed("pin", "something stands between this machine and the hub: pair them on another network")
    if not is_proof(key.hub_proof(seen), reply.proof):
        raise PairingFailed("wrong_code", "that code is wrong, or of another hub; after five wrong tries it is void")
    return key, reply.pairing


def _failure(error: grpc.aio.AioRpcError) -> PairingFailed:
    if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
        return PairingFailed("unreachable", "the hub went away while pairing: try again with a new code")
    return PairingFailed("refused", error.details() or "the hub refuses to pair")


def _credentials(reply: pb.PairReply, key: NewKey, authority: x509.Certificate, address: str) -> Credentials:
    """What the peer keeps, once it is sure that the reply is about its own key and the proved authority."""
    key.require_own(reply.certificate, authority)
    if len(reply.sealing_key) != 32:
        raise PairingFailed("reply", "the hub's answer is not about this peer")
    return Credentials(
        key=key.pem,
        certificate=reply.certificate,
        authority=authority.public_bytes(serialization.Encoding.PEM),
        sealing_key=reply.sealing_key,
        hub_id=authority_pin(authority),
        peer_id=reply.peer_id,
        address=address,
    )


def _wire_role(role: PeerRole) -> pb.PeerRole:
    return pb.PEER_ROLE_DEVICE if role is PeerRole.DEVICE else pb.PEER_ROLE_CLIENT
