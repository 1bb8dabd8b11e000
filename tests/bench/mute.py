"""How fast off is off: `python -m tests.bench.mute`.

A real daemon senses from a real PortAudio stream on PulseAudio's virtual microphone; where there is no PulseAudio,
from a scripted microphone, and the last line says so. It is muted again and again, in turn over its control socket,
as `sotto-device mute` does it, and by its switch. Of each order two things are measured from the moment it was given:
when the last sample that was let through was captured (before the order: a negative figure), and when the stream was
closed. The last line is one JSON object; `mute_ms` is the longest that either ever took. `machine_late_ms` says how
late this machine woke a thread that only sleeps, at worst: what is above it is ours.
"""

import asyncio
import json
import logging
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sotto_device.body.parts import Body
from sotto_device.body.scripted import ScriptedLight, ScriptedSwitch
from sotto_device.clock import Clock, boot_ns
from sotto_device.daemon import Daemon
from sotto_device.framer import AudioFramer
from sotto_device.gate import Gate, GateRules
from sotto_device.identity import hello_of
from sotto_device.line import Line
from sotto_device.listening import Listening
from sotto_device.mute import MIC, Shutter
from sotto_device.opus import OpusCoder
from sotto_device.outbox import Outbox
from sotto_device.remote import serve, tell
from sotto_device.samples import AudioSample
from sotto_device.sources.capture import Block, Capture, look_again
from sotto_device.sources.mic import MicSource
from sotto_device.spool import Spool
from sotto_device.uplink import Uplink
from sotto_device.vad import SileroVoice
from sotto_proto.records import Frame
from sotto_proto.secure import secure_channel
from tests.device.scripted_hub import ScriptedHub, scripted_hub
from tests.e2e.virtual_microphone import missing_tools, virtual_microphone

ORDERS = 60
OPEN_S = (0.05, 0.35)
PATIENCE_S = 20.0
BLOCK_S = 0.1


@dataclass
class Noted:
    """What the measurement sees of the daemon, on the monotonic clock."""

    admitted_ns: int = 0  # the end of the newest sample that was let through
    closed_ns: int = 0  # when a stream was last closed
    admitted: asyncio.Event = field(default_factory=asyncio.Event)


class NotedListening(Listening):
    """Notes what is let through."""

    noted: Noted

    def hear(self, sample: AudioSample) -> list[Frame]:
        # A stamp may run a moment ahead of the clock: what has come cannot have been captured later than now.
        self.noted.admitted_ns = min(sample.at.monotonic_ns + sample.duration_ns, boot_ns())
        self.noted.admitted.set()
        return super().hear(sample)


class NotedCapture(Capture):
    """A PortAudio stream that notes when it is closed."""

    noted: Noted

    def close(self) -> None:
        super().close()
        self.noted.closed_ns = boot_ns()


class Ticking:
    """A microphone without hardware: a block of silence every 100 ms."""

    def __init__(self, noted: Noted) -> None:
        self._noted = noted
        self._shut = asyncio.Event()
        self.alive = True

    def open(self) -> None:
        """Nothing to open."""

    def shut(self) -> None:
        self._shut.set()

    def close(self) -> None:
        self._noted.closed_ns = boot_ns()

    async def block(self, timeout_s: float) -> Block | None:
        try:
            async with asyncio.timeout(BLOCK_S):
                await self._shut.wait()
        except TimeoutError:
            return Block(pcm=bytes(3200), arrived_ns=boot_ns(), overflowed=False, dropped_ns=0)
        return None


@contextmanager
def microphone(folder: Path) -> Iterator[bool]:
    """PulseAudio's virtual microphone as the default of this process; false where there is none."""
    if missing_tools():
        yield False
        return
    with virtual_microphone(folder) as running:
        os.environ.update(running.environment)
        yield True


def made(noted: Noted, *, real: bool) -> Callable[[], Any]:
    """What opens a microphone."""

    def capture() -> NotedCapture:
        one = NotedCapture(device="", read_ns=boot_ns)
        one.noted = noted
        return one

    return capture if real else lambda: Ticking(noted)


def daemon(home: Path, noted: Noted, switch: ScriptedSwitch, *, real: bool) -> Daemon:
    """All that `sotto-device run` puts together, with a scripted switch and light."""
    clock = Clock.started_now()
    look = look_again if real else lambda: None
    source = MicSource(clock=clock, timezone="UTC", make=made(noted, real=real), look_again=look)
    listening = NotedListening(
        voice=SileroVoice(),
        gate=Gate(GateRules()),
        coder=OpusCoder(28_000),
        framer=AudioFramer(MIC, longest_gap_ns=1_000_000_000),
    )
    listening.noted = noted
    return Daemon(
        home=home,
        source=source,
        line=Line(listening=listening, shutter=Shutter(sensors=(MIC,))),
        outbox=Outbox(Spool(bound_bytes=1 << 24, live=True), live=True),
        now=clock.now,
        at_stop=lambda _: asyncio.sleep(0),
        clock=clock,
        body=Body(light=ScriptedLight(), switch=switch),
    )


