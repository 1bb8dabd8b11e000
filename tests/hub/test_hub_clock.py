"""The hub's time under clocks that jump by years, sleep, restarts and machines without a clock of their own (R3)."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.clock import (
    DAY_NS,
    HOUR_NS,
    LEASE_NS,
    LOG,
    MINUTE_NS,
    SECOND_NS,
    TICK_NS,
    HubClock,
    Reading,
    Stored,
    machine,
)
from sotto_hub.store.clock_note import CLOCK, open_clock
from sotto_hub.store.database import open_database
from sotto_hub.store.notes import Notes
from sotto_memory import Kind, MemoryRecord, new_memory
from sotto_memory.strength import belongs_in_archive, retrievability

NOW_NS = 1_784_620_800 * SECOND_NS
YEAR_NS = 365 * DAY_NS
EPOCH_NS = DAY_NS
"""What a machine shows whose clock has no battery: the second of January 1970."""


class Warnings(logging.Handler):
    """The sentences of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def listening() -> Iterator[list[str]]:
    handler = Warnings()
    LOG.addHandler(handler)
    try:
        yield handler.said
    finally:
        LOG.removeHandler(handler)


@dataclass
class Machine:
    """A machine whose clock can be set wrong: `wrong_ns` is what it is off by."""

    true_ns: int = NOW_NS
    started_ns: int = NOW_NS - HOUR_NS
    boots: int = 1
    wrong_ns: int = 0
    stored: Stored | None = None
    notes: int = 0

    def read(self) -> Reading:
        wall_ns = self.true_ns + self.wrong_ns
        return Reading(boot=str(self.boots), monotonic_ns=self.true_ns - self.started_ns, wall_ns=wall_ns)

    def keep(self, stored: Stored) -> None:
        self.stored = stored
        self.notes += 1

    def hub(self) -> HubClock:
        return HubClock(self.read, self.stored, self.keep)

    def reboot(self, takes_ns: int) -> None:
        self.true_ns += takes_ns
        self.started_ns = self.true_ns
        self.boots += 1


@dataclass
class History:
    """A machine and its hub. `given`: every time given out; `back`: where the log says that time goes back."""

    said: list[str]
    machine: Machine = field(default_factory=Machine)
    given: list[int] = field(default_factory=list)
    back: set[int] = field(default_factory=set)
    hub: HubClock = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    @property
    def error_ns(self) -> int:
        return self.look() - self.machine.true_ns

    def start(self) -> None:
        before = len(self.said)
        self.hub = self.machine.hub()
        if any("time goes back" in sentence for sentence in self.said[before:]):
            self.back.add(len(self.given))
        self.look()

    def look(self) -> int:
        self.given.append(self.hub.now_ns())
        return self.given[-1]

    def live(self, ns: int, looks: int = 3) -> None:
        """Time passes, awake or asleep; somebody asks for it now and then."""
        for _ in range(looks):
            self.machine.true_ns += ns // looks
            self.look()

    def do(self, act: str, ns: int) -> None:
        match act:
            case "live":
                self.live(abs(ns) % (2 * HOUR_NS))
            case "sleep":
                self.live(abs(ns) % (60 * DAY_NS), looks=1)
            case "jump":
                self.machine.wrong_ns += ns
                self.look()
            case "set right":
                self.machine.wrong_ns = 0
                self.look()
            case "stop":
                self.hub.close()
                self.start()
            case "kill":
                self.start()
            case "reboot":
                self.machine.reboot(abs(ns) % DAY_NS)
                self.start()
            case "reboot without a clock":
                self.machine.reboot(abs(ns) % DAY_NS)
                self.machine.wrong_ns = EPOCH_NS - self.machine.true_ns
                self.start()


ACTS = ("live", "sleep", "jump", "set right", "stop", "kill", "reboot", "reboot without a clock")
JUMPS = (30 * YEAR_NS, 2 * DAY_NS, SECOND_NS)
SPANS = st.one_of([st.integers(-most, most) for most in JUMPS])
HISTORIES = st.lists(st.tuples(st.sampled_from(ACTS), SPANS), max_size=30)


@settings(max_examples=120, deadline=None)
@given(acts=HISTORIES)
def test_time_never_goes_back_but_at_a_start_that_says_so(acts: list[tuple[str, int]]) -> None:
    with listening() as said:
        history = History(said)
        for act, ns in acts:
            history.do(act, ns)
    falls = {at for at in range(1, len(history.given)) if history.given[at] < history.given[at - 1]}
    assert falls <= history.back
    assert all(history.given[at - 1] - history.given[at] > DAY_NS // 2 for at in falls)


@settings(max_examples=60, deadline=None)
@given(acts=HISTORIES)
def test_a_clock_that_is_right_again_is_followed_from_the_next_start(acts: list[tuple[str, int]]) -> None:
    with listening() as said:
        history = History(said)
        for act, ns in acts:
            history.do(act, ns)
        history.do("set right", 0)
        history.do("stop", 0)
        assert -TICK_NS <= history.error_ns <= DAY_NS + LEASE_NS
        history.live(12 * DAY_NS, looks=100)
        assert abs(history.error_ns) <= TICK_NS


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(st.tuples(st.sampled_from(("live", "sleep", "stop", "kill")), SPANS), max_size=20))
def test_a_clock_that_is_right_is_followed_to_the_tick(acts: list[tuple[str, int]]) -> None:
    with listening() as said:
        history = History(said)
        for act, ns in acts:
            history.do(act, ns)
            assert abs(history.error_ns) <= TICK_NS
    assert said == []


