"""What an earlier boot left comes late, by a stream of its own: heard and counted, but it commands nothing."""

import asyncio
from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from sotto_hub.errors import HomeError, UsageError
from sotto_proto.records import Frame, Gap, GapKind, MuteState, OffTheRecord
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import MS, SECOND, START_NS, STREAMS, Day, connected, hello

HOUR = 3_600 * SECOND
SCRIPT = [
    (START_NS + SECOND, START_NS + 2 * SECOND, "before the battery died"),
    (START_NS + HOUR + SECOND, START_NS + HOUR + 2 * SECOND, "and after it"),
]


def spoken(day: Day) -> list[Frame]:
    return [*day.gap(900), *day.speech(1_200), *day.gap(1_000)]


def texts(running: RunningHub) -> list[str]:
    return [said.text for said in running.hub.stores.transcript.utterances()]


async def test_off_does_not_wait_for_a_disk(tmp_path: Path) -> None:
    """A hub that cannot note the order says so, and tells the device that is there all the same."""
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        notes = running.hub.stores.notes
        notes._db.execute("pragma query_only = on")
        with pytest.raises(HomeError, match="the devices that are connected are told"):
            await running.hub.mute(True, 0)
        notes._db.execute("pragma query_only = off")
        assert (await line.commanded())[0].mute.muted


async def test_late_and_live_are_one_day_in_order(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT, START_NS + 2 * HOUR) as running:
        device = running.credentials()
        for boot, day, late in (("old", Day(), True), ("new", Day(now_ns=START_NS + HOUR), False)):
            async with connected(device, replace(hello(boot), late=late)) as line:
                frames = spoken(day)
                await line.send(frames)
                await line.acked("mic", frames[-1].sequence)
                await line.hang_up()
        assert texts(running) == ["before the battery died", "and after it"]
        assert running.mind.now_ns == START_NS + HOUR + 3_100 * MS
        assert [(row.boot_id, row.unaccounted_ns) for row in running.hub.ledger()] == [("new", 0), ("old", 0)]


async def test_controls_of_the_running_boot_come_before_and_hold_for_what_is_late(tmp_path: Path) -> None:
    """A short live stream of nothing but controls: event time does not jump ahead of the late sound behind it."""
    streams = tuple(replace(info, live=True) for info in hello().streams)
    now = Day(now_ns=START_NS + HOUR)
    async with running_hub(tmp_path / "home", SCRIPT, START_NS + 2 * HOUR) as running:
        device = running.credentials()
        for control, heard in (
            (MuteState(muted=True), ["before the battery died"]),
            (OffTheRecord(last_ns=HOUR), []),
        ):
            before = running.mind.now_ns
            async with connected(device, hello("new", streams)) as line:
                await line.send([now.frame("control", control)])
                await line.hang_up()
                await line.acked("control", now.sequences["control"])
            assert (running.mind.now_ns, running.hub.watermark_ns()) == (before, before)
            async with connected(device, replace(hello(f"old {len(heard)}", streams), late=True)) as line:
                await line.send(spoken(Day()))
                await line.acked("mic", 14)
                await line.hang_up()
            assert texts(running) == heard
            assert running.mind.now_ns == START_NS + 3_100 * MS
        assert [row.unaccounted_ns for row in running.hub.ledger()] == [0] * 3


async def test_event_time_never_goes_back(tmp_path: Path) -> None:
    """The newer boot was heard first; what comes late is stored at its own time."""
    async with running_hub(tmp_path / "home", SCRIPT, START_NS + 2 * HOUR) as running:
        device = running.credentials()
        async with connected(device, hello("new")) as line:
            await line.send(spoken(Day(now_ns=START_NS + HOUR)))
            await line.acked("mic", 14)
        before = running.mind.now_ns
        async with connected(device, replace(hello("old"), late=True)) as line:
            await line.send(spoken(Day()))
            await line.acked("mic", 14)
        assert texts(running) == ["before the battery died", "and after it"]
        assert running.mind.now_ns == before
        async with connected(device, hello("new")) as line:
            assert line.welcome["mic"] == 14
            assert line.captured["mic"] == 3_100 * MS


async def test_the_last_frames_of_a_boot_that_was_killed_are_decided_when_it_hangs_up(tmp_path: Path) -> None:
    """No gap follows in mid-word: nothing else could ever settle them."""
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        async with connected(running.credentials(), replace(hello("old"), late=True)) as line:
            day = Day()
            frames = [*day.gap(900), *day.speech(900)]
            await line.send(frames)
            await line.hang_up()
            await line.acked("mic", frames[-1].sequence)
        assert texts(running) == ["before the battery"]
        (row,) = running.hub.ledger()
        assert (row.waiting_ns, row.unaccounted_ns) == (0, 0)


