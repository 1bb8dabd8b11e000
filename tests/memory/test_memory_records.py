"""What a memory may hold, and what is refused in one sentence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from ulid import ULID

from sotto_memory import Kind, MemoryInputError, MemoryRecord, Source, new_memory
from sotto_memory.decay import Grade, first_state

NOW_NS = 1_800_000_000 * 10**9


def made(**fields: Any) -> MemoryRecord:
    given: dict[str, Any] = {"kind": Kind.FACT, "text": "Anna is allergic to nuts", "now_ns": NOW_NS}
    return new_memory(**given | fields)


def test_a_new_memory_is_known_from_now_on() -> None:
    record = made()
    state = first_state(Grade.GOOD)
    assert (record.recorded_ns, record.last_use_ns, record.uses) == (NOW_NS, NOW_NS, 0)
    assert (record.stability_days, record.difficulty) == (state.stability_days, state.difficulty)
    assert (record.source, record.current, record.archived) == (Source.UNKNOWN, True, False)


def test_its_id_is_a_ulid_of_its_time() -> None:
    record = made()
    assert ULID.from_str(record.id).milliseconds == NOW_NS // 1_000_000
    assert made().id != record.id
    assert made(id="chosen").id == "chosen"


@pytest.mark.parametrize("now_ns", [0, NOW_NS])
def test_ids_of_one_instant_do_not_tell_of_each_other(now_ns: int) -> None:
    tails = {made(now_ns=now_ns).id[10:14] for _ in range(20)}
    assert len(tails) > 15


@pytest.mark.parametrize(("importance", "grade"), [(0.1, Grade.HARD), (0.5, Grade.GOOD), (0.9, Grade.EASY)])
def test_what_matters_is_learned_better(importance: float, grade: Grade) -> None:
    assert made(importance=importance).stability_days == first_state(grade).stability_days


def test_given_fields_win() -> None:
    record = made(source=Source.WEARER, last_use_ns=5, stability_days=2.0, details={"due": "2026-03-01"})
    assert (record.source, record.last_use_ns, record.stability_days) == (Source.WEARER, 5, 2.0)
    assert record.details == {"due": "2026-03-01"}


def test_text_may_have_lines_tabs_and_every_script() -> None:
    text = "first\n\tsecond: naïve café, 東京, שלום, 👩‍🚀"
    assert made(text=f"  {text} ").text == text


REFUSED: list[tuple[Mapping[str, Any], str]] = [
    ({"text": ""}, "text_empty"),
    ({"text": " \n\t "}, "text_empty"),
    ({"text": "x" * 1_000_000}, "text_long"),
    ({"text": "bell\x07"}, "text_characters"),
    ({"text": "nul\x00"}, "text_characters"),
    ({"text": "\x1b[31mred"}, "text_characters"),
    ({"text": "next\x85line"}, "text_characters"),
    ({"text": "half \ud83d of a pair"}, "text_characters"),
    ({"subject": "x" * 201}, "subject_long"),
    ({"subject": "\udfff"}, "subject_characters"),
    ({"label": "a\x00b"}, "label_characters"),
    ({"id": ""}, "id_empty"),
    ({"id": "\ud800"}, "id_characters"),
    ({"evidence": ("",)}, "evidence_empty"),
    ({"evidence": tuple(map(str, range(1_001)))}, "evidence_many"),
    ({"details": {"": "nothing"}}, "details_empty"),
    ({"details": {"note": "\x00"}}, "details_characters"),
    ({"details": {"note": "x" * 4_001}}, "details_long"),
    ({"details": {str(i): "" for i in range(1_001)}}, "details_many"),
    ({"extra": {"more": "x" * 20_001}}, "extra_long"),
    ({"confidence": 1.1}, "confidence_range"),
    ({"confidence": float("nan")}, "confidence_range"),
    ({"importance": -0.1}, "importance_range"),
    ({"stability_days": 0.0}, "stability_days_range"),
    ({"stability_days": float("inf")}, "stability_days_range"),
    ({"difficulty": 11.0}, "difficulty_range"),
    ({"uses": -1}, "uses_range"),
    ({"valid_from_ns": 2**63}, "time_range"),
    ({"valid_from_ns": 10, "valid_until_ns": 9}, "time_order"),
    ({"now_ns": -1}, "time_range"),
    ({"now_ns": 2**62 * 1_000}, "time_range"),
]


@pytest.mark.parametrize(("fields", "code"), REFUSED, ids=[f"{i}-{code}" for i, (_, code) in enumerate(REFUSED)])
def test_what_cannot_be_kept_is_refused_in_a_sentence(fields: Mapping[str, Any], code: str) -> None:
    with pytest.raises(MemoryInputError) as refusal:
        made(**fields)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")
    assert len(refusal.value.sentence) < 120


def test_a_refusal_does_not_repeat_the_words() -> None:
    with pytest.raises(MemoryInputError) as refusal:
        made(text="my secret \x00")
    assert "secret" not in str(refusal.value)


def test_a_changed_record_is_checked_too() -> None:
    record = made()
    with pytest.raises(MemoryInputError, match="text_empty"):
        replace(record, text=" ")


def test_a_birth_before_1970_is_a_time() -> None:
    assert made(valid_from_ns=-(10**18)).valid_from_ns == -(10**18)