def remembered() -> list[MemoryRecord]:
    days = (0, 1, 3, 40, 400)
    return [new_memory(kind=Kind.EPISODE, text=f"walk {n}", now_ns=NOW_NS - n * DAY_NS) for n in days]


def ages(now_ns: int) -> list[tuple[float, bool]]:
    return [(retrievability(record, now_ns), belongs_in_archive(record, now_ns)) for record in remembered()]


@settings(max_examples=60, deadline=None)
@given(jumps=st.lists(st.tuples(st.integers(DAY_NS + 1, 30 * YEAR_NS), st.booleans(), st.booleans()), max_size=6))
def test_no_memory_ages_or_grows_young_because_a_clock_jumped(jumps: list[tuple[int, bool, bool]]) -> None:
    """Ahead for less than an hour, or back for as long as it likes, with and without a restart on the same boot."""
    with listening() as said:
        history = History(said)
        for far_ns, ahead, again in jumps:
            history.do("jump", far_ns if ahead else -far_ns)
            history.live(50 * MINUTE_NS)
            assert ages(history.look()) == ages(history.machine.true_ns)
            history.do("set right", 0)
            if again:
                history.do("kill", 0)
            assert abs(history.error_ns) <= TICK_NS


def test_a_step_of_up_to_a_day_ahead_is_followed_at_once() -> None:
    with listening() as said:
        history = History(said)
        history.do("jump", DAY_NS)
        assert history.error_ns == DAY_NS
    assert said == []


def test_a_jump_of_years_ahead_is_followed_when_it_has_held_for_an_hour() -> None:
    with listening() as said:
        history = History(said)
        history.do("jump", 3 * YEAR_NS)
        history.live(59 * MINUTE_NS, looks=59)
        assert history.error_ns == 0
        history.live(2 * MINUTE_NS, looks=2)
        assert history.error_ns == 3 * YEAR_NS
    (sentence,) = said
    assert "1095 days ahead" in sentence


def test_a_clock_that_jumps_about_is_not_followed() -> None:
    with listening() as said:
        history = History(said)
        for _ in range(10):
            history.do("jump", 2 * DAY_NS)
            history.live(30 * MINUTE_NS)
            assert history.error_ns == 0


def test_a_clock_set_back_a_little_is_met_by_running_slower() -> None:
    with listening() as said:
        history = History(said)
        history.do("jump", -MINUTE_NS)
        history.live(5 * MINUTE_NS, looks=10)
        assert history.error_ns == -MINUTE_NS // 2
        history.live(6 * MINUTE_NS, looks=10)
        assert abs(history.error_ns + MINUTE_NS) <= TICK_NS
    assert said == []


def test_a_clock_set_back_by_years_waits_for_the_next_start_and_is_said_twice() -> None:
    with listening() as said:
        history = History(said, Machine(true_ns=NOW_NS + 5 * YEAR_NS))
        history.do("jump", -YEAR_NS)
        history.live(10 * HOUR_NS)
        assert history.error_ns == 0
        history.do("stop", 0)
        assert history.error_ns == -YEAR_NS
    while_running, at_the_start = said
    assert "365 days behind" in while_running
    assert "time goes back to the clock" in at_the_start


def test_a_machine_without_a_clock_goes_on_where_it_was() -> None:
    with listening() as said:
        history = History(said)
        history.do("reboot without a clock", 2 * HOUR_NS)
        assert -2 * HOUR_NS <= history.error_ns <= LEASE_NS - 2 * HOUR_NS
        history.do("set right", 0)
        assert history.error_ns == 0
    (sentence,) = said
    assert "is not set" in sentence


def test_a_first_start_without_a_clock_believes_the_first_time_that_can_be() -> None:
    with listening():
        history = History([], Machine(wrong_ns=EPOCH_NS - NOW_NS))
        history.do("set right", 0)
        assert history.error_ns == 0


def test_the_note_is_written_about_once_a_minute() -> None:
    with listening():
        history = History([])
        history.live(HOUR_NS, looks=3600)
    assert 50 <= history.machine.notes <= 62


def test_a_hub_that_was_killed_goes_on_from_its_note(tmp_path: Path) -> None:
    worn = Machine()
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db, listening() as said:
        first = open_clock(Notes(db), worn.read)
        worn.wrong_ns = -2 * HOUR_NS
        given = first.now_ns()
        later = open_clock(Notes(db), worn.read)
        assert given <= later.now_ns() <= given + SECOND_NS
        later.close()
        assert Notes(db).get(CLOCK)
    assert said == []


def test_the_machine_is_read_as_it_is() -> None:
    read = machine()
    one, other = read(), read()
    assert one.boot == other.boot
    assert other.monotonic_ns >= one.monotonic_ns
    assert one.wall_ns == pytest.approx(other.wall_ns, abs=MINUTE_NS)
