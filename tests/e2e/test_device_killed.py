"""kill -9 of a real device while the hub is away: what it had laid on its disk is heard, the rest has its reason."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto_device.spool.segment_file import START
from sotto_device.spool.shelf import Shelf
from sotto_proto.v1 import companion_pb2 as pb
from tests.device.recorded_day import write_day
from tests.e2e.recorded import DEMO_DAY
from tests.e2e.test_survival import BIN, PATIENCE_S, Home, accounted, free_port, script

HEARD_NS = 20_000_000_000
UNTIL = "2026-03-09T09:30:00+01:00"


async def started(home: Home, *options: str, day: Path = DEMO_DAY) -> asyncio.subprocess.Process:
    words = ("--home", str(home.folder / "device"), "--source", f"replay:{day}", "--pace", "fast")
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        BIN / "sotto-device", "run", *words, "--until", UNTIL, *options, stdout=quiet, stderr=quiet
    )


def segments(home: Home) -> list[Path]:
    return list((home.folder / "device/spool").rglob("*.seg"))


async def laid_down(home: Home, device: asyncio.subprocess.Process, at_least: int) -> None:
    """Returns when so many bytes lie on the device's disk."""
    while sum(path.stat().st_size for path in segments(home)) < at_least:
        assert device.returncode is None
        await asyncio.sleep(0.02)


async def ledger(home: Home) -> list[pb.LedgerRow]:
    async with home.companion() as hub:
        return list(await hub.ledger())


async def killed_without_a_hub(home: Home) -> None:
    """A paired device that senses while the hub is away, and is killed."""
    home.start_hub()
    await home.pair()
    home.kill_hub()
    device = await started(home)
    await laid_down(home, device, 100_000)
    device.send_signal(signal.SIGKILL)
    await device.wait()
    home.start_hub()


def lost(rows: list[pb.LedgerRow]) -> set[str]:
    return {reason for row in rows for reason, ns in row.lost_ns.items() if ns}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home", free_port(), script(tmp_path / "words.jsonl"))
    home.folder.mkdir()
    yield home
    if home.hub.poll() is None:
        home.kill_hub()


async def test_a_killed_device_loses_only_what_was_younger_than_its_rule(home: Home) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await killed_without_a_hub(home)
        device = await started(home, "--resume")
        assert await device.wait() == 0
    rows = await ledger(home)
    assert len({row.boot_id for row in rows}) == 1
    assert all(row.captured_ns == accounted(row) and not row.waiting_ns for row in rows)
    assert lost(rows) <= {"killed", "not_understood", "off_the_record"}
    sound = next(row for row in rows if row.stream == "mic")
    assert sound.committed_ns + sound.silent_ns + sound.muted_ns > HEARD_NS
    assert segments(home) == []


async def test_what_a_killed_run_left_is_delivered_by_another(home: Home, tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await killed_without_a_hub(home)
        device = await started(home, day=write_day(tmp_path / "another"))
        assert await device.wait() == 0
    rows = await ledger(home)
    assert len({row.boot_id for row in rows}) == 2
    assert all(row.captured_ns == accounted(row) and not row.waiting_ns for row in rows)
    assert lost(rows) <= {"killed", "not_understood", "off_the_record"}
    assert sum(row.committed_ns + row.silent_ns for row in rows) > HEARD_NS
    assert segments(home) == []


async def test_a_device_that_is_stopped_without_a_hub_lays_everything_down(home: Home) -> None:
    home.start_hub()
    async with asyncio.timeout(PATIENCE_S):
        await home.pair()
        home.kill_hub()
        device = await started(home)
        await laid_down(home, device, 10_000)
        device.send_signal(signal.SIGTERM)
        assert await device.wait() == 0
    shelf = Shelf(home.folder / "device/spool", hub_key=bytes(32), bound_bytes=1 << 30)
    (folder,) = shelf.boots
    assert folder.tally.clean
    newest, place = dict[str, int](), START
    while folder.disk.has_more(place):
        frames, place = folder.disk.read(place)
        newest |= {frame.stream: frame.sequence for frame in frames}
    assert newest == {stream: count.last.sequence for stream, count in folder.tally.counts().items()}
