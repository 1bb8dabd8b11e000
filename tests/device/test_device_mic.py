"""The live microphone: sound placed in time, every hole named, and closed while muted (P3, R1)."""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sotto_device.clock import Clock
from sotto_device.errors import MicrophoneError
from sotto_device.mute import Orders, Shutter
from sotto_device.samples import Absence, AudioSample, Sample
from sotto_device.sources.capture import QUEUE_BLOCKS, Block, Capture, look_again
from sotto_device.sources.mic import GONE, OVERRUN, STALLED, SUSPENDED, MicSource
from sotto_proto.records import GapKind, Modality, MuteState
from tests.device.scripted_microphone import ScriptedMicrophone
from tests.device.sensed import MS, SECOND, sound

OPEN = Shutter(sensors=("mic",))


def muted(until_wall_ns: int | None = None) -> Shutter:
    return Shutter(sensors=("mic",), orders=Orders(everything=MuteState(muted=True, until_wall_ns=until_wall_ns)))


class Room:
    """A microphone source on a clock that the test turns; open from the start, unless told otherwise."""

    def __init__(self, *microphones: ScriptedMicrophone) -> None:
        self.now_ns = 100 * SECOND
        self.slept_ns = 0
        self.tick_ns = 0
        self.looked = 0
        self._microphones = list(microphones)
        self.source = MicSource(
            clock=Clock(wall_minus_monotonic_ns=0, read=self._read, slept=lambda: self.slept_ns),
            timezone="Europe/Stockholm",
            make=lambda: self._microphones.pop(0),
            look_again=self._look,
        )

    async def samples(self, shutter: Shutter = OPEN) -> AsyncIterator[Sample]:
        await self.source.follow(shutter)
        return self.source.samples()

    def sleeps(self, ms: float) -> None:
        """The machine is suspended, and wakes up again."""
        self.now_ns += round(ms * MS)
        self.slept_ns += round(ms * MS)

    def _read(self) -> int:
        now_ns, self.now_ns = self.now_ns, self.now_ns + self.tick_ns
        return now_ns

    def _look(self) -> None:
        self.looked += 1

    def block(self, after_ms: float = 100, *, dropped_ms: float = 0, overflowed: bool = False) -> Block:
        """A block of 100 ms that is complete `after_ms` later."""
        self.now_ns += round(after_ms * MS)
        return Block(
            pcm=sound(100),
            arrived_ns=self.now_ns,
            overflowed=overflowed,
            dropped_ns=round(dropped_ms * MS),
            slept_ns=self.slept_ns,
        )


async def first(samples: AsyncIterator[Sample], count: int) -> list[Sample]:
    return [await asyncio.wait_for(anext(samples), 10) for _ in range(count)]


def told(samples: list[Sample]) -> list[tuple[str, float]]:
    """What each sample is, and how many milliseconds it lasts."""
    out = []
    for sample in samples:
        assert isinstance(sample, AudioSample | Absence)
        name = "sound" if isinstance(sample, AudioSample) else sample.reason or sample.kind.value
        out.append((name, sample.duration_ns / MS))
    return out


def test_it_says_what_it_is() -> None:
    source = Room().source
    assert source.live
    assert [(s.stream, s.modality, s.live) for s in source.streams] == [
        ("mic", Modality.AUDIO, True),
        ("control", Modality.CONTROL, True),
    ]


async def test_sound_without_a_hole() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    for _ in range(3):
        microphone.feed(room.block())
    samples = await first(await room.samples(), 3)
    assert told(samples) == [("sound", 100)] * 3
    assert samples[0].at.monotonic_ns == 100 * SECOND
    assert samples[2].at.monotonic_ns == 100 * SECOND + 200 * MS


async def test_what_the_queue_dropped_is_lost_with_its_reason() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    microphone.feed(room.block(700, dropped_ms=600))
    assert told(await first(await room.samples(), 3)) == [("sound", 100), (OVERRUN, 600), ("sound", 100)]


