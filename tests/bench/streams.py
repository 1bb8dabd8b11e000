"""How many devices one hub holds at real time: `python -m tests.bench.streams [--most N]`.

A real hub (SQLCipher, mutual TLS, ears, mind) whose recogniser costs nothing takes live devices from another process.
Each device is a connection of its own and sends five Opus packets every 100 ms, three seconds of speech in every ten,
without the gate that would spare the hub the silence. Latency is from the instant at which a frame was due to be sent
to the instant at which the hub gives it to the ear. A number of streams is held when the p99 of that stays under
500 ms, in the last third of the time too, and everything sent is acknowledged within two seconds of the end. An
acknowledgement takes as long as an utterance: what may be a part of one waits for its end. The last line is one JSON
object.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from sotto_hub.hub import Facts, Hub, Stores
from sotto_hub.listener import choose_port, serving
from sotto_hub.mind import Mind
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.desk import PairingDesk
from sotto_hub.perception.hear.ear import Ear, Heard
from sotto_hub.perception.hear.ears import Ears
from sotto_hub.perception.hear.engine import Pcm
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.records import Word
from sotto_hub.rungs import rungs
from sotto_hub.store.database import open_database
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peer, Peers
from sotto_hub.store.suggestions import SuggestionShelf
from sotto_hub.store.traffic import Traffic
from sotto_hub.store.transcript import Transcript
from sotto_memory import Memory
from sotto_proto.pairing import Credentials, PeerRole
from sotto_proto.records import Frame
from tests.bench.streaming_devices import Report

HOST = "127.0.0.1"
SECONDS = 12.0
LIMIT_MS = 500.0
STEP = 20


class FreeEngine:
    """Hears one word in every utterance and costs nothing."""

    name = "free"

    def open(self, start_ns: int, hints: Sequence[str] = (), *, partials: bool = True) -> "FreeDecoding":
        return FreeDecoding(start_ns)

    def close(self) -> None: ...


class FreeDecoding:
    """Only the length of the sound counts."""

    def __init__(self, start_ns: int) -> None:
        self._start_ns = self._end_ns = start_ns

    def feed(self, pcm: Pcm) -> str | None:
        self._end_ns += len(pcm) * 62_500
        return None

    def finish(self) -> tuple[Word, ...]:
        return (Word(text="tomatoes", start_ns=self._start_ns, end_ns=self._end_ns, confidence=1.0),)


@dataclass
class Stopwatch:
    """Latencies of frames in milliseconds, in the order of their arrival."""

    taken_ms: list[float] = field(default_factory=list)

    def ears(self, ears: Ears) -> Callable[..., "TimedEar"]:
        """Ears that look at the clock."""
        return lambda *args: TimedEar(ears.open(*args), self.taken_ms)


class TimedEar:
    """An ear that notes how late each frame is."""

    def __init__(self, ear: Ear, taken_ms: list[float]) -> None:
        self._ear = ear
        self._taken_ms = taken_ms
        self.withhold = ear.withhold
        self.end = ear.end

    @property
    def settled_until_ns(self) -> int:
        return self._ear.settled_until_ns

    async def take(self, frame: Frame) -> Heard:
        self._taken_ms.append((time.time_ns() - frame.end_wall_ns) / 1e6)
        return await self._ear.take(frame)


@dataclass(frozen=True)
class Load:
    """What one number of streams did. `cpu` is of the hub's process, in cores."""

    streams: int
    held: bool
    p50_ms: float
    p99_ms: float
    late_p99_ms: float
    ack_p50_ms: float
    ack_p99_ms: float
    utterances: int
    cpu: float


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies; infinite when there is none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("inf")


@dataclass
class Rig:
    """A hub on the link, and what it takes to pair devices with it."""

    hub: Hub
    authority: Authority
    address: str
    watch: Stopwatch

    def pair(self, folder: Path, number: int) -> None:
        """Writes the credentials of one more device."""
        peer_id = f"device-{number}"
        key, issued = self.authority.issue_with_key(peer_id, PeerRole.DEVICE)
        self.hub.stores.peers.add(
            Peer(id=peer_id, name=peer_id, role=PeerRole.DEVICE, fingerprint=issued.fingerprint, paired_ns=number)
        )
        Credentials(
            key=key,
            certificate=issued.certificate,
            authority=self.authority.root_pem,
            sealing_key=self.authority.sealing_public,
            hub_id=self.authority.hub_id,
            peer_id=peer_id,
            address=self.address,
        ).save(folder / str(number))


