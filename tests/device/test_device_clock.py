"""A clock that jumps, or is not there: order and durations stay right, and so do mutes that are kept (P3, R3)."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.clock import Anchor, Clock, asleep_ns, boot_ns, kernel_boot_id
from sotto_device.errors import HomeError
from sotto_device.mute import ALL_MUTED, MUTED, NO_ORDERS, Orders
from sotto_device.mute_file import FILE, load_mute, save_mute
from sotto_device.sleep import NAP_NS, Sleep
from sotto_proto.records import MuteState
from tests.device.sensed import SECOND, WALL_NS

YEAR = 365 * 86_400 * SECOND
MINUTE = 60 * SECOND
jumps = st.integers(-60 * YEAR, 60 * YEAR)


class Machine:
    """A machine whose clocks the test turns."""

    def __init__(self, wall_ns: int = WALL_NS) -> None:
        self.monotonic_ns = 10 * SECOND
        self.asleep_ns = 0
        self.wall_ns = wall_ns
        self.boots = 1

    @property
    def clock(self) -> Clock:
        """The clock of a daemon that starts now."""
        return Clock(
            wall_minus_monotonic_ns=0,
            read=lambda: self.monotonic_ns,
            slept=lambda: self.asleep_ns,
            system_wall=lambda: self.wall_ns,
            boot=lambda: f"boot-{self.boots}",
        ).restarted()

    def passes(self, ns: int, *, asleep: bool = False) -> None:
        self.monotonic_ns += ns
        self.wall_ns += ns
        self.asleep_ns += ns if asleep else 0

    def reboots(self, off_ns: int, jump_ns: int = 0) -> None:
        """Switched off for a while; without a clock chip its calendar may come back as anything."""
        self.boots += 1
        self.monotonic_ns, self.asleep_ns = 3 * SECOND, 0
        self.wall_ns += off_ns + jump_ns


def test_the_clocks_of_this_machine() -> None:
    clock = Clock.started_now()
    assert clock.now().wall_ns <= clock.now().wall_ns
    assert asleep_ns() > -SECOND
    assert boot_ns() > 0
    anchor = clock.anchor()
    assert anchor.kernel_boot == kernel_boot_id()
    assert clock.anchor().since_ns(anchor) is not None


def test_a_system_without_a_name_for_its_boot() -> None:
    assert kernel_boot_id(Path("/nonexistent")) == ""
    nameless = Anchor(kernel_boot="", monotonic_ns=5, system_wall_ns=100)
    assert Anchor(kernel_boot="", monotonic_ns=1, system_wall_ns=130).since_ns(nameless) == 30


steps = st.lists(st.tuples(st.integers(0, 10 * MINUTE), jumps, st.booleans()), min_size=1, max_size=20)


@given(st.sampled_from([0, WALL_NS, -5 * YEAR]), steps)
@settings(max_examples=60, deadline=None)
def test_jumps_of_years_change_neither_order_nor_durations(wall_ns: int, story: list[tuple[int, int, bool]]) -> None:
    """On a machine that believes it is 1970, too, and over its sleep, which counts as time."""
    machine = Machine(wall_ns)
    clock = machine.clock
    first = before = clock.now()
    passed_ns = 0
    for lasts_ns, jump_ns, asleep in story:
        machine.passes(lasts_ns, asleep=asleep)
        machine.wall_ns += jump_ns
        passed_ns += lasts_ns
        now = clock.now()
        assert now.monotonic_ns - before.monotonic_ns == lasts_ns
        assert now.wall_ns - before.wall_ns == lasts_ns
        before = now
    assert before.wall_ns == wall_ns + passed_ns
    assert (before.monotonic_ns - first.monotonic_ns, before.wall_ns - first.wall_ns) == (passed_ns, passed_ns)
    assert clock.anchor().system_wall_ns == machine.wall_ns


# ---- what is kept of a mute --------------------------------------------------------------------------------------


def timed(clock: Clock, lasts_ns: int, *sensors: str) -> MuteState:
    return MuteState(muted=True, until_wall_ns=clock.now().wall_ns + lasts_ns, streams=sensors)


def left_ns(state: MuteState, clock: Clock) -> int:
    assert state.until_wall_ns is not None
    return state.until_wall_ns - clock.now().wall_ns


orders = st.builds(
    Orders,
    everything=st.builds(MuteState, muted=st.booleans(), until_wall_ns=st.none()),
    single=st.lists(st.sampled_from(["mic", "camera", "eyes"]), unique=True).map(
        lambda names: tuple(
            MuteState(muted=True, streams=(n,)) for n in sorted(names, key=["mic", "camera", "eyes"].index)
        )
    ),
)


@given(kept=orders)
@settings(max_examples=40, deadline=None)
def test_orders_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, kept: Orders) -> None:
    home, machine = tmp_path_factory.mktemp("home"), Machine()
    save_mute(home, kept, machine.clock)
    machine.reboots(YEAR, -30 * YEAR)
    assert load_mute(home, machine.clock) == kept
    save_mute(home, kept)
    assert load_mute(home) == kept
    assert oct((home / FILE).stat().st_mode & 0o777) == "0o600"


@given(st.integers(1, 600), st.integers(0, 900), jumps)
@settings(max_examples=60, deadline=None)
def test_a_timed_mute_lasts_as_long_over_a_restart_of_the_daemon(
    tmp_path_factory: pytest.TempPathFactory, lasts_s: int, away_s: int, jump_ns: int
) -> None:
    """Whatever the calendar did meanwhile: the machine has been on, and its monotonic clock knows."""
    home, machine = tmp_path_factory.mktemp("home"), Machine()
    save_mute(home, Orders(everything=timed(machine.clock, lasts_s * SECOND)), machine.clock)
    machine.passes(away_s * SECOND)
    machine.wall_ns += jump_ns
    found = load_mute(home, machine.clock)
    if away_s >= lasts_s:
        assert found == NO_ORDERS
    else:
        assert left_ns(found.everything, machine.clock) == (lasts_s - away_s) * SECOND


@given(st.integers(1, 600), st.integers(0, 900), st.integers(-60 * YEAR, 0))
@settings(max_examples=60, deadline=None)
def test_without_a_clock_a_timed_mute_is_never_shorter_and_never_longer_than_what_was_left(
    tmp_path_factory: pytest.TempPathFactory, lasts_s: int, off_s: int, jump_ns: int
) -> None:
    home, machine = tmp_path_factory.mktemp("home"), Machine()
    camera = timed(machine.clock, lasts_s * SECOND, "camera")
    save_mute(home, Orders(single=(camera,)), machine.clock)
    machine.reboots(off_s * SECOND, jump_ns)
    found = load_mute(home, machine.clock)
    really_left_ns = max(0, lasts_s - off_s) * SECOND
    kept_ns = left_ns(found.single[0], machine.clock) if found.single else 0
    assert really_left_ns <= kept_ns <= lasts_s * SECOND


def test_times_of_a_recorded_day_are_kept_as_they_are(tmp_path: Path) -> None:
    kept = Orders(everything=MuteState(muted=True, until_wall_ns=7))
    save_mute(tmp_path, kept)
    assert load_mute(tmp_path) == kept


def test_a_mute_of_an_older_version_is_understood(tmp_path: Path) -> None:
    machine = Machine()
    (tmp_path / FILE).write_text(json.dumps({"muted": True, "until_wall_ns": None}))
    assert load_mute(tmp_path, machine.clock) == ALL_MUTED
    (tmp_path / FILE).write_text(json.dumps({"muted": True, "until_wall_ns": WALL_NS + 5}))
    assert load_mute(tmp_path, machine.clock).everything.until_wall_ns == WALL_NS + 5
    (tmp_path / FILE).write_text(json.dumps({"muted": True, "until_wall_ns": WALL_NS - 5}))
    assert load_mute(tmp_path, machine.clock) == NO_ORDERS


def test_no_file_is_no_mute() -> None:
    assert load_mute(Path("/nonexistent")) == NO_ORDERS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"muted": false}',
        '{"muted": true, "until_wall_ns": "x"}',
        '{"muted": true, "until_wall_ns": 99999999999999999999999}',
        '{"muted": false, "until_wall_ns": null, "single": 5}',
        '{"muted": false, "until_wall_ns": null, "single": {"mic": null}}',
        '{"muted": true, "until_wall_ns": 5, "anchor": {"kernel_boot": 1}}',
        '{"muted": true, "until_wall_ns": 5, "anchor": {"kernel_boot": "", "monotonic_ns": 1, "system_wall_ns": 1}}',
    ],
)
def test_what_cannot_be_read_counts_as_muted(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert load_mute(tmp_path, Machine().clock) == ALL_MUTED


def test_orders_that_cannot_be_kept_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(HomeError):
        save_mute(tmp_path / "nowhere", NO_ORDERS)


def test_a_mute_that_there_is_no_room_for_is_kept_as_a_file_that_says_nothing_else(tmp_path: Path) -> None:
    save_mute(tmp_path, NO_ORDERS)
    (tmp_path / f".{FILE}.new").mkdir()  # stands for a disk that takes nothing more
    with pytest.raises(HomeError):
        save_mute(tmp_path, Orders(everything=MUTED))
    assert load_mute(tmp_path) == ALL_MUTED
    with pytest.raises(HomeError):
        save_mute(tmp_path, NO_ORDERS)
    assert load_mute(tmp_path) == ALL_MUTED


# ---- sleep -------------------------------------------------------------------------------------------------------


def test_sleep_explains_a_hole_once() -> None:
    sleep = Sleep(known_ns=5 * SECOND)
    assert sleep.fresh_ns(5 * SECOND + NAP_NS) == 0
    assert sleep.fresh_ns(65 * SECOND) == MINUTE
    assert sleep.take(65 * SECOND, MINUTE + SECOND) == MINUTE
    assert sleep.take(65 * SECOND, SECOND) == 0


def test_sleep_that_left_no_hole_explains_none_later() -> None:
    sleep = Sleep(known_ns=0)
    assert sleep.take(MINUTE, 0) == 0
    assert sleep.take(MINUTE, SECOND) == 0
    assert sleep.take(2 * MINUTE, SECOND) == SECOND