@asynccontextmanager
async def running(home: Path, hub: ScriptedHub, one: Daemon) -> AsyncIterator[None]:
    """The daemon with its link and its control socket."""
    uplink = Uplink(
        address=hub.credentials.address,
        connect=lambda: secure_channel(hub.credentials),
        hello=lambda echo: hello_of(one.source, "bench", one.shutter, echo),
        outbox=one.outbox,
        obey=one.obey,
        read_wall_ns=lambda: one.now().wall_ns,
    )
    async with asyncio.TaskGroup() as tasks:
        remote = tasks.create_task(serve(home, lambda: one.now().wall_ns, one.order))
        sensing = tasks.create_task(one.run(uplink))
        yield
        await one.stop()
        await sensing
        remote.cancel()


async def heard(noted: Noted) -> None:
    """Returns once sound is let through again."""
    noted.admitted.clear()
    async with asyncio.timeout(PATIENCE_S):
        await noted.admitted.wait()


async def one_order(home: Path, one: Daemon, noted: Noted, switch: ScriptedSwitch | None) -> tuple[float, float]:
    """Mutes once and opens again: milliseconds to the last sample let through, and to the closed stream."""
    began_ns = boot_ns()
    if switch is not None:
        switch.turn(off=True)
        while one.source.open or one.shutter.wanted:
            await asyncio.sleep(0.001)
    else:
        await asyncio.to_thread(tell, home, {"do": "mute"})
    assert not one.source.open
    closed_ms = (noted.closed_ns - began_ns) / 1e6
    await asyncio.sleep(2 * BLOCK_S)  # whatever was under way has come through
    last_ms = (noted.admitted_ns - began_ns) / 1e6
    if switch is not None:
        switch.turn(off=False)
    else:
        await asyncio.to_thread(tell, home, {"do": "unmute"})
    await heard(noted)
    return last_ms, closed_ms


async def measured(home: Path, *, real: bool) -> list[tuple[str, float, float]]:
    """All orders: who gave it, the last sample, the closed stream."""
    noted, switch, chance = Noted(), ScriptedSwitch(), random.Random(1)
    found = []
    async with scripted_hub() as hub:
        one = daemon(home, noted, switch, real=real)
        async with running(home, hub, one):
            await heard(noted)
            for number in range(ORDERS):
                await asyncio.sleep(chance.uniform(*OPEN_S))
                turned = switch if number % 2 else None
                last_ms, closed_ms = await one_order(home, one, noted, turned)
                found.append(("switch" if turned else "socket", last_ms, closed_ms))
    return found


class Lateness:
    """How late the machine is by itself: a thread that sleeps for 5 ms, over and over."""

    def __init__(self) -> None:
        self.worst_ms = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Lateness":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            began_ns = boot_ns()
            time.sleep(0.005)
            self.worst_ms = max(self.worst_ms, (boot_ns() - began_ns) / 1e6 - 5)


def p95(values: list[float]) -> float:
    """The 95th percentile, by the nearest rank."""
    return sorted(values)[-(-95 * len(values) // 100) - 1]


def said(name: str, values: list[float]) -> str:
    """One line for people."""
    return f"{name:36} median {statistics.median(values):7.2f}  p95 {p95(values):7.2f}  max {max(values):7.2f} ms"


def main() -> None:
    """Measures and prints what it found."""
    logging.disable(logging.WARNING)
    with (
        tempfile.TemporaryDirectory(prefix="mute", dir="/tmp") as folder,  # short: the address of a socket is
        microphone(Path(folder)) as real,
        Lateness() as late,
    ):
        found = asyncio.run(measured(Path(folder), real=real))
    for who in ("socket", "switch"):
        print(said(f"{who}: to the last sample let through", [last for by, last, _ in found if by == who]))
        print(said(f"{who}: to the closed stream", [closed for by, _, closed in found if by == who]))
    took = [max(last, closed) for _, last, closed in found]
    figures = {
        "mute_ms": round(max(took), 2),
        "mute_ms_median": round(statistics.median(took), 2),
        "mute_ms_p95": round(p95(took), 2),
        "last_sample_ms_max": round(max(last for _, last, _ in found), 2),
        "orders": len(found),
        "machine_late_ms": round(late.worst_ms, 2),
        "microphone": "PortAudio on PulseAudio" if real else "scripted: no PulseAudio on this machine",
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
