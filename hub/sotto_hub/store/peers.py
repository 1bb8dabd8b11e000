"""Who is paired with this hub, as what, and with which certificate."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sotto_hub.errors import HomeError
from sotto_hub.store.writing import writing
from sotto_proto.pairing import PeerRole
from sotto_proto.scopes import DEFAULT_SCOPES

if TYPE_CHECKING:
    from sqlite_utils import Database

_MINUTE_NS: Final = 60_000_000_000
RENEW_AFTER_NS: Final = 90 * 86_400_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One paired device or client. Times are wall clock, 0: never.

    `fingerprint`: SHA-256 of its certificate, hex; `pending`: of the next one, which takes its place when it is first
    used. `scopes`: what a client may do; they mean nothing for a device.
    """

    id: str
    name: str
    role: PeerRole
    fingerprint: str
    paired_ns: int
    seen_ns: int = 0
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    renewed_ns: int = 0
    pending: str = ""
    pending_ns: int = 0

    def wants_renewal(self, now_ns: int) -> bool:
        """Whether its certificate is so old that it should ask for another (ninety days)."""
        return now_ns - (self.renewed_ns or self.paired_ns) > RENEW_AFTER_NS

    def holding(self, shown: str) -> "Peer | None":
        """The peer once it has shown this certificate (pure): the pending one takes its place by being used."""
        if shown and shown == self.fingerprint:
            return self
        if shown and shown == self.pending:
            return replace(self, fingerprint=shown, renewed_ns=self.pending_ns, pending="", pending_ns=0)
        return None


class Peers:
    """The table of peers, mirrored in RAM: every call over the link asks it."""

    def __init__(self, db: "Database") -> None:
        self._table = db.table("peers")
        self._peers = {peer.id: peer for peer in map(_peer, self._table.rows)}
        self._removed: list[Callable[[str], None]] = []
        self._cut_off: set[str] = set()

    def add(self, peer: Peer) -> None:
        """Keeps a peer; the same id again replaces it."""
        with writing(self._table.db):
            self._table.upsert(_row(peer), pk="id")
        self._peers[peer.id] = peer

    def get(self, peer_id: str) -> Peer | None:
        """The peer, if it is paired."""
        return None if peer_id in self._cut_off else self._peers.get(peer_id)

    def all(self) -> list[Peer]:
        """All peers, oldest first."""
        return sorted(self._peers.values(), key=lambda peer: (peer.paired_ns, peer.id))

    def seen(self, peer_id: str, at_ns: int) -> None:
        """Notes when a peer last called, to the minute: not every call is worth a write."""
        peer = self._peers[peer_id]
        if 0 <= at_ns - peer.seen_ns < _MINUTE_NS:
            return
        with suppress(HomeError), writing(self._table.db):  # worth knowing, not worth refusing a call for
            self._table.update(peer_id, {"seen_ns": at_ns})
        self._peers[peer_id] = replace(peer, seen_ns=at_ns)

    def remove(self, peer_id: str) -> None:
        """Unpairs: from now on its certificate opens nothing, and whoever asked to be told is told."""
        if peer_id not in self._peers:
            return
        self._cut_off.add(peer_id)  # at once, even where the disk cannot take it
        for tell in self._removed:
            tell(peer_id)
        with writing(self._table.db):
            self._table.delete(peer_id)
        del self._peers[peer_id]

    def when_removed(self, tell: Callable[[str], None]) -> None:
        """Has `tell` called with the id of every peer that is removed: what it still has open ends."""
        self._removed.append(tell)


def _row(peer: Peer) -> dict[str, Any]:
    return {
        "id": peer.id,
        "name": peer.name,
        "role": peer.role.name.lower(),
        "fingerprint": peer.fingerprint,
        "paired_ns": peer.paired_ns,
        "seen_ns": peer.seen_ns,
        "scopes": ",".join(peer.scopes),
        "renewed_ns": peer.renewed_ns,
        "pending": peer.pending,
        "pending_ns": peer.pending_ns,
    }


def _peer(row: dict[str, Any]) -> Peer:
    scopes = tuple(scope for scope in row["scopes"].split(",") if scope)
    return Peer(**{**row, "role": PeerRole[row["role"].upper()], "scopes": scopes})
