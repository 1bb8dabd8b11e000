"""kill -9 of a real writer at random moments: what it said to be on the disk is there, the rest is counted (R3)."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sotto_device.spool import Spool
from sotto_device.spool.bridge import KILLED, captured_before
from sotto_device.spool.cellar import Cellar
from sotto_device.spool.shelf import Shelf
from sotto_device.worker import Worker
from sotto_proto.records import Frame, Gap, Mark
from sotto_proto.sealing import Opener
from tests.device.sensed import MS
from tests.device.spooled import HUB, HUB_KEY

WRITER = """
import asyncio, sys
from pathlib import Path
from sotto_device.spool import Spool, disk
from sotto_device.spool.cellar import Cellar
from sotto_device.worker import Worker
from sotto_device.outbox import Outbox
from tests.device.sensed import MS
from tests.device.spooled import boot, mics, shelf

disk.SEGMENT_BOXES = 50  # many segments
async def write():
    one = shelf(Path(sys.argv[1]))
    folder = one.begin(boot())
    spool = Spool(bound_bytes=1 << 20, live=True)
    cellar = Cellar(spool=spool, shelf=one, folder=folder, worker=Worker("disk"))
    outbox = Outbox(spool, live=True, cellar=cellar)
    for first in range(1, 1_000_000, 7):
        await outbox.put(mics(first, first + 6))
        print("put", first + 6, flush=True)
        if first % 3:
            await cellar.spill({"mic": first + 3})
            print("laid", first + 3, flush=True)
        if first % 50 == 1:
            await outbox.withhold(0, 1)

asyncio.run(write())
"""


def killed(folder: Path, after_s: float) -> dict[str, int]:
    """Runs the writer for so long, kills it; the newest numbers that it said."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(4)]
    time.sleep(after_s)  # a random moment, not a wait for anything
    writer.send_signal(signal.SIGKILL)
    said += writer.communicate()[0].splitlines()
    words = [line.split() for line in said]
    return {word[0]: int(word[1]) for word in words if len(word) == 2}


async def delivered(folder: Path) -> list[Frame]:
    one = Shelf(folder / "spool", hub_key=HUB_KEY, bound_bytes=1 << 30)
    spool = Spool(bound_bytes=1 << 20, live=True)
    spool.resume(one.boots[0].tally.counts(), KILLED)
    spool.complete()
    cellar = Cellar(spool=spool, shelf=one, folder=one.boots[0], worker=Worker("disk"))
    frames, opener = list[Frame](), Opener(HUB)
    while (frame := await cellar.next() or spool.waiting()) is not None:
        spool.lead(frame)
        while spool.is_leading and (out := spool.next()) is not None:
            frames.append(opener.open(out))
    cellar.worker.close()
    return frames


def test_kill_9_at_any_moment_loses_only_memory(tmp_path: Path) -> None:
    chance = random.Random(3)
    for round_ in range(5):
        folder = tmp_path / str(round_)
        folder.mkdir()
        said = killed(folder, chance.uniform(0.0, 0.3))
        frames = asyncio.run(delivered(folder))
        before = Mark()
        for frame in frames:
            assert frame.first_sequence == before.sequence + 1
            assert captured_before(frame).captured_ns == before.captured_ns
            before = Mark(sequence=frame.sequence, captured_ns=frame.captured_ns)
        kept = [frame for frame in frames if not isinstance(frame.body, Gap)]
        assert kept[-1].sequence >= said["laid"]
        assert before.sequence >= said["put"]
        assert before.captured_ns == 100 * MS * before.sequence
        lost = [frame.body for frame in frames if isinstance(frame.body, Gap)]
        assert {body.reason for body in lost} <= {KILLED}
        assert len(lost) <= 1