@asynccontextmanager
async def rig(home: Path) -> AsyncIterator[Rig]:
    """A hub with everything but a recogniser."""
    home.mkdir(mode=0o700)
    with ExitStack() as stack:
        authority = Authority.open(home / "keys")
        db = stack.enter_context(closing(open_database(home / "hub.db", authority.database_key)))
        memory = stack.enter_context(Memory.open(home / "memory.db", key=authority.database_key))
        shelf, peers, notes = SuggestionShelf(db), Peers(db), Notes(db)
        hear, watch = HearSettings(engine="scripted:free"), Stopwatch()
        worker = stack.enter_context(closing(Worker()))
        hub = Hub(
            facts=Facts(hub_id=authority.hub_id, version="0", home=str(home), timezone="UTC", rungs=rungs(hear)),
            stores=Stores(
                transcript=Transcript(db), shelf=shelf, peers=peers, notes=notes, traffic=Traffic(db), memory=memory
            ),
            mind=Mind(memory=memory, shelf=shelf, notes=notes, timezone="UTC"),
            open_ear=watch.ears(Ears(engine=FreeEngine(), worker=worker, settings=hear)),
            clock=time.time_ns,
        )
        port = choose_port(HOST, 0)
        desk = PairingDesk(authority, peers, time.time_ns, HOST, port)
        async with serving(hub, authority, desk, HOST, port):
            yield Rig(hub=hub, authority=authority, address=f"{HOST}:{port}", watch=watch)


async def load(streams: int, seconds: float) -> Load:
    """Lives with so many devices for a while."""
    with tempfile.TemporaryDirectory() as folder:
        async with rig(Path(folder) / "home") as running:
            devices = Path(folder) / "devices"
            for number in range(streams):
                running.pair(devices, number)
            before = resource.getrusage(resource.RUSAGE_SELF)
            report = await lived(devices, streams, seconds)
            after = resource.getrusage(resource.RUSAGE_SELF)
            cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            return judged(running, streams, report, cpu_s / report.took_s)


async def lived(devices: Path, streams: int, seconds: float) -> Report:
    """The devices' own account."""
    words = ["-m", "tests.bench.streaming_devices", str(devices), str(streams), str(seconds)]
    running = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, env={**os.environ})
    out, _ = await running.communicate()
    return Report(**json.loads(out))


def judged(running: Rig, streams: int, report: Report, cpu: float) -> Load:
    """Whether that was held."""
    taken = running.watch.taken_ms
    late = taken[len(taken) * 2 // 3 :]
    ledger = running.hub.ledger()
    whole = report.unacknowledged == 0 and len(taken) == report.sent and not any(r.unaccounted_ns for r in ledger)
    fast = max(percentile(taken, 0.99), percentile(late, 0.99)) < LIMIT_MS
    return Load(
        streams=streams,
        held=whole and fast,
        p50_ms=round(percentile(taken, 0.5), 1),
        p99_ms=round(percentile(taken, 0.99), 1),
        late_p99_ms=round(percentile(late, 0.99), 1),
        ack_p50_ms=report.ack_p50_ms,
        ack_p99_ms=report.ack_p99_ms,
        utterances=running.hub.stores.transcript.count(),
        cpu=round(cpu, 2),
    )


async def most(first: int, limit: int, seconds: float) -> list[Load]:
    """More and more streams until they are not held, then the last steps between."""
    loads = [await told(first, seconds)]
    while loads[-1].held and loads[-1].streams < limit:
        loads.append(await told(min(limit, loads[-1].streams * 3 // 2), seconds))
    held = max((one.streams for one in loads if one.held), default=0)
    failed = min((one.streams for one in loads if not one.held), default=limit + STEP)
    while failed - held > STEP:
        loads.append(await told((held + failed) // 2, seconds))
        held, failed = (loads[-1].streams, failed) if loads[-1].held else (held, loads[-1].streams)
    return loads


async def told(streams: int, seconds: float) -> Load:
    """One load, and a line about it."""
    one = await load(streams, seconds)
    print(
        f"{one.streams:4} streams  {'held' if one.held else 'lost':4}"
        f"  frame p50 {one.p50_ms:7.1f} p99 {one.p99_ms:7.1f} ms"
        f"  ack p50 {one.ack_p50_ms:6.0f} p99 {one.ack_p99_ms:6.0f} ms  {one.utterances:4} utterances"
        f"  {one.cpu:4.2f} cores",
        flush=True,
    )
    return one


def main() -> None:
    """Measures and prints what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=40)
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    args = parser.parse_args()
    random.seed(1)
    loads = asyncio.run(most(args.first, args.most, args.seconds))
    at = loads[0]
    figures = {
        "streams_realtime": max((one.streams for one in loads if one.held), default=0),
        f"p50_ms_at_{at.streams}": at.p50_ms,
        f"p99_ms_at_{at.streams}": at.p99_ms,
        f"ack_p50_ms_at_{at.streams}": at.ack_p50_ms,
        f"cores_at_{at.streams}": at.cpu,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
