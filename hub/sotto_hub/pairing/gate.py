"""The gate before every method of the link: who calls, and may they? Written once, for both services.

TLS has already proved that the hub's authority signed the certificate. The gate asks whether its peer is still among
the paired ones, with this very certificate, and in the role that the service wants. It also turns the hub's own
errors into statuses, so that no servicer has to.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import grpc
import grpc.aio
from cryptography import x509

from sotto_hub.errors import HubError, NotPaired
from sotto_hub.pairing.certificates import fingerprint
from sotto_hub.pairing.refusal import REFUSABLE, refuse
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.pairing import PeerRole

LOG: Final = logging.getLogger("sotto.gate")
Context = grpc.aio.ServicerContext[Any, Any]
if TYPE_CHECKING:
    Handler = grpc.RpcMethodHandler[Any, Any]
    Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]]

_ROLES: Final = {"sotto.v1.SensorLink": PeerRole.DEVICE, "sotto.v1.Companion": PeerRole.CLIENT}
_WANTED: Final = {PeerRole.DEVICE: "devices", PeerRole.CLIENT: "clients"}


def peer_of(context: Context) -> tuple[str, str]:
    """Common name and certificate fingerprint of whoever calls; empty without a certificate."""
    facts = context.auth_context()
    name = b"".join(facts.get("x509_common_name", ())).decode()
    certificate = b"".join(facts.get("x509_pem_cert", ()))
    return (name, fingerprint(x509.load_pem_x509_certificate(certificate))) if certificate else ("", "")


def admit(peer: Peer | None, shown_fingerprint: str, service: str) -> Peer:
    """The peer, if it may use the service (pure). Raises `NotPaired`: `unpaired` or `wrong_role`."""
    if peer is None or peer.fingerprint != shown_fingerprint:
        raise NotPaired("unpaired", "this peer is not paired with this hub: ask the hub's keeper for a pairing code")
    wanted = _ROLES[service]
    if peer.role is not wanted:
        raise NotPaired("wrong_role", f"only {_WANTED[wanted]} may do this; this peer is a {peer.role.name.lower()}")
    return peer


class Gate(grpc.aio.ServerInterceptor):
    """Wraps every handler of a server, whatever its kind."""

    def __init__(self, peers: Peers, clock: Callable[[], int]) -> None:
        self._peers = peers
        self._clock = clock

    async def intercept_service(
        self, continuation: "Continuation", handler_call_details: grpc.HandlerCallDetails
    ) -> "Handler | None":
        """The handler behind the gate; `None` (unimplemented) stays so."""
        handler = await continuation(handler_call_details)
        return handler and self._guarded(handler, handler_call_details.method.strip("/").partition("/")[0])

    def _check(self, context: Context, service: str) -> None:
        name, shown = peer_of(context)
        peer = admit(self._peers.get(name), shown, service)
        self._peers.seen(peer.id, self._clock())

    def _guarded(self, handler: "Handler", service: str) -> "Handler":
        make = _MAKERS[handler.request_streaming, handler.response_streaming]
        behave = self._streamed if handler.response_streaming else self._single
        inner = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        return make(  # type: ignore[no-any-return]  # gRPC's makers have no common type
            behave(inner, service),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _single(self, inner: Any, service: str) -> Any:
        async def guarded(request: Any, context: Context) -> Any:
            try:
                self._check(context, service)
                return await inner(request, context)
            except REFUSABLE as error:
                _note(error, service)
                await refuse(context, error)

        return guarded

    def _streamed(self, inner: Any, service: str) -> Any:
        async def guarded(request: Any, context: Context) -> None:
            try:
                self._check(context, service)
                await _drain(inner(request, context), context)
            except REFUSABLE as error:
                _note(error, service)
                await refuse(context, error)

        return guarded


async def _drain(answers: AsyncIterator[Any] | Awaitable[None], context: Context) -> None:
    """Streams what a generator yields; a coroutine writes by itself."""
    if isinstance(answers, Awaitable):
        await answers
        return
    async for answer in answers:
        await context.write(answer)


def _note(error: Exception, service: str) -> None:
    code = error.code if isinstance(error, HubError) else type(error).__name__
    LOG.info("refused a call to %s: %s", service, code)


_MAKERS: Final[dict[tuple[bool, bool], Any]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}
