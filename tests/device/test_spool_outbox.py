"""Memory, disk and wire together: whatever happens, every instant comes once or has its reason (R1, R2, R3)."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sotto_device.clock import Anchor
from sotto_device.outbox import Outbox
from sotto_device.spool import BUFFER_FULL, Spool
from sotto_device.spool.bridge import HUB_RESTORED, KILLED, SPOOL_FULL, captured_before
from sotto_device.spool.cellar import TICK_S, Cellar, Patience
from sotto_device.spool.shelf import BootFolder, Shelf
from sotto_device.withhold import OFF_THE_RECORD
from sotto_device.worker import Worker
from sotto_proto.codec import decode_frame, encode_frame
from sotto_proto.records import Audio, Frame, Gap, GapKind, Mark, MuteState, OffTheRecord, Picture, Sealed
from sotto_proto.sealing import Opener
from tests.device.sensed import MS, SECOND, WALL_NS, audio, frame, gap
from tests.device.spooled import HUB, FullDisk, boot, mic, mics, read_all, shelf

HOUR = 3_600 * SECOND
MUTED = MuteState(muted=True)


@dataclass
class Run:
    """One run of the daemon's keeping, without a daemon: what is put, spilled, sent and acknowledged."""

    shelf: Shelf
    folder: BootFolder
    spool: Spool
    cellar: Cellar
    outbox: Outbox
    clock: list[int]

    @classmethod
    def begun(cls, one: Shelf, boot_id: str, *, live: bool = True, bound: int = 1 << 20) -> "Run":
        folder = one.begin(boot(boot_id, live=live))
        return cls.of(one, folder, Spool(bound_bytes=bound, live=live), live=live)

    @classmethod
    def of(cls, one: Shelf, folder: BootFolder, spool: Spool, *, live: bool) -> "Run":
        clock = [0]
        cellar = Cellar(
            spool=spool,
            shelf=one,
            folder=folder,
            worker=Worker("disk"),
            patience=Patience(away_s=1.0, connected_s=5.0),
            read_ns=lambda: clock[0],
            read_anchor=lambda: Anchor(kernel_boot="kernel-1", monotonic_ns=clock[0], system_wall_ns=clock[0]),
        )
        outbox = Outbox(spool, live=live, cellar=cellar)
        return cls(shelf=one, folder=folder, spool=spool, cellar=cellar, outbox=outbox, clock=clock)

    @classmethod
    def late(cls, one: Shelf, folder: BootFolder) -> "Run":
        """An earlier boot, as `late` delivers it."""
        spool = Spool(bound_bytes=1 << 20, live=folder.boot.live)
        spool.resume(folder.tally.counts(), KILLED, folder.disk.controls.read())
        run = cls.of(one, folder, spool, live=folder.boot.live)
        run.outbox.close()
        return run

    async def wait(self, seconds: float) -> None:
        """Time passes, with a look every half second."""
        for _ in range(round(seconds / TICK_S)):
            self.clock[0] += round(TICK_S * SECOND)
            await self.cellar.tick()

    async def sent(self, most: int = 10_000) -> list[Frame]:
        """What goes on the wire now."""
        frames: list[Frame] = []
        while len(frames) < most and (one := await self.outbox._oldest()) is not None:
            frames.append(decode_frame(encode_frame(one)))
        return frames


@pytest.fixture
async def run(tmp_path: Path) -> Run:
    return Run.begun(shelf(tmp_path), "boot-1")


def numbers(frames: list[Frame], stream: str = "mic") -> list[int]:
    return [f.sequence for f in frames if f.stream == stream]


def opened(frames: list[Frame]) -> list[Frame]:
    opener = Opener(HUB)
    return [opener.open(one) for one in frames]


async def test_what_waits_for_too_long_goes_to_the_disk_and_comes_up_first(run: Run) -> None:
    await run.outbox.put(mics(1, 10))
    await run.wait(1.0)
    assert run.spool.waiting_frames == 0
    assert numbers(read_all(run.folder)) == list(range(1, 11))
    await run.outbox.put(mics(11, 12))
    sent = await run.sent()
    assert opened(sent) == mics(1, 12)
    assert [isinstance(f.body, Sealed) for f in sent] == [True] * 10 + [False] * 2


async def test_connected_it_waits_longer(run: Run) -> None:
    run.outbox.connected(True)
    await run.outbox.put(mics(1, 3))
    await run.wait(4.0)
    assert run.folder.disk.is_empty
    await run.wait(1.0)
    assert numbers(read_all(run.folder)) == [1, 2, 3]


