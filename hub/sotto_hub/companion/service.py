"""The Companion service over gRPC: only translates between messages and the hub. The gate has admitted the caller."""

# ruff: noqa: N802  (methods carry the names of their RPCs)

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from grpc.aio import ServicerContext

from sotto_hub.companion import translate
from sotto_hub.companion.custody import Custody
from sotto_hub.companion.erasing import Erasing
from sotto_hub.companion.laid_open import shown
from sotto_hub.companion.memories import Memories
from sotto_hub.companion.peering import Peering
from sotto_hub.companion.review import Review
from sotto_hub.hub import Hub
from sotto_hub.pairing.desk import PairingDesk
from sotto_hub.pairing.gate import peer_of
from sotto_hub.records import Erased
from sotto_hub.verify.proof import Prover
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionServicer

Context = ServicerContext[Any, Any]


class Companion(CompanionServicer):
    """One method per RPC of `companion.proto`, in its order."""

    def __init__(self, hub: Hub, desk: PairingDesk, custody: Custody, prover: Prover) -> None:
        self._hub = hub
        self._custody = custody
        self._peering = Peering(desk)
        self._memories = Memories(hub)
        self._erasing = Erasing(hub)
        self._review = Review(hub, self._erasing)
        self._prover = prover

    async def Watch(self, request: pb.WatchRequest, context: Context) -> AsyncIterator[pb.Event]:
        """Events from now on; the first is the status as it stands, so that a watcher knows that it watches."""
        with self._hub.bus.watch() as watcher:
            yield translate.event(self._hub.status(), 0)
            while (happened := await watcher.next()) is not None:
                yield translate.event(happened, self._hub.now_ns())

    async def Status(self, request: pb.StatusRequest, context: Context) -> pb.StatusReply:
        """How everything is."""
        reply = translate.status(self._hub.status())
        reply.renew = self._peering.wants_renewal(peer_of(context)[0])
        return reply

    async def Ledger(self, request: pb.LedgerRequest, context: Context) -> pb.LedgerReply:
        """What became of every captured span."""
        return pb.LedgerReply(rows=[translate.ledger_row(row) for row in self._hub.ledger()])

    async def Transcript(self, request: pb.TranscriptRequest, context: Context) -> AsyncIterator[pb.Utterance]:
        """What was heard, oldest first."""
        transcript = self._hub.stores.transcript
        for said in transcript.utterances(
            since_ns=request.since_ns, until_ns=request.until_ns or None, last=request.last or None
        ):
            yield translate.utterance(said)

    async def Ask(self, request: pb.AskRequest, context: Context) -> AsyncIterator[pb.AskReply]:
        """An answer from memory."""
        vector = await self._hub.meaning_of(request.question)
        for reply in translate.answer(self._hub.ask(request.question, request.asked_at_ns, vector)):
            yield reply

    async def Suggestions(self, request: pb.SuggestionsRequest, context: Context) -> AsyncIterator[pb.Suggestion]:
        """What was offered, oldest first."""
        for offered in self._hub.stores.shelf.all(open_only=request.open_only):
            yield translate.suggestion(offered)

    async def AnswerSuggestion(self, request: pb.AnswerSuggestionRequest, context: Context) -> pb.Suggestion:
        """The wearer's answer."""
        answered = self._hub.answer(request.id, translate.verdict(request.answer), request.text)
        return translate.suggestion(answered)

    async def ListMemories(self, request: pb.ListMemoriesRequest, context: Context) -> AsyncIterator[pb.Memory]:
        """Memories by kind."""
        for record in self._memories.list(request.kinds, request.include_past, request.limit):
            yield translate.memory(record, self._hub.now_ns())

    async def SearchMemories(
        self, request: pb.SearchMemoriesRequest, context: Context
    ) -> AsyncIterator[pb.MemoryHit]:
        """Memories by words."""
        sought = translate.sought(request)
        for found in self._memories.search(sought, await self._hub.meaning_of(sought.query)):
            yield translate.hit(found, self._hub.now_ns())

    async def EditMemory(self, request: pb.EditMemoryRequest, context: Context) -> pb.Memory:
        """Corrects, pins or unpins."""
        text = request.text if request.HasField("text") else None
        pinned = request.pinned if request.HasField("pinned") else None
        return translate.memory(self._memories.edit(request.id, text, pinned), self._hub.now_ns())

    async def ShowMemory(self, request: pb.ShowMemoryRequest, context: Context) -> pb.ShownMemory:
        """Lays one memory open."""
        return shown(self._memories.show(request.id), request.columns, self._hub.stores.transcript.get)

    async def Inbox(self, request: pb.InboxRequest, context: Context) -> AsyncIterator[pb.Memory]:
        """What waits for review."""
        for record in self._review.inbox():
            yield translate.memory(record, self._hub.now_ns())

    async def AnswerInbox(self, request: pb.AnswerInboxRequest, context: Context) -> pb.AnswerInboxReply:
        """Keeps one of those, or erases it."""
        if request.keep:
            kept = self._review.accept(request.id)
            return pb.AnswerInboxReply(kept=translate.memory(kept, self._hub.now_ns()))
        return pb.AnswerInboxReply(erased=translate.erase_reply(self._review.reject(request.id)))

    async def PruneMemories(self, request: pb.PruneMemoriesRequest, context: Context) -> pb.PruneMemoriesReply:
        """Moves to the bin what has faded most, or brings it back."""
        review = self._review
        done = review.undo() if request.undo else review.prune(request.cap, dry_run=request.dry_run)
        return translate.pruning(done, self._hub.now_ns())

    async def SelectMemories(self, request: pb.MemorySelection, context: Context) -> AsyncIterator[pb.Memory]:
        """What an erasure would take."""
        for record in self._erasing.chosen(translate.selection(request)):
            yield translate.memory(record, self._hub.now_ns())

    async def SelectHeard(self, request: pb.MemorySelection, context: Context) -> AsyncIterator[pb.Utterance]:
        """What was heard that an erasure would take back."""
        for said in self._erasing.heard(translate.selection(request)):
            yield translate.utterance(said)

    async def EraseMemory(self, request: pb.EraseMemoryRequest, context: Context) -> pb.EraseReply:
        """Erases for good, and proves it where that is asked for."""
        return await self._erased(partial(self._erasing.erase, translate.to_erase(request)), request.verify)

    async def ExportMemories(self, request: pb.ExportRequest, context: Context) -> AsyncIterator[pb.ExportLine]:
        """Memories in the portable form."""
        for line in self._memories.export(request.kinds):
            yield pb.ExportLine(json=line)

    async def ImportMemories(
        self, request_iterator: AsyncIterator[pb.ImportLine], context: Context
    ) -> pb.ImportReply:
        """Brings memories in."""
        done = await self._memories.bring_in(line.json async for line in request_iterator)
        return pb.ImportReply(added=done.added, unchanged=done.unchanged)

    async def Mute(self, request: pb.MuteRequest, context: Context) -> pb.ControlReply:
        """Mutes or unmutes the devices."""
        return translate.reach(await self._hub.mute(request.muted, request.for_ns, request.streams))

    async def OffTheRecord(self, request: pb.OffTheRecordRequest, context: Context) -> pb.EraseReply:
        """Takes back the last span, and proves it where that is asked for."""
        return await self._erased(partial(self._hub.off_the_record, request.last_ns), request.verify)

    async def NewPairingCode(self, request: pb.NewPairingCodeRequest, context: Context) -> pb.PairingCode:
        """Makes a one-time code."""
        return await self._peering.new_code(request)

    async def Peers(self, request: pb.PeersRequest, context: Context) -> pb.PeersReply:
        """All that are paired."""
        return self._peering.all()

    async def Revoke(self, request: pb.RevokeRequest, context: Context) -> pb.PeerInfo:
        """Ends a peer."""
        return self._peering.revoke(request.id)

    async def Renew(self, request: link_pb2.RenewRequest, context: Context) -> link_pb2.RenewReply:
        """A fresh certificate for the client that calls."""
        return self._peering.renew(peer_of(context)[0], request.certificate_request)

    async def Audit(self, request: pb.AuditRequest, context: Context) -> pb.AuditReply:
        """Whom the hub has spoken with, and whom it refused to call."""
        return self._custody.audit()

    async def Backup(self, request: pb.BackupRequest, context: Context) -> AsyncIterator[pb.BackupChunk]:
        """The whole home, sealed with a passphrase."""
        async for chunk in self._custody.backup(request.passphrase):
            yield chunk

    async def _erased(self, erase: Callable[[], Erased], verify: bool) -> pb.EraseReply:
        if not verify:
            return translate.erase_reply(erase())
        gone, search = await self._prover.proved(erase)
        reply = translate.erase_reply(gone)
        reply.search.CopyFrom(translate.search(search))
        return reply