async def test_what_the_driver_lost_is_measured_by_the_clock() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    microphone.feed(room.block(350, overflowed=True))
    samples = await first(await room.samples(), 3)
    assert told(samples) == [("sound", 100), (OVERRUN, 250), ("sound", 100)]
    assert [s.at.monotonic_ns - 100 * SECOND for s in samples] == [0, 100 * MS, 350 * MS]


async def test_a_stall_is_lost_time() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    samples = await room.samples()
    await first(samples, 1)
    room.now_ns += SECOND
    microphone.feed(None)
    assert told(await first(samples, 1)) == [(STALLED, 1000)]
    microphone.feed(room.block(250))
    assert told(await first(samples, 2)) == [(STALLED, 150), ("sound", 100)]


async def test_before_the_first_block_nothing_is_lost() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(None)
    microphone.feed(room.block(1500))
    assert told(await first(await room.samples(), 1)) == [("sound", 100)]


async def test_no_microphone_at_the_start_is_an_error() -> None:
    with pytest.raises(MicrophoneError):
        await anext(await Room(ScriptedMicrophone(missing=True)).samples())


async def test_unplugged_and_plugged_in_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sotto_device.sources.mic.RETRY_S", 0.01)
    plugged, absent, back = ScriptedMicrophone(), ScriptedMicrophone(missing=True), ScriptedMicrophone()
    room = Room(plugged, absent, back)
    samples = await room.samples()
    plugged.feed(room.block())
    await first(samples, 1)
    plugged.running = False
    room.now_ns += SECOND
    plugged.feed(None)
    with caplog.at_level(logging.WARNING):
        assert told(await first(samples, 1)) == [(GONE, 1000)]
        room.now_ns += SECOND
        assert told(await first(samples, 1)) == [(GONE, 1000)]
        back.feed(room.block(600))
        assert told(await first(samples, 2)) == [(GONE, 500), ("sound", 100)]
    assert room.looked == 2
    said = [r.message.split(":")[0] for r in caplog.records]
    assert said == ["The microphone is gone", "The microphone is back."]
    assert plugged.events == ["open", "shut", "close"]


async def test_muting_takes_nothing_in_from_that_instant() -> None:
    """Well within 50 ms, and the microphone is given back."""
    microphone, again = ScriptedMicrophone(), ScriptedMicrophone()
    room = Room(microphone, again)
    samples = await room.samples()
    microphone.feed(room.block())
    await first(samples, 1)
    assert room.source.open == {"mic"}
    began = time.perf_counter()
    await room.source.follow(muted(room.now_ns))
    assert time.perf_counter() - began < 0.05
    assert microphone.events == ["open", "shut", "close"]
    assert room.source.open == frozenset()
    room.now_ns += 700 * MS
    assert told(await first(samples, 1)) == [("muted", 700)]
    again.feed(room.block(200))
    await room.source.follow(OPEN)
    assert told(await first(samples, 2)) == [("muted", 100), ("sound", 100)]


async def test_a_device_that_starts_muted_opens_nothing() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    room.tick_ns = 10 * MS
    assert told(await first(await room.samples(muted(100 * SECOND + 20 * MS)), 1)) == [("muted", 20)]
    assert microphone.events == []
    assert room.source.open == frozenset()


async def test_nothing_is_opened_before_it_is_said() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    room.tick_ns = 400 * MS
    samples = room.source.samples()
    waiting = asyncio.create_task(first(samples, 1))
    await asyncio.sleep(0)
    assert microphone.events == []
    waiting.cancel()


async def test_a_private_camera_leaves_the_microphone_alone() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    private = Shutter(sensors=("mic",), orders=Orders(single=(MuteState(muted=True, streams=("camera",)),)))
    microphone.feed(room.block())
    assert told(await first(await room.samples(private), 1)) == [("sound", 100)]


