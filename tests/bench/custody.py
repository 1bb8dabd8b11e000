"""Nothing lost, nothing doubled: `python -m tests.bench.custody [--faults 1000]`, a quarter of an hour.

Lives one accelerated day after another, each with twenty seeded faults between a real device and a real hub (see
tests/e2e/chaos), four at a time, until there were enough faults. Whatever is wrong with a history is printed with its
seed; `--only SEED` lives that one again. Then it takes the figures of the other benchmarks (`--no-figures` leaves
them out). The last line is one JSON object; the exit status is 1 when anything was lost, doubled or unbalanced.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Final

from tests.e2e.chaos.disk import may_mount
from tests.e2e.chaos.faults import Kind
from tests.e2e.chaos.history import History, Told
from tests.e2e.chaos.spoken_day import SpokenDay, make_day

FAULTS_A_DAY: Final = 20
AT_ONCE: Final = 4
LONGEST_S: Final = 1_500.0
FIGURE_S: Final = 600.0
MODULES: Final = ("tests.bench.mute", "tests.bench.streams", "tests.bench.catching_up", "tests.bench.device")
TAKEN: Final = ("mute_ms", "streams_realtime", "catch_up_s_per_hour", "catch_up_s_per_hour_pocketsphinx")


async def lived(folder: Path, day: SpokenDay, seed: int, faults: int, *, trace: bool = False) -> Told:
    """One history in a folder that is gone afterwards."""
    mine = folder / f"{seed}"
    try:
        history = History(seed=seed, count=faults, folder=mine, day=day)
        if trace:
            history.trace = print
        return await history.live()
    finally:
        shutil.rmtree(mine, ignore_errors=True)


async def many(folder: Path, day: SpokenDay, faults: int, seeds: Iterator[int]) -> list[Told]:
    """Histories, four at a time, until there were enough faults or time is up."""
    told: list[Told] = []
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST_S

    async def one_after_another() -> None:
        while sum(one.faults for one in told) < faults and loop.time() < end:
            told.append(await lived(folder, day, next(seeds), FAULTS_A_DAY))
            _say(told)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(one_after_another())
    return told


def _say(told: Sequence[Told]) -> None:
    newest = told[-1]
    faults = sum(one.faults for one in told)
    print(
        f"{faults:5} faults  seed {newest.seed}: {newest.faults} in {newest.seconds:.0f} s",
        file=sys.stderr,
        flush=True,
    )
    if newest.complaint:
        print(newest.complaint, flush=True)


def findings(told: Sequence[Told]) -> dict[str, object]:
    """The figures of the histories (pure)."""
    verdicts = [one.verdict for one in told]
    lost = sum((Counter(v.lost_ns) for v in verdicts), Counter[str]())
    return {
        "faults": sum(one.faults for one in told),
        "histories": len(told),
        "acknowledged_ms_lost": sum(v.acknowledged_lost_ms for v in verdicts),
        "utterances_doubled": sum(v.utterances_doubled for v in verdicts),
        "ledger_unbalanced": sum(v.ledger_unbalanced for v in verdicts),
        "histories_with_a_complaint": sum(bool(one.complaint) for one in told),
        "acknowledged_s": round(sum(v.acknowledged_ns for v in verdicts) / 1e9),
        "words": sum(v.words_heard for v in verdicts),
        "lost_s": {reason: round(ns / 1e9, 1) for reason, ns in lost.items()},
        "by_kind": {kind.value: sum(one.made[kind] for one in told) for kind in Kind},
    }


async def figures() -> dict[str, object]:
    """What the other benchmarks measure, each as a process of its own: its last line is a JSON object."""
    found: dict[str, object] = {}
    for module in MODULES:
        found |= await _last_line(module)
    taken: dict[str, object] = {name: found.get(name) for name in TAKEN}
    return taken | _device(found)


def _device(found: dict[str, object]) -> dict[str, object]:
    """The device's costs, by the hour (pure)."""

    def hourly(name: str, factor: float) -> float | None:
        value = found.get(name)
        return round(value * factor, 1) if isinstance(value, int | float) else None

    return {
        "device_cpu_s_per_hour_silence": hourly("idle_cpu_percent", 36),
        "device_cpu_s_per_hour_speech": hourly("speech_cpu_percent", 36),
        "device_rss_mb": found.get("idle_rss_mb"),
        "wire_bytes_per_hour_silence": hourly("wire_bytes_per_s_silence", 3_600),
        "wire_bytes_per_hour_speech": hourly("wire_bytes_per_s_speech", 3_600),
    }


async def _last_line(module: str) -> dict[str, object]:
    print(f"measuring: {module}", file=sys.stderr, flush=True)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(FIGURE_S):
            said, _ = await process.communicate()
        found = json.loads(said.decode().strip().rpartition("\n")[2])
    except (TimeoutError, ValueError):
        found = {}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if not found:
        print(f"NOTICE: {module} gave no figures", file=sys.stderr, flush=True)
    return dict(found)


async def run(told: argparse.Namespace) -> int:
    """All of it; the exit status."""
    if not may_mount():
        print(
            "NOTICE: this system lets us mount no small disk: full disks are left out of the faults", file=sys.stderr
        )
    folder = Path(tempfile.mkdtemp(prefix="sotto-custody-"))
    try:
        day = make_day(folder / "day", scenes=5, lines=8)
        if told.only is not None:
            lives = [await lived(folder, day, told.only, told.faults or FAULTS_A_DAY, trace=True)]
            _say(lives)
        else:
            lives = await many(folder, day, told.faults or 1000, count(told.seed * 100_000))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = findings(lives)
    if told.figures and told.only is None:
        found |= await figures()
    print(json.dumps(found))
    return 1 if found["histories_with_a_complaint"] else 0


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--faults", type=int, help="how many at least (1000); with --only, of that one history (20)")
    words.add_argument("--seed", type=int, default=1, help="another seed, other faults")
    words.add_argument("--only", type=int, metavar="SEED", help="live one history again, and say what happens in it")
    words.add_argument("--no-figures", dest="figures", action="store_false", help="faults alone")
    return asyncio.run(run(words.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
