"""What the device daemon costs: `python -m tests.bench.device`.

A real daemon process, connected over mutual TLS to a scripted hub, senses in real time: a still room (noise 54 dB
below full scale, so that the voice model has to listen), digital silence (where it need not), and the speech of the
demo day. Memory is resident memory with all that the daemon ever loads; CPU is of one core; bytes are messages on the
link before TLS. The last line is one JSON object.
"""

import asyncio
import json
import random
import sys
import tempfile
from array import array
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sotto_device.sources.flac import read_sound
from tests.bench.processes import cpu_s, rss_kb
from tests.bench.shared_data import shared
from tests.device.recorded_day import write_day
from tests.device.scripted_hub import ScriptedHub, scripted_hub

WARM_UP_S = 5.0
MEASURED_S = 20.0
ROOM_LEVEL = 64


@dataclass(frozen=True)
class Cost:
    """What one stretch of real time cost."""

    rss_mb: float
    cpu_percent: float
    bytes_per_s: float


def room(seconds: float) -> bytes:
    """A still room, the same every time."""
    noise = random.Random(1)
    return array("h", [noise.randint(-ROOM_LEVEL, ROOM_LEVEL) for _ in range(round(seconds * 16_000))]).tobytes()


def speech(seconds: float) -> bytes:
    """The lines of the demo day, one after another, without its long pauses."""
    sound = b"".join(
        b"".join(read_sound(shared("days", "demo", "audio", f"{n:04}.flac"), [], 100_000_000)) for n in (1, 2, 4)
    )
    return (sound * 2)[: round(seconds * 32_000)]


@asynccontextmanager
async def daemon(home: Path, day: Path) -> AsyncIterator[Process]:
    """A real daemon on a recorded day at real pace."""
    words = ["-m", "sotto_device", "run", "--home", str(home), "--source", f"replay:{day}", "--pace", "real"]
    running = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=PIPE, stdout=PIPE)
    try:
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
        await running.communicate()


async def cost(folder: Path, name: str, sound: bytes) -> Cost:
    """Runs one daemon and measures it once it has settled."""
    async with scripted_hub() as hub:
        home = folder / f"{name}-home"
        hub.credentials.save(home)
        async with daemon(home, write_day(folder / name, [(0.0, sound)])) as running:
            await hub.until(lambda: bool(hub.frames))
            await asyncio.sleep(WARM_UP_S)
            return await measured(hub, running.pid)


async def measured(hub: ScriptedHub, pid: int) -> Cost:
    """The difference between two looks."""
    cpu, wire, began = cpu_s(pid), hub.bytes, asyncio.get_running_loop().time()
    await asyncio.sleep(MEASURED_S)
    took_s = asyncio.get_running_loop().time() - began
    return Cost(
        rss_mb=round(rss_kb(pid) / 1024, 1),
        cpu_percent=round(100 * (cpu_s(pid) - cpu) / took_s, 2),
        bytes_per_s=round((hub.bytes - wire) / took_s, 1),
    )


async def main() -> None:
    """Measures all three and prints what it found."""
    seconds = WARM_UP_S + MEASURED_S + 10
    spoken = speech(seconds)
    with tempfile.TemporaryDirectory() as folder:
        still = await cost(Path(folder), "still", room(seconds))
        silent = await cost(Path(folder), "silent", bytes(round(seconds * 32_000)))
        talking = await cost(Path(folder), "talking", spoken)
    for name, one in (("still room", still), ("digital silence", silent), ("speech", talking)):
        print(f"{name:16} {one.rss_mb:6.1f} MB  {one.cpu_percent:5.2f} % CPU  {one.bytes_per_s:7.1f} bytes/s")
    figures = {
        "idle_rss_mb": still.rss_mb,
        "idle_cpu_percent": still.cpu_percent,
        "digital_silence_cpu_percent": silent.cpu_percent,
        "speech_cpu_percent": talking.cpu_percent,
        "wire_bytes_per_s_silence": still.bytes_per_s,
        "wire_bytes_per_s_speech": talking.bytes_per_s,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
