"""Who may call what: one row for every RPC of both services (pure). A method that is not in the table is refused.

A device may use `SensorLink`, a client `Companion`, and of that only what its scopes allow.
"""

from typing import Final

from sotto_hub.errors import NotPaired
from sotto_hub.store.peers import Peer
from sotto_proto.pairing import PeerRole
from sotto_proto.scopes import ASK, CONTROL, KEEP, MEMORY, WATCH

ANY: Final = ""
"""Every peer of the right role."""

_LINK: Final = ("OpenPairing", "Pair", "Renew", "SyncClock", "Stream")
_COMPANION: Final = {
    WATCH: ("Watch", "Status", "Ledger", "Transcript", "Suggestions"),
    ASK: ("Ask",),
    MEMORY: (
        *("ListMemories", "SearchMemories", "ShowMemory", "EditMemory", "EraseMemory", "SelectMemories"),
        "SelectHeard",
        *("Inbox", "AnswerInbox", "PruneMemories", "ExportMemories", "ImportMemories"),
    ),
    CONTROL: ("Mute", "OffTheRecord", "AnswerSuggestion"),
    KEEP: ("NewPairingCode", "Peers", "Revoke", "Audit", "Backup"),
    ANY: ("Renew",),
}
SCOPES: Final = {
    **{f"/sotto.v1.SensorLink/{name}": ANY for name in _LINK},
    **{f"/sotto.v1.Companion/{name}": scope for scope, names in _COMPANION.items() for name in names},
}
"""What each method needs, by its full path."""

_ROLES: Final = {"sotto.v1.SensorLink": PeerRole.DEVICE, "sotto.v1.Companion": PeerRole.CLIENT}
_WANTED: Final = {PeerRole.DEVICE: "devices", PeerRole.CLIENT: "clients"}


def require_allowed(peer: Peer, method: str) -> None:
    """Raises `NotPaired` (`wrong_role`, `wrong_scope`) unless the peer may call this `/package.Service/Method`."""
    role = _ROLES.get(method.strip("/").partition("/")[0])
    if role is None or method not in SCOPES:
        raise NotPaired("wrong_scope", "no peer of this hub may call that")
    if peer.role is not role:
        raise NotPaired("wrong_role", f"only {_WANTED[role]} may do this; this peer is a {peer.role.name.lower()}")
    scope = SCOPES[method]
    if scope and scope not in peer.scopes:
        raise NotPaired("wrong_scope", f"this client may not do that: it was paired without the scope '{scope}'")
