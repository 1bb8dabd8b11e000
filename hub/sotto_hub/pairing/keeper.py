"""The keeper's client on the hub's own machine: it finds its credentials in HOME/keeper and needs no code."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from sotto_hub.errors import HomeError
from sotto_hub.pairing.authority import Authority
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import Unpaired
from sotto_proto.pairing import PeerRole

KEEPER: Final = "keeper"


def ensure_keeper(folder: Path, authority: Authority, peers: Peers, address: str, now_ns: int) -> None:
    """Issues the keeper's credentials on the first start, and keeps their address current. Raises `HomeError`."""
    try:
        known = _known(folder, authority, peers)
        (replace(known, address=address) if known else _issue(authority, peers, address, now_ns)).save(folder)
    except OSError as error:
        raise HomeError(
            "keeper", f"the keeper's credentials in {folder} cannot be written: {error.strerror}"
        ) from error


def _known(folder: Path, authority: Authority, peers: Peers) -> Credentials | None:
    try:
        found = load_credentials(folder)
    except Unpaired:
        return None
    return found if found.hub_id == authority.hub_id and peers.get(found.peer_id) else None


def _issue(authority: Authority, peers: Peers, address: str, now_ns: int) -> Credentials:
    key, issued = authority.issue_with_key(KEEPER, PeerRole.CLIENT)
    peers.add(
        Peer(id=KEEPER, name="this machine", role=PeerRole.CLIENT, fingerprint=issued.fingerprint, paired_ns=now_ns)
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