class SlowMicrophone(ScriptedMicrophone):
    """Takes its time to open and to close, on the worker; the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def open(self) -> None:
        self.go_on.wait(10)
        super().open()

    def close(self) -> None:
        self.go_on.wait(10)
        super().close()


async def test_a_microphone_counts_as_open_until_it_is_really_closed() -> None:
    microphone = SlowMicrophone()
    room = Room(microphone)
    waiting = asyncio.create_task(first(await room.samples(), 1))
    while room.source.open != {"mic"}:
        await asyncio.sleep(0)
    closing = asyncio.create_task(room.source.follow(muted()))
    again = asyncio.create_task(room.source.follow(muted()))
    for _ in range(5):
        await asyncio.sleep(0)
    assert room.source.open == {"mic"}
    assert not closing.done()
    microphone.go_on.set()
    await asyncio.wait_for(asyncio.gather(closing, again), 10)
    assert room.source.open == frozenset()
    assert microphone.events == ["shut", "open", "close"]
    waiting.cancel()


async def test_muted_while_the_system_looks_for_a_microphone_none_is_opened() -> None:
    microphone, never = ScriptedMicrophone(), ScriptedMicrophone()
    room = Room(microphone, never)
    looking, go_on = threading.Event(), threading.Event()

    def look() -> None:
        looking.set()
        go_on.wait(10)

    room.source._look_again = look
    samples = await room.samples()
    microphone.feed(room.block())
    await first(samples, 1)
    await room.source.follow(muted())
    waiting = asyncio.create_task(first(samples, 1))
    await room.source.follow(OPEN)
    await asyncio.to_thread(looking.wait, 10)
    await room.source.follow(muted())
    go_on.set()
    room.now_ns += 300 * MS
    assert told(await asyncio.wait_for(waiting, 10)) == [("muted", 300)]
    assert never.events == []


async def test_the_time_that_the_machine_slept_is_lost_and_says_why() -> None:
    """Not OFF: the wearer had left it on, and the ledger has to name what it did not hear."""
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    samples = await room.samples()
    await first(samples, 1)
    room.sleeps(3_600_000)
    microphone.feed(room.block(150))
    after = await first(samples, 3)
    assert told(after) == [(SUSPENDED, 3_600_000), (OVERRUN, 50), ("sound", 100)]
    assert after[-1].at.monotonic_ns == room.now_ns - 100 * MS


async def test_a_short_sleep_is_found_at_once() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    samples = await room.samples()
    await first(samples, 1)
    room.sleeps(200)
    microphone.feed(room.block())
    assert told(await first(samples, 2)) == [(SUSPENDED, 200), ("sound", 100)]


async def test_a_microphone_that_does_not_wake_up_has_slept_and_then_stalled() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    samples = await room.samples()
    await first(samples, 1)
    room.sleeps(5_000)
    room.now_ns += SECOND
    microphone.feed(None)
    assert told(await first(samples, 2)) == [(SUSPENDED, 5_000), (STALLED, 1_000)]


async def test_sleep_while_muted_is_muted() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    room.tick_ns = 10 * MS
    samples = await room.samples(muted(100 * SECOND + 20 * MS))
    await first(samples, 1)
    room.tick_ns = 0
    room.sleeps(9_000)
    (sample,) = await first(samples, 1)
    assert told([sample]) == [("muted", sample.duration_ns / MS)]  # type: ignore[union-attr]  # an absence
    await room.source.follow(OPEN)
    microphone.feed(room.block(0))
    assert SUSPENDED not in dict(told(await first(samples, 1)))


async def test_closing_ends_the_samples() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    samples = await room.samples()
    microphone.feed(room.block())
    await first(samples, 1)
    await room.source.close()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(samples), 10)
    assert microphone.events == ["open", "shut", "close"]


# ---- the adapter of sounddevice ---------------------------------------------------------------------------------


class PortAudioError(Exception):
    """As sounddevice calls it."""


class FakeStream:
    """An input stream whose callback the test calls."""

    def __init__(self, *, callback: Callable[..., None], **settings: Any) -> None:
        self.callback = callback
        self.settings = settings
        self.active = False

    def start(self) -> None:
        self.active = True

    def close(self, *, ignore_errors: bool) -> None:
        self.active = False


def fake_sounddevice(monkeypatch: pytest.MonkeyPatch, stream: Callable[..., Any] = FakeStream) -> list[Any]:
    """Puts a module in place of sounddevice; the streams that it opens."""
    opened: list[Any] = []

    def open_stream(**settings: Any) -> Any:
        opened.append(stream(**settings))
        return opened[-1]

    calls: list[str] = []
    module = SimpleNamespace(
        RawInputStream=open_stream,
        PortAudioError=PortAudioError,
        _terminate=lambda: calls.append("terminate"),
        _initialize=lambda: calls.append("initialize"),
        calls=calls,
    )
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return opened


def deliver(stream: FakeStream, *, overflow: bool = False) -> None:
    stream.callback(sound(100), 1600, None, SimpleNamespace(input_overflow=overflow))


async def test_capture_opens_what_the_link_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = fake_sounddevice(monkeypatch)
    capture = Capture(device="USB", read_ns=lambda: 7 * SECOND)
    assert not capture.alive
    capture.open()
    settings = opened[0].settings
    assert (settings["samplerate"], settings["channels"], settings["dtype"]) == (16_000, 1, "int16")
    assert settings["device"] == "USB"
    deliver(opened[0], overflow=True)
    block = await capture.block(5)
    assert block is not None
    assert (len(block.pcm), block.arrived_ns, block.overflowed, block.begun_ns) == (3200, 7 * SECOND, True, 6900 * MS)
    assert capture.alive
    capture.close()
    assert not capture.alive


async def test_a_full_queue_drops_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = fake_sounddevice(monkeypatch)
    capture = Capture(device="", read_ns=lambda: 0)
    capture.open()
    for _ in range(QUEUE_BLOCKS + 3):
        deliver(opened[0])
    blocks = [await capture.block(5) for _ in range(QUEUE_BLOCKS)]
    assert all(b is not None and not b.dropped_ns for b in blocks)
    deliver(opened[0])
    after = await capture.block(5)
    assert after is not None
    assert after.dropped_ns == 300 * MS


async def test_a_shut_capture_gives_nothing_even_of_what_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = fake_sounddevice(monkeypatch)
    capture = Capture(device="", read_ns=lambda: 0)
    capture.open()
    deliver(opened[0])
    capture.shut()
    deliver(opened[0])
    assert await capture.block(5) is None


async def test_no_block_in_time_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_sounddevice(monkeypatch)
    capture = Capture(device="", read_ns=lambda: 0)
    capture.open()
    assert await capture.block(0.001) is None


async def test_without_portaudio_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(MicrophoneError) as caught:
        Capture(device="", read_ns=lambda: 0).open()
    assert caught.value.code == "portaudio"
    assert "libportaudio2" in caught.value.sentence


@pytest.mark.parametrize(("device", "named"), [("", "a microphone cannot"), ("USB", "the microphone 'USB' cannot")])
async def test_without_a_microphone_it_says_so(monkeypatch: pytest.MonkeyPatch, device: str, named: str) -> None:
    def fail(**_: Any) -> None:
        raise PortAudioError("Error querying device -1")

    fake_sounddevice(monkeypatch, fail)
    with pytest.raises(MicrophoneError) as caught:
        Capture(device=device, read_ns=lambda: 0).open()
    assert caught.value.code == "microphone"
    assert caught.value.exit_status == 6
    assert named in caught.value.sentence


def test_looking_again_starts_portaudio_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_sounddevice(monkeypatch)
    look_again()
    assert sys.modules["sounddevice"].calls == ["terminate", "initialize"]


def test_kinds_of_absences() -> None:
    assert {GONE, STALLED, OVERRUN} == {"device_error", "device_stalled", "device_overrun"}
    assert GapKind.LOST.value == "lost"
