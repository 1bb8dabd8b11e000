"""Bytes that are no message: a sentence for whoever sent them, instead of a traceback in the hub's log."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from google.protobuf.message import DecodeError

from sotto_proto.errors import MalformedFrame

GARBLED: Final = object()
"""What stands for bytes that could not be read, until somebody may answer."""


def tolerant(read: Callable[[bytes], Any] | None) -> Callable[[bytes], Any]:
    """The same deserialiser, which gives `GARBLED` where that one raises: gRPC offers no other place to answer."""

    def tried(raw: bytes) -> Any:
        try:
            return read(raw) if read else raw
        except DecodeError:
            return GARBLED

    return tried


def understood(request: Any) -> Any:
    """The request. Raises `MalformedFrame` with code `message` for a garbled one."""
    if request is GARBLED:
        raise MalformedFrame("message", "that is no message of this call: are both sides of one version?")
    return request


async def each_understood(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """The requests of a stream, one by one. Raises as `understood`."""
    async for request in requests:
        yield understood(request)
