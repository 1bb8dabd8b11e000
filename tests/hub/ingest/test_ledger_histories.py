"""R1 and R2 over random histories: whatever happens, every captured nanosecond has one fate, and no word comes twice.

Real numbering, lanes, ears, accounts and the encrypted store; connections break, the hub restarts, the device does.
"""

import asyncio
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.hub import Hub
from sotto_hub.records import LedgerRow
from sotto_proto.records import Gap, GapKind
from tests.hub.ingest.remembered_device import Boot, RememberedDevice, assert_balanced
from tests.hub.running_hub import opened_hub
from tests.hub.scripted_device import MS, SECOND, START_NS

SCRIPT = [(START_NS + n * SECOND, START_NS + (n + 1) * SECOND, f"one{n} two{n}") for n in range(300)]
LATER_NS = START_NS + 3_600 * SECOND
DEVICE = "device-1"

Step = tuple[str, int]

captured = st.tuples(
    st.sampled_from(["speech", "speech", "silent", "muted", "lost", "off", "picture", "take back"]),
    st.integers(1, 30).map(lambda tenths: tenths * 100),
)
happened = st.tuples(
    st.sampled_from(["send", "send", "break", "break", "again", "drop", "reboot", "restart", "withhold"]),
    st.integers(1, 40),
)
histories = st.lists(captured | happened, min_size=4, max_size=40)


class History:
    """One device and one hub that is opened again and again."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._open = ExitStack()
        self.device = RememberedDevice(DEVICE, START_NS)
        self.hub = self._opened()

    async def step(self, what: str, much: int) -> None:
        """What happens next."""
        match what:
            case "send" | "break":
                await self.device.connect(self.hub, much, breaks=what == "break")
            case "again":
                await self.device.connect(self.hub, much, again=much)
            case "drop":
                boot = self.device.boots[0]
                boot.drop_oldest(much, "spool_full", self.hub.stores.transcript.marks(DEVICE, boot.boot_id))
            case "reboot":
                self.device.start()
            case "restart":
                self.close()
                self.hub = self._opened()
            case "withhold":
                self.hub.withhold(self.device.now_ns - much * SECOND // 4, self.device.now_ns)
            case _:
                self.device.capture(what, much)
        assert_balanced(self.hub)

    async def finish(self) -> None:
        """Every sensor closes, and everything that is owed is sent."""
        for _ in self.device.boots:
            self.device.capture("muted", 100)
            await self.device.connect(self.hub, 10_000)
        self.device.capture("muted", 100)
        await self.device.connect(self.hub, 10_000)

    def close(self) -> None:
        self._open.close()

    def _opened(self) -> Hub:
        hub, _, _ = self._open.enter_context(opened_hub(self._home, SCRIPT, LATER_NS))
        return hub


@settings(max_examples=25, deadline=None)
@given(histories)
def test_every_nanosecond_has_one_fate(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(lived(Path(folder) / "home", steps))


async def lived(home: Path, steps: list[Step]) -> None:
    history = History(home)
    try:
        for what, much in steps:
            await history.step(what, much)
        await history.finish()
        for boot in history.device.boots:
            check_boot(history.hub, boot)
        check_words(history.hub)
    finally:
        history.close()


def check_boot(hub: Hub, boot: Boot) -> None:
    """All that the boot captured is settled, and what the device called muted or lost is called so."""
    marks = hub.stores.transcript.marks(DEVICE, boot.boot_id)
    for stream in {frame.stream for frame in boot.frames}:
        last = boot.of(stream)[-1]
        assert (marks[stream].sequence, marks[stream].captured_ns) == (last.sequence, last.captured_ns)
        row = row_of(hub, boot.boot_id, stream)
        assert (row.captured_ns, row.waiting_ns) == (last.captured_ns, 0)
        said = gaps(boot, stream)
        assert row.muted_ns == said[GapKind.MUTED, ""]
        for reason in ("buffer_full", "spool_full"):
            assert row.lost_ns.get(reason, 0) == said[GapKind.LOST, reason]


def row_of(hub: Hub, boot_id: str, stream: str) -> LedgerRow:
    return next(row for row in hub.ledger() if (row.boot_id, row.stream) == (boot_id, stream))


def gaps(boot: Boot, stream: str) -> Counter[tuple[GapKind, str]]:
    """What the device says of the spans that it did not send."""
    said: Counter[tuple[GapKind, str]] = Counter()
    for frame in boot.of(stream):
        if isinstance(frame.body, Gap):
            said[frame.body.kind, frame.body.reason] += frame.duration_ns
    return said


def check_words(hub: Hub) -> None:
    """No word was heard twice, none that was taken back is kept, and the committed time is that of the words."""
    kept = hub.stores.transcript.utterances()
    words = Counter(word for said in kept for word in said.text.split())
    assert not [word for word, count in words.items() if count > 1]
    assert not [said for said in kept if hub.stores.transcript.is_withheld(said.start_ns, said.end_ns)]
    asked = "select device_id, boot_id, stream, sum(heard_ns) from resting group by 1, 2, 3"
    resting = hub.stores.notes._db.execute(asked).fetchall()
    assert {tuple(key): ns for *key, ns in resting if ns} == {
        (row.device_id, row.boot_id, row.stream): row.committed_ns for row in hub.ledger() if row.committed_ns
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(0, 40), st.integers(1, 60))
def test_taking_back_moves_time_and_loses_none(speeches: list[int], ago: int, tenths: int) -> None:
    """Words of any length, a span of any length anywhere: what they rested on is lost, off the record."""

    async def taken_back(home: Path) -> None:
        history = History(home)
        try:
            for much in speeches:
                await history.step("speech", much * 100)
                await history.step("silent", 1_000)
            await history.step("send", 10_000)
            before, said = row_of(history.hub, "boot-1", "mic"), history.hub.stores.transcript.count()
            end_ns = history.device.now_ns - ago * 100 * MS
            history.hub.withhold(end_ns - tenths * 100 * MS, end_ns)
            after = row_of(history.hub, "boot-1", "mic")
            lost_ns = after.lost_ns.get("off_the_record", 0)
            assert before.committed_ns == after.committed_ns + lost_ns
            assert lost_ns == 0 or history.hub.stores.transcript.count() < said
            check_words(history.hub)
        finally:
            history.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(taken_back(Path(folder) / "home"))
