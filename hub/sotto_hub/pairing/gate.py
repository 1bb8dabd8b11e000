"""The gate before every method of the link: who calls, and may they? Written once, for both services.

TLS has already proved that the hub's authority signed the certificate. The gate asks whether its peer is still among
the paired ones, with this very certificate, and may call this very method by its role and its scopes. What it lets in
it counts as under way, so that it ends when its peer is removed. It also turns the hub's own errors into statuses, so
that no servicer has to.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import grpc
import grpc.aio
from cryptography import x509

from sotto_hub.egress.meter import CallMeter, Meter
from sotto_hub.errors import HubError, NotPaired
from sotto_hub.pairing.calls import Calls
from sotto_hub.pairing.certificates import fingerprint
from sotto_hub.pairing.counted import behaviour, counted
from sotto_hub.pairing.refusal import REFUSABLE, refuse
from sotto_hub.pairing.scopes import require_allowed
from sotto_hub.pairing.understood import each_understood, understood
from sotto_hub.store.peers import Peer, Peers

LOG: Final = logging.getLogger("sotto.gate")
Context = grpc.aio.ServicerContext[Any, Any]
if TYPE_CHECKING:
    Handler = grpc.RpcMethodHandler[Any, Any]
    Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]]


def peer_of(context: Context) -> tuple[str, str]:
    """Common name and certificate fingerprint of whoever calls; empty without a certificate."""
    facts = context.auth_context()
    name = b"".join(facts.get("x509_common_name", ())).decode()
    certificate = b"".join(facts.get("x509_pem_cert", ()))
    return (name, fingerprint(x509.load_pem_x509_certificate(certificate))) if certificate else ("", "")


def admit(peer: Peer | None, shown_fingerprint: str, method: str) -> Peer:
    """The peer as it now stands, if it may call the method (pure).

    Raises `NotPaired`: `unpaired`, `wrong_role` or `wrong_scope`.
    """
    standing = peer and peer.holding(shown_fingerprint)
    if standing is None:
        raise NotPaired("unpaired", "this peer is not paired with this hub: ask the hub's keeper for a pairing code")
    require_allowed(standing, method)
    return standing


class Gate(grpc.aio.ServerInterceptor):
    """Wraps every handler of a server, whatever its kind."""

    def __init__(self, peers: Peers, clock: Callable[[], int], calls: Calls, meter: Meter | None = None) -> None:
        self._peers = peers
        self._clock = clock
        self._calls = calls
        self._meter = meter or Meter(clock)

    async def intercept_service(
        self, continuation: "Continuation", handler_call_details: grpc.HandlerCallDetails
    ) -> "Handler | None":
        """The handler behind the gate; `None` (unimplemented) stays so."""
        handler = await continuation(handler_call_details)
        return handler and self._guarded(handler, handler_call_details.method)

    def _check(self, context: Context, method: str) -> Peer:
        """Whoever calls, once it may. A certificate that was waiting to be used takes effect here."""
        name, shown = peer_of(context)
        known = self._peers.get(name)
        peer = admit(known, shown, method)
        if peer is not known:
            self._peers.add(peer)
        self._peers.seen(peer.id, self._clock())
        return peer

    def _guarded(self, handler: "Handler", method: str) -> "Handler":
        inner, call = behaviour(handler), self._meter.call()
        answer = _streamed(inner) if handler.response_streaming else inner
        read = each_understood if handler.request_streaming else understood
        return counted(handler, self._refusing(answer, read, method, call), call)

    def _refusing(self, answer: Any, read: Callable[[Any], Any], method: str, call: CallMeter) -> Any:
        """Answers whoever may call; everybody else, and whoever calls wrongly, gets a status with a sentence."""

        async def guarded(request: Any, context: Context) -> Any:
            try:
                peer = self._check(context, method)
                call.admitted(peer.id, peer.role.name.lower())
                with self._calls.under_way(peer.id):
                    return await answer(read(request), context)
            except REFUSABLE as error:
                call.refused(peer_of(context)[0])
                _note(error, method)
                await refuse(context, error)

        return guarded


def _streamed(inner: Any) -> Any:
    async def drained(request: Any, context: Context) -> None:
        await _drain(inner(request, context), context)

    return drained


async def _drain(answers: AsyncIterator[Any] | Awaitable[None], context: Context) -> None:
    """Streams what a generator yields; a coroutine writes by itself."""
    if isinstance(answers, Awaitable):
        await answers
        return
    async for answer in answers:
        await context.write(answer)


def _note(error: Exception, method: str) -> None:
    code = error.code if isinstance(error, HubError) else type(error).__name__
    LOG.info("refused a call to %s: %s", method, code)
