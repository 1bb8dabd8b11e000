"""One connection of one device: frames into lanes, decisions into the store, and only then acknowledgements.

    receive ─► inbox (bounded) ─► lanes ─► commit ─► acks ─► reader
The inbox is bounded and nothing is dropped: when it is full, gRPC's flow control holds the device back.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from sotto_hub.errors import HubError
from sotto_hub.ingest.down import Down, Outbox, Welcome, Word
from sotto_hub.ingest.lanes import AudioLane, ControlLane, Lane, RecentLane
from sotto_hub.ingest.numbering import Arrival, Numbering
from sotto_hub.ingest.rooms import Rooms, fits
from sotto_hub.ingest.tide import Tide, common
from sotto_hub.pairing.refusal import REFUSABLE, Refusable
from sotto_hub.perception.hear.ear import Heard
from sotto_hub.records import LedgerRow, Partial, Settled, Utterance
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Frame, Hello, Modality, MuteState, StreamInfo

LOG: Final = logging.getLogger("sotto.ingest")
INBOX: Final = 32
BATCH: Final = 32
FUTURE_NS: Final = 86_400_000_000_000
"""How far a live frame may lie ahead of the hub's clock: event time never goes back, it would be carried away."""

Write = Callable[[Down], Awaitable[None]]


@dataclass(slots=True)
class Batch:
    """Decisions that wait for one transaction."""

    utterances: list[Utterance] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)

    def add(self, heard: Heard) -> None:
        """Takes what a lane decided."""
        self.utterances.extend(heard.utterances)
        self.settled.extend(heard.settled)

    def is_due(self, idle: bool) -> bool:
        """Words are committed at once; mere gaps when nothing else is to be done, or when there are many."""
        return bool(self.utterances) or len(self.settled) >= BATCH or (idle and bool(self.settled))


