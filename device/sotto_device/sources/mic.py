"""The live microphone: sound as it happens, placed in time, with every hole named.

open ──block──► sound          no block for a second ──► LOST device_stalled
  │  └─queue full──► LOST device_overrun       gone ──► LOST device_error, tried again every two seconds
  └──mute──► closed: MUTED ──unmute──► open

Time that the machine slept through with the microphone open is LOST suspended, not OFF: the wearer had left it on and
believes that it listened, so the ledger has to name it. What it slept through while muted is MUTED.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final, Protocol

from sotto_device.clock import Clock
from sotto_device.errors import MicrophoneError
from sotto_device.mute import MIC, Shutter
from sotto_device.samples import Absence, AudioSample, Sample
from sotto_device.sleep import Sleep
from sotto_device.sources.capture import Block
from sotto_device.timeline import Timeline
from sotto_device.worker import Worker
from sotto_proto.records import GapKind, Modality, StreamInfo

LOG: Final = logging.getLogger("sotto.mic")
STALL_S: Final = 1.0
STALLS: Final = 5
RETRY_S: Final = 2.0
OVERRUN: Final = "device_overrun"
STALLED: Final = "device_stalled"
GONE: Final = "device_error"
SUSPENDED: Final = "suspended"


class Microphone(Protocol):
    """What can be opened and listened to: `Capture`, or a scripted one."""

    def open(self) -> None:
        """Starts to sense. Raises `MicrophoneError`."""

    def shut(self) -> None:
        """Takes nothing in from this instant on."""

    def close(self) -> None:
        """Gives the microphone back."""

    @property
    def alive(self) -> bool:
        """Whether it still runs."""

    async def block(self, timeout_s: float) -> Block | None:
        """The next block of sound."""


class MicSource:
    """A microphone behind the protocol of sources.

    `make` gives one to open, on the event loop; `look_again` makes the system list its microphones anew. Nothing is
    opened before `follow` has said so.
    """

    live = True

    def __init__(
        self,
        *,
        clock: Clock,
        timezone: str,
        make: Callable[[], Microphone],
        look_again: Callable[[], None],
    ) -> None:
        self.timezone = timezone
        self._clock = clock
        self._make = make
        self._look_again = look_again
        self._wanted = False
        self._ends_ns: int | None = None  # of a timed mute
        self._timeline = Timeline()
        self._microphone: Microphone | None = None
        self._held: set[int] = set()  # microphones that are not closed yet
        self._sleep = Sleep(known_ns=clock.slept())
        self._worker = Worker("mic")
        self._closed = False
        self._changed = asyncio.Event()
        self._stalls = 0
        self._missing = False
        self._opening = False
        self._before = (GapKind.LOST, STALLED)  # what the time before the first block of an opened microphone was

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """Sound, and what the wearer does."""
        kinds = {MIC: Modality.AUDIO, "control": Modality.CONTROL}
        return tuple(StreamInfo(stream=name, modality=kind, live=True) for name, kind in kinds.items())

    @property
    def open(self) -> frozenset[str]:
        """The microphone, from before it is opened until after it has been given back."""
        return frozenset({MIC} if self._held else ())

    async def samples(self) -> AsyncIterator[Sample]:
        """Sound and absences without a hole, until closed. Raises `MicrophoneError` when it cannot even begin."""
        if self._wanted:
            await self._open()
        else:
            self._before = (GapKind.MUTED, "")
            self._timeline.skip_to(self._clock.read())
        try:
            while not self._closed:
                for sample in await self._step():
                    yield sample
        finally:
            await self._shut()
            self._worker.close()

    async def follow(self, shutter: Shutter) -> None:
        """Not wanted: nothing is taken in from this instant on, and the microphone is given back."""
        self._wanted, self._ends_ns = MIC in shutter.wanted, shutter.orders.ends_ns
        if not self._wanted:
            self._before = (GapKind.MUTED, "")
            self._changed.set()
            await self._shut()
            if self._held:  # somebody else is closing it
                await self._worker.run(int)
        self._changed.set()

    async def close(self) -> None:
        """Ends `samples`."""
        self._closed = True
        await self._shut()
        self._changed.set()

    async def _step(self) -> list[Sample]:
        """The next stretch of time: closed, gone, or sensing."""
        if not self._wanted:
            await self._wait(self._muted_s())
            return self._absence(GapKind.MUTED)
        if self._microphone is None:
            await self._reopen()
            return [] if self._microphone else self._absence(*self._before)
        block = await self._microphone.block(STALL_S)
        if block is not None:
            self._stalls = 0
            return list(self._placed(block))
        return await self._nothing_came()

    async def _nothing_came(self) -> list[Sample]:
        if not self._wanted or self._closed or self._microphone is None:
            return []
        self._stalls += 1
        self._before, self._opening = (GapKind.LOST, STALLED), True
        if self._stalls >= STALLS or not self._microphone.alive:
            await self._lose()
        return self._absence(*self._before) if self._timeline.next_ns is not None else []  # it has not begun yet

    def _placed(self, block: Block) -> Iterator[Sample]:
        if self._opening:
            self._opening = False
            yield from self._absence(*self._before, up_to_ns=block.begun_ns)
        if block.dropped_ns:
            start_ns = self._timeline.next_ns or 0
            yield self._gap(start_ns, block.dropped_ns, GapKind.LOST, OVERRUN)
            self._timeline.next_ns = start_ns + block.dropped_ns
        slept_ns = self._sleep.known_ns if block.slept_ns is None else block.slept_ns
        torn = block.overflowed or self._sleep.fresh_ns(slept_ns) > 0
        placed = self._timeline.place(block.duration_ns, block.arrived_ns, overflowed=torn)
        hole_ns, asleep_ns = placed.hole_ns, self._sleep.take(slept_ns, placed.hole_ns)
        yield from self._gaps(placed.start_ns - hole_ns, asleep_ns, hole_ns, GapKind.LOST, OVERRUN)
        yield AudioSample(at=self._clock.at(placed.start_ns), pcm=block.pcm)

    def _absence(self, kind: GapKind, reason: str = "", *, up_to_ns: int | None = None) -> list[Sample]:
        """All from the last sound up to an instant, by default now."""
        now_ns = self._clock.read() if up_to_ns is None else up_to_ns
        missing_ns = self._timeline.skip_to(now_ns)
        asleep_ns = self._sleep.take(self._clock.slept(), missing_ns)
        return list(self._gaps(now_ns - missing_ns, asleep_ns, missing_ns, kind, reason))

    def _gaps(self, start_ns: int, asleep_ns: int, hole_ns: int, kind: GapKind, reason: str) -> Iterator[Sample]:
        """A hole, with the machine's sleep in it told apart. Sleep while muted is muted."""
        asleep_ns = asleep_ns if kind is GapKind.LOST else 0
        if asleep_ns:
            yield self._gap(start_ns, asleep_ns, GapKind.LOST, SUSPENDED)
        if hole_ns > asleep_ns:
            yield self._gap(start_ns + asleep_ns, hole_ns - asleep_ns, kind, reason)

    def _gap(self, start_ns: int, duration_ns: int, kind: GapKind, reason: str) -> Absence:
        return Absence(at=self._clock.at(start_ns), duration_ns=duration_ns, kind=kind, reason=reason)

    def _muted_s(self) -> float:
        """At most a second, and not beyond the end of a timed mute."""
        until_ns = self._ends_ns
        left_ns = STALL_S * 1e9 if until_ns is None else until_ns - self._clock.now().wall_ns
        return min(STALL_S, max(0.001, left_ns / 1e9))

    async def _open(self) -> None:
        if not self._wanted or self._closed:  # it may have been muted while PortAudio looked around
            return
        microphone = self._make()
        self._microphone, self._stalls, self._opening = microphone, 0, True
        self._held.add(id(microphone))
        try:
            await self._worker.run(microphone.open)
        except MicrophoneError:
            self._held.discard(id(microphone))
            self._microphone = None
            raise
        if not self._wanted or self._closed:
            await self._shut()

    async def _shut(self) -> None:
        microphone, self._microphone = self._microphone, None
        if microphone is not None:
            microphone.shut()
            await self._worker.run(microphone.close)
            self._held.discard(id(microphone))

    async def _lose(self) -> None:
        await self._shut()
        self._missing, self._before = True, (GapKind.LOST, GONE)
        LOG.warning("The microphone is gone: what is said now is lost, and counted. Trying to find it again.")

    async def _reopen(self) -> None:
        await self._wait(RETRY_S if self._missing else 0.0)
        if not self._wanted or self._closed:
            return
        try:
            await self._worker.run(self._look_again)
            await self._open()
        except MicrophoneError as error:
            if not self._missing:
                LOG.warning("%s", error.sentence)
            self._missing, self._before = True, (GapKind.LOST, GONE)
            return
        if self._missing:
            LOG.warning("The microphone is back.")
        self._missing = False

    async def _wait(self, seconds: float) -> None:
        """Waits, but not over a change of orders."""
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return
