"""What earlier runs left is delivered before the live stream, over real gRPC: sealed, in order, once (R2, R3)."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sotto_device import uplink as uplink_module
from sotto_device.clock import Clock
from sotto_device.keeping import Keeping, Kept
from sotto_device.late import MOST_FAILURES
from sotto_device.settings import Settings
from sotto_device.spool.boot import KNOWN, Boot, Known
from sotto_device.spool.bridge import KILLED
from sotto_device.uplink import Uplink
from sotto_proto.credentials import Credentials
from sotto_proto.records import Frame, Hello, Modality, MuteState, OffTheRecord, StreamInfo
from sotto_proto.secure import secure_channel
from tests.device.scripted_hub import PATIENCE_S, ScriptedHub, nothing, scripted_hub
from tests.device.scripted_tls import ScriptedAuthority
from tests.device.sensed import MS, SECOND, WALL_NS, frame, gap
from tests.device.spooled import FullDisk, mic, mics

QUICK = Settings(spill_s=1, spill_connected_s=1)


class ScriptedStreams:
    """As much of a source as the keeping of a run asks for."""

    timezone = "Europe/Stockholm"

    def __init__(self, *, live: bool = True) -> None:
        self.live = live
        kinds = {"mic": Modality.AUDIO, "camera": Modality.PICTURE, "control": Modality.CONTROL}
        self.streams = tuple(StreamInfo(stream=s, modality=m, live=live) for s, m in kinds.items())


@dataclass
class Run:
    """One run of a device without senses: frames come from the test."""

    kept: Kept
    uplink: Uplink
    tasks: "list[asyncio.Task[None]]"

    async def put(self, *frames: Frame) -> None:
        await self.kept.outbox.put(frames)

    async def drained(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.kept.outbox.drained()

    async def spilled(self) -> None:
        """Returns when memory is empty."""
        async with asyncio.timeout(PATIENCE_S):
            while self.kept.outbox.spool.waiting_frames:
                await asyncio.sleep(0.02)


def clock(ahead_ns: int = 0) -> Clock:
    """A machine that was switched on 100 s ago, and believes that it is the tests' beginning."""
    begun = time.monotonic_ns() - 100 * SECOND
    return Clock(wall_minus_monotonic_ns=WALL_NS + ahead_ns - 100 * SECOND, read=lambda: time.monotonic_ns() - begun)


def kept_in(
    home: Path, credentials: Credentials, *, live: bool, day: str, resume: bool, at: Clock
) -> tuple[Kept, Mapping[str, int]]:
    keeping = Keeping.opened(home, QUICK, at, credentials.sealing_key)
    since = keeping.resume(day) if resume else {}
    return keeping.begun(ScriptedStreams(live=live), day), since  # type: ignore[arg-type]  # no samples are asked for


