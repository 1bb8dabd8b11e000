"""The events that a replay writes, as the examination reads them."""

from zoneinfo import ZoneInfo

from sotto_hub.surfaces.examination.events import answer_event, memory_event, suggestion_event, utterance_event
from sotto_hub.surfaces.localtime import from_iso
from sotto_proto.v1 import companion_pb2 as pb

ZONE = ZoneInfo("Europe/Stockholm")
AT = "2026-03-09T08:00:08+01:00"
AT_NS = from_iso(AT)


def test_an_utterance() -> None:
    said = pb.Utterance(id="u1", start_ns=AT_NS, end_ns=AT_NS + 1_500_000_000, text="good morning")
    assert utterance_event(said, ZONE) == {
        "type": "utterance",
        "id": "u1",
        "at": AT,
        "until": "2026-03-09T08:00:09.500000+01:00",
        "speaker": None,
        "text": "good morning",
    }


def test_a_commitment_has_its_due_time() -> None:
    details = {"due": "2026-03-10", "who": "wearer"}
    event = memory_event(
        pb.Memory(id="m1", kind="commitment", text="a cake", evidence=["u1"], recorded_ns=AT_NS, details=details),
        ZONE,
    )
    assert event["op"] == "added"
    assert (event["due"], event["status"], event["evidence"]) == ("2026-03-10", "open", ["u1"])
    assert (event["valid_until"], event["at"]) == (None, AT)


def test_how_a_memory_stands() -> None:
    past = pb.Memory(kind="fact", superseded_ns=5, archived=True, valid_until_ns=AT_NS, recorded_ns=AT_NS)
    assert memory_event(past, ZONE)["op"] == "superseded"
    assert memory_event(past, ZONE)["valid_until"] == AT
    assert memory_event(past, ZONE)["status"] is None
    assert memory_event(pb.Memory(kind="fact", archived=True), ZONE)["op"] == "archived"


def test_a_suggestion_keeps_its_event_time() -> None:
    event = suggestion_event(pb.Suggestion(id="s1", at_ns=AT_NS, kind="reminder", text="now", evidence=["m1"]), ZONE)
    assert (event["at"], event["kind"], event["evidence"]) == (AT, "reminder", ["m1"])


def test_an_answer_is_joined() -> None:
    replies = [
        pb.AskReply(text="At "),
        pb.AskReply(text="seven."),
        pb.AskReply(done=True, citations=[pb.Citation(id="u1"), pb.Citation(id="m1")]),
    ]
    event = answer_event("q1", replies)
    assert event == {
        "type": "answer",
        "question": "q1",
        "text": "At seven.",
        "abstained": False,
        "evidence": ["u1", "m1"],
    }
    assert answer_event("q2", [pb.AskReply(done=True, abstained=True)])["abstained"] is True
