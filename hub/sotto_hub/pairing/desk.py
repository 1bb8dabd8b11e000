"""The pairing desk: shows a code, keeps the pairing port open while it lives, and signs whoever spends it."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from sotto_hub.errors import NotPaired, UsageError
from sotto_hub.pairing import codes
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.codes import Attempt, LiveCode
from sotto_hub.pairing.service import PairingPort, PairingRequest, Welcomed
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.code import join_code
from sotto_proto.pairing import PeerRole

LOG: Final = logging.getLogger("sotto.pairing")
_REFUSALS: Final = {
    Attempt.DEAD: ("no_code", "no pairing code is alive: ask the hub for a new one with `sotto pair`"),
    Attempt.WRONG: ("wrong_code", "that code is wrong; after five wrong tries it is void"),
    Attempt.OTHER_ROLE: ("wrong_code", "that code was made for another kind of peer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """What the keeper reads out. `expires_ns` is wall clock."""

    code: str = field(repr=False)
    port: int
    expires_ns: int


class PairingDesk:
    """One live code at most; a new one replaces it."""

    def __init__(
        self, authority: Authority, peers: Peers, clock: Callable[[], int], host: str, link_port: int
    ) -> None:
        self._authority = authority
        self._peers = peers
        self._clock = clock
        self._link_port = link_port
        self._port = PairingPort(host, link_port + 1, authority, self.welcome)
        self._code: LiveCode | None = None
        self._changed = asyncio.Event()
        self._closed = False

    async def new_code(self, role: PeerRole) -> ShownCode:
        """Makes a code and opens the port. Raises `PortInUse`."""
        await self._port.open()
        self._code = codes.make_code(secrets.token_bytes(codes.ENTROPY_BYTES), role, self._clock())
        self._changed.set()
        shown = join_code(self._code.digits, self._authority.hub_id)
        return ShownCode(code=shown, port=self._link_port + 1, expires_ns=self._code.expires_ns)

    def welcome(self, request: PairingRequest) -> Welcomed:
        """Spends the code and signs the peer. Raises `NotPaired` or `UsageError`; a bad request costs no try."""
        name = request.name.strip()
        if not 0 < len(name) <= 64 or not name.isprintable():
            raise UsageError("name", "a peer's name has 1 to 64 characters")
        if request.role is None:
            raise UsageError("role", "a peer is a device or a client")
        peer_id = f"{request.role.name.lower()}-{secrets.token_hex(6)}"
        issued = self._authority.issue(request.certificate_request, peer_id, request.role)
        self._spend(request.digits, request.role)
        now_ns = self._clock()
        self._peers.add(
            Peer(
                id=peer_id, name=name, role=request.role, fingerprint=issued.fingerprint, paired_ns=now_ns, seen_ns=0
            )
        )
        LOG.info("paired %s", peer_id)
        return Welcomed(
            peer_id=peer_id,
            certificate=issued.certificate,
            authority=self._authority.root_pem,
            sealing_key=self._authority.sealing_public,
            hub_id=self._authority.hub_id,
            link_port=self._link_port,
        )

    async def keep(self) -> None:
        """Closes the port when the code has been used, is void or too old. Runs until `close`."""
        while not self._closed:
            await self._until_change()
            if self._closed or not codes.is_alive(self._code, self._clock()):
                await self._port.close()

    def close(self) -> None:
        """Ends `keep`. Not by cancelling it: gRPC may swallow a cancellation while a server stops."""
        self._closed = True
        self._changed.set()

    async def _until_change(self) -> None:
        left_s = (self._code.expires_ns - self._clock()) / 1e9 if self._code else None
        with suppress(TimeoutError):
            async with asyncio.timeout(left_s):
                await self._changed.wait()
        self._changed.clear()
        if not codes.is_alive(self._code, self._clock()):
            self._code = None

    def _spend(self, digits: str, role: PeerRole) -> None:
        attempt, self._code = codes.spend(self._code, digits, role, self._clock())
        self._changed.set()
        if attempt is not Attempt.ACCEPTED:
            raise NotPaired(*_REFUSALS[attempt])
