"""The typed client of the Companion API: all that surfaces (TUI, command line, other programs) know of the hub.

Upstream: the certificate that pairing gave this peer. Downstream: protobuf messages, and `sotto_hub.errors` instead
of gRPC's, one sentence each.
"""

from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeVar

import grpc
import grpc.aio

from sotto_hub.errors import HubError, LinkDown, NotPaired, UsageError
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionStub

if TYPE_CHECKING:
    from sotto_proto.pairing import Credentials

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Streamed(Protocol[T_co]):
    """A streamed reply of gRPC, as far as this client needs it."""

    def __aiter__(self) -> AsyncIterator[T_co]: ...

    def cancel(self) -> bool:
        """Ends the stream from this side."""


REPLY_S: Final = 15.0
"""How long a single answer may take: a hub that does not answer in this time is as good as away."""

LONG_REPLY_S: Final = 180.0
"""The same for what may be long work: a language model's answer, an import, an erasure."""

_USAGE: Final = frozenset(
    {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.OUT_OF_RANGE,
    }
)
_REFUSED: Final = frozenset({grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED})
_AWAY: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED})
_DISTRUST: Final = ("ssl", "tls", "handshake", "certificate")


def as_hub_error(code: grpc.StatusCode, details: str, address: str) -> HubError:
    """The error that a gRPC status means for a person (pure).

    `address` names the hub in the sentence. A failed TLS handshake also arrives as UNAVAILABLE; its details tell.
    """
    if code in _REFUSED:
        return NotPaired("refused", details or f"the hub at {address} refuses this client: pair it with `sotto pair`")
    if code in _AWAY:
        if any(word in details.lower() for word in _DISTRUST):
            return NotPaired(
                "not_trusted", f"the hub at {address} does not know this client: pair it with `sotto pair`"
            )
        return LinkDown("hub_away", f"the hub at {address} cannot be reached; is `sotto-hub run` running?")
    if code in _USAGE:
        return UsageError(code.name.lower(), details or "the hub cannot use that request")
    return HubError("hub", f"the hub at {address} failed ({code.name.lower()}); its log says more")


