"""P4 with the device switched off: what waits on its disk is taken back too."""

from dataclasses import replace
from pathlib import Path

import pytest

from sotto_device.alone import only_one
from sotto_device.at_rest import forget_at_rest, present_boot
from sotto_device.clock import Clock
from sotto_device.errors import HomeError
from sotto_device.spool.placing import Offset
from sotto_device.withhold import OFF_THE_RECORD
from sotto_proto.errors import Unpaired
from sotto_proto.records import Sealed
from tests.device.scripted_tls import ScriptedAuthority
from tests.device.sensed import SECOND, WALL_NS
from tests.device.spooled import boot, counted, lost_ms, mics, read_all, shelf


def clock(seconds: float, machine: str = "kernel-1", ahead_ns: int = 0) -> Clock:
    """The clock of a command that is typed so long after the test's beginning."""
    return Clock(
        wall_minus_monotonic_ns=WALL_NS + ahead_ns, read=lambda: round(seconds * SECOND), boot=lambda: machine
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A paired device of which two seconds of sound wait on the disk."""
    ScriptedAuthority.made().device("127.0.0.1:1").save(tmp_path)
    one = shelf(tmp_path)
    folder = one.begin(boot())
    frames = mics(1, 20)
    counted(folder, frames)
    folder.disk.append(frames, 0)
    folder.close()
    return tmp_path


def waiting(home: Path) -> tuple[int, float]:
    """Sealed frames on the disk, and the milliseconds that were taken back."""
    (folder,) = shelf(home).boots
    frames = read_all(folder)
    folder.close()
    return sum(isinstance(f.body, Sealed) for f in frames), lost_ms(frames, OFF_THE_RECORD)


def test_the_last_span_is_gone_from_the_disk(home: Path) -> None:
    assert waiting(home) == (20, 0)
    assert forget_at_rest(home, SECOND, clock(2.0)) == 1
    assert waiting(home) == (10, 1000)


def test_the_machine_s_own_clock_counts_whatever_its_calendar_has_become(home: Path) -> None:
    assert forget_at_rest(home, SECOND, clock(2.0, ahead_ns=10**18)) == 1
    assert waiting(home) == (10, 1000)


def test_where_no_clock_tells_more_the_calendar_counts(home: Path) -> None:
    assert forget_at_rest(home, SECOND, clock(2.0, machine="kernel-2")) == 1
    assert waiting(home) == (10, 1000)


def test_a_device_that_holds_nothing(tmp_path: Path) -> None:
    assert forget_at_rest(tmp_path, SECOND, clock(2.0)) == 0
    (tmp_path / "spool").mkdir()
    with pytest.raises(Unpaired):
        forget_at_rest(tmp_path, SECOND, clock(2.0))
    ScriptedAuthority.made().device("127.0.0.1:1").save(tmp_path)
    assert forget_at_rest(tmp_path, SECOND, clock(2.0)) == 0


def test_a_daemon_that_has_started_meanwhile_is_not_disturbed(home: Path) -> None:
    with only_one(home), pytest.raises(HomeError) as caught:
        forget_at_rest(home, SECOND, clock(2.0))
    assert caught.value.code == "running"
    assert waiting(home) == (20, 0)


def test_the_offset_of_an_earlier_run_of_the_same_machine_counts() -> None:
    known = boot(offset=Offset(offset_ns=500, error_ns=7))
    other = replace(known, kernel_boot_id="kernel-2")
    now = present_boot([other, known, boot()], clock(2.0, ahead_ns=100))
    assert now.offset == Offset(offset_ns=400, error_ns=7)
    assert present_boot([other], clock(2.0)).offset is None
