"""Handlers of gRPC that count what goes through them."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import grpc
import grpc.aio

from sotto_hub.egress.meter import CallMeter, Meter
from sotto_hub.pairing.understood import tolerant

if TYPE_CHECKING:
    Handler = grpc.RpcMethodHandler[Any, Any]
    Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]]

_MAKERS: Final[dict[tuple[bool, bool], Any]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


def behaviour(handler: "Handler") -> Any:
    """What a handler does, whatever its kind."""
    return handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream


def counted(handler: "Handler", answer: Any, call: CallMeter) -> "Handler":
    """A handler of the same kind that answers with `answer` and counts its messages."""
    make = _MAKERS[handler.request_streaming, handler.response_streaming]
    return make(  # type: ignore[no-any-return]  # gRPC's makers have no common type
        answer,
        request_deserializer=call.reading(tolerant(handler.request_deserializer)),
        response_serializer=call.writing(handler.response_serializer),
    )


class Counting(grpc.aio.ServerInterceptor):
    """Counts every call of a server under one name: for the pairing port, whose callers nobody knows yet."""

    def __init__(self, meter: Meter, who: str) -> None:
        self._meter = meter
        self._who = who

    async def intercept_service(
        self, continuation: "Continuation", handler_call_details: grpc.HandlerCallDetails
    ) -> "Handler | None":
        """The same handler, counted."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        call = self._meter.call()
        call.admitted(self._who, self._who)
        return counted(handler, behaviour(handler), call)