class Companion:
    """One connection to one hub. Use as an async context manager, or `close()` it.

    Every method may raise `LinkDown`, `NotPaired`, `UsageError` (the hub refuses the request) or `HubError`.
    """

    def __init__(self, channel: grpc.aio.Channel, *, address: str) -> None:
        self._channel = channel
        self._stub = CompanionStub(channel)
        self.address = address

    @classmethod
    def connect(cls, credentials: "Credentials") -> Self:
        """A client over mutual TLS with what pairing gave this peer. Nothing travels before the first request."""
        from sotto_proto.pairing import secure_channel

        return cls(secure_channel(credentials), address=credentials.address)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection and everything that still streams over it."""
        await self._channel.close()

    # ---- watching

    def watch(self) -> AsyncIterator[pb.Event]:
        """Everything as it happens, from now on. Ends with `LinkDown` when the hub goes away."""
        return self._each(self._stub.Watch(pb.WatchRequest()))

    async def status(self) -> pb.StatusReply:
        """How the hub, its devices and its abilities are."""
        return await self._one(self._stub.Status(pb.StatusRequest(), timeout=REPLY_S))

    async def ledger(self) -> list[pb.LedgerRow]:
        """What became of every captured millisecond, one row per device, boot and stream."""
        reply = await self._one(self._stub.Ledger(pb.LedgerRequest(), timeout=REPLY_S))
        return list(reply.rows)

    async def transcript(self, *, since_ns: int = 0, until_ns: int = 0, last: int = 0) -> list[pb.Utterance]:
        """What was heard, oldest first. `until_ns` 0: no end; `last` 0: all, else only the newest so many."""
        request = pb.TranscriptRequest(since_ns=since_ns, until_ns=until_ns, last=last)
        return await self._all(self._stub.Transcript(request, timeout=LONG_REPLY_S))

    # ---- asking and suggestions

    def ask(self, question: str, *, asked_at_ns: int = 0) -> AsyncIterator[pb.AskReply]:
        """The answer in pieces of text; the last piece (`done`) carries what it rests on. `asked_at_ns` 0: now."""
        request = pb.AskRequest(question=question, asked_at_ns=asked_at_ns)
        return self._each(self._stub.Ask(request, timeout=LONG_REPLY_S))

    async def suggestions(self, *, open_only: bool = False) -> list[pb.Suggestion]:
        """Suggestions that were offered, oldest first."""
        return await self._all(self._stub.Suggestions(pb.SuggestionsRequest(open_only=open_only), timeout=REPLY_S))

    async def answer(self, suggestion_id: str, state: pb.SuggestionState, text: str = "") -> pb.Suggestion:
        """The wearer's answer to a suggestion. `text`: the wearer's own words, with EDITED."""
        request = pb.AnswerSuggestionRequest(id=suggestion_id, answer=state, text=text)
        return await self._one(self._stub.AnswerSuggestion(request, timeout=REPLY_S))

    # ---- memories

    async def memories(
        self, *, kinds: Sequence[str] = (), include_past: bool = False, limit: int = 0
    ) -> list[pb.Memory]:
        """Memories by kind (none named: all), strongest first within the newest. `limit` 0: all."""
        request = pb.ListMemoriesRequest(kinds=kinds, include_past=include_past, limit=limit)
        return await self._all(self._stub.ListMemories(request, timeout=LONG_REPLY_S))

    async def search(self, query: str, *, limit: int = 10, include_past: bool = False) -> list[pb.MemoryHit]:
        """Memories by words, best first, each with why it was found."""
        request = pb.SearchMemoriesRequest(query=query, limit=limit, include_past=include_past)
        return await self._all(self._stub.SearchMemories(request, timeout=REPLY_S))

    async def edit(self, memory_id: str, *, text: str | None = None, pinned: bool | None = None) -> pb.Memory:
        """Corrects, pins or unpins one memory; `None` leaves as it is."""
        request = pb.EditMemoryRequest(id=memory_id)
        if text is not None:
            request.text = text
        if pinned is not None:
            request.pinned = pinned
        return await self._one(self._stub.EditMemory(request, timeout=REPLY_S))

    async def erase(self, memory_id: str) -> pb.EraseReply:
        """Erases one memory for good."""
        return await self._one(self._stub.EraseMemory(pb.EraseMemoryRequest(id=memory_id), timeout=LONG_REPLY_S))

    async def export(self, kinds: Sequence[str] = ()) -> AsyncIterator[str]:
        """All memories of these kinds (none named: all) in the portable form, line by line."""
        async for line in self._each(self._stub.ExportMemories(pb.ExportRequest(kinds=kinds), timeout=LONG_REPLY_S)):
            yield line.json

    async def import_(self, lines: Iterable[str]) -> pb.ImportReply:
        """Brings lines of the portable form in. All or nothing; the same line twice changes nothing."""
        requests = (pb.ImportLine(json=line) for line in lines)
        return await self._one(self._stub.ImportMemories(requests, timeout=LONG_REPLY_S))

    # ---- control

    async def mute(self, muted: bool = True, *, for_ns: int = 0) -> pb.ControlReply:
        """Mutes (`for_ns` 0: until unmuted) or unmutes all devices. The reply says which have heard it."""
        return await self._one(self._stub.Mute(pb.MuteRequest(muted=muted, for_ns=for_ns), timeout=REPLY_S))

    async def off_the_record(self, last_ns: int) -> pb.EraseReply:
        """Takes back the last span: transcript, memory, and what still waits."""
        return await self._one(self._stub.OffTheRecord(pb.OffTheRecordRequest(last_ns=last_ns), timeout=LONG_REPLY_S))

    async def new_code(self, role: link_pb2.PeerRole = link_pb2.PEER_ROLE_DEVICE) -> pb.PairingCode:
        """A one-time pairing code for a device or a client; the pairing port is open while it lives."""
        return await self._one(self._stub.NewPairingCode(pb.NewPairingCodeRequest(role=role), timeout=REPLY_S))

    # ---- one place where gRPC's errors become ours

    async def _one(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except grpc.aio.AioRpcError as error:
            raise as_hub_error(error.code(), error.details() or "", self.address) from None

    async def _each(self, call: Streamed[T]) -> AsyncIterator[T]:
        try:
            async for message in call:
                yield message
        except grpc.aio.AioRpcError as error:
            raise as_hub_error(error.code(), error.details() or "", self.address) from None
        finally:
            call.cancel()  # a reader that stops early leaves nothing running on the hub

    async def _all(self, call: Streamed[T]) -> list[T]:
        return [message async for message in self._each(call)]
