"""A device for histories: captures, forgets, starts anew and sends from the hub's marks, straight into sessions."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sotto_hub.hub import Hub
from sotto_hub.ingest.down import Down
from sotto_hub.ingest.session import Session
from sotto_proto.records import Frame, Gap, GapKind, Mark, Modality, OffTheRecord, Picture, StreamInfo
from tests.hub.scripted_device import MS, Day, hello

STREAMS = (
    StreamInfo(stream="mic", modality=Modality.AUDIO, live=True),
    StreamInfo(stream="camera", modality=Modality.PICTURE, live=True),
    StreamInfo(stream="control", modality=Modality.CONTROL, live=True),
)
PATIENCE_S = 20.0


@dataclass
class Boot:
    """One start of the device and all that it captured since, in order."""

    boot_id: str
    day: Day
    frames: list[Frame] = field(default_factory=list)

    def of(self, stream: str) -> list[Frame]:
        return [frame for frame in self.frames if frame.stream == stream]

    def owed(self, marks: dict[str, Mark]) -> list[Frame]:
        """What the hub has not committed."""
        return [f for f in self.frames if f.sequence > marks.get(f.stream, Mark()).sequence]

    def drop_oldest(self, count: int, reason: str, marks: dict[str, Mark]) -> None:
        """The disk was full: of what the microphone owes, the oldest are gone, and one loss stands for them all."""
        mark = marks.get("mic", Mark())
        gone = [frame for frame in self.owed(marks) if frame.stream == "mic"][:count]
        if not gone:
            return
        loss = Frame(
            stream="mic",
            sequence=gone[-1].sequence,
            since_sequence=mark.sequence + 1,
            at=gone[0].at,
            duration_ns=gone[-1].captured_ns - mark.captured_ns,
            captured_ns=gone[-1].captured_ns,
            body=Gap(kind=GapKind.LOST, reason=reason),
        )
        at = self.frames.index(gone[0])
        self.frames = [loss if f is gone[0] else f for f in self.frames[: at + 1]] + [
            f for f in self.frames[at + 1 :] if f not in gone
        ]


@dataclass
class RememberedDevice:
    """Keeps every frame of every boot, as if its spool had no end."""

    device_id: str
    now_ns: int
    boots: list[Boot] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    @property
    def boot(self) -> Boot:
        return self.boots[-1]

    def start(self) -> None:
        """A new boot: numbers and captured time begin again."""
        self.boots.append(Boot(boot_id=f"boot-{len(self.boots) + 1}", day=Day(now_ns=self.now_ns)))

    def capture(self, kind: str, ms: int) -> None:
        """Senses something for a while, or does not."""
        day = self.boot.day
        match kind:
            case "speech":
                frames = day.speech(max(100, ms))
            case "picture":
                frames = [day.frame("camera", Picture(jpeg=b"\xff\xd8", width_px=1, height_px=1))]
            case "take back":
                frames = [day.frame("control", OffTheRecord(last_ns=max(1, ms) * MS))]
            case "lost":
                frames = day.gap(ms, GapKind.LOST, "buffer_full")
            case _:
                frames = day.gap(ms, GapKind(kind))
        self.boot.frames += frames
        self.now_ns = day.now_ns

    async def connect(self, hub: Hub, at_most: int, *, again: int = 0, breaks: bool = False) -> None:
        """One connection for the oldest boot that owes something: so many frames, some of them again."""
        marks = {boot.boot_id: hub.stores.transcript.marks(self.device_id, boot.boot_id) for boot in self.boots}
        boot = next((b for b in self.boots if b.owed(marks[b.boot_id])), self.boot)
        owed = boot.owed(marks[boot.boot_id])
        had = [frame for frame in boot.frames if frame not in owed]
        line = [*(had[-again:] if again else []), *owed[:at_most]]
        await self._talk(hub, boot, line, breaks=breaks)

    async def _talk(self, hub: Hub, boot: Boot, line: Sequence[Frame], *, breaks: bool) -> None:
        greeting = replace(hello(boot.boot_id, STREAMS), late=boot is not self.boot)
        session = Session(self.device_id, greeting, hub.rooms())
        said = asyncio.Event()

        async def frames() -> AsyncIterator[Frame]:
            for frame in line:
                yield frame
            said.set()
            if breaks:
                await asyncio.Event().wait()

        async with asyncio.timeout(PATIENCE_S):
            running = asyncio.create_task(session.run(frames(), _unread))
            if breaks:
                await asyncio.wait([asyncio.create_task(said.wait()), running], return_when=asyncio.FIRST_COMPLETED)
                assert_balanced(hub)
                running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        assert_balanced(hub)


def assert_balanced(hub: Hub) -> None:
    """captured = committed + silent + muted + lost + waiting, for every stream of every boot."""
    for row in hub.ledger():
        assert row.unaccounted_ns == 0, row


async def _unread(_: Down) -> None:
    """The device's memory is the hub's marks; it needs no acknowledgements."""
