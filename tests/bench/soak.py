"""A simulated week through one device and one hub: `python -m tests.bench.soak [--utterances 50000]`.

The device is the daemon as `sotto-device run` wires it (Daemon, Line, gate, framer, Opus, outbox, spool, uplink) in
this process; the hub is a real `sotto-hub` process with its mind and its memory; between them is the proxy of the
chaos harness. Two parts are replaced: the speech detector (silero would take an hour for 50,000 utterances; whatever
is not digital silence counts as speech) and the recogniser (scripted). Opus runs at complexity 0, and the gate keeps
0.1 s before and 0.2 s after speech, which changes how many packets there are, not what holds them.

Seven sparse days: talks of a few minutes with long stretches in between in which the device lies in a drawer. Every
simulated hour the link breaks; after the first and every sixth from there the network is down, until five minutes of
talk wait in the sealed spool; now and then the wearer mutes, and takes the last minute back. Resident memory and open
files of both processes are looked at every simulated hour. The last line is one JSON object; `rss_growth` is the
larger one of the two processes: a robust line (Theil-Sen) through the last 90 % of the looks, its rise as a part of
where it begins.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from tests.bench.processes import open_files, rss_kb
from tests.bench.week import Peak, Week, script_rows, talks_of
from tests.e2e.chaos.household import Household
from tests.e2e.chaos.spoken_day import SpokenDay

AWAY_S: Final = 4.0


@dataclass(slots=True, kw_only=True)
class Looks:
    """What was seen of one process, simulated hour by simulated hour."""

    pid: int
    rss: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def look(self) -> None:
        """Looks once."""
        self.rss.append(rss_kb(self.pid))
        self.files.append(open_files(self.pid))

    @property
    def rss_growth(self) -> float:
        """The rise of a robust line through the last 90 % of the looks, as a part of where it begins."""
        return growth(self.rss)

    @property
    def files_growth(self) -> int:
        """By how many the median of the last tenth lies over that of the first tenth after warm-up."""
        kept = self.files[len(self.files) // 10 :]
        tenth = max(1, len(kept) // 10)
        return round(statistics.median(kept[-tenth:]) - statistics.median(kept[:tenth]))


def growth(values: Sequence[int]) -> float:
    """Theil-Sen: the median of all slopes, times the length, over the line's beginning."""
    kept = values[len(values) // 10 :]
    if len(kept) < 3:
        return 0.0
    slope = statistics.median((b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(kept), 2))
    begin = statistics.median(value - slope * place for place, value in enumerate(kept))
    return slope * (len(kept) - 1) / begin


async def soak(folder: Path, utterances: int, *, trace: bool) -> dict[str, object]:
    """Lives the week; the figures."""
    talks = talks_of(utterances)
    script = folder / "words.jsonl"
    script.write_text("".join(f"{json.dumps(row)}\n" for row in script_rows(talks)))
    day = SpokenDay(folder=folder, script=script, words=(), captured_ns=0, taken_back=())
    began = time.monotonic()
    async with Household(folder=folder / "home", day=day, disks=False) as house:
        assert house.hub is not None
        week, looks = Week(talks=talks), (Looks(pid=os.getpid()), Looks(pid=house.hub.pid))
        hours = asyncio.create_task(_hours(house, week, looks, trace=trace))
        await _device(house.device_disk.folder, week)
        hours.cancel()
        await asyncio.gather(hours, return_exceptions=True)
        heard, balanced = await _outcome(house)
    return {
        "rss_growth": round(max(one.rss_growth for one in looks), 4),
        "open_files_growth": max(one.files_growth for one in looks),
        "utterances": heard,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "said": week.said,
        "ledger_balanced": balanced,
        **_detail("device", looks[0]),
        **_detail("hub", looks[1]),
    }


def _detail(name: str, looks: Looks) -> dict[str, object]:
    return {
        f"{name}_rss_growth": round(looks.rss_growth, 4),
        f"{name}_rss_growth_since_first_hour": round(looks.rss[-1] / looks.rss[0] - 1, 4),
        f"{name}_rss_mb": [
            round(looks.rss[at] / 1024, 1) for at in (0, len(looks.rss) // 10, len(looks.rss) // 2, -1)
        ],
        f"{name}_open_files": [looks.files[0], looks.files[-1]],
    }


async def _device(home: Path, week: Week) -> None:
    """The daemon, wired as the command wires it, with the week as its source and a scripted voice."""
    from sotto_device import keeping, running
    from sotto_device.arguments import parser
    from sotto_device.gate import GateRules
    from sotto_device.opus import OpusCoder
    from sotto_device.outbox import Outbox
    from sotto_device.settings import Settings

    class Seen(Outbox):
        """Lets the week see how much is on its way."""

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            week.owed_ns = lambda: self.spool.owed_ns

    replaced: tuple[tuple[Any, str, Any], ...] = (
        (keeping, "Outbox", Seen),
        (running, "SileroVoice", Peak),
        (running, "OpusCoder", lambda bitrate: OpusCoder(bitrate, complexity=0)),
        (running, "_source", lambda *_: week),
    )
    for room, name, part in replaced:
        assert hasattr(room, name), f"the daemon is wired without {name} now"
        setattr(room, name, part)
    words = parser(home).parse_args(["run", "--home", str(home), "--source", "replay:week", "--pace", "fast"])
    await running.run(words, home, Settings(gate=GateRules(pre_roll_ms=100, hangover_ms=200)))


async def _hours(house: Household, week: Week, looks: Sequence[Looks], *, trace: bool) -> None:
    """Every simulated hour: look, and break the link; every sixth, take the network away for a while."""
    chance = random.Random(1)
    snapshot = None
    while True:
        await week.turned.wait()
        week.turned.clear()
        for one in looks:
            one.look()
        _say(week, looks)
        if trace and week.hour in (10, 20, 40, 60, 80):
            snapshot = _compared(snapshot)
        house.proxy.refuses = week.hour % 6 == 1
        house.proxy.reset()
        await asyncio.sleep(AWAY_S if house.proxy.refuses else chance.uniform(0.0, 0.5))
        house.proxy.refuses = False


def _compared(before: tracemalloc.Snapshot | None) -> tracemalloc.Snapshot:
    gc.collect()
    now = tracemalloc.take_snapshot()
    for line in now.compare_to(before, "lineno")[:12] if before else ():
        print("   ", line, file=sys.stderr)
    return now


def _say(week: Week, looks: Sequence[Looks]) -> None:
    sizes = "  ".join(f"{one.rss[-1] / 1024:.1f} MB {one.files[-1]} files" for one in looks)
    print(f"hour {week.hour:3}  {week.said:6} said  {sizes}", file=sys.stderr, flush=True)


async def _outcome(house: Household) -> tuple[int, bool]:
    async with house.companion() as hub:
        rows = await hub.ledger()
        known = (
            row.captured_ns
            == row.committed_ns + row.silent_ns + row.muted_ns + sum(row.lost_ns.values()) + row.waiting_ns
            for row in rows
        )
        return (await hub.status()).utterances, all(known)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--utterances", type=int, default=50_000)
    words.add_argument("--trace", action="store_true", help="say what grows in the device (slow)")
    told = words.parse_args()
    if told.trace:
        tracemalloc.start(8)
    folder = Path(tempfile.mkdtemp(prefix="sotto-soak-"))
    try:
        print(json.dumps(asyncio.run(soak(folder, told.utterances, trace=told.trace))))
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
