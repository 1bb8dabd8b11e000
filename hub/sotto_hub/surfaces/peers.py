"""The paired peers as a person reads them: name, kind, what each may do, when it came and was seen (pure)."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from sotto_hub.surfaces.localtime import local
from sotto_proto.scopes import ALL_SCOPES, ASK, CONTROL, KEEP, MEMORY, WATCH
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2

_MAY: Final = {
    WATCH: "watch",
    ASK: "ask",
    MEMORY: "read and change memories",
    CONTROL: "mute and forget",
    KEEP: "keep the hub",
}
_KINDS: Final = {link_pb2.PEER_ROLE_DEVICE: "device", link_pb2.PEER_ROLE_CLIENT: "client"}


def kind_word(peer: pb.PeerInfo) -> str:
    """What kind of peer it is: a device or a client."""
    return _KINDS.get(peer.role, "peer")


def may_words(peer: pb.PeerInfo) -> str:
    """What a peer may do: "send what it senses", "watch, ask, mute and forget"."""
    if peer.role == link_pb2.PEER_ROLE_DEVICE:
        return "send what it senses"
    if set(peer.scopes) >= set(ALL_SCOPES):
        return "everything"
    return ", ".join(_MAY.get(scope, scope) for scope in sorted(peer.scopes, key=_order)) or "nothing"


def _order(scope: str) -> int:
    return ALL_SCOPES.index(scope) if scope in ALL_SCOPES else len(ALL_SCOPES)


def seen_words(peer: pb.PeerInfo, zone: tzinfo) -> str:
    """Whether it is here now, or when it last was."""
    if peer.connected:
        return "connected"
    return f"seen {minute(peer.seen_ns, zone)}" if peer.seen_ns else "never seen"


def minute(at_ns: int, zone: tzinfo) -> str:
    """The day and the minute: "2026-03-09 08:30"."""
    return f"{local(at_ns, zone):%Y-%m-%d %H:%M}"


def peer_lines(peers: Sequence[pb.PeerInfo], zone: tzinfo) -> list[str]:
    """Two lines a peer: name, kind and whether it is here; then what it may do, since when, and its id."""
    wide = max((len(peer.name) for peer in peers), default=0)
    lines: list[str] = []
    for peer in peers:
        lines.append(f"{peer.name:<{wide}}  {kind_word(peer)}, {seen_words(peer, zone)}")
        since = f"paired {minute(peer.paired_ns, zone)}"
        lines.append(f"{'':<{wide}}  may {may_words(peer)}; {since}; id {peer.id}")
    return lines or ["nothing is paired yet: `sotto pair` shows a code for a device"]
