"""The live microphone: sound placed in time, every hole named, and closed while muted (P3, R1)."""

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sotto_device.clock import Clock
from sotto_device.errors import MicrophoneError
from sotto_device.mute import UNMUTED
from sotto_device.samples import Absence, AudioSample, Sample
from sotto_device.sources.capture import QUEUE_BLOCKS, Block, Capture, look_again
from sotto_device.sources.mic import GONE, OVERRUN, STALLED, MicSource
from sotto_proto.records import GapKind, Modality, MuteState
from tests.device.scripted_microphone import ScriptedMicrophone
from tests.device.sensed import MS, SECOND, sound


class Room:
    """A microphone source on a clock that the test turns."""

    def __init__(self, *microphones: ScriptedMicrophone, muted: MuteState = UNMUTED) -> None:
        self.now_ns = 100 * SECOND
        self.tick_ns = 0
        self.looked = 0
        self._microphones = list(microphones)
        self.source = MicSource(
            clock=Clock(wall_minus_monotonic_ns=0, read=self._read),
            timezone="Europe/Stockholm",
            make=lambda: self._microphones.pop(0),
            look_again=self._look,
            muted=muted,
        )

    def _read(self) -> int:
        now_ns, self.now_ns = self.now_ns, self.now_ns + self.tick_ns
        return now_ns

    def _look(self) -> None:
        self.looked += 1

    def block(self, after_ms: float = 100, *, dropped_ms: float = 0, overflowed: bool = False) -> Block:
        """A block of 100 ms that is complete `after_ms` later."""
        self.now_ns += round(after_ms * MS)
        return Block(pcm=sound(100), arrived_ns=self.now_ns, overflowed=overflowed, dropped_ns=round(dropped_ms * MS))


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
    samples = await first(room.source.samples(), 3)
    assert told(samples) == [("sound", 100)] * 3
    assert samples[0].at.monotonic_ns == 100 * SECOND
    assert samples[2].at.monotonic_ns == 100 * SECOND + 200 * MS


async def test_what_the_queue_dropped_is_lost_with_its_reason() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    microphone.feed(room.block(700, dropped_ms=600))
    assert told(await first(room.source.samples(), 3)) == [("sound", 100), (OVERRUN, 600), ("sound", 100)]


async def test_what_the_driver_lost_is_measured_by_the_clock() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    microphone.feed(room.block(350, overflowed=True))
    samples = await first(room.source.samples(), 3)
    assert told(samples) == [("sound", 100), (OVERRUN, 250), ("sound", 100)]
    assert [s.at.monotonic_ns - 100 * SECOND for s in samples] == [0, 100 * MS, 350 * MS]


async def test_a_stall_is_lost_time() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    microphone.feed(room.block())
    samples = room.source.samples()
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
    assert told(await first(room.source.samples(), 1)) == [("sound", 100)]


async def test_no_microphone_at_the_start_is_an_error() -> None:
    with pytest.raises(MicrophoneError):
        await anext(Room(ScriptedMicrophone(missing=True)).source.samples())


async def test_unplugged_and_plugged_in_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sotto_device.sources.mic.RETRY_S", 0.01)
    plugged, absent, back = ScriptedMicrophone(), ScriptedMicrophone(missing=True), ScriptedMicrophone()
    room = Room(plugged, absent, back)
    samples = room.source.samples()
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
    samples = room.source.samples()
    microphone.feed(room.block())
    await first(samples, 1)
    began = time.perf_counter()
    await room.source.mute(MuteState(muted=True, until_wall_ns=room.now_ns))
    assert time.perf_counter() - began < 0.05
    assert microphone.events == ["open", "shut", "close"]
    assert not room.source.sensing
    room.now_ns += 700 * MS
    assert told(await first(samples, 1)) == [("muted", 700)]
    again.feed(room.block(200))
    await room.source.mute(UNMUTED)
    assert told(await first(samples, 2)) == [("muted", 100), ("sound", 100)]


async def test_a_device_that_starts_muted_opens_nothing() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone, muted=MuteState(muted=True, until_wall_ns=100 * SECOND + 20 * MS))
    room.tick_ns = 10 * MS
    assert told(await first(room.source.samples(), 1)) == [("muted", 20)]
    assert microphone.events == []


async def test_closing_ends_the_samples() -> None:
    microphone = ScriptedMicrophone()
    room = Room(microphone)
    samples = room.source.samples()
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
