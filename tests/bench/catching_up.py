"""How long the hub needs for an hour that waited: `python -m tests.bench.catching_up`.

A real device lives a recorded hour, a third of it speech, with its hub away: everything waits on the device. Then
the hub comes, and the clock runs until the device has an acknowledgement for all of it. The words are scripted, so
that the figure says what sealing, link, opening, decoding and storing cost; a tenth of an hour is heard by a real
recogniser (pocketsphinx, which is there on every hub) for the other figure.
"""

import asyncio
import json
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.processes import cpu_s
from tests.e2e.chaos.household import Household
from tests.e2e.chaos.spoken_day import make_day

SCENES: Final = 10
LINES: Final = 37
PAUSES_S: Final = (4.0, 6.0, 9.0)
STILL_S: Final = 3.0
STILL_CPU_S: Final = 0.05
LONGEST_S: Final = 900.0
HOUR_NS: Final = 3_600_000_000_000


async def caught_up_s(folder: Path, scenes: int, engine: str = "") -> float:
    """Seconds a recorded hour from the hub's first breath to the last acknowledgement."""
    day = make_day(folder / "day", scenes=scenes, lines=LINES, pauses_s=PAUSES_S)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(LONGEST_S), Household(folder=folder, day=day, disks=False, engine=engine) as house:
        assert house.hub is not None
        house.hub.send_signal(signal.SIGTERM)
        await house.hub.wait()
        await house.start_device()
        assert house.device is not None
        await _still(house.device.pid)
        print(f"{_waiting(house.folder) / 1e6:.1f} MB wait on the device's disk", file=sys.stderr)
        await house.start_hub()
        began = loop.time()
        assert await house.device.wait() == 0, house.last_words("device")
        return (loop.time() - began) * HOUR_NS / day.captured_ns


async def _still(pid: int) -> None:
    """Returns when a process has next to nothing to do any more: all of the day has been sensed."""
    while True:
        before = cpu_s(pid)
        await asyncio.sleep(STILL_S)
        if cpu_s(pid) - before < STILL_CPU_S:
            return


def _waiting(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "device" / "spool").rglob("*") if path.is_file())


async def measured() -> dict[str, float]:
    """Both figures."""
    folder = Path(tempfile.mkdtemp(prefix="sotto-catch-up-"))
    try:
        scripted = await caught_up_s(folder / "scripted", SCENES)
        real = await caught_up_s(folder / "real", SCENES // 10, "pocketsphinx")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"catch_up_s_per_hour": round(scripted, 1), "catch_up_s_per_hour_pocketsphinx": round(real, 1)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured())))
