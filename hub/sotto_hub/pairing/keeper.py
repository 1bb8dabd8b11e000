"""The keeper's client on the hub's own machine: it finds its credentials in HOME/keeper and needs no code."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from cryptography import x509

from sotto_hub.errors import HomeError
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.certificates import fingerprint
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import Unpaired
from sotto_proto.pairing import PeerRole
from sotto_proto.scopes import ALL_SCOPES

KEEPER: Final = "keeper"


def ensure_keeper(folder: Path, authority: Authority, peers: Peers, address: str, now_ns: int) -> None:
    """Issues the keeper's credentials on the first start, and again when they are lost or old; keeps their address.

    Raises `HomeError`.
    """
    try:
        known = _known(folder, authority, peers)
        if known is None:
            _issue(authority, peers, address, now_ns).save(folder)
        elif _peer(peers).wants_renewal(now_ns):
            _renew(known, authority, peers, now_ns).save_identity(folder)
        if known is not None and known.address != address:
            known.at(address).save_address(folder)
    except OSError as error:
        raise HomeError(
            "keeper", f"the keeper's credentials in {folder} cannot be written: {error.strerror}"
        ) from error


def _known(folder: Path, authority: Authority, peers: Peers) -> Credentials | None:
    """What lies in the folder, if this hub lets it in."""
    try:
        found = load_credentials(folder)
        shown = fingerprint(x509.load_pem_x509_certificate(found.certificate))
    except (Unpaired, ValueError):
        return None
    peer = peers.get(found.peer_id)
    if found.hub_id != authority.hub_id or found.peer_id != KEEPER or peer is None:
        return None
    return found if peer.holding(shown) else None


def _renew(known: Credentials, authority: Authority, peers: Peers, now_ns: int) -> Credentials:
    """A fresh certificate. Until its first use the old one stays good: a hub that is killed here locks nobody out."""
    key, issued = authority.issue_with_key(KEEPER, PeerRole.CLIENT)
    peers.add(replace(_peer(peers), pending=issued.fingerprint, pending_ns=now_ns))
    return known.with_identity(key, issued.certificate)


def _issue(authority: Authority, peers: Peers, address: str, now_ns: int) -> Credentials:
    key, issued = authority.issue_with_key(KEEPER, PeerRole.CLIENT)
    peers.add(
        Peer(
            id=KEEPER,
            name="this machine",
            role=PeerRole.CLIENT,
            fingerprint=issued.fingerprint,
            paired_ns=now_ns,
            scopes=ALL_SCOPES,
            renewed_ns=now_ns,
        )
    )
    return Credentials(
        key=key,
        certificate=issued.certificate,
        authority=authority.root_pem,
        sealing_key=authority.sealing_public,
        hub_id=authority.hub_id,
        peer_id=KEEPER,
        address=address,
    )


def _peer(peers: Peers) -> Peer:
    peer = peers.get(KEEPER)
    assert peer is not None
    return peer
