"""The desk in doubt is silent: nothing is offered for memories that are gone, ended, declined or doubtful."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sotto_hub.bridge.days import nanoseconds
from sotto_hub.moments.timers import Timers
from sotto_hub.proactive.desk import OFFER_TIMER, REMIND_TIMER, Desk, candidate_from, row_of
from sotto_hub.proactive.timing import MINUTE_NS, Breakpoint, Candidate, Manners
from sotto_memory import Kind, Memory, MemoryRecord, new_memory
from tests.hub.proactive.shelf_in_ram import MemoryNotebook, MemoryShelf

ZONE = ZoneInfo("Europe/Stockholm")
NOON = nanoseconds(datetime(2026, 3, 9, 12, 0, tzinfo=ZONE))
DUE = "2026-03-09T18:00:00+01:00"


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        yield memory


def desk_of(memory: Memory, notes: MemoryNotebook | None = None) -> Desk:
    return Desk(
        memory=memory,
        shelf=MemoryShelf(),
        notes=notes or MemoryNotebook(),
        timers=Timers(),
        zone=ZONE,
        manners=Manners(),
    )


def commitment(memory: Memory, confidence: float = 0.8, **details: str) -> MemoryRecord:
    given = {"status": "open", "what": "see the doctor", "due": DUE} | details
    return memory.add(
        new_memory(
            kind=Kind.COMMITMENT,
            text="see the doctor",
            now_ns=NOON,
            details=given,
            confidence=confidence,
            evidence=("u1",),
        )
    )


def let_out(desk: Desk, now_ns: int = NOON, point: Breakpoint = Breakpoint.OVER) -> list[str]:
    return [s.kind for s in desk.let_out([], now_ns, point)]


def test_what_is_held_goes_out_once(memory: Memory) -> None:
    desk = desk_of(memory)
    desk.hold(commitment(memory), NOON)
    assert let_out(desk, point=Breakpoint.PAUSE) == []
    assert let_out(desk) == ["keep"]
    desk.hold(memory.list()[0], NOON)
    assert let_out(desk, NOON + 10 * MINUTE_NS) == []


def test_no_due_time_or_little_trust_is_no_offer(memory: Memory) -> None:
    desk = desk_of(memory)
    desk.hold(commitment(memory, due=""), NOON)
    desk.hold(commitment(memory, confidence=0.4), NOON)
    assert desk.waiting == ()


@pytest.mark.parametrize("change", [{"status": "done"}, {"status": "cancelled"}, {"declined": "yes"}])
def test_what_no_longer_stands_is_dropped(memory: Memory, change: dict[str, str]) -> None:
    desk = desk_of(memory)
    record = commitment(memory)
    desk.hold(record, NOON)
    memory.put(replace(record, details=dict(record.details) | change))
    assert let_out(desk) == []
    assert desk.waiting == ()


def test_an_erased_memory_is_dropped(memory: Memory) -> None:
    desk = desk_of(memory)
    record = commitment(memory)
    desk.hold(record, NOON)
    desk.remind(record.id, NOON)
    memory.erase([record.id])
    desk.remind(record.id, NOON)
    assert let_out(desk) == []


def test_dropping_takes_the_reminder_along(memory: Memory) -> None:
    desk = desk_of(memory)
    record = commitment(memory)
    desk.hold(record, NOON)
    assert desk.timers.next_ns() == nanoseconds(datetime(2026, 3, 9, 17, 40, tzinfo=ZONE))
    desk.drop([record.id])
    assert (desk.waiting, desk.timers.next_ns()) == ((), None)


def test_a_restart_brings_candidates_and_reminders_back(memory: Memory) -> None:
    notes = MemoryNotebook()
    desk_of(memory, notes).hold(commitment(memory), NOON)
    again = desk_of(memory, notes)
    again.restore(memory.list(kinds=(Kind.COMMITMENT,)), NOON)
    assert [c.kind for c in again.waiting] == ["keep"]
    assert [again.timers.pop(NOON + 10**15).name for _ in range(2)] == [OFFER_TIMER, REMIND_TIMER]  # type: ignore[union-attr]  # both are set


def test_notes_hold_ids_and_times_but_no_words(memory: Memory) -> None:
    notes = MemoryNotebook()
    desk = desk_of(memory, notes)
    desk.hold(commitment(memory), NOON)
    let_out(desk)
    assert "doctor" not in "".join(notes.kept.values())


def test_candidates_survive_the_way_through_json() -> None:
    one = Candidate(kind="keep", about="m", ready_ns=1, until_ns=2, needs=Breakpoint.PAUSE, weight=0.25)
    assert candidate_from(row_of(one)) == one


def test_an_evening_without_plans_offers_nothing(memory: Memory) -> None:
    desk = desk_of(memory)
    desk.look_ahead([commitment(memory)], NOON)
    assert desk.waiting == ()
