"""Errors to gRPC statuses: what a peer is told when the hub says no. One sentence, and the stable code beside it."""

from typing import Final, NoReturn

import grpc
import grpc.aio

from sotto_hub.errors import HomeError, HubError, LinkDown, ModelMissing, NotPaired, PortInUse, UsageError
from sotto_memory.errors import MemoryBusyError, MemoryInputError, SottoMemoryError
from sotto_proto.errors import LinkError

Refusable = HubError | LinkError | SottoMemoryError
REFUSABLE: Final = (HubError, LinkError, SottoMemoryError)
CODE_KEY: Final = "sotto-code"
"""Trailing metadata that carries the stable code."""

_S = grpc.StatusCode
_BY_CODE: Final = {
    "not_found": _S.NOT_FOUND,
    "unknown_memory": _S.NOT_FOUND,
    "unknown_suggestion": _S.NOT_FOUND,
    "wrong_role": _S.PERMISSION_DENIED,
    "wrong_scope": _S.PERMISSION_DENIED,
    "wrong_code": _S.PERMISSION_DENIED,
    "no_code": _S.FAILED_PRECONDITION,
    "too_soon": _S.RESOURCE_EXHAUSTED,
    "unknown_peer": _S.NOT_FOUND,
    "several_peers": _S.FAILED_PRECONDITION,
    "keeper_stays": _S.FAILED_PRECONDITION,
    "pairing_port": _S.FAILED_PRECONDITION,
    "sequence_hole": _S.OUT_OF_RANGE,
    "taken_over": _S.ABORTED,
    "store_full": _S.RESOURCE_EXHAUSTED,
    "erase_waiting": _S.FAILED_PRECONDITION,
}
_BY_KIND: Final[dict[type[Exception], grpc.StatusCode]] = {
    UsageError: _S.INVALID_ARGUMENT,
    LinkError: _S.INVALID_ARGUMENT,
    MemoryInputError: _S.INVALID_ARGUMENT,
    MemoryBusyError: _S.FAILED_PRECONDITION,
    NotPaired: _S.UNAUTHENTICATED,
    ModelMissing: _S.FAILED_PRECONDITION,
    PortInUse: _S.FAILED_PRECONDITION,
    LinkDown: _S.UNAVAILABLE,
    HomeError: _S.INTERNAL,
}


def status_of(error: Refusable) -> grpc.StatusCode:
    """The status of an error: by its code first, then by its kind (pure)."""
    by_kind = (status for kind, status in _BY_KIND.items() if isinstance(error, kind))
    return _BY_CODE.get(error.code) or next(by_kind, _S.INTERNAL)


async def refuse(context: grpc.aio.ServicerContext[object, object], error: Refusable) -> NoReturn:
    """Ends the call with the error's sentence and code."""
    await context.abort(status_of(error), error.sentence, ((CODE_KEY, error.code),))
    raise AssertionError("abort raises")