@asynccontextmanager
async def running(
    home: Path,
    credentials: Credentials,
    *,
    live: bool = True,
    day: str = "",
    resume: bool = False,
    ahead_ns: int = 0,
) -> AsyncIterator[Run]:
    """A run that ends as if it had been killed: nothing is said, nothing is laid down."""
    at = clock(ahead_ns)
    kept, _ = kept_in(home, credentials, live=live, day=day, resume=resume, at=at)
    uplink = Uplink(
        address=credentials.address,
        connect=lambda: secure_channel(credentials),
        hello=lambda echo: Hello(
            boot_id=kept.boot_id,
            timezone="Europe/Stockholm",
            streams=ScriptedStreams(live=live).streams,
            software="test",
            mute=MuteState(muted=False),
            clock_offset_ns=0 if echo is None else echo.offset_ns,
        ),
        outbox=kept.outbox,
        obey=lambda _: None,
        read_wall_ns=(lambda: at.now().wall_ns) if live else None,
        earlier=kept.earlier,
        chance=lambda: 0.0,
    )
    tasks = [asyncio.create_task(uplink.run()), asyncio.create_task(kept.outbox.keep_up())]
    try:
        yield Run(kept=kept, uplink=uplink, tasks=tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def boots(home: Path) -> list[Boot]:
    return sorted((Boot.load(path.parent) for path in home.rglob("boot.json")), key=lambda one: one.number)


async def lived(home: Path, hub: ScriptedHub, *frames: Frame, lost: int = 0, ahead_ns: int = 0) -> str:
    """A run without a hub that is killed: its frames are on the disk, but for the newest `lost`."""
    async with running(home, hub.credentials, ahead_ns=ahead_ns) as run:
        await run.put(*frames[: len(frames) - lost])
        await run.spilled()
        if lost:
            run.tasks[1].cancel()
            await run.put(*frames[len(frames) - lost :])
        return run.kept.boot_id


async def test_a_killed_run_is_delivered_by_the_next_before_its_own(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 8), lost=3)
        async with running(tmp_path, hub.credentials) as run:
            await run.put(mic(1))
            await hub.start()
            await run.drained()
            assert [(hello.boot_id, hello.late) for hello in hub.hellos] == [(old, True), (run.kept.boot_id, False)]
            assert hub.of("mic", old)[:5] == mics(1, 5)
            assert hub.sealed == 5
            assert hub.lost("mic", old) == {KILLED: 300 * MS}
            assert hub.mark("mic", old).captured_ns == 800 * MS
            assert hub.of("mic", run.kept.boot_id) == [mic(1)]
            assert [one.boot_id for one in boots(tmp_path)] == [run.kept.boot_id]


async def test_it_says_how_much_is_still_to_come(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        await lived(tmp_path, hub, *mics(1, 5))
        await lived(tmp_path, hub, *mics(1, 3))
        async with running(tmp_path, hub.credentials) as run:
            await run.put(*mics(1, 2))
            await hub.start()
            await run.drained()
        assert [hello.waiting_ns // MS for hello in hub.hellos] == [1000, 1000, 200]


async def test_what_an_ordinary_stop_left_comes_whole(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        control = frame("control", 1, 500, 0, OffTheRecord(last_ns=SECOND))
        async with running(tmp_path, hub.credentials) as run:
            await run.put(*mics(1, 5), control)
            for task in run.tasks:
                task.cancel()
            await run.kept.finish(complete=True)
            old = run.kept.boot_id
        await hub.start()
        async with running(tmp_path, hub.credentials) as run:
            await hub.until(lambda: len(hub.hellos) == 2)
        assert hub.connections[0] == [control, *mics(1, 5)]
        assert hub.of("mic", old) == mics(1, 5)


async def test_nothing_is_left_of_a_run_that_was_heard_to_its_end(tmp_path: Path) -> None:
    async with scripted_hub() as hub, running(tmp_path, hub.credentials) as run:
        await run.put(*mics(1, 5))
        await run.drained()
        for task in run.tasks:
            task.cancel()
        await run.kept.finish(complete=True)
        assert [path.name for path in (tmp_path / "spool").iterdir()] == [KNOWN]


async def test_broken_off_it_goes_on_where_the_hub_stands(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 30))
        hub.acks = lambda one: one.sequence <= 10
        await hub.start()
        async with running(tmp_path, hub.credentials):
            await hub.until(lambda: len(hub.of("mic", old)) == 30)
            hub.acks = lambda _: True
            hub.drop()
            await hub.until(lambda: hub.mark("mic", old).sequence == 30)
            await hub.until(lambda: not hub.hellos[-1].late)
        assert hub.connections[1] == mics(11, 30)


async def test_late_frames_that_the_hub_refuses_do_not_stand_in_the_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 5))
        hub.refused_boots.add(old)
        await hub.start()
        with caplog.at_level(logging.WARNING):
            async with running(tmp_path, hub.credentials) as run:
                await run.put(mic(1))
                await run.drained()
                assert "refuses 0.5 s of an earlier run" in caplog.text
                assert {one.boot_id for one in boots(tmp_path)} == {old, run.kept.boot_id}


def said(hub: ScriptedHub) -> list[tuple[str, bool]]:
    return [(hello.boot_id, hello.late) for hello in hub.hellos]


