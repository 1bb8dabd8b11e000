"""The roll of peers: who is paired and connected; renews their certificates, and strikes them off.

Upstream: the Companion and SensorLink servicers. Downstream: the table of peers, which the gate asks at every call.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sotto_hub.errors import UsageError
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.calls import Calls
from sotto_hub.pairing.keeper import KEEPER
from sotto_hub.store.peers import Peer, Peers

LOG: Final = logging.getLogger("sotto.pairing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """One peer, and whether it is connected: a call of it is under way."""

    peer: Peer
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """A fresh certificate and the authority that signed it, both PEM."""

    certificate: bytes
    authority: bytes


class Roll:
    """All peers of one hub."""

    def __init__(self, authority: Authority, peers: Peers, clock: Callable[[], int]) -> None:
        self._authority = authority
        self._peers = peers
        self._clock = clock
        self.calls = Calls(peers)

    def all(self) -> list[Enrolled]:
        """All peers, oldest first."""
        return [Enrolled(peer=peer, connected=self.calls.connected(peer.id)) for peer in self._peers.all()]

    def wants_renewal(self, peer_id: str) -> bool:
        """Whether this peer's certificate is old enough to be renewed."""
        peer = self._peers.get(peer_id)
        return peer is not None and peer.wants_renewal(self._clock())

    def renew(self, peer_id: str, certificate_request: bytes) -> Renewed:
        """Signs a fresh key of a peer. The certificate in use stays good until the new one is first used.

        Raises `UsageError`: `certificate_request`, or `unknown_peer` when it has been removed meanwhile.
        """
        peer = self._peers.get(peer_id)
        if peer is None:
            raise _unknown(peer_id)
        issued = self._authority.issue(certificate_request, peer.id, peer.role)
        self._peers.add(replace(peer, pending=issued.fingerprint, pending_ns=self._clock()))
        LOG.info("signed a new certificate for %s", peer_id)
        return Renewed(certificate=issued.certificate, authority=self._authority.root_pem)

    def revoke(self, named: str) -> Peer:
        """Removes the peer of this id, or of a name that no other has: its calls end, its certificate opens nothing.

        Raises `UsageError`: `unknown_peer`, `several_peers`, or `keeper_stays` for the hub's own machine.
        """
        peer = find(self._peers.all(), named)
        if peer.id == KEEPER:
            raise UsageError("keeper_stays", "that is the hub's own machine: without it nobody could keep this hub")
        self._peers.remove(peer.id)
        LOG.info("removed %s", peer.id)
        return peer


def find(peers: list[Peer], named: str) -> Peer:
    """The one peer of this id or name (pure). Raises `UsageError`: `unknown_peer` or `several_peers`."""
    wanted = named.strip()
    by_id = [peer for peer in peers if peer.id == wanted]
    found = by_id or [peer for peer in peers if peer.name.casefold() == wanted.casefold()]
    if not found:
        raise _unknown(wanted)
    if len(found) > 1:
        ids = ", ".join(peer.id for peer in found)
        raise UsageError("several_peers", f"several peers are called so: name one by its id ({ids})")
    return found[0]


def _unknown(named: str) -> UsageError:
    return UsageError("unknown_peer", f"there is no peer '{named[:64]}': `sotto devices list` shows all")
