"""The pairing desk: shows a code, keeps the pairing port open while it lives, and signs whoever spends it."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from sotto_hub.egress.meter import Meter
from sotto_hub.errors import NotPaired, UsageError
from sotto_hub.pairing import codes
from sotto_hub.pairing.addresses import outward
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.certificates import der
from sotto_hub.pairing.codes import Attempt, LiveCode, Opened
from sotto_hub.pairing.roll import Roll
from sotto_hub.pairing.service import Greeting, PairingPort, PairingRequest, Welcomed
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.code import for_eyes, is_name, pairing_link
from sotto_proto.exchange import Exchange, SharedKey, is_proof, is_share
from sotto_proto.pairing import PeerRole
from sotto_proto.scopes import checked_scopes

LOG: Final = logging.getLogger("sotto.pairing")
_REFUSALS: Final = {
    Attempt.DEAD: ("no_code", "no pairing code is alive: ask the hub for a new one with `sotto pair`"),
    Attempt.TOO_SOON: ("too_soon", "one try a second: wait a moment and try again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """What the keeper reads out. `expires_ns` is wall clock; `fingerprint` is for eyes, `link` for a QR code."""

    code: str = field(repr=False)
    port: int
    expires_ns: int
    fingerprint: str
    link: str = field(repr=False)


class PairingDesk:
    """One live code at most; a new one replaces it. Exchanges under way are few, and do not outlive their code.

    `roll`: those who are paired already.
    """

    def __init__(
        self, authority: Authority, peers: Peers, clock: Callable[[], int], host: str, link_port: int
    ) -> None:
        self._authority = authority
        self._peers = peers
        self._clock = clock
        self._host = host
        self._link_port = link_port
        self.roll = Roll(authority, peers, clock)
        self._port = PairingPort(host, link_port + 1, authority, self)
        self._code: LiveCode | None = None
        self._waiting: tuple[Opened, ...] = ()
        self._changed = asyncio.Event()
        self._closed = False

    def count_with(self, meter: Meter) -> None:
        """Counts what goes through the pairing port from its next opening on."""
        self._port.meter = meter

    async def new_code(self, role: PeerRole, scopes: Iterable[str] = ()) -> ShownCode:
        """Makes a code and opens the port. Raises `PortInUse`, or an error with code `scope`.

        `scopes`: what a client may do; none named: all but keep.
        """
        allowed = _allowed(role, tuple(scopes))
        await self._port.open()
        made = codes.make_code(secrets.token_bytes(codes.ENTROPY_BYTES), role, self._clock(), allowed)
        self._become(made, ())
        address = f"{outward(self._host)}:{self._link_port}"
        return ShownCode(
            code=made.digits,
            port=self._link_port + 1,
            expires_ns=made.expires_ns,
            fingerprint=for_eyes(self._authority.hub_id),
            link=pairing_link(address, made.digits, self._authority.hub_id),
        )

    async def greet(self, share: bytes) -> Greeting:
        """Begins an exchange, for one of the code's tries. Raises `NotPaired`, or `LinkError` with code `share`.

        What is no share at all costs nothing and says nothing.
        """
        if not is_share(share):
            raise UsageError("share", "that is no half of a pairing: are both sides of one version?")
        tried = self._tried()
        exchange, key = await asyncio.to_thread(_exchanged, tried.digits, der(self._authority.root), share)
        if self._code is None or not codes.is_same(self._code, tried):
            raise NotPaired(*_REFUSALS[Attempt.DEAD])
        now_ns = self._clock()
        opened = codes.opened_by(self._code, secrets.token_hex(16), key, now_ns)
        self._become(self._code, codes.with_opened(self._waiting, opened, now_ns))
        return Greeting(
            pairing=opened.id,
            share=exchange.share,
            authority=self._authority.root_pem,
            proof=key.hub_proof(der(self._authority.root)),
        )

    def welcome(self, request: PairingRequest) -> Welcomed:
        """Spends the code and signs the peer. Raises `NotPaired` or `UsageError`."""
        code = self._proved(request)
        role = _checked_role(request, code)
        peer_id = f"{role.name.lower()}-{secrets.token_hex(6)}"
        issued = self._authority.issue(request.certificate_request, peer_id, role)
        now_ns = self._clock()
        self._peers.add(
            Peer(
                id=peer_id,
                name=request.name,
                role=role,
                fingerprint=issued.fingerprint,
                paired_ns=now_ns,
                scopes=code.scopes,
                renewed_ns=now_ns,
            )
        )
        self._become(None, ())
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
            if self._closed or self._code is None:
                await self._port.close()

    def close(self) -> None:
        """Ends `keep`. Not by cancelling it: gRPC may swallow a cancellation while a server stops."""
        self._closed = True
        self._changed.set()

    async def _until_change(self) -> None:
        left_s = (codes.open_until_ns(self._code) - self._clock()) / 1e9 if self._code else None
        with suppress(TimeoutError):
            async with asyncio.timeout(left_s):
                await self._changed.wait()
        self._changed.clear()
        if self._clock() >= codes.open_until_ns(self._code):
            self._code, self._waiting = None, ()

    def _become(self, code: LiveCode | None, waiting: tuple[Opened, ...]) -> None:
        self._code, self._waiting = code, waiting
        self._changed.set()

    def _tried(self) -> LiveCode:
        """The code, after one more try: counted before anything is said, whatever comes of it."""
        attempt, code = codes.attempt(self._code, self._clock())
        if code is None or attempt is not Attempt.OPENED:
            raise NotPaired(*_REFUSALS[attempt])
        self._become(code, self._waiting)
        LOG.info("a pairing is tried: %d tries are left", code.tries_left)
        return code

    def _proved(self, request: PairingRequest) -> LiveCode:
        """The code, once the peer has proved its digits. Each exchange is good for one proof."""
        opened, self._waiting = codes.taken(self._waiting, request.pairing, self._clock())
        if opened is None or self._code is None:
            raise NotPaired(*_REFUSALS[Attempt.DEAD])
        if not is_proof(opened.key.peer_proof(request.certificate_request), request.proof):
            raise NotPaired("wrong_code", "that code is wrong; after five wrong tries it is void")
        return self._code


def _allowed(role: PeerRole, scopes: tuple[str, ...]) -> tuple[str, ...]:
    if role is PeerRole.CLIENT:
        return checked_scopes(scopes)
    if scopes:
        raise UsageError("scope", "scopes are for clients: a device may do what devices do")
    return ()


def _checked_role(request: PairingRequest, code: LiveCode) -> PeerRole:
    if not is_name(request.name):
        raise UsageError("name", "a peer's name has 1 to 64 characters")
    if request.role is not code.role:
        raise NotPaired("wrong_code", "that code was made for another kind of peer")
    return code.role


def _exchanged(digits: str, authority_der: bytes, share: bytes) -> tuple[Exchange, SharedKey]:
    """The hub's half. Some milliseconds of arithmetic: not on the event loop."""
    exchange = Exchange.of_hub(digits, authority_der)
    return exchange, exchange.finish(share)
