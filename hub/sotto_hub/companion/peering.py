"""What a keeper does with peers, in messages of the Companion API: codes, the roll, removing, renewing."""

from typing import Final

from sotto_hub.errors import UsageError
from sotto_hub.pairing.desk import PairingDesk, ShownCode
from sotto_hub.pairing.roll import Enrolled
from sotto_hub.store.peers import Peer
from sotto_proto.pairing import PeerRole
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2

_ROLES: Final = {link_pb2.PEER_ROLE_DEVICE: PeerRole.DEVICE, link_pb2.PEER_ROLE_CLIENT: PeerRole.CLIENT}


class Peering:
    """The keeper's side of the pairing desk."""

    def __init__(self, desk: PairingDesk) -> None:
        self._desk = desk

    async def new_code(self, request: pb.NewPairingCodeRequest) -> pb.PairingCode:
        """A one-time code. Raises `UsageError` (`role`, `scope`), `LinkError` (`scope`) or `PortInUse`."""
        return shown(await self._desk.new_code(role(request.role), request.scopes))

    def all(self) -> pb.PeersReply:
        """Who is paired."""
        return pb.PeersReply(peers=[info(each) for each in self._desk.roll.all()])

    def revoke(self, named: str) -> pb.PeerInfo:
        """Ends a peer. Raises `UsageError`: `unknown_peer`, `several_peers`, `keeper_stays`."""
        return info(Enrolled(peer=self._desk.roll.revoke(named), connected=False))

    def renew(self, peer_id: str, certificate_request: bytes) -> link_pb2.RenewReply:
        """A fresh certificate. Raises `UsageError`: `certificate_request`, `unknown_peer`."""
        renewed = self._desk.roll.renew(peer_id, certificate_request)
        return link_pb2.RenewReply(certificate=renewed.certificate, authority=renewed.authority)

    def wants_renewal(self, peer_id: str) -> bool:
        """Whether the caller's certificate is old."""
        return self._desk.roll.wants_renewal(peer_id)


def info(enrolled: Enrolled) -> pb.PeerInfo:
    """One peer (pure)."""
    peer = enrolled.peer
    return pb.PeerInfo(
        id=peer.id,
        name=peer.name,
        role=_wire_role(peer),
        scopes=peer.scopes if peer.role is PeerRole.CLIENT else (),
        paired_ns=peer.paired_ns,
        seen_ns=peer.seen_ns,
        renewed_ns=peer.renewed_ns or peer.paired_ns,
        connected=enrolled.connected,
    )


def shown(code: ShownCode) -> pb.PairingCode:
    """A pairing code to be read out or scanned (pure)."""
    return pb.PairingCode(
        code=code.code, port=code.port, expires_ns=code.expires_ns, fingerprint=code.fingerprint, link=code.link
    )


def role(wanted: link_pb2.PeerRole) -> PeerRole:
    """The role of a peer to be. Raises `UsageError` with code `role`."""
    if wanted not in _ROLES:
        raise UsageError("role", "a peer is a device or a client")
    return _ROLES[wanted]


def _wire_role(peer: Peer) -> link_pb2.PeerRole:
    return link_pb2.PEER_ROLE_DEVICE if peer.role is PeerRole.DEVICE else link_pb2.PEER_ROLE_CLIENT
