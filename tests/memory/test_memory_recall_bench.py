"""The benchmark of long conversations on a made-up one of the same shape: what it reads, and what it counts."""

import json
from pathlib import Path

from tests.bench.locomo import Conversation, Judged, asked, baseline, conversations, headline, judged, remembered

TALK = {
    "sample_id": "made-up",
    "conversation": {
        "speaker_a": "Ada",
        "session_2_date_time": "9:00 am on 2 June, 2023",
        "session_2": [
            {"dia_id": "D2:1", "speaker": "Ada", "text": "my harp arrived", "blip_caption": "a golden harp"}
        ],
        "session_1_date_time": "1:30 pm on 8 May, 2023",
        "session_1": [
            {"dia_id": "D1:1", "speaker": "Ada", "text": "I ordered a harp"},
            {"dia_id": "D1:2", "speaker": "Bo", "text": "how long does it take?"},
        ],
    },
    "qa": [
        {"question": "What did Ada order?", "answer": "a harp", "evidence": ["D:1:01; D2:1"], "category": 1},
        {"question": "When did it take off?", "evidence": ["D1:2"], "category": 5},
        {"question": "What now?", "evidence": [], "category": 4},
    ],
}


def read(folder: Path) -> Conversation:
    (folder / "talk.json").write_text(json.dumps([TALK]))
    return conversations(folder / "talk.json")[0]


def test_turns_are_read_in_the_order_of_their_sessions(tmp_path: Path) -> None:
    talk = read(tmp_path)
    assert [turn.id for turn in talk.turns] == ["D1:1", "D1:2", "D2:1"]
    assert talk.turns[1].at_ns - talk.turns[0].at_ns == 20 * 10**9
    assert talk.turns[2].text == "my harp arrived [a golden harp]"


def test_questions_with_an_answer_are_asked_and_evidence_is_read_however_it_is_written(tmp_path: Path) -> None:
    questions = asked(read(tmp_path))
    assert [question.evidence for question in questions] == [("D1:1", "D2:1")]


def test_what_is_found_is_judged(tmp_path: Path) -> None:
    talk = read(tmp_path)
    row = judged(talk, asked(talk)[0], ["D1:2", "D1:1"])
    assert (row.recall, row.reciprocal, row.conversation) == (0.5, 0.5, "made-up")
    assert headline("x", [row])["x_multihop_recall_at_10"] == 0.5
    memory, turns = remembered(talk, tmp_path / "memory.db")
    with memory:
        hits = memory.search("What did Ada order?", now_ns=talk.now_ns)
    assert turns[hits[0].record.id] == "D1:1"
    assert baseline(talk) == [Judged(conversation="made-up", category=1, recall=0.5, reciprocal=1.0)]
