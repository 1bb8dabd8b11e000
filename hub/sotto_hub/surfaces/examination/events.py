"""What stands at the end of a replay, as events that can be scored (pure): one JSON object each.

    {"type": "utterance",  "id", "at", "until", "speaker", "text"}
    {"type": "memory",     "op", "id", "kind", "text", "evidence", "due", "status", "valid_until", "at"}
    {"type": "suggestion", "id", "at", "kind", "text", "evidence"}
    {"type": "answer",     "question", "text", "abstained", "evidence"}

Times are ISO 8601 with the wearer's offset. `op` is added, superseded or archived; what was erased is not there.
"""

from collections.abc import Sequence
from datetime import tzinfo

from sotto_hub.surfaces.jsonform import Json
from sotto_hub.surfaces.localtime import iso
from sotto_proto.v1 import companion_pb2 as pb


def utterance_event(utterance: pb.Utterance, zone: tzinfo) -> dict[str, Json]:
    """Final words."""
    return {
        "type": "utterance",
        "id": utterance.id,
        "at": iso(utterance.start_ns, zone),
        "until": iso(utterance.end_ns, zone),
        "speaker": utterance.speaker or None,
        "text": utterance.text,
    }


def memory_event(memory: pb.Memory, zone: tzinfo) -> dict[str, Json]:
    """A memory as it stands; a commitment has its due time and status."""
    event: dict[str, Json] = {
        "type": "memory",
        "op": _standing(memory),
        "id": memory.id,
        "kind": memory.kind,
        "text": memory.text,
        "evidence": [*memory.evidence],
        "due": None,
        "status": None,
        "valid_until": iso(memory.valid_until_ns, zone) if memory.valid_until_ns else None,
        "at": iso(memory.recorded_ns, zone),
    }
    if memory.kind == "commitment":
        event |= {"due": memory.details.get("due") or None, "status": memory.details.get("status") or "open"}
    return event


def suggestion_event(suggestion: pb.Suggestion, zone: tzinfo) -> dict[str, Json]:
    """A suggestion at the event time at which it was offered."""
    return {
        "type": "suggestion",
        "id": suggestion.id,
        "at": iso(suggestion.at_ns, zone),
        "kind": suggestion.kind,
        "text": suggestion.text,
        "evidence": [*suggestion.evidence],
    }


def answer_event(question_id: str, replies: Sequence[pb.AskReply]) -> dict[str, Json]:
    """An answer, its pieces joined, with the ids it rests on."""
    return {
        "type": "answer",
        "question": question_id,
        "text": "".join(reply.text for reply in replies),
        "abstained": any(reply.abstained for reply in replies),
        "evidence": [citation.id for reply in replies for citation in reply.citations],
    }


def _standing(memory: pb.Memory) -> str:
    if memory.superseded_ns:
        return "superseded"
    return "archived" if memory.archived else "added"
