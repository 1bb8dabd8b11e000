"""The demo day as the hub would tell it: words, a promise, a suggestion, a fact."""

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from sotto_proto.v1 import companion_pb2 as pb

GOLD: Final = Path(__file__).parents[2] / "data" / "demo_gold" / "utterances.jsonl"
HUB_TIMEZONE: Final = "Europe/Stockholm"
TAKEN_BACK: Final = frozenset({"demo13", "demo14"})


def ns(iso: str) -> int:
    """Unix nanoseconds of an ISO time with an offset, or of `HH:MM[:SS]` on the demo day."""
    at = datetime.fromisoformat(iso if "T" in iso else f"2026-03-09T{iso}+01:00")
    return round(at.timestamp() * 1000) * 1_000_000


def demo_utterances(until: str = "09:01:00") -> list[pb.Utterance]:
    """What was heard of the demo day by then, without what was taken back."""
    gold = [json.loads(line) for line in GOLD.read_text().splitlines()]
    return [
        pb.Utterance(
            id=each["id"],
            device_id="pendant",
            start_ns=ns(each["at"]),
            end_ns=ns(each["at"]) + round((each["t1"] - each["t0"]) * 1e9),
            text=each["text"],
            confidence=0.9,
            engine="faster-whisper",
        )
        for each in gold
        if each["id"] not in TAKEN_BACK and ns(each["at"]) < ns(until)
    ]


def demo_suggestions() -> list[pb.Suggestion]:
    """A dinner to keep, and a reminder that waits."""
    return [
        pb.Suggestion(
            id="s1",
            at_ns=ns("08:01:30"),
            kind="commitment",
            text="Keep “my sister is coming for dinner tomorrow at seven” for Tuesday 10 March at 19:00 (tomorrow)?",
            reason="Heard on Monday 9 March at 08:00: “my sister is coming for dinner tomorrow at seven”",
            evidence=["demo3", "c1"],
            state=pb.SUGGESTION_STATE_ACCEPTED,
        ),
        pb.Suggestion(
            id="s2",
            at_ns=ns("08:30:50"),
            kind="reminder",
            text="Remind you of “buy this one tomorrow morning” on Tuesday 10 March (tomorrow)?",
            reason="Heard on Monday 9 March at 08:30: “remind me to buy this one tomorrow morning”",
            evidence=["demo18"],
            state=pb.SUGGESTION_STATE_OFFERED,
        ),
    ]


def commitment(number: int, text: str, due: str, *, status: str = "open", at: str = "08:00:20") -> pb.Memory:
    return pb.Memory(
        id=f"c{number}",
        kind="commitment",
        text=text,
        recorded_ns=ns(at),
        details={"due": due, "status": status, "who": "wearer"},
    )


def demo_memories() -> list[pb.Memory]:
    """Three things to do, and what is known."""
    return [
        commitment(2, "bake a cake for your sister", "2026-03-10", at="08:00:16"),
        commitment(1, "my sister is coming for dinner", "2026-03-10T19:00:00+01:00", at="08:00:12"),
        commitment(3, "buy this one tomorrow morning", "2026-03-10", at="08:30:38"),
        pb.Memory(
            id="f1", kind="fact", text="my sister is allergic to peanuts", recorded_ns=ns("08:00:22"), pinned=True
        ),
        pb.Memory(
            id="e1",
            kind="episode",
            text="the weather, a walk in the park, and a house by the sea",
            recorded_ns=ns("08:02:00"),
        ),
    ]


def demo_answer() -> list[pb.AskReply]:
    """A streamed answer with what it rests on."""
    cited = pb.Citation(id="demo3", at_ns=ns("08:00:08"), text="my sister is coming for dinner tomorrow at seven")
    return [
        pb.AskReply(text="Tuesday 10 March (tomorrow) at 19:00. "),
        pb.AskReply(text="It was said on Monday 9 March at 08:00.", done=True, citations=[cited]),
    ]
