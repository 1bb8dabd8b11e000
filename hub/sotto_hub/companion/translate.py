"""Records of the hub to messages of the Companion API, and a few words back (pure)."""

from typing import Final

from sotto_hub import records as r
from sotto_hub.bus import Event, Lagged
from sotto_hub.companion.memories import Sought
from sotto_hub.companion.review import Pruning
from sotto_hub.companion.sayings import Selection
from sotto_hub.errors import UsageError
from sotto_hub.ingest.fleet import Reach
from sotto_hub.verify.proof import Search
from sotto_memory.hits import Hit
from sotto_memory.records import MemoryRecord
from sotto_memory.strength import retrievability
from sotto_proto.v1 import companion_pb2 as pb

_STATES: Final = {
    r.Verdict.OFFERED: pb.SUGGESTION_STATE_OFFERED,
    r.Verdict.ACCEPTED: pb.SUGGESTION_STATE_ACCEPTED,
    r.Verdict.EDITED: pb.SUGGESTION_STATE_EDITED,
    r.Verdict.LATER: pb.SUGGESTION_STATE_LATER,
    r.Verdict.DISMISSED: pb.SUGGESTION_STATE_DISMISSED,
    r.Verdict.NEVER: pb.SUGGESTION_STATE_NEVER,
}
_VERDICTS: Final = {state: verdict for verdict, state in _STATES.items()}


def event(happened: Event, now_ns: int) -> pb.Event:  # noqa: PLR0911  (one line a kind)
    """Anything that a watcher sees."""
    match happened:
        case r.Partial(device_id=device_id, start_ns=start_ns, text=text):
            return pb.Event(partial=pb.Partial(device_id=device_id, start_ns=start_ns, text=text))
        case r.Utterance():
            return pb.Event(utterance=utterance(happened))
        case r.Suggestion():
            return pb.Event(suggestion=suggestion(happened))
        case MemoryRecord():
            return pb.Event(memory=memory(happened, now_ns))
        case r.Erased():
            return pb.Event(erased=erased(happened))
        case r.HubStatus():
            return pb.Event(status=status(happened))
        case r.Contact():
            return pb.Event(refused=contact(happened))
        case Lagged(missed=missed):
            return pb.Event(lagged=pb.Lagged(missed=missed))


def contact(one: r.Contact) -> pb.Contact:
    """One other end."""
    return pb.Contact(
        who=one.who,
        name=one.name,
        purpose=one.purpose,
        outgoing=one.outgoing,
        since_ns=one.since_ns,
        last_ns=one.last_ns,
        sent_bytes=one.sent_bytes,
        received_bytes=one.received_bytes,
        calls=one.calls,
        refused=one.refused,
    )


def utterance(said: r.Utterance) -> pb.Utterance:
    """Words as they were heard."""
    return pb.Utterance(
        id=said.id,
        device_id=said.device_id,
        start_ns=said.start_ns,
        end_ns=said.end_ns,
        speaker=said.speaker or "",
        text=said.text,
        confidence=said.confidence,
        engine=said.engine,
    )


def suggestion(offered: r.Suggestion) -> pb.Suggestion:
    """What was offered, and how it stands."""
    return pb.Suggestion(
        id=offered.id,
        at_ns=offered.at_ns,
        kind=offered.kind,
        text=offered.text,
        reason=offered.reason,
        evidence=offered.evidence,
        state=_STATES[offered.verdict],
        answered_ns=offered.answered_ns or 0,
    )


def memory(record: MemoryRecord, now_ns: int) -> pb.Memory:
    """A memory, and how well it would be recalled now."""
    return pb.Memory(
        id=record.id,
        kind=record.kind.value,
        text=record.text,
        subject=record.subject,
        source=record.source.value,
        evidence=record.evidence,
        valid_from_ns=record.valid_from_ns or 0,
        valid_until_ns=record.valid_until_ns or 0,
        recorded_ns=record.recorded_ns,
        superseded_ns=record.superseded_ns or 0,
        confidence=record.confidence,
        importance=record.importance,
        pinned=record.pinned,
        label=record.label,
        archived=record.archived,
        retrievability=retrievability(record, now_ns),
        details=dict(record.details),
        slot=record.slot,
        doubt=record.doubt,
        binned_ns=record.binned_ns or 0,
        uses=record.uses,
        last_use_ns=record.last_use_ns,
    )


def hit(found: Hit, now_ns: int) -> pb.MemoryHit:
    """A memory that a search found, and why."""
    parts = {part.value: weight for part, weight in found.parts.items()}
    return pb.MemoryHit(memory=memory(found.record, now_ns), score=found.score, why=found.why, parts=parts)