async def test_what_the_wearer_ordered_does_not_wait_behind_a_backlog(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 5))
        control = frame("control", 1, 600, 0, OffTheRecord(last_ns=SECOND))
        async with running(tmp_path, hub.credentials) as run:
            await run.put(mic(1), control)
            await hub.start()
            await run.drained()
            mine = run.kept.boot_id
        assert said(hub) == [(mine, False), (old, True), (mine, False)]
        assert hub.connections == [[control], mics(1, 5), [mic(1)]]


async def test_an_order_breaks_off_what_is_being_delivered_and_it_goes_on_after(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 5))
        hub.acks = lambda one: one.stream == "control" or one.sequence <= 3
        hub.may_end.clear()
        await hub.start()
        async with running(tmp_path, hub.credentials) as run:
            await hub.until(lambda: len(hub.of("mic", old)) == 5)
            hub.may_end.set()
            hub.acks = lambda _: True
            control = frame("control", 1, 600, 0, MuteState(muted=True))
            await run.put(mic(1), control)
            await run.drained()
            mine = run.kept.boot_id
        assert said(hub) == [(old, True), (mine, False), (old, True), (mine, False)]
        assert hub.connections[1] == [control]
        assert hub.connections[2] == mics(4, 5)
        assert hub.mark("mic", old).sequence == 5


async def test_a_run_that_the_hub_never_settles_stands_aside_at_last(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uplink_module, "backoff_s", lambda *_: 0.0)
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 5))
        hub.acks = lambda _: not hub.hellos[-1].late
        await hub.start()
        with caplog.at_level(logging.WARNING):
            async with running(tmp_path, hub.credentials) as run:
                await run.put(mic(1))
                await run.drained()
                assert said(hub) == [(old, True)] * MOST_FAILURES + [(run.kept.boot_id, False)]
                assert {one.boot_id for one in boots(tmp_path)} == {old, run.kept.boot_id}
    assert caplog.text.count("refuses 0.5 s of an earlier run") == 1


async def test_a_hub_that_says_nothing_about_a_run_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uplink_module, "backoff_s", lambda *_: 0.0)
    monkeypatch.setattr(uplink_module, "QUIET_S", 0.05)
    async with scripted_hub() as hub:
        await hub.stop()
        await lived(tmp_path, hub, *mics(1, 5))
        hub.acks = lambda _: not hub.hellos[-1].late
        hub.may_end.clear()
        await hub.start()
        async with running(tmp_path, hub.credentials) as run:
            await run.put(mic(1))
            await run.drained()


async def test_a_hub_that_goes_away_is_no_failure_of_what_is_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uplink_module, "backoff_s", lambda *_: 0.0)
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 5))
        hub.acks = nothing
        hub.may_end.clear()
        await hub.start()
        async with running(tmp_path, hub.credentials) as run:
            for times in range(1, MOST_FAILURES + 2):
                await hub.until(lambda times=times: len(hub.connections) == times and len(hub.connections[-1]) == 5)  # type: ignore[misc]  # a default binds it
                hub.drop()
            hub.acks = lambda _: True
            hub.may_end.set()
            await run.put(mic(1))
            await run.drained()
        assert hub.mark("mic", old).sequence == 5


