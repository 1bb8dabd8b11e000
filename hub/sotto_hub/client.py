"""The typed client of the Companion API: all that surfaces (TUI, command line, other programs) know of the hub.

Upstream: the certificate that pairing gave this peer. Downstream: protobuf messages, and `sotto_hub.errors` instead
of gRPC's, one sentence each.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
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

SEARCH_S: Final = 3600.0
"""The same where every byte of the home is read: a search that proves an erasure, a backup."""

CODE_KEY: Final = "sotto-code"
"""Trailing metadata in which the hub says the stable code of its sentence."""

Renewal = Callable[["Companion"], Awaitable[None]]
"""Fetches a fresh certificate with this client and keeps it. May raise `HubError` or `OSError`."""

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
_PAIR: Final = "pair it with `sotto pair`"
_MORE: Final = "to be allowed it, pair again with a code that `sotto pair --scopes` shows on the hub's machine"


def as_hub_error(code: grpc.StatusCode, details: str, address: str, stable: str = "") -> HubError:
    """The error that a gRPC status means for a person (pure).

    `address` names the hub in the sentence. `stable`: the hub's own code, where it said one; then `details` is the
    hub's own sentence. A failed TLS handshake also arrives as UNAVAILABLE; its details tell.
    """
    if code in _REFUSED:
        return _refused(details, address, stable)
    if code in _AWAY:
        return _away(details, address)
    if code in _USAGE:
        return UsageError(stable or code.name.lower(), details or "the hub cannot use that request")
    if stable and details:
        return HubError(stable, details)
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return HubError("old_hub", f"the hub at {address} is older than this command: update it")
    return HubError("hub", f"the hub at {address} failed ({code.name.lower()}); its log says more")


def _refused(details: str, address: str, stable: str) -> HubError:
    if stable == "wrong_scope":
        return NotPaired(stable, f"{details}; {_MORE}")
    return NotPaired(stable or "refused", details or f"the hub at {address} refuses this client: {_PAIR}")


def _away(details: str, address: str) -> HubError:
    if any(word in details.lower() for word in _DISTRUST):
        return NotPaired("not_trusted", f"the hub at {address} does not know this client: {_PAIR}")
    return LinkDown("hub_away", f"the hub at {address} cannot be reached; is `sotto-hub run` running?")


class Companion:
    """One connection to one hub. Use as an async context manager, or `close()` it.

    Every method may raise `LinkDown`, `NotPaired`, `UsageError` (the hub refuses the request) or `HubError`.
    """

    def __init__(self, channel: grpc.aio.Channel, *, address: str, renewal: Renewal | None = None) -> None:
        """`renewal`: what to do, once, when the hub says that this client's certificate is old."""
        self._channel = channel
        self._stub = CompanionStub(channel)
        self._renewal = renewal
        self.address = address
        self.answered = False  # whether the hub has said anything yet

    @classmethod
    def connect(cls, credentials: "Credentials", *, renewal: Renewal | None = None) -> Self:
        """A client over mutual TLS with what pairing gave this peer. Nothing travels before the first request."""
        from sotto_proto.secure import secure_channel

        return cls(secure_channel(credentials), address=credentials.address, renewal=renewal)

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
        """How the hub, its devices and its abilities are. Renews this client's certificate when the hub asks."""
        reply = await self._one(self._stub.Status(pb.StatusRequest(), timeout=REPLY_S))
        if reply.renew:
            await self._renew()
        return reply

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

    async def search(
        self, query: str, *, limit: int = 10, include_past: bool = False, as_of_ns: int = 0, known_at_ns: int = 0
    ) -> list[pb.MemoryHit]:
        """Memories by words, best first, each with why it was found.

        `as_of_ns`: what was true then; `known_at_ns`: as it was known then; 0: now.
        """
        request = pb.SearchMemoriesRequest(
            query=query, limit=limit, include_past=include_past, as_of_ns=as_of_ns, known_at_ns=known_at_ns
        )
        return await self._all(self._stub.SearchMemories(request, timeout=REPLY_S))

    async def show(self, memory_id: str, *, columns: int = 0) -> pb.ShownMemory:
        """One memory laid open. `columns`: how wide the plot of its curve may be, 40 to 200; 0: 78."""
        request = pb.ShowMemoryRequest(id=memory_id, columns=columns)
        return await self._one(self._stub.ShowMemory(request, timeout=REPLY_S))

    async def edit(self, memory_id: str, *, text: str | None = None, pinned: bool | None = None) -> pb.Memory:
        """Corrects, pins or unpins one memory; `None` leaves as it is.

        Corrected words may make a memory of their own: the reply is the one that stands now.
        """
        request = pb.EditMemoryRequest(id=memory_id)
        if text is not None:
            request.text = text
        if pinned is not None:
            request.pinned = pinned
        return await self._one(self._stub.EditMemory(request, timeout=REPLY_S))

    async def inbox(self) -> list[pb.Memory]:
        """What waits for the wearer's review, newest first."""
        return await self._all(self._stub.Inbox(pb.InboxRequest(), timeout=REPLY_S))

    async def answer_inbox(self, memory_id: str, *, keep: bool) -> pb.AnswerInboxReply:
        """Keeps what waits for review, or erases it for good."""
        request = pb.AnswerInboxRequest(id=memory_id, keep=keep)
        return await self._one(self._stub.AnswerInbox(request, timeout=LONG_REPLY_S))

    async def prune(self, *, cap: int = 0, dry_run: bool = False, undo: bool = False) -> pb.PruneMemoriesReply:
        """Moves what has faded most to the bin, `cap` at most (0: a hundred); or undoes the newest such run."""
        request = pb.PruneMemoriesRequest(cap=cap, dry_run=dry_run, undo=undo)
        return await self._one(self._stub.PruneMemories(request, timeout=LONG_REPLY_S))

    async def select(self, selection: pb.MemorySelection) -> list[pb.Memory]:
        """What an erasure of this selection would take; nothing is changed."""
        return await self._all(self._stub.SelectMemories(selection, timeout=LONG_REPLY_S))

    async def select_heard(self, selection: pb.MemorySelection) -> list[pb.Utterance]:
        """What was heard that an erasure of this selection would take back; nothing is changed."""
        return await self._all(self._stub.SelectHeard(selection, timeout=LONG_REPLY_S))

    async def erase(self, what: str | pb.MemorySelection, *, verify: bool = False) -> pb.EraseReply:
        """Erases one memory, or a selection, for good. `verify`: then searches every byte of the home for its words.

        One memory goes by its id alone, so that an older hub understands it too.
        """
        request = pb.EraseMemoryRequest(verify=verify)
        if isinstance(what, str):
            request.id = what
        elif what.WhichOneof("what") == "id":
            request.id = what.id
        else:
            request.selection.CopyFrom(what)
        return await self._one(self._stub.EraseMemory(request, timeout=_erasing_s(verify)))

    async def export(self, kinds: Sequence[str] = ()) -> AsyncIterator[str]:
        """All memories of these kinds (none named: all) in the portable form, line by line."""
        async for line in self._each(self._stub.ExportMemories(pb.ExportRequest(kinds=kinds), timeout=LONG_REPLY_S)):
            yield line.json

    async def import_(self, lines: Iterable[str]) -> pb.ImportReply:
        """Brings lines of the portable form in. All or nothing; the same line twice changes nothing."""
        requests = (pb.ImportLine(json=line) for line in lines)
        return await self._one(self._stub.ImportMemories(requests, timeout=LONG_REPLY_S))

    # ---- control

    async def mute(self, muted: bool = True, *, for_ns: int = 0, sensors: Sequence[str] = ()) -> pb.ControlReply:
        """Mutes (`for_ns` 0: until unmuted) or unmutes all devices. The reply says which have heard it.

        `sensors`: "mic", "camera", "eyes"; none named: all of them.
        """
        request = pb.MuteRequest(muted=muted, for_ns=for_ns, streams=sensors)
        return await self._one(self._stub.Mute(request, timeout=REPLY_S))

    async def off_the_record(self, last_ns: int, *, verify: bool = False) -> pb.EraseReply:
        """Takes back the last span: transcript, memory, and what still waits.

        `verify`: then searches every byte of the home for the words.
        """
        request = pb.OffTheRecordRequest(last_ns=last_ns, verify=verify)
        return await self._one(self._stub.OffTheRecord(request, timeout=_erasing_s(verify)))

    # ---- keeping

    async def new_code(
        self, role: link_pb2.PeerRole = link_pb2.PEER_ROLE_DEVICE, *, scopes: Sequence[str] = ()
    ) -> pb.PairingCode:
        """A one-time pairing code for a device or a client; the pairing port is open while it lives.

        `scopes`: what a client may do; none named: all but keep.
        """
        request = pb.NewPairingCodeRequest(role=role, scopes=scopes)
        return await self._one(self._stub.NewPairingCode(request, timeout=REPLY_S))

    async def peers(self) -> list[pb.PeerInfo]:
        """All that are paired, oldest first."""
        return list((await self._one(self._stub.Peers(pb.PeersRequest(), timeout=REPLY_S))).peers)

    async def revoke(self, peer: str) -> pb.PeerInfo:
        """Ends a peer, by its id or by a name that only one has."""
        return await self._one(self._stub.Revoke(pb.RevokeRequest(id=peer), timeout=REPLY_S))

    async def renew(self, credentials: "Credentials") -> "Credentials":
        """The same client with a fresh key and certificate, to be saved by the caller before it is used.

        The old one works until then. Raises `NotPaired` with code `reply` for an answer that cannot be right.
        """
        from sotto_proto.errors import PairingFailed
        from sotto_proto.signing import renewed

        try:
            return await self._one(renewed(credentials, self._stub))
        except PairingFailed as error:
            raise NotPaired(error.code, error.sentence) from None

    async def audit(self) -> pb.AuditReply:
        """Whom the hub has spoken with, and whom it refused to call."""
        return await self._one(self._stub.Audit(pb.AuditRequest(), timeout=REPLY_S))

    async def backup(self, passphrase: str) -> AsyncIterator[bytes]:
        """The whole home, sealed with a passphrase, piece by piece."""
        async for chunk in self._each(self._stub.Backup(pb.BackupRequest(passphrase=passphrase), timeout=SEARCH_S)):
            yield chunk.data

    async def _renew(self) -> None:
        """Once a connection: a hub or a disk that is not ready for it now asks again next time."""
        renewal, self._renewal = self._renewal, None
        if renewal is not None:
            with suppress(HubError, OSError):
                await renewal(self)

    # ---- one place where gRPC's errors become ours

    async def _one(self, call: Awaitable[T]) -> T:
        try:
            reply = await call
        except grpc.aio.AioRpcError as error:
            raise self._said(error) from None
        self.answered = True
        return reply

    async def _each(self, call: Streamed[T]) -> AsyncIterator[T]:
        try:
            async for message in call:
                self.answered = True
                yield message
        except grpc.aio.AioRpcError as error:
            raise self._said(error) from None
        finally:
            call.cancel()  # a reader that stops early leaves nothing running on the hub

    def _said(self, error: grpc.aio.AioRpcError) -> HubError:
        return as_hub_error(error.code(), error.details() or "", self.address, _stable_code(error))

    async def _all(self, call: Streamed[T]) -> list[T]:
        return [message async for message in self._each(call)]


def _erasing_s(verify: bool) -> float:
    return SEARCH_S if verify else LONG_REPLY_S


def _stable_code(error: grpc.aio.AioRpcError) -> str:
    """The hub's own code, if it said one."""
    for key, value in error.trailing_metadata() or ():
        if key == CODE_KEY:
            return value if isinstance(value, str) else value.decode("ascii", "replace")
    return ""
