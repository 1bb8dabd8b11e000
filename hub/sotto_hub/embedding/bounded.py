"""An HTTP transport with an end: no answer is larger or slower than its bounds, nothing is unpacked.

Stands under the adapters. httpx bounds the wait for each piece of an answer, not for all of them; a server that drips
would hold its caller for ever. The environment (proxies, certificates) has no say.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

CONNECT_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long one answer may take as a whole, and how large it may be. A large model is loaded meanwhile."""

    answer_s: float = 60.0
    answer_bytes: int = 16 * 2**20


class Bounded(httpx.BaseTransport):
    """Sends requests over plain connections, one answer within the bounds. `clock`: seconds, monotonic."""

    def __init__(self, bounds: Bounds, clock: Callable[[], float] = time.monotonic) -> None:
        self._bounds = bounds
        self._clock = clock
        self._inner = httpx.HTTPTransport(trust_env=False, retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request. Raises httpx.HTTPError."""
        ends_s = self._clock() + self._bounds.answer_s
        request.headers.pop("authorization", None)  # the ollama package would send a key of the environment
        request.headers["accept-encoding"] = "identity"
        response = self._inner.handle_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()
            raise httpx.DecodingError("the answer is packed, though it was asked not to be", request=request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Stream(response.stream, self._bounds.answer_bytes, lambda: self._clock() > ends_s)
        return response

    def close(self) -> None:
        """Closes all connections."""
        self._inner.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, room: int, late: Callable[[], bool]) -> None:
        self._inner, self._room, self._late = inner, room, late

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._inner:
            self._room -= len(piece)
            if self._room < 0:
                raise httpx.ReadError("the answer is too large")
            if self._late():
                raise httpx.ReadTimeout("the answer takes too long")
            yield piece

    def close(self) -> None:
        self._inner.close()


def private(bounds: Bounds) -> dict[str, Any]:
    """How every client here is made: within bounds, to no other address, through no proxy of the environment."""
    return {
        "timeout": httpx.Timeout(bounds.answer_s, connect=min(CONNECT_S, bounds.answer_s)),
        "transport": Bounded(bounds),
        "follow_redirects": False,
        "trust_env": False,
    }
