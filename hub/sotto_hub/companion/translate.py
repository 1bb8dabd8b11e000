"""Records of the hub to messages of the Companion API, and a few words back (pure)."""

from typing import Final

from sotto_hub import records as r
from sotto_hub.bus import Event, Lagged
from sotto_hub.errors import UsageError
from sotto_hub.ingest.fleet import Reach
from sotto_hub.pairing.desk import ShownCode
from sotto_memory.records import Hit, MemoryRecord
from sotto_memory.strength import retrievability
from sotto_proto.pairing import PeerRole
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2

_STATES: Final = {
    r.Verdict.OFFERED: pb.SUGGESTION_STATE_OFFERED,
    r.Verdict.ACCEPTED: pb.SUGGESTION_STATE_ACCEPTED,
    r.Verdict.EDITED: pb.SUGGESTION_STATE_EDITED,
    r.Verdict.LATER: pb.SUGGESTION_STATE_LATER,
    r.Verdict.DISMISSED: pb.SUGGESTION_STATE_DISMISSED,
    r.Verdict.NEVER: pb.SUGGESTION_STATE_NEVER,
}
_VERDICTS: Final = {state: verdict for verdict, state in _STATES.items()}
_ROLES: Final = {link_pb2.PEER_ROLE_DEVICE: PeerRole.DEVICE, link_pb2.PEER_ROLE_CLIENT: PeerRole.CLIENT}


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
        case Lagged(missed=missed):
            return pb.Event(lagged=pb.Lagged(missed=missed))


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
    )


def hit(found: Hit, now_ns: int) -> pb.MemoryHit:
    """A memory that a search found, and why."""
    return pb.MemoryHit(memory=memory(found.record, now_ns), score=found.score, why=found.why)


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


def code(shown: ShownCode) -> pb.PairingCode:
    """A pairing code to be read out."""
    return pb.PairingCode(code=shown.code, port=shown.port, expires_ns=shown.expires_ns)


def verdict(state: pb.SuggestionState) -> r.Verdict:
    """The wearer's answer. Raises `UsageError` with code `verdict`."""
    if state not in _VERDICTS:
        raise UsageError("verdict", "that is no answer to a suggestion")
    return _VERDICTS[state]


def role(wanted: link_pb2.PeerRole) -> PeerRole:
    """The role of a peer to be. Raises `UsageError` with code `role`."""
    if wanted not in _ROLES:
        raise UsageError("role", "a peer is a device or a client")
    return _ROLES[wanted]