async def test_what_is_sealed_for_another_hub_is_not_offered(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        old = await lived(tmp_path, hub, *mics(1, 5))
        hub.authority = replace(hub.authority, sealing=ScriptedAuthority.made().sealing)
        await hub.start()
        async with running(tmp_path, hub.credentials) as run:
            await run.put(mic(1))
            await run.drained()
            assert old not in hub.boots
            assert old in {one.boot_id for one in boots(tmp_path)}


async def test_on_the_same_run_of_the_machine_a_wrong_wall_clock_is_mended(tmp_path: Path) -> None:
    """It believed in 1970 when it sensed, and was set since: the hub's time is what counts."""
    async with scripted_hub() as hub:
        await hub.stop()
        await lived(tmp_path, hub, *mics(1, 5), ahead_ns=-WALL_NS)
        hub.clock_ahead_ns = 7 * SECOND
        await hub.start()
        async with running(tmp_path, hub.credentials):
            await hub.until(lambda: bool(hub.hellos))
        assert hub.hellos[0].late
        assert hub.hellos[0].clock_offset_ns == pytest.approx(WALL_NS + 7 * SECOND, abs=2 * SECOND)


async def test_the_clock_is_asked_and_kept(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        hub.clock_ahead_ns = 3 * SECOND
        async with running(tmp_path, hub.credentials):
            await hub.until(lambda: bool(hub.hellos))
        (one,) = boots(tmp_path)
        assert one.offset is not None
        assert one.offset.offset_ns == pytest.approx(3 * SECOND, abs=SECOND)
        newest = Known.load(tmp_path / "spool").hub_ns
        assert newest == pytest.approx(WALL_NS + 3 * SECOND, abs=2 * SECOND)
        async with running(tmp_path, hub.credentials):
            assert boots(tmp_path)[-1].floor_ns >= newest


async def test_a_recorded_day_is_resumed_under_its_own_name(tmp_path: Path) -> None:
    day = "replay:/day"
    async with scripted_hub() as hub:
        hub.acks = lambda one: one.sequence <= 2
        async with running(tmp_path, hub.credentials, live=False, day=day) as run:
            await run.put(*mics(1, 4))
            await run.spilled()
            await hub.until(lambda: hub.mark("mic").sequence == 2)
            run.tasks[1].cancel()
            await run.put(*mics(5, 6))
            await hub.until(lambda: len(hub.frames) == 6)
            old = run.kept.boot_id
        hub.acks = lambda _: True
        at = clock()
        kept, since = kept_in(tmp_path, hub.credentials, live=False, day=day, resume=True, at=at)
        assert (kept.boot_id, since) == (old, {"mic": WALL_NS + 600 * MS})
        kept.keeping.worker.close()
        async with running(tmp_path, hub.credentials, live=False, day=day, resume=True) as run:
            await run.put(frame("mic", 1, 600, 100, gap()))
            await run.drained()
        assert hub.hellos[-1].boot_id == old
        assert not hub.hellos[-1].late
        assert hub.lost("mic", old) == {KILLED: 200 * MS}
        assert hub.mark("mic", old).captured_ns == 700 * MS


async def test_a_stopped_day_can_be_resumed_even_when_all_of_it_was_heard(tmp_path: Path) -> None:
    day = "replay:/day"
    async with scripted_hub() as hub:
        async with running(tmp_path, hub.credentials, live=False, day=day) as run:
            await run.put(*mics(1, 4))
            await run.drained()
            await run.kept.finish(complete=False)
        async with running(tmp_path, hub.credentials, live=False, day=day, resume=True) as run:
            await run.put(mic(1))
            await run.drained()
            await run.kept.finish(complete=True)
        assert [f.sequence for f in hub.of("mic")] == [1, 2, 3, 4, 5]
        assert boots(tmp_path) == []


async def test_without_a_disk_everything_stays_in_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "spool").write_text("a file is in the way")
    async with scripted_hub() as hub, running(tmp_path, hub.credentials) as run:
        await run.put(*mics(1, 5))
        await run.drained()
        await run.kept.finish(complete=True)
        assert hub.of("mic") == mics(1, 5)
    assert "There is no spool on the disk" in caplog.text


def test_a_disk_of_nothing_is_no_disk(tmp_path: Path) -> None:
    keeping = Keeping.opened(tmp_path, Settings(spool_disk_mib=0), clock(), bytes(32), FullDisk())
    assert keeping.shelf is None
    assert not (tmp_path / "spool").exists()


async def test_nothing_is_sealed_while_a_hub_takes_everything(tmp_path: Path) -> None:
    async with scripted_hub() as hub, running(tmp_path, hub.credentials) as run:
        await run.put(*mics(1, 20))
        await run.drained()
        assert hub.sealed == 0
        hub.acks = nothing
        await run.put(mic(21))
        await run.spilled()
        hub.acks = lambda _: True
        hub.drop()
        await run.drained()
        assert hub.sealed == 1