async def test_what_is_acknowledged_never_touches_the_disk(run: Run) -> None:
    run.outbox.connected(True)
    for sequence in range(1, 40):
        await run.outbox.put([mic(sequence)])
        await run.sent()
        run.outbox.ack("mic", Mark(sequence=sequence, captured_ns=sequence * 100 * MS))
        await run.wait(0.5)
    assert run.folder.disk.is_empty
    assert sorted(path.name for path in run.folder.path.iterdir()) == ["boot.json", "tally"]


async def test_what_was_sent_before_it_was_spilled_is_not_sent_again_on_the_same_link(run: Run) -> None:
    await run.outbox.put(mics(1, 5))
    assert len(await run.sent()) == 5
    await run.wait(1.0)
    await run.outbox.put([mic(6)])
    assert numbers(await run.sent()) == [6]
    run.outbox.rewind({"mic": Mark(sequence=2, captured_ns=200 * MS)})
    assert numbers(await run.sent()) == [3, 4, 5, 6]


async def test_batches_are_of_a_size_that_memory_can_bear(tmp_path: Path) -> None:
    run = Run.begun(shelf(tmp_path), "boot-1", bound=8 << 20)
    picture = Picture(jpeg=b"\xff\xd8" + bytes(600_000), width_px=64, height_px=48)
    await run.outbox.put([frame("mic", 1, 0, 1000, gap())])
    await run.outbox.put([frame("camera", n, 100 * n, 0, picture) for n in range(1, 6)])
    assert [len(run.spool.due(None)), len(run.spool.due(None, 1))] == [3, 1]
    await run.wait(1.0)
    assert run.spool.waiting_frames == 0
    assert numbers(opened(await run.sent()), "camera") == [1, 2, 3, 4, 5]


async def test_acknowledged_segments_are_removed(run: Run) -> None:
    await run.outbox.put(mics(1, 5))
    await run.wait(1.0)
    await run.sent()
    run.outbox.ack("mic", Mark(sequence=5, captured_ns=500 * MS))
    await run.wait(0.5)
    assert run.folder.disk.is_empty
    assert run.folder.settled


async def test_a_live_control_overtakes_the_disk_and_survives(run: Run) -> None:
    await run.outbox.put(mics(1, 5))
    await run.wait(1.0)
    await run.outbox.put([frame("control", 1, 500, 0, MUTED)])
    assert [f.body for f in run.folder.disk.controls.read()] == [MUTED]
    assert [f.stream for f in await run.sent(2)] == ["control", "mic"]


async def test_a_control_of_a_recorded_day_keeps_its_place(tmp_path: Path) -> None:
    run = Run.begun(shelf(tmp_path), "day", live=False)
    await run.outbox.put(mics(1, 3))
    await run.outbox.put([frame("control", 1, 300, 0, OffTheRecord(last_ns=SECOND))])
    assert run.spool.waiting_frames == 0
    await run.outbox.put([mic(4)])
    assert [f.stream for f in await run.sent()] == ["mic", "mic", "mic", "control", "mic"]


async def test_off_the_record_reaches_memory_disk_and_what_was_read_up(run: Run) -> None:
    await run.outbox.put(mics(1, 10))
    await run.wait(1.0)
    await run.outbox.put(mics(11, 15))
    assert len(await run.sent(3)) == 3
    await run.outbox.withhold(WALL_NS + 350 * MS, WALL_NS + 1250 * MS)
    rest = await run.sent()
    assert numbers(rest) == list(range(4, 16))
    taken_back = [f.sequence for f in rest if f.body == gap(GapKind.LOST, OFF_THE_RECORD)]
    assert taken_back == list(range(4, 14))
    run.outbox.rewind({})
    again = await run.sent()
    assert [f.sequence for f in again if isinstance(f.body, Sealed)] == [1, 2, 3]


async def earlier(one: Shelf, *frames: Frame) -> BootFolder:
    """A boot that was killed when all of this lay on the disk."""
    old = Run.begun(one, "old")
    await old.outbox.put(frames)
    await old.wait(1.0)
    old.folder.disk.close()
    return old.folder


