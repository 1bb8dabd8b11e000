"""Who is paired with this hub, as what, and with which certificate."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sotto_hub.errors import HomeError
from sotto_hub.store.writing import writing
from sotto_proto.pairing import PeerRole

if TYPE_CHECKING:
    from sqlite_utils import Database

_MINUTE_NS: Final = 60_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One paired device or client. `fingerprint`: SHA-256 of its certificate, hex. Times are wall clock, 0: never."""

    id: str
    name: str
    role: PeerRole
    fingerprint: str
    paired_ns: int
    seen_ns: int = 0


class Peers:
    """The table of peers, mirrored in RAM: every call over the link asks it."""

    def __init__(self, db: "Database") -> None:
        self._table = db.table("peers")
        self._peers = {peer.id: peer for peer in map(_peer, self._table.rows)}

    def add(self, peer: Peer) -> None:
        """Keeps a peer; the same id again replaces it."""
        self._table.upsert(_row(peer), pk="id")
        self._peers[peer.id] = peer

    def get(self, peer_id: str) -> Peer | None:
        """The peer, if it is paired."""
        return self._peers.get(peer_id)

    def all(self) -> list[Peer]:
        """All peers, oldest first."""
        return sorted(self._peers.values(), key=lambda peer: (peer.paired_ns, peer.id))

    def seen(self, peer_id: str, at_ns: int) -> None:
        """Notes when a peer last called, to the minute: not every call is worth a write."""
        if at_ns - self._peers[peer_id].seen_ns < _MINUTE_NS:
            return
        with suppress(HomeError), writing(self._table.db):  # worth knowing, not worth refusing a call for
            self._table.update(peer_id, {"seen_ns": at_ns})
        self._peers[peer_id] = _peer({**_row(self._peers[peer_id]), "seen_ns": at_ns})

    def remove(self, peer_id: str) -> None:
        """Unpairs: from now on its certificate opens nothing."""
        if self._peers.pop(peer_id, None):
            self._table.delete(peer_id)


def _row(peer: Peer) -> dict[str, Any]:
    return {
        "id": peer.id,
        "name": peer.name,
        "role": peer.role.name.lower(),
        "fingerprint": peer.fingerprint,
        "paired_ns": peer.paired_ns,
        "seen_ns": peer.seen_ns,
    }


def _peer(row: dict[str, Any]) -> Peer:
    return Peer(**{**row, "role": PeerRole[row["role"].upper()]})