def sought(request: pb.SearchMemoriesRequest) -> Sought:
    """What a search looks for."""
    return Sought(
        query=request.query,
        limit=request.limit,
        include_past=request.include_past,
        as_of_ns=request.as_of_ns,
        known_at_ns=request.known_at_ns,
    )


def selection(request: pb.MemorySelection) -> Selection:
    """Which memories are meant. Raises `UsageError` with code `selection`."""
    match request.WhichOneof("what"):
        case "id":
            return Selection(id=request.id)
        case "person":
            return Selection(person=request.person)
        case "span":
            return Selection(span=(request.span.from_ns, request.span.to_ns))
        case "query":
            return Selection(query=request.query)
        case "bin" if request.bin:
            return Selection(bin=True)
        case _:
            raise UsageError(
                "selection", "say which memories: by id, person, span of time, words, or those in the bin"
            )


def to_erase(request: pb.EraseMemoryRequest) -> Selection:
    """Which memories are to be erased: a selection, or the one with the id."""
    return selection(request.selection) if request.HasField("selection") else Selection(id=request.id)


def pruning(done: Pruning, now_ns: int) -> pb.PruneMemoriesReply:
    """What went to the bin, or came back."""
    return pb.PruneMemoriesReply(memories=[memory(record, now_ns) for record in done.records], left=done.left)


def erased(gone: r.Erased) -> pb.Erased:
    """What is gone, for watchers."""
    return pb.Erased(
        utterance_ids=gone.utterance_ids, memory_ids=gone.memory_ids, from_ns=gone.from_ns, to_ns=gone.to_ns
    )


def erase_reply(gone: r.Erased) -> pb.EraseReply:
    """What is gone, in numbers."""
    return pb.EraseReply(
        utterances=len(gone.utterance_ids), memories=len(gone.memory_ids), suggestions=len(gone.suggestion_ids)
    )


def search(shown: Search) -> pb.Search:
    """What a search of the home has shown."""
    return pb.Search(
        files=shown.files,
        bytes=shown.bytes,
        phrases=shown.phrases,
        found_in=shown.found_in,
        still_said=shown.still_said,
    )


def status(state: r.HubStatus) -> pb.StatusReply:
    """How everything is."""
    return pb.StatusReply(
        hub_id=state.hub_id,
        version=state.version,
        devices=[_device(device) for device in state.devices],
        rungs=[pb.Rung(ability=u.ability, rung=u.rung, better=u.better, climb=u.climb) for u in state.rungs],
        utterances=state.utterances,
        memories=state.memories,
        suggestions=state.suggestions,
        watermark_ns=state.watermark_ns,
        home=state.home,
        timezone=state.timezone,
    )


def _device(state: r.DeviceStatus) -> pb.DeviceStatus:
    return pb.DeviceStatus(
        device_id=state.device_id,
        name=state.name,
        connected=state.connected,
        muted=state.muted,
        muted_until_ns=state.muted_until_ns,
        heard_until_ns=state.heard_until_ns,
        waiting_frames=state.waiting_frames,
        closed=state.closed,
        owed_ns=state.owed_ns,
        clock_error_ns=state.clock_error_ns,
    )


def ledger_row(row: r.LedgerRow) -> pb.LedgerRow:
    """One stream of one boot."""
    return pb.LedgerRow(
        device_id=row.device_id,
        boot_id=row.boot_id,
        stream=row.stream,
        captured_ns=row.captured_ns,
        committed_ns=row.committed_ns,
        silent_ns=row.silent_ns,
        muted_ns=row.muted_ns,
        lost_ns=dict(row.lost_ns),
        waiting_ns=row.waiting_ns,
    )


def answer(said: r.Answer) -> tuple[pb.AskReply, pb.AskReply]:
    """The words, and then what they rest on."""
    citations = [pb.Citation(id=c.id, at_ns=c.at_ns, text=c.text) for c in said.citations]
    return pb.AskReply(text=said.text), pb.AskReply(done=True, abstained=said.abstained, citations=citations)


def reach(reached: Reach) -> pb.ControlReply:
    """Which devices a command has reached."""
    return pb.ControlReply(reached=reached.reached, out_of_reach=reached.out_of_reach)


def verdict(state: pb.SuggestionState) -> r.Verdict:
    """The wearer's answer. Raises `UsageError` with code `verdict`."""
    if state not in _VERDICTS:
        raise UsageError("verdict", "that is no answer to a suggestion")
    return _VERDICTS[state]
