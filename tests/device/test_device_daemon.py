"""The whole device in one process: a source that does as it is told, the real daemon, and a real link."""

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sotto_device.body.parts import Body
from sotto_device.body.scripted import ScriptedLight, ScriptedSwitch
from sotto_device.daemon import Daemon
from sotto_device.errors import BodyError, DeviceError, HomeError
from sotto_device.identity import hello_of
from sotto_device.mute import ALL_MUTED, NO_ORDERS, UNMUTED, Orders, Shown, Shutter
from sotto_device.mute_file import load_mute, save_mute
from sotto_device.outbox import Outbox
from sotto_device.remote import FILE, asked, serve, tell
from sotto_device.samples import ControlSample, Sample, Stop
from sotto_device.spool import Spool
from sotto_device.uplink import Uplink
from sotto_device.withhold import OFF_THE_RECORD
from sotto_proto.records import Audio, CaptureTime, GapKind, Modality, MuteState, OffTheRecord, StreamInfo
from sotto_proto.secure import secure_channel
from sotto_proto.v1 import link_pb2 as pb
from tests.device.scripted_hub import PATIENCE_S, ScriptedHub, scripted_hub
from tests.device.sensed import MS, SECOND, SPEECH, WALL_NS, absent, at, balanced, gap, heard, levels, scripted_line

SECRET = 199
MUTED = MuteState(muted=True)


class ScriptedSource:
    """Senses what the test feeds it."""

    timezone = "Europe/Stockholm"
    streams = (
        StreamInfo(stream="mic", modality=Modality.AUDIO, live=True),
        StreamInfo(stream="control", modality=Modality.CONTROL, live=True),
    )

    def __init__(self, *, live: bool) -> None:
        self.live = live
        self.open: frozenset[str] = frozenset()
        self.opened: list[bool] = []
        self.light: ScriptedLight | None = None
        self.lies: list[Shown | None] = []  # what the light said while it should not have
        self.stuck = False  # it does not close
        self._samples: asyncio.Queue[Sample | None] = asyncio.Queue()

    def feed(self, *samples: Sample) -> None:
        for sample in samples:
            self._samples.put_nowait(sample)

    def end(self) -> None:
        self._samples.put_nowait(None)

    async def samples(self) -> AsyncIterator[Sample]:
        while (sample := await self._samples.get()) is not None:
            yield sample

    async def follow(self, shutter: Shutter) -> None:
        self.opened.append("mic" in shutter.wanted)
        if self.light is not None and self.light.shown is Shown.OFF and (self.open or shutter.wanted):
            self.lies.append(self.light.shown)
        self.open = (self.open if self.stuck else frozenset()) | (shutter.wanted & {"mic"})

    async def close(self) -> None:
        self.end()


@dataclass
class Wearable:
    """A running device and what the test turns it with."""

    source: ScriptedSource
    daemon: Daemon
    outbox: Outbox
    stops: list[str]
    running: "asyncio.Task[bool]"
    now: list[CaptureTime]
    light: ScriptedLight

    async def ended(self) -> bool:
        self.source.end()
        return await asyncio.wait_for(self.running, PATIENCE_S)


