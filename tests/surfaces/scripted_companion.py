"""A scripted hub for the surfaces' tests: the real Companion service over real gRPC and mutual TLS on loopback.

    async with scripted_companion() as hub:
        hub.memories.append(pb.Memory(id="m1", kind="fact", text="Nora's dentist is Doctor Ek"))
        async with hub.client() as client: ...
        await hub.emit(pb.Event(partial=pb.Partial(text="the rent is")))   # waits until somebody watches
        hub.asked      # every request that came, in order

`hub.fail["Status"] = (grpc.StatusCode.UNAVAILABLE, "gone")` makes one call fail; a third entry is the stable code. A
backup fails at its end. `hub.pairs` is who pairs as soon as a code is made. It keeps lists, nothing more.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import grpc
import grpc.aio
from google.protobuf.message import Message

from sotto_hub.client import CODE_KEY, Companion
from sotto_proto.channel import client_options, server_options
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionServicer, add_CompanionServicer_to_server
from tests.surfaces.scripted_authority import Authority

WAIT_S = 10.0

Context = grpc.aio.ServicerContext[Any, Any]
Lines = AsyncIterator[pb.ImportLine]
Hits = AsyncIterator[pb.MemoryHit]


class ScriptedCompanion(CompanionServicer):
    """What the hub answers is what a test put into its lists."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.address = ""
        self.asked: list[Message] = []
        self.fail: dict[str, tuple[grpc.StatusCode, str] | tuple[grpc.StatusCode, str, str]] = {}
        self.status = pb.StatusReply(hub_id="hub-1", version="0.1.0", timezone="Europe/Stockholm", home="/tmp/home")
        self.rows: list[pb.LedgerRow] = []
        self.utterances: list[pb.Utterance] = []
        self.offered: list[pb.Suggestion] = []
        self.memories: list[pb.Memory] = []
        self.shown: dict[str, pb.ShownMemory] = {}
        self.pruned = pb.PruneMemoriesReply()
        self.answers: dict[str, Sequence[pb.AskReply]] = {}
        self.control = pb.ControlReply()
        self.erased = pb.EraseReply()
        self.search: pb.Search | None = None
        self.code = pb.PairingCode(code="482913", fingerprint="ABCD-EFGH-JKMN-PQRS")
        self.paired: list[pb.PeerInfo] = []
        self.pairs: pb.PeerInfo | None = None
        self.contacts = pb.AuditReply()
        self.backup: list[bytes] = []
        self._readers: list[asyncio.Queue[pb.Event | None]] = []
        self._watched = asyncio.Event()

    def client(self) -> Companion:
        """A client as pairing would have made it."""
        credentials = self.authority.channel_credentials()
        channel = grpc.aio.secure_channel(self.address, credentials, options=client_options())
        return Companion(channel, address=self.address)

    def save_client(self, home: Path) -> None:
        """Leaves a keeper's certificate in a home, as the hub does on its own machine."""
        self.authority.save_client(home / "keeper", self.address)

    def requests(self, kind: type[Message]) -> list[Any]:
        """The requests of one kind that came so far."""
        return [request for request in self.asked if isinstance(request, kind)]

    async def watched(self) -> None:
        """Waits until somebody watches."""
        await asyncio.wait_for(self._watched.wait(), WAIT_S)

    async def emit(self, *events: pb.Event) -> None:
        """Sends events to all who watch; waits for the first watcher."""
        await self.watched()
        for event in events:
            for reader in self._readers:
                reader.put_nowait(event)

    async def hang_up(self) -> None:
        """Ends all watching, as a hub that stops does."""
        await self.watched()
        for reader in self._readers:
            reader.put_nowait(None)

    # ---- the service

    async def Watch(self, request: pb.WatchRequest, context: Context) -> AsyncIterator[pb.Event]:
        await self._take("Watch", request, context)
        reader: asyncio.Queue[pb.Event | None] = asyncio.Queue()
        self._readers.append(reader)
        self._watched.set()
        try:
            while (event := await reader.get()) is not None:
                yield event
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the hub stops")
        finally:
            self._readers.remove(reader)

    async def Status(self, request: pb.StatusRequest, context: Context) -> pb.StatusReply:
        await self._take("Status", request, context)
        return self.status

    async def Ledger(self, request: pb.LedgerRequest, context: Context) -> pb.LedgerReply:
        await self._take("Ledger", request, context)
        return pb.LedgerReply(rows=self.rows)

    async def Transcript(self, request: pb.TranscriptRequest, context: Context) -> AsyncIterator[pb.Utterance]:
        await self._take("Transcript", request, context)
        for utterance in self.utterances[-request.last :] if request.last else self.utterances:
            yield utterance

    async def Ask(self, request: pb.AskRequest, context: Context) -> AsyncIterator[pb.AskReply]:
        await self._take("Ask", request, context)
        unknown = (pb.AskReply(text="I have nothing on that.", done=True, abstained=True),)
        for reply in self.answers.get(request.question, unknown):
            yield reply

    async def Suggestions(self, request: pb.SuggestionsRequest, context: Context) -> AsyncIterator[pb.Suggestion]:
        await self._take("Suggestions", request, context)
        for suggestion in self.offered:
            if not request.open_only or suggestion.state == pb.SUGGESTION_STATE_OFFERED:
                yield suggestion

    async def AnswerSuggestion(self, request: pb.AnswerSuggestionRequest, context: Context) -> pb.Suggestion:
        await self._take("AnswerSuggestion", request, context)
        suggestion = next((s for s in self.offered if s.id == request.id), None)
        if suggestion is None:
            await self._unknown(context, "suggestion")
        suggestion.state = request.answer
        return suggestion

    async def ListMemories(self, request: pb.ListMemoriesRequest, context: Context) -> AsyncIterator[pb.Memory]:
        await self._take("ListMemories", request, context)
        for memory in self.memories:
            past = memory.superseded_ns or memory.archived
            if (not request.kinds or memory.kind in request.kinds) and (request.include_past or not past):
                yield memory

    async def SearchMemories(self, request: pb.SearchMemoriesRequest, context: Context) -> Hits:
        await self._take("SearchMemories", request, context)
        for memory in self.memories:
            if request.query.lower() in memory.text.lower():
                yield pb.MemoryHit(memory=memory, score=1.0, why="the words match")

    async def EditMemory(self, request: pb.EditMemoryRequest, context: Context) -> pb.Memory:
        await self._take("EditMemory", request, context)
        memory = next((m for m in self.memories if m.id == request.id), None)
        if memory is None:
            await self._unknown(context, "memory")
        memory.text = request.text if request.HasField("text") else memory.text
        memory.pinned = request.pinned if request.HasField("pinned") else memory.pinned
        return memory

    async def ShowMemory(self, request: pb.ShowMemoryRequest, context: Context) -> pb.ShownMemory:
        await self._take("ShowMemory", request, context)
        if request.id not in self.shown:
            await self._unknown(context, "memory")
        return self.shown[request.id]

    async def Inbox(self, request: pb.InboxRequest, context: Context) -> AsyncIterator[pb.Memory]:
        await self._take("Inbox", request, context)
        for memory in self.memories:
            if memory.doubt:
                yield memory

    async def AnswerInbox(self, request: pb.AnswerInboxRequest, context: Context) -> pb.AnswerInboxReply:
        await self._take("AnswerInbox", request, context)
        memory = next((m for m in self.memories if m.id == request.id), None)
        if memory is None:
            await self._unknown(context, "memory")
        if request.keep:
            memory.doubt = ""
            return pb.AnswerInboxReply(kept=memory)
        self.memories.remove(memory)
        return pb.AnswerInboxReply(erased=pb.EraseReply(memories=1))

    async def PruneMemories(self, request: pb.PruneMemoriesRequest, context: Context) -> pb.PruneMemoriesReply:
        await self._take("PruneMemories", request, context)
        return self.pruned

    async def SelectMemories(self, request: pb.MemorySelection, context: Context) -> AsyncIterator[pb.Memory]:
        await self._take("SelectMemories", request, context)
        for memory in self._selected(request):
            yield memory

    async def SelectHeard(self, request: pb.MemorySelection, context: Context) -> AsyncIterator[pb.Utterance]:
        for said in self.utterances if request.WhichOneof("what") in {"person", "query"} else ():
            if (request.person or request.query).lower() in said.text.lower():
                yield said

    async def EraseMemory(self, request: pb.EraseMemoryRequest, context: Context) -> pb.EraseReply:
        await self._take("EraseMemory", request, context)
        going = self._selected(
            request.selection if request.HasField("selection") else pb.MemorySelection(id=request.id)
        )
        if not going:
            await self._unknown(context, "memory")
        self.memories = [memory for memory in self.memories if memory not in going]
        return pb.EraseReply(memories=len(going), search=self.search if request.verify else None)

    async def ExportMemories(self, request: pb.ExportRequest, context: Context) -> AsyncIterator[pb.ExportLine]:
        await self._take("ExportMemories", request, context)
        for memory in self.memories:
            yield pb.ExportLine(json=json.dumps({"id": memory.id, "text": memory.text}))

    async def ImportMemories(self, request_iterator: Lines, context: Context) -> pb.ImportReply:
        lines = [line async for line in request_iterator]
        for line in lines:
            await self._take("ImportMemories", line, context)
        return pb.ImportReply(added=len(lines))

    async def Mute(self, request: pb.MuteRequest, context: Context) -> pb.ControlReply:
        await self._take("Mute", request, context)
        return self.control

    async def OffTheRecord(self, request: pb.OffTheRecordRequest, context: Context) -> pb.EraseReply:
        await self._take("OffTheRecord", request, context)
        erased = pb.EraseReply()
        erased.CopyFrom(self.erased)
        if request.verify and self.search is not None:
            erased.search.CopyFrom(self.search)
        return erased

    async def NewPairingCode(self, request: pb.NewPairingCodeRequest, context: Context) -> pb.PairingCode:
        await self._take("NewPairingCode", request, context)
        if self.pairs is not None:
            self.paired.append(self.pairs)
        return self.code

    async def Peers(self, request: pb.PeersRequest, context: Context) -> pb.PeersReply:
        await self._take("Peers", request, context)
        return pb.PeersReply(peers=self.paired)

    async def Revoke(self, request: pb.RevokeRequest, context: Context) -> pb.PeerInfo:
        await self._take("Revoke", request, context)
        gone = next((peer for peer in self.paired if request.id in (peer.id, peer.name)), None)
        if gone is None:
            await self._unknown(context, "peer")
        self.paired.remove(gone)
        return gone

    async def Renew(self, request: link_pb2.RenewRequest, context: Context) -> link_pb2.RenewReply:
        await self._take("Renew", request, context)
        certificate = self.authority.signed(request.certificate_request)
        return link_pb2.RenewReply(certificate=certificate, authority=self.authority.pem)

    async def Audit(self, request: pb.AuditRequest, context: Context) -> pb.AuditReply:
        await self._take("Audit", request, context)
        return self.contacts

    async def Backup(self, request: pb.BackupRequest, context: Context) -> AsyncIterator[pb.BackupChunk]:
        for data in self.backup:
            yield pb.BackupChunk(data=data)
        await self._take("Backup", request, context)

    def _selected(self, selection: pb.MemorySelection) -> list[pb.Memory]:
        """By id, or by any word of the others in the text; a span is of what was recorded in it."""
        match selection.WhichOneof("what"):
            case "id":
                return [memory for memory in self.memories if memory.id == selection.id]
            case "bin":
                return [memory for memory in self.memories if memory.binned_ns]
            case "span":
                span = selection.span
                return [memory for memory in self.memories if span.from_ns <= memory.recorded_ns < span.to_ns]
            case _:
                words = (selection.person or selection.query).lower()
                return [memory for memory in self.memories if words in memory.text.lower()]

    async def _take(self, call: str, request: Message, context: Context) -> None:
        self.asked.append(request)
        if call in self.fail:
            code, sentence, *stable = self.fail[call]
            await context.abort(code, sentence, tuple((CODE_KEY, word) for word in stable))

    async def _unknown(self, context: Context, what: str) -> NoReturn:
        await context.abort(grpc.StatusCode.NOT_FOUND, f"there is no such {what}")


@asynccontextmanager
async def scripted_companion() -> AsyncIterator[ScriptedCompanion]:
    """A scripted hub that listens on a port of loopback of its own."""
    hub = ScriptedCompanion(Authority())
    server = grpc.aio.server(options=server_options())
    add_CompanionServicer_to_server(hub, server)
    port = server.add_secure_port("127.0.0.1:0", hub.authority.server_credentials())
    hub.address = f"127.0.0.1:{port}"
    await server.start()
    try:
        yield hub
    finally:
        await server.stop(grace=None)