class Session:
    """Lives as long as the connection. The device's next connection ends it (`evict`)."""

    def __init__(self, device_id: str, hello: Hello, rooms: Rooms) -> None:
        self._device_id = device_id
        self._hello = hello
        self._rooms = rooms
        self._inbox: asyncio.Queue[Frame | Exception | None] = asyncio.Queue(INBOX)
        self._outbox = Outbox()
        self._batch = Batch()
        self._evicted = asyncio.Event()
        self._why = HubError("evicted", "this connection was ended")
        self._ended = asyncio.Event()
        self._controls_are_in = False
        self._live = frozenset(info.stream for info in hello.streams if info.live)
        self._modalities = {info.stream: info.modality for info in hello.streams}
        self._lanes = {info.stream: self._lane(info) for info in hello.streams}
        self._numberings: dict[str, Numbering] = {}

    @property
    def offset_ns(self) -> int:
        """What to add to the device's wall clock."""
        return self._hello.clock_offset_ns

    @property
    def tides(self) -> tuple[Tide, ...]:
        """How far each audio stream is settled, once it has begun."""
        lanes = (lane.tide for lane in self._lanes.values() if isinstance(lane, AudioLane))
        return tuple(tide for tide in lanes if tide)

    @property
    def waiting_frames(self) -> int:
        """Received, not yet committed."""
        return sum(numbering.waiting_frames for numbering in self._numberings.values())

    def ledger(self) -> list[LedgerRow]:
        """What this boot captured so far and what of it waits."""
        return [
            LedgerRow(
                device_id=self._device_id,
                boot_id=self._hello.boot_id,
                stream=n.stream,
                captured_ns=n.captured_ns,
                waiting_ns=n.waiting_ns,
            )
            for n in self._numberings.values()
            if n.received
        ]

    def say(self, word: Word) -> None:
        """Queues something for the device."""
        self._outbox.say(word)

    def forget_recent(self) -> None:
        """Drops pictures and gaze that are held in RAM."""
        for lane in self._lanes.values():
            if isinstance(lane, RecentLane):
                lane.forget()

    async def evict(self, why: HubError) -> None:
        """Ends this connection for a reason; returns when nothing of it is under way."""
        self._why = why
        self._evicted.set()
        await self._ended.wait()

    async def run(self, frames: AsyncIterator[Frame], write: Write) -> None:
        """Serves until the device hangs up. Raises what broke it, when all before it is committed."""
        rooms, device_id = self._rooms, self._device_id
        try:
            await rooms.fleet.clear_way(device_id)
            with rooms.fleet.connected(device_id, self):
                await self._greet(write)
                await self._serve(frames, write)
        except* REFUSABLE as group:
            raise _first(group) from None
        finally:
            LOG.info("%s is gone", device_id)
            rooms.changed()
            self._ended.set()

    async def _greet(self, write: Write) -> None:
        marks = self._rooms.transcript.marks(self._device_id, self._hello.boot_id)
        self._numberings = {
            stream: Numbering(stream=stream, mark=marks.get(stream, 0), received=marks.get(stream, 0))
            for stream in self._lanes
        }
        self._rooms.greeted(self._device_id, self._hello)
        await write(Welcome(hub_id=self._rooms.hub_id, marks=marks))
        self._command()
        LOG.info("%s is connected with %d streams", self._device_id, len(self._lanes))

    async def _serve(self, frames: AsyncIterator[Frame], write: Write) -> None:
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self._send(write))
            others = [group.create_task(self._receive(frames)), group.create_task(self._watch_eviction())]
            try:
                await self._work()
            finally:
                self._outbox.close()
            await sending
            for task in others:
                task.cancel()

    async def _watch_eviction(self) -> None:
        await self._evicted.wait()
        raise self._why

    async def _send(self, write: Write) -> None:
        while waiting := await self._outbox.take():
            for down in waiting:
                await write(down)

    # ---- receiving

    async def _receive(self, frames: AsyncIterator[Frame]) -> None:
        """Numbers frames and queues them; what broke the stream is queued too, behind all that came before it."""
        try:
            async for frame in frames:
                self._require_fit(frame)
                await self._queue(frame)
        except REFUSABLE as error:
            await self._inbox.put(error)
        await self._inbox.put(None)

    async def _queue(self, frame: Frame) -> None:
        numbering = self._numberings[frame.stream]
        if numbering.arrive(frame) is Arrival.NEXT:
            await self._inbox.put(frame)
        elif frame.sequence <= numbering.mark:
            self._outbox.ack(frame.stream, numbering.mark)

    def _require_fit(self, frame: Frame) -> None:
        modality = self._modalities.get(frame.stream)
        if modality is None:
            raise MalformedFrame("stream", f"stream {frame.stream!r} was not announced in Hello")
        if not fits(frame, modality):
            raise MalformedFrame("body", f"stream {frame.stream!r} carries {modality.value}, not this")
        early_ns = frame.end_wall_ns + self.offset_ns - self._rooms.wall_ns()
        if early_ns > FUTURE_NS and frame.stream in self._live:
            raise MalformedFrame("time", "the frame lies more than a day ahead: the device's clock is wrong")

    # ---- understanding

    async def _work(self) -> None:
        while (item := await self._inbox.get()) is not None:
            if isinstance(item, Exception):
                raise item
            await self._take(item)
            if self._batch.is_due(self._inbox.empty()):
                self._flush()
                await self._rooms.fleet.wake()

    async def _take(self, frame: Frame) -> None:
        lane = self._lanes[frame.stream]
        if isinstance(lane, AudioLane) and lane.wakes(frame):
            self._flush()
        if not isinstance(lane, ControlLane) and not self._controls_are_in:
            self._controls_are_in = True
            self._command()
        heard = await lane.take(frame)
        self._batch.add(heard)
        self._show(heard.partial, frame.end_wall_ns + self.offset_ns)

    def _show(self, partial: Partial | None, until_ns: int) -> None:
        """Shows words being said; not when any instant of them, up to the newest frame, has been taken back."""
        rooms = self._rooms
        if partial and not rooms.transcript.is_withheld(partial.start_ns, max(until_ns, partial.start_ns + 1)):
            rooms.bus.publish(partial)

    def _flush(self) -> None:
        """One transaction; then acknowledgements; then the mind."""
        batch, self._batch = self._batch, Batch()
        if batch.settled or batch.utterances:
            self._commit(batch)
        tide = common(self._rooms.fleet.tides())
        if tide:
            self._rooms.reader.advance(tide)

    def _commit(self, batch: Batch) -> None:
        rooms = self._rooms
        stored = rooms.transcript.commit(
            device_id=self._device_id,
            boot_id=self._hello.boot_id,
            utterances=batch.utterances,
            settled=batch.settled,
        )
        for settled in batch.settled:
            self._numberings[settled.stream].settle(settled)
        for stream in {settled.stream for settled in batch.settled}:
            self._outbox.ack(stream, self._numberings[stream].mark)
        for utterance in stored:
            rooms.bus.publish(utterance)
        rooms.reader.heed(stored)

    # ---- lanes and commands

    def _lane(self, info: StreamInfo) -> Lane:
        match info.modality:
            case Modality.AUDIO:
                ear = self._rooms.open_ear(self._device_id, info.stream, self.offset_ns, self._is_behind)
                return AudioLane(ear, self.offset_ns, self._rooms.transcript.is_withheld)
            case Modality.CONTROL:
                return ControlLane(self.offset_ns, self._note_mute, self._rooms.withhold)
            case _:
                return RecentLane(self.offset_ns)

    def _is_behind(self) -> bool:
        return not self._inbox.empty()

    def _note_mute(self, state: MuteState, at_ns: int) -> None:
        self._rooms.fleet.note_mute(self._device_id, state, at_ns, self.offset_ns)
        self._rooms.changed()

    def _command(self) -> None:
        """Gives the device what was asked for while it was away."""
        rooms = self._rooms
        state = rooms.fleet.due(self._device_id, controls_are_in=self._controls_are_in, now_ns=rooms.now_ns())
        if state:
            self._outbox.say(state)


def _first(group: BaseExceptionGroup[Refusable]) -> Refusable:
    """What broke first; the rest broke because of it."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