@asynccontextmanager
async def wearable(
    home: Path, hub: ScriptedHub, *, live: bool = True, switch: ScriptedSwitch | None = None
) -> AsyncIterator[Wearable]:
    """A device on a scripted line, paired with the hub."""
    credentials = hub.credentials
    source, stops, now = ScriptedSource(live=live), list[str](), [at(0)]

    async def stopped(label: str) -> None:
        stops.append(label)

    outbox = Outbox(Spool(bound_bytes=1 << 20, live=live), live=live)
    line = scripted_line(orders=load_mute(home), sensors=("mic",))
    light = source.light = ScriptedLight()
    daemon = Daemon(
        home=home,
        source=source,
        line=line,
        outbox=outbox,
        now=lambda: now[0],
        at_stop=stopped,
        body=Body(light=light, switch=switch),
    )
    uplink = Uplink(
        address=credentials.address,
        connect=lambda: secure_channel(credentials),
        hello=lambda echo: hello_of(source, "boot-1", daemon.shutter, echo),
        outbox=outbox,
        obey=daemon.obey,
        read_wall_ns=(lambda: now[0].wall_ns) if live else None,
    )
    running = asyncio.create_task(daemon.run(uplink))
    try:
        yield Wearable(
            source=source, daemon=daemon, outbox=outbox, stops=stops, running=running, now=now, light=light
        )
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_speech_reaches_the_hub_and_the_end_is_said(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        device.source.feed(heard(0, 2000), heard(2000, 1000, SPEECH))
        await hub.until(lambda: any(isinstance(f.body, Audio) for f in hub.frames))
        assert await device.ended()
        frames = hub.of("mic")
        assert balanced(frames)
        assert frames[-1].captured_ns == 3 * SECOND
        assert frames[-1].body == gap(GapKind.OFF)
        assert hub.hellos[0].timezone == "Europe/Stockholm"


async def test_a_mute_from_the_hub_is_done_kept_and_reported(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        device.source.feed(heard(0, 1000, SPEECH))
        await hub.until(lambda: bool(hub.frames))
        device.now[0] = at(1000)
        hub.command(pb.Command(mute=pb.MuteState(muted=True)))
        await hub.until(lambda: bool(hub.of("control")))
        assert hub.of("control")[0].body == MUTED
        assert hub.of("control")[0].at == at(1000)
        assert device.source.opened[:2] == [True, False]
        device.source.feed(heard(1000, 2000, SECRET))
        await hub.until(lambda: gap(GapKind.MUTED) in [f.body for f in hub.frames])
        assert load_mute(tmp_path) == ALL_MUTED
        assert device.light.shown is Shown.OFF
        await device.ended()
        assert levels(hub.of("mic")) == {SPEECH}


async def test_a_mute_survives_a_restart(tmp_path: Path) -> None:
    save_mute(tmp_path, ALL_MUTED)
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        device.source.feed(heard(0, 2000, SECRET))
        await hub.until(lambda: bool(hub.frames))
        assert hub.hellos[0].mute == MUTED
        await device.ended()
        assert levels(hub.of("mic")) == set()


async def test_mute_works_with_the_hub_away_and_is_never_delivered_later(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        async with wearable(tmp_path, hub) as device:
            device.source.feed(heard(0, 1000, SPEECH))
            device.now[0] = at(1000)
            await device.daemon.order(MUTED)
            device.source.feed(heard(1000, 2000, SECRET))
            device.now[0] = at(3000)
            await device.daemon.order(UNMUTED)
            device.source.feed(heard(3000, 1000, SPEECH))
            await hub.start()
            await hub.until(lambda: len(hub.of("control")) == 2)
            assert await device.ended()
        assert levels(hub.of("mic")) == {SPEECH}
        assert load_mute(tmp_path) == NO_ORDERS


async def test_a_timed_mute_opens_the_sensor_by_itself(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        await device.daemon.order(MuteState(muted=True, until_wall_ns=WALL_NS + 1500 * MS))
        device.source.feed(absent(0, 1500, GapKind.MUTED))
        await hub.until(lambda: len(hub.of("control")) == 2)
        device.source.feed(heard(1500, 1000, SPEECH))
        await device.ended()
        assert device.source.opened[-1] is True
        assert load_mute(tmp_path) == NO_ORDERS
        assert levels(hub.of("mic")) == {SPEECH}


async def test_off_the_record_takes_back_what_waits_here(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        async with wearable(tmp_path, hub) as device:
            device.source.feed(heard(0, 2000, SPEECH), heard(2000, 2000, SECRET))
            async with asyncio.timeout(PATIENCE_S):
                while device.daemon.line.until != at(4000):
                    await asyncio.sleep(0.01)
            device.now[0] = at(4500)
            await device.daemon.order(OffTheRecord(last_ns=2500 * MS))
            device.source.feed(heard(4000, 500, SECRET), heard(4500, 1000, SPEECH))
            await hub.start()
            await hub.until(lambda: bool(hub.of("control")))
            assert await device.ended()
        frames = hub.of("mic")
        assert balanced(frames)
        assert levels(frames) == {SPEECH}
        assert sum(f.duration_ns for f in frames if f.body == gap(GapKind.LOST, OFF_THE_RECORD)) >= 2500 * MS


async def test_a_recorded_day_stops_where_it_is_told_once_all_is_acknowledged(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub, live=False) as device:
        hub.acks = lambda one: one.body == gap(GapKind.OFF)
        device.source.feed(heard(0, 1000, SPEECH), Stop(at=at(1000), label="here"))
        async with asyncio.timeout(PATIENCE_S):
            while not device.stops:
                await asyncio.sleep(0.01)
        assert device.outbox.spool.waiting_frames == 0
        device.source.feed(heard(1000, 500), absent(1500, 1000))
        assert await device.ended()
        assert device.stops == ["here"]
        assert balanced(hub.of("mic"))


async def test_controls_of_a_recorded_day_are_done_in_its_own_time(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub, live=False) as device:
        until = MuteState(muted=True, until_wall_ns=WALL_NS + 2 * SECOND)
        device.source.feed(
            heard(0, 1000, SPEECH),
            ControlSample(at=at(1000), control=until),
            heard(1000, 1000, SECRET),
            heard(2000, 1000, SPEECH),
            absent(3000, 1000),
        )
        assert await device.ended()
        assert [f.body for f in hub.of("control")] == [until, UNMUTED]
        assert levels(hub.of("mic")) == {SPEECH}


async def test_an_order_during_a_recorded_day_counts_from_where_the_day_is(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub, live=False) as device:
        device.source.feed(heard(0, 1000, SPEECH))
        async with asyncio.timeout(PATIENCE_S):
            while device.daemon.line.until is None:
                await asyncio.sleep(0.01)
        await device.daemon.order(MUTED)
        await hub.until(lambda: bool(hub.of("control")))
        assert hub.of("control")[0].at == at(1000)


async def test_stopping_without_a_hub_says_what_is_lost(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        with caplog.at_level(logging.WARNING):
            async with wearable(tmp_path, hub) as device:
                device.source.feed(heard(0, 2000, SPEECH))
                await device.daemon.stop()
                assert not await asyncio.wait_for(device.running, PATIENCE_S)
        assert "Stopped with 2.0 s of sound that no hub has." in [r.getMessage() for r in caplog.records]


async def test_of_too_many_orders_the_newest_count(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        for _ in range(100):
            device.daemon.obey(OffTheRecord(last_ns=1))
        device.daemon.obey(MUTED)
        await hub.until(lambda: MUTED in [f.body for f in hub.of("control")])
        assert len(hub.of("control")) <= 33


async def test_however_many_orders_come_what_is_to_be_taken_back_is(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        device.daemon.obey(OffTheRecord(last_ns=7))
        for _ in range(50):
            device.daemon.obey(UNMUTED)
            device.daemon.obey(MUTED)
        await hub.until(lambda: MUTED in [f.body for f in hub.of("control")])
        assert any(isinstance(f.body, OffTheRecord) for f in hub.of("control"))


# ---- off is off -------------------------------------------------------------------------------------------------


async def said(device: Wearable, shown: Shown) -> None:
    """Returns when the light says so."""
    async with asyncio.timeout(PATIENCE_S):
        while device.light.shown is not shown:
            await asyncio.sleep(0.005)


async def test_the_light_never_says_off_while_anything_is_open(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        await said(device, Shown.SENSING)
        for order in (MUTED, UNMUTED, MuteState(muted=True, streams=("mic",)), UNMUTED):
            await device.daemon.order(order)
        device.now[0] = at(1000)
        await device.daemon.order(MuteState(muted=True, until_wall_ns=at(2000).wall_ns))
        device.source.feed(absent(1000, 1500, GapKind.MUTED))
        await hub.until(lambda: len(hub.of("control")) == 6)
        await device.ended()
        assert device.source.lies == []
        once = [Shown.SENSING, Shown.CLOSING, Shown.OFF]
        assert device.light.story == [*once, *once, *once, Shown.SENSING]
        assert not device.light.claimed


async def test_sound_that_was_stamped_ahead_of_the_clock_does_not_lie_in_the_mute(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        device.source.feed(heard(0, 1000, SPEECH))
        await hub.until(lambda: any(isinstance(f.body, Audio) for f in hub.frames))
        device.now[0] = at(900)
        await device.daemon.order(MUTED)
        await hub.until(lambda: bool(hub.of("control")))
        assert hub.of("control")[0].at == at(1000)


async def test_a_sensor_that_does_not_close_is_shown(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        await said(device, Shown.SENSING)
        device.source.stuck = True
        await device.daemon.order(MUTED)
        assert device.light.story == [Shown.SENSING, Shown.CLOSING]
        assert device.daemon.status(False)["open"] == ["mic"]


async def test_nobody_opens_again_what_has_been_ordered_closed(tmp_path: Path) -> None:
    """While an order waits for the line, samples that are still under way do not open the sensor for a moment."""
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        await said(device, Shown.SENSING)
        async with device.daemon._turn:
            ordering = asyncio.create_task(device.daemon.order(MUTED))
            await said(device, Shown.OFF)
            await device.daemon._follow()
            assert device.source.open == frozenset()
            assert not ordering.done()
        await ordering
        assert device.source.opened.count(True) == 1


async def test_a_device_whose_switch_is_off_starts_closed_and_opens_when_it_is_turned(tmp_path: Path) -> None:
    switch = ScriptedSwitch(off=True)
    async with scripted_hub() as hub, wearable(tmp_path, hub, switch=switch) as device:
        await said(device, Shown.OFF)
        await hub.until(lambda: bool(hub.hellos))
        assert hub.hellos[0].mute == MUTED
        await device.daemon.order(UNMUTED)
        assert True not in device.source.opened
        switch.turn(off=False)
        await said(device, Shown.SENSING)
        switch.turn(off=True)
        await said(device, Shown.OFF)
        assert device.daemon.status(True)["switch"] == "off"
        await hub.until(lambda: [f.body for f in hub.of("control")] == [MUTED, MUTED, UNMUTED, MUTED])
        assert device.source.lies == []
    assert load_mute(tmp_path) == NO_ORDERS


async def test_orders_count_again_once_the_switch_is_on(tmp_path: Path) -> None:
    switch = ScriptedSwitch()
    async with scripted_hub() as hub, wearable(tmp_path, hub, switch=switch) as device:
        await said(device, Shown.SENSING)
        switch.turn(off=True)
        await said(device, Shown.OFF)
        await device.daemon.order(MUTED)
        switch.turn(off=False)
        await hub.until(lambda: len(hub.of("control")) == 2)
        assert device.light.shown is Shown.OFF
        assert device.source.opened.count(True) == 1


async def test_a_switch_that_cannot_be_read_keeps_the_device_from_sensing(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub, switch=ScriptedSwitch(broken=True)) as device:
        with pytest.raises(BodyError):
            await asyncio.wait_for(asyncio.shield(device.running), PATIENCE_S)
        assert device.source.opened == []
        assert hub.hellos == []


async def test_a_switch_that_breaks_closes_everything(tmp_path: Path) -> None:
    switch = ScriptedSwitch()
    async with scripted_hub() as hub, wearable(tmp_path, hub, switch=switch) as device:
        await said(device, Shown.SENSING)
        switch.broken = True
        switch.turn(off=False)
        await said(device, Shown.OFF)
        assert device.source.open == frozenset()


async def test_a_light_that_does_not_follow_ends_all_sensing(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        await said(device, Shown.SENSING)
        device.light.broken = True
        device.source.feed(absent(0, 100))
        with pytest.raises(BodyError):
            await device.daemon.order(MUTED)
        assert device.source.open == frozenset()
        device.source.feed(absent(100, 100))
        with pytest.raises(ExceptionGroup):
            await asyncio.wait_for(asyncio.shield(device.running), PATIENCE_S)


async def test_an_order_that_cannot_be_kept_holds_and_is_told(tmp_path: Path) -> None:
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        await said(device, Shown.SENSING)
        (tmp_path / ".mute.json.new").mkdir()
        with pytest.raises(HomeError):
            await device.daemon.order(MUTED)
        assert device.light.shown is Shown.OFF
        device.daemon.obey(UNMUTED)
        await said(device, Shown.SENSING)
    assert load_mute(tmp_path) == ALL_MUTED


async def test_a_private_sensor_is_kept_and_told_in_the_hello(tmp_path: Path) -> None:
    camera = MuteState(muted=True, streams=("camera",))
    save_mute(tmp_path, Orders(single=(camera,)))
    async with scripted_hub() as hub, wearable(tmp_path, hub) as device:
        await hub.until(lambda: bool(hub.hellos))
        assert (hub.hellos[0].mute, hub.hellos[0].closed) == (UNMUTED, (camera,))
        hub.command(pb.Command(mute=pb.MuteState(muted=True, streams=["eyes"])))
        await hub.until(lambda: bool(hub.of("control")))
        assert hub.of("control")[0].body == MuteState(muted=True, streams=("eyes",))
        assert device.light.shown is Shown.SENSING  # it has neither


# ---- orders from the same machine ------------------------------------------------------------------------------


@asynccontextmanager
async def serving(home: Path) -> AsyncIterator[list[object]]:
    """The socket, with an order that fails on request."""
    taken: list[object] = []

    async def order(control: object) -> None:
        if control == OffTheRecord(last_ns=SECOND):
            raise DeviceError("x", "it cannot be done")
        taken.append(control)

    running = asyncio.create_task(serve(home, lambda: 0, order, lambda: {"open": ["mic"]}))
    async with asyncio.timeout(PATIENCE_S):
        while not (home / FILE).exists():
            await asyncio.sleep(0.01)
    try:
        yield taken
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def short_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path that a socket address can hold, wherever the tests run."""
    monkeypatch.chdir(tmp_path)
    return Path()


async def test_orders_reach_the_daemon(short_home: Path) -> None:
    async with serving(short_home) as taken:
        assert oct((short_home / FILE).stat().st_mode & 0o777) == "0o600"
        assert await asyncio.to_thread(tell, short_home, {"do": "mute", "for_s": 2})
        assert await asyncio.to_thread(tell, short_home, {"do": "unmute"})
        assert taken == [MuteState(muted=True, until_wall_ns=2 * SECOND), UNMUTED]
    assert not (short_home / FILE).exists()


async def test_a_wrong_order_gets_a_sentence(short_home: Path) -> None:
    async with serving(short_home) as taken:
        for told, named in (({"do": "fly"}, "no order 'fly'"), ({"do": "off_the_record", "last_s": 1}, "cannot be")):
            with pytest.raises(DeviceError, match=named):
                await asyncio.to_thread(tell, short_home, told)
        assert taken == []


async def test_the_daemon_says_how_it_stands(short_home: Path) -> None:
    async with serving(short_home):
        answer = await asyncio.to_thread(asked, short_home, {"do": "status"})
        assert answer == {"done": True, "status": {"open": ["mic"]}}


async def test_whoever_says_nothing_does_not_keep_others_from_being_heard(short_home: Path) -> None:
    async with serving(short_home) as taken:
        silent = [await asyncio.open_unix_connection(short_home / FILE) for _ in range(4)]
        assert await asyncio.to_thread(tell, short_home, {"do": "unmute"})
        assert taken == [UNMUTED]
        for _, writer in silent:
            writer.close()


async def test_garbage_on_the_socket_gets_a_sentence(short_home: Path) -> None:
    def speak(line: bytes) -> dict[str, object]:
        with socket.socket(socket.AF_UNIX) as raw:
            raw.settimeout(PATIENCE_S)
            raw.connect(str(short_home / FILE))
            raw.sendall(line)
            return dict(json.loads(raw.makefile().readline()))

    async with serving(short_home):
        assert "error" in await asyncio.to_thread(speak, b"{\n")
        assert "error" in await asyncio.to_thread(speak, b"\xff\xfe\n")
        assert "error" in await asyncio.to_thread(speak, b"[1, 2]\n")


def test_no_daemon_is_not_an_error(short_home: Path) -> None:
    assert not tell(short_home, {"do": "unmute"})
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(short_home / FILE))
    listener.close()
    assert not tell(short_home, {"do": "unmute"})


async def test_a_socket_that_cannot_be_made_is_said_and_the_daemon_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    deep = tmp_path / ("x" * 120)
    os.mkdir(deep)
    with caplog.at_level(logging.WARNING):
        await asyncio.wait_for(serve(deep, lambda: 0, lambda _: asyncio.sleep(0)), PATIENCE_S)
    assert "will not reach this daemon" in caplog.records[0].getMessage()