async def test_the_boot_that_runs_may_hang_up_in_mid_word_and_go_on(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        device, day = running.credentials(), Day()
        frames = spoken(day)
        async with connected(device) as line:
            await line.send(frames[:6])
            await line.hang_up()
            assert line.acks == {"mic": 1}
        async with connected(device) as line:
            await line.send(frames[line.welcome["mic"] :])
            await line.acked("mic", frames[-1].sequence)
        assert texts(running) == ["before the battery died"]


async def test_a_late_stream_is_not_told_to_open_and_shows_nothing_of_today(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        device, day = running.credentials(), Day()
        await running.hub.mute(False, 0)
        async with connected(device, hello("new", muted=True)) as line:
            await line.hang_up()
        async with connected(device, replace(hello("old"), late=True)) as line:
            await line.send([day.frame("control", MuteState(muted=False)), *day.gap(100)])
            await line.acked("mic", 1)
            running.hub.fleet.reach_s = 0.02
            assert (await running.hub.mute(False, 0)).out_of_reach == (device.peer_id,)
            assert line.commands == []
            (status,) = running.hub.status().devices
            assert status.muted


async def test_a_late_stream_may_be_told_to_close(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        running.hub.fleet.reach_s = 0.02
        async with connected(running.credentials(), replace(hello("old"), late=True)) as line:
            await running.hub.mute(True, 0, ["camera"])
            (command,) = await line.commanded()
            assert (command.mute.muted, list(command.mute.streams)) == (True, ["camera"])


async def test_a_hello_tells_what_is_owed_closed_and_uncertain(tmp_path: Path) -> None:
    camera = MuteState(muted=True, streams=("camera",))
    greeting = replace(hello(), waiting_ns=HOUR, clock_error_ns=3 * MS, closed=(camera,))
    async with running_hub(tmp_path / "home") as running:
        async with connected(running.credentials(), greeting) as line:
            (device,) = running.hub.status().devices
            assert (device.owed_ns, device.clock_error_ns, device.closed) == (HOUR, 3 * MS, ("camera",))
            await line.send([Day().frame("control", MuteState(muted=False))])
            await line.acked("control", 1)
            assert running.hub.status().devices[0].closed == ()
            await line.hang_up()
        assert running.hub.status().devices[0].owed_ns == 0


async def test_one_sensor_is_closed_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        device, day = running.credentials(), Day()
        async with connected(device) as line:
            muting = asyncio.create_task(running.hub.mute(True, 60 * SECOND, ["camera", "eyes"]))
            (command,) = await line.commanded()
            assert list(command.mute.streams) == ["camera", "eyes"]
            await line.send([day.frame("control", MuteState(muted=True, streams=("camera", "eyes")))])
            assert (await muting).reached == (device.peer_id,)
            (status,) = running.hub.status().devices
            assert (status.muted, status.closed) == (False, ("camera", "eyes"))


async def test_what_no_device_has_cannot_be_muted(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        for for_ns, sensors in ((0, ["nose"]), (1 << 63, [])):
            with pytest.raises(UsageError):
                await running.hub.mute(True, for_ns, sensors)


async def test_a_loss_that_stands_for_many_frames_is_settled_as_one(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        device, day = running.credentials(), Day()
        frames = spoken(day)
        gone = frames[1:6]
        lost = replace(
            gone[-1],
            since_sequence=gone[0].sequence,
            at=gone[0].at,
            duration_ns=500 * MS,
            body=Gap(kind=GapKind.LOST, reason="spool_full"),
        )
        async with connected(device) as line:
            await line.send([frames[0], lost, *frames[6:]])
            await line.acked("mic", frames[-1].sequence)
        (row,) = running.hub.ledger()
        assert dict(row.lost_ns) == {"spool_full": 500 * MS}
        assert (row.captured_ns, row.unaccounted_ns) == (day.captured["mic"], 0)


async def test_a_device_that_is_paired_no_more_is_cut_off(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        device = running.credentials()
        async with connected(device) as line:
            await line.send(Day().gap(100))
            await line.acked("mic", 1)
            await line.send(Day(sequences={"mic": 1}, captured={"mic": 100 * MS}).gap(100))
            running.hub.stores.peers.remove(device.peer_id)
            error = await line.broken()
            assert error.code() is grpc.StatusCode.UNAUTHENTICATED
        assert not running.hub.fleet.waiting()
        assert all(row.unaccounted_ns == 0 for row in running.hub.ledger())


async def test_a_late_hello_changes_neither_calendar_nor_time_zone(tmp_path: Path) -> None:
    live = replace(hello("new", tuple(replace(info, live=True) for info in STREAMS)), timezone="Asia/Tokyo")
    async with running_hub(tmp_path / "home", now_ns=START_NS + HOUR) as running:
        device = running.credentials()
        async with connected(device, live):
            assert running.hub.now_ns() == START_NS + HOUR
        async with connected(device, replace(hello("old"), late=True)):
            assert running.hub.now_ns() == START_NS + HOUR
            assert running.mind.timezone == running.hub.status().timezone == "Asia/Tokyo"


async def test_a_late_hello_tells_where_the_wearer_was_when_nothing_else_does(tmp_path: Path) -> None:
    late = replace(hello("old"), late=True)
    async with running_hub(tmp_path / "home") as running, connected(running.credentials(), late):
        assert running.mind.timezone == running.hub.status().timezone == "Europe/Stockholm"