async def test_off_the_record_reaches_what_the_delivery_of_an_earlier_boot_has_read_up(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    folder = await earlier(one, *mics(1, 8))
    present, late = Run.begun(one, "present"), Run.late(one, folder)
    late.outbox.rewind({})
    assert [type(f.body) for f in await late.sent(1)] == [Sealed]
    await present.outbox.withhold(WALL_NS + 350 * MS, WALL_NS + 650 * MS)
    rest = await late.sent()
    assert numbers(rest) == list(range(2, 9))
    assert [f.sequence for f in rest if f.body == gap(GapKind.LOST, OFF_THE_RECORD)] == [4, 5, 6, 7]


async def test_what_the_disk_does_not_let_go_of_is_not_sent_either(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    folder = await earlier(one, *mics(1, 3))
    present, late = Run.begun(one, "present"), Run.late(one, folder)
    late.outbox.rewind({})
    await late.sent(1)
    (path,) = folder.path.glob("*.seg")
    content = path.read_bytes()
    path.unlink()
    path.mkdir()
    await present.outbox.withhold(WALL_NS, WALL_NS + 1000 * MS)
    path.rmdir()
    path.write_bytes(content)
    late.outbox.rewind({})
    assert {f.body for f in await late.sent()} == {gap(GapKind.LOST, OFF_THE_RECORD)}


async def test_a_frame_that_waits_behind_its_bridge_is_taken_back(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    run = Run.begun(one, "boot-1")
    await run.outbox.put(mics(1, 3))
    await run.wait(1.0)
    run.outbox.rewind({"mic": Mark(sequence=0, captured_ns=0)})
    run.spool.dropped({"mic": Mark(sequence=1, captured_ns=100 * MS)})
    run.spool.lead(mic(2))
    bridge = await run.outbox._oldest()
    assert bridge is not None
    assert bridge.sequence == 1
    one.refuse(run.folder, WALL_NS, WALL_NS + 1000 * MS)
    after = await run.outbox._oldest()
    assert after is not None
    assert after.body == gap(GapKind.LOST, OFF_THE_RECORD)


async def test_nothing_waits_for_more_days_than_it_may_with_no_hub_to_ask(tmp_path: Path) -> None:
    """Judged at the start and every hour; the ledger will know why it is missing."""
    one = shelf(tmp_path, days=1)
    folder = await earlier(one, *mics(1, 3))
    present = Run.begun(one, "present")
    present.clock[0] = 20 * HOUR
    await present.cellar.tick()
    assert len(read_all(folder)) == 3
    present.clock[0] = 24 * HOUR + SECOND
    await present.cellar.tick()
    assert read_all(folder) == []
    late = Run.late(one, folder)
    late.outbox.rewind({})
    assert [f.body for f in await late.sent()] == [gap(GapKind.LOST, SPOOL_FULL)]


async def test_what_is_too_old_goes_at_the_first_look(tmp_path: Path) -> None:
    one = shelf(tmp_path, days=1)
    folder = await earlier(one, *mics(1, 3))
    present = Run.begun(one, "present")
    present.clock[0] = 25 * HOUR
    await present.cellar.tick()
    assert read_all(folder) == []


async def test_a_full_disk_is_said_once_and_heals(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    disk = FullDisk(room=0)
    run = Run.begun(shelf(tmp_path, disk=disk), "boot-1")
    await run.outbox.put(mics(1, 5))
    await run.wait(3.0)
    assert run.spool.waiting_frames == 5
    assert [r.getMessage() for r in caplog.records] == [
        "The disk takes nothing (No space left on device): what no hub has waits in memory alone."
    ]
    disk.room = 1 << 40
    await run.wait(1.0)
    assert run.spool.waiting_frames == 0
    assert caplog.records[-1].getMessage() == "The disk takes what waits again."
    assert opened(await run.sent()) == mics(1, 5)


async def test_with_a_full_disk_memory_keeps_its_own_bound(tmp_path: Path) -> None:
    run = Run.begun(shelf(tmp_path, disk=FullDisk(room=0)), "boot-1", bound=20_000)
    for sequence in range(1, 101):
        await run.outbox.put([mic(sequence)])
        await run.wait(0.5)
    sent = await run.sent()
    assert any(f.body == gap(GapKind.LOST, BUFFER_FULL) for f in sent)
    assert sum(f.duration_ns for f in sent) == 10 * SECOND


async def test_stopping_lays_everything_down_and_says_so(run: Run) -> None:
    await run.outbox.put([*mics(1, 5), frame("control", 1, 500, 0, MUTED)])
    await run.outbox.finish()
    assert run.folder.tally.clean
    late = Run.late(run.shelf, run.folder)
    assert [(f.stream, f.sequence) for f in await late.sent()] == [("control", 1), *(("mic", n) for n in range(1, 6))]
    assert late.spool.owed_ns == 500 * MS


async def test_a_killed_boot_ends_in_a_bridge(run: Run) -> None:
    await run.outbox.put(mics(1, 5))
    await run.wait(1.0)
    await run.outbox.put(mics(6, 9))
    late = Run.late(run.shelf, run.folder)
    sent = await late.sent()
    assert numbers(sent) == [1, 2, 3, 4, 5, 9]
    assert (sent[-1].since_sequence, sent[-1].duration_ns) == (6, 400 * MS)
    assert sent[-1].body == gap(GapKind.LOST, KILLED)
    late.outbox.ack("mic", Mark(sequence=9, captured_ns=900 * MS))
    assert late.spool.settled


async def test_of_a_killed_boot_the_hub_gets_only_what_it_does_not_have(run: Run) -> None:
    await run.outbox.put(mics(1, 5))
    await run.wait(1.0)
    await run.outbox.put(mics(6, 9))
    late = Run.late(run.shelf, run.folder)
    late.outbox.rewind({"mic": Mark(sequence=8, captured_ns=800 * MS)})
    (bridge,) = await late.sent()
    assert (bridge.first_sequence, bridge.sequence, bridge.duration_ns) == (9, 9, 100 * MS)


async def test_a_tally_that_is_lost_does_not_lose_what_lies_on_the_disk(run: Run) -> None:
    await run.outbox.put(mics(1, 5))
    await run.wait(1.0)
    run.folder.close()
    (run.folder.path / "tally").write_bytes(b"")
    again = Shelf(run.folder.path.parent, hub_key=bytes(32), bound_bytes=1 << 20)
    late = Run.late(again, again.boots[0])
    assert not late.folder.settled
    assert opened(await late.sent()) == mics(1, 5)
    assert not late.spool.settled
    late.outbox.ack("mic", Mark(sequence=5, captured_ns=500 * MS))
    assert late.spool.settled


# ---- anything, in any order


@dataclass
class Hub:
    """What a hub believes of one boot: it takes the next number only, and its ledger has to balance."""

    received: dict[str, Mark] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    kept: dict[str, dict[int, Frame]] = field(default_factory=dict)

    def receive(self, one: Frame) -> None:
        before = self.received.get(one.stream, Mark())
        assert one.first_sequence == before.sequence + 1, "a hole, or a repetition, in the numbers"
        assert captured_before(one).captured_ns == before.captured_ns, "the ledger does not balance"
        self.received[one.stream] = Mark(sequence=one.sequence, captured_ns=one.captured_ns)
        frames = self.kept.setdefault(one.stream, {})
        for number in range(one.first_sequence, one.sequence):
            frames.pop(number, None)
        frames[one.sequence] = one

    def lost(self) -> set[str]:
        bodies = [f.body for frames in self.kept.values() for f in frames.values()]
        return {b.reason for b in bodies if isinstance(b, Gap) and b.kind is GapKind.LOST}


BODIES = st.sampled_from([audio(), audio(), audio(), gap(), gap(GapKind.MUTED), gap(GapKind.OFF)])


class Custody(RuleBasedStateMachine):
    """Random put, send, acknowledge, break, spill, forget, fill, kill: against a hub that believes nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.disk = FullDisk()
        self.hubs: dict[str, Hub] = {}
        self.connected = False
        self.filled = False
        self.restored = False

    @initialize(folder=st.integers())
    def begin(self, folder: int) -> None:
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.shelf = shelf(Path(self.folder.name), disk=self.disk)
        self._boot()

    def _boot(self) -> None:
        boot_id = f"boot-{len(self.hubs)}"
        self.run_ = Run.begun(self.shelf, boot_id)
        self.hubs[boot_id] = Hub()
        self.sequence = self.captured_ns = self.presses = 0
        self.put_captured: dict[int, int] = {}
        self.connected = False

    @property
    def hub(self) -> Hub:
        return self.hubs[self.run_.folder.boot.boot_id]

    def do(self, work: object) -> object:
        return self.loop.run_until_complete(work)  # type: ignore[arg-type]  # a coroutine

    @rule(bodies=st.lists(BODIES, min_size=1, max_size=8))
    def put(self, bodies: list[Audio | Gap]) -> None:
        frames = []
        for body in bodies:
            self.sequence += 1
            self.captured_ns += 0 if body == gap(GapKind.OFF) else 100 * MS
            one = frame("mic", self.sequence, 100 * (self.sequence - 1), 100, body)
            frames.append(replace(one, captured_ns=self.captured_ns))
        self.do(self.run_.outbox.put(frames))

    @rule()
    def press(self) -> None:
        self.presses += 1
        self.do(self.run_.outbox.put([frame("control", self.presses, 100 * self.sequence, 0, MUTED)]))

    @rule(seconds=st.sampled_from([0.5, 1.0, 6.0]))
    def wait(self, seconds: float) -> None:
        self.do(self.run_.wait(seconds))

    @rule()
    def connect(self) -> None:
        self.hub.received = dict(self.hub.marks)
        self.run_.outbox.rewind(self.hub.marks)
        self.run_.outbox.connected(True)
        self.connected = True

    @precondition(lambda self: self.connected)
    @rule(most=st.integers(1, 30))
    def send(self, most: int) -> None:
        for one in self.do(self.run_.sent(most)):  # type: ignore[attr-defined]  # frames
            self.hub.receive(one)

    @precondition(lambda self: self.connected)
    @rule(back=st.integers(0, 10))
    def acknowledge(self, back: int) -> None:
        for stream, frames in self.hub.kept.items():
            newest = self.hub.received.get(stream, Mark()).sequence
            known = [n for n in frames if n <= newest - back]
            if known and max(known) > self.hub.marks.get(stream, Mark()).sequence:
                mark = Mark(sequence=max(known), captured_ns=frames[max(known)].captured_ns)
                self.hub.marks[stream] = mark
                self.run_.outbox.ack(stream, mark)

    @rule()
    def disconnect(self) -> None:
        self.connected = False
        self.run_.outbox.connected(False)

    @rule(number=st.integers(0, 40))
    def restore(self, number: int) -> None:
        """The hub comes back from a backup."""
        self.disconnect()
        frames = self.hub.kept.get("mic", {})
        mark = self.hub.marks.get("mic", Mark())
        older = [n for n in frames if n <= min(number, mark.sequence)]
        self.restored = self.restored or (max(older, default=0) < mark.sequence)
        captured_ns = frames[max(older)].captured_ns if older else 0
        self.hub.marks["mic"] = Mark(sequence=max(older, default=0), captured_ns=captured_ns)

    @rule(since=st.integers(1, 30))
    def forget(self, since: int) -> None:
        now = 100 * self.sequence
        self.do(self.run_.outbox.withhold(WALL_NS + max(0, now - 100 * since) * MS, WALL_NS + now * MS))

    @rule(room=st.sampled_from([0, 500, 3000, 1 << 40]))
    def fill(self, room: int) -> None:
        self.disk.room = room
        self.filled = self.filled or room < 1 << 40

    @rule()
    def make_room(self) -> None:
        self.do(self.run_.cellar.worker.run(self.shelf.make))
        self.filled = True

    @precondition(lambda self: len(self.hubs) < 4)
    @rule(gently=st.booleans())
    def kill(self, gently: bool) -> None:
        """The daemon is killed, or stopped, and started again: memory is gone, the disk is as it was."""
        if gently:
            self.do(self.run_.outbox.finish())
        self.shelf.boots[:] = []
        self.run_.cellar.worker.close()
        self.shelf = shelf(Path(self.folder.name), disk=self.disk)
        self._boot()

    @invariant()
    def bounded(self) -> None:
        if self.hubs:
            assert self.run_.spool.waiting_bytes <= 1 << 20

    def teardown(self) -> None:
        """In the end the hub is there for good: everything comes, boot by boot, and every ledger balances."""
        if self.hubs:
            self.disk.room = 1 << 40
            for folder in list(self.shelf.boots):
                here = folder is self.run_.folder
                self._deliver(self.run_ if here else Run.late(self.shelf, folder), self.hubs[folder.boot.boot_id])
            self._accounted()
            self.folder.cleanup()
        self.loop.close()

    def _deliver(self, run: Run, hub: Hub) -> None:
        hub.received = dict(hub.marks)
        run.outbox.close()
        run.outbox.rewind(hub.marks)
        count = run.folder.tally.counts()
        for one in self.do(run.sent()):  # type: ignore[attr-defined]  # frames
            hub.receive(one)
        for stream, mark in hub.received.items():
            run.outbox.ack(stream, mark)
        dropped = any(c.dropped.sequence for c in count.values())
        if run is not self.run_ or not dropped:  # what was dropped is bridged by the next frame that comes
            assert run.spool.settled
            assert {s: m for s, m in hub.received.items() if m.sequence} == {s: c.last for s, c in count.items()}
        run.cellar.worker.close()

    def _accounted(self) -> None:
        reasons = set().union(*(hub.lost() for hub in self.hubs.values()))
        allowed = {OFF_THE_RECORD}
        allowed |= {SPOOL_FULL, BUFFER_FULL} if self.filled else set()
        allowed |= {HUB_RESTORED} if self.restored else set()
        allowed |= {KILLED} if len(self.hubs) > 1 else set()
        assert reasons <= allowed, reasons - allowed


TestCustody = Custody.TestCase
TestCustody.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
