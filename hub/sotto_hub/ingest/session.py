"""One connection of one device: frames into lanes, decisions to the committer, and only then acknowledgements.

    receive ─► inbox (bounded) ─► lanes ─► committer ─► acks
The inbox is bounded and nothing is dropped: when it is full, gRPC's flow control holds the device back.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

from sotto_hub.errors import HubError
from sotto_hub.ingest.doubt import Doubt
from sotto_hub.ingest.down import Down, Outbox, Welcome, Word
from sotto_hub.ingest.lanes import AudioLane, ControlLane, Lane, RecentLane, taken_back
from sotto_hub.ingest.numbering import Arrival, Numbering
from sotto_hub.ingest.rooms import Rooms, require_fit
from sotto_hub.ingest.tide import Tide
from sotto_hub.pairing.refusal import REFUSABLE, Refusable
from sotto_hub.perception.hear.ear import Heard
from sotto_hub.records import LedgerRow, Partial, Settled
from sotto_hub.store.spans import Span
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Audio, Frame, GazeBatch, Hello, Mark, Modality, MuteState, Picture, StreamInfo

LOG: Final = logging.getLogger("sotto.ingest")
INBOX: Final = 32

Write = Callable[[Down], Awaitable[None]]


class Session:
    """Lives as long as the connection. The device's next connection ends it (`evict`)."""

    def __init__(self, device_id: str, hello: Hello, rooms: Rooms) -> None:
        self.device_id = device_id
        self.hello = hello
        self._rooms = rooms
        self._doubt = Doubt(hello.clock_error_ns)
        self._inbox: asyncio.Queue[Frame | Refusable | None] = asyncio.Queue(INBOX)
        self._outbox = Outbox()
        self._broken = asyncio.Event()
        self._why: Refusable = HubError("evicted", "this connection was ended")
        self._ended = asyncio.Event()
        self._controls_are_in = False
        self._streams = {info.stream: info for info in hello.streams}
        self._lanes = {info.stream: self._lane(info) for info in hello.streams}
        self._numberings: dict[str, Numbering] = {}

    @property
    def boot_id(self) -> str:
        """Of which boot the frames are."""
        return self.hello.boot_id

    @property
    def offset_ns(self) -> int:
        """What to add to the device's wall clock."""
        return self.hello.clock_offset_ns

    @property
    def tides(self) -> tuple[Tide, ...]:
        """How far each audio stream is decided, once it has begun."""
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
                device_id=self.device_id,
                boot_id=self.boot_id,
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

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Drops what is held in RAM and may be of a span taken back: in the lanes, and on the way to them."""
        self._let_go(*self._doubt.widened(from_ns, to_ns))

    def _let_go(self, from_ns: int, to_ns: int) -> None:
        for lane in self._lanes.values():
            lane.withhold(from_ns, to_ns)
        for item in [self._inbox.get_nowait() for _ in range(self._inbox.qsize())]:
            self._inbox.put_nowait(self._without(item, from_ns, to_ns) if isinstance(item, Frame) else item)

    def _without(self, frame: Frame, from_ns: int, to_ns: int) -> Frame:
        start_ns = frame.at.wall_ns + self.offset_ns
        touches = start_ns < to_ns and from_ns < start_ns + max(frame.duration_ns, 1)
        return taken_back(frame) if touches and isinstance(frame.body, Audio | Picture | GazeBatch) else frame

    def committed(self, settled: Sequence[Settled]) -> None:
        """These are in the store: they are acknowledged."""
        for one in settled:
            self._numberings[one.stream].settle(one)
        for stream in {one.stream for one in settled}:
            self._outbox.ack(stream, self._numberings[stream].mark)

    def broke(self, why: Refusable) -> None:
        """Ends this connection for a reason; what is not committed, the device sends again."""
        self._why = why
        self._broken.set()

    async def evict(self, why: HubError) -> None:
        """Ends this connection for a reason; returns when nothing of it is under way."""
        self.broke(why)
        await self._ended.wait()

    async def run(self, frames: AsyncIterator[Frame], write: Write) -> None:
        """Serves until the device hangs up. Raises what broke it, when all before it is committed."""
        rooms, device_id = self._rooms, self.device_id
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
        rooms = self._rooms
        marks = rooms.transcript.marks(self.device_id, self.boot_id)
        self._numberings = {s: Numbering(stream=s, mark=marks.get(s, Mark())) for s in self._lanes}
        rooms.greeted(self.device_id, self.hello)
        await write(Welcome(hub_id=rooms.hub_id, marks=marks))
        self._command()
        LOG.info("%s is connected with %d streams%s", self.device_id, len(self._lanes), self.hello.late * ", late")

    async def _serve(self, frames: AsyncIterator[Frame], write: Write) -> None:
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self._send(write))
            others = [group.create_task(self._receive(frames)), group.create_task(self._watch())]
            try:
                wrong = await self._work()
            finally:
                self._rooms.committer.commit()
                self._outbox.close()
            self._require_whole()
            await sending
            if wrong:
                raise wrong
            for task in others:
                task.cancel()

    async def _watch(self) -> None:
        await self._broken.wait()
        raise self._why

    def _require_whole(self) -> None:
        """Nothing more may be handed over once something was not stored: its number would stand for what is gone."""
        if self._broken.is_set():
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
        elif frame.sequence <= numbering.mark.sequence:
            self._outbox.ack(frame.stream, numbering.mark)

    def _require_fit(self, frame: Frame) -> None:
        info = self._streams.get(frame.stream)
        if info is None:
            raise MalformedFrame("stream", f"stream {frame.stream!r} was not announced in Hello")
        require_fit(frame, info, self.offset_ns, self._rooms.wall_ns())

    # ---- understanding

    async def _work(self) -> Refusable | None:
        """Takes frames until the device hangs up, or until one that breaks a rule: what is wrong with it."""
        while isinstance(item := await self._inbox.get(), Frame):
            await self._take(item)
        if item is None and self.hello.late:
            await self._end()
        return item

    async def _end(self) -> None:
        """Nothing follows on an earlier boot: what was held, for it might go on, is decided as it stands."""
        for stream, lane in self._lanes.items():
            if isinstance(lane, AudioLane):
                self._hand_over(stream, await lane.end())

    async def _take(self, frame: Frame) -> None:
        lane = self._lanes[frame.stream]
        if isinstance(lane, AudioLane) and lane.wakes(frame):
            self._rooms.committer.commit()
        if not isinstance(lane, ControlLane) and not self._controls_are_in:
            self._controls_are_in = True
            self._command()
        self._require_whole()
        heard = await lane.take(frame)
        for other in self._lanes.values():
            if isinstance(other, RecentLane):
                other.let_go(frame.at.wall_ns)
        self._hand_over(frame.stream, heard)
        self._show(heard.partial, frame.end_wall_ns + self.offset_ns)

    def _hand_over(self, stream: str, heard: Heard) -> None:
        """What was decided goes to the store. What takes something back aloud does so before its words are stored."""
        self._require_whole()
        if not self._doubt.is_guess:
            self._obey(heard)
        self._rooms.committer.add(self, stream, heard)
        if self._doubt.is_guess:  # erases what is stored
            self._obey(heard)

    def _obey(self, heard: Heard) -> None:
        for utterance in heard.utterances:
            self._rooms.obey(utterance, self._take_back)

    def _take_back(self, from_ns: int, to_ns: int) -> None:
        """What was ordered on this device: of all devices, or where its time is but a guess, of this boot alone."""
        if not self._doubt.is_guess:
            self._rooms.withhold(from_ns, to_ns)
            return
        self._doubt.take_back(from_ns, to_ns)
        self._let_go(from_ns, to_ns)
        self._rooms.withdraw(self.device_id, self.boot_id, Span(from_ns, to_ns))

    def _is_withheld(self, from_ns: int, to_ns: int) -> bool:
        """Whether any instant of the span has been taken back, or may have been."""
        known = self._rooms.transcript.is_withheld(*self._doubt.widened(from_ns, to_ns))
        return known or self._doubt.took_back(from_ns, to_ns)

    def _show(self, partial: Partial | None, until_ns: int) -> None:
        """Shows words being said; not when any instant of them, up to the newest frame, has been taken back."""
        rooms = self._rooms
        if partial and not self._is_withheld(partial.start_ns, max(until_ns, partial.start_ns + 1)):
            rooms.bus.publish(partial)

    # ---- lanes and commands

    def _lane(self, info: StreamInfo) -> Lane:
        match info.modality:
            case Modality.AUDIO:
                ear = self._rooms.open_ear(self.device_id, info.stream, self.offset_ns, self._is_behind)
                return AudioLane(ear, self.offset_ns, self._is_withheld)
            case Modality.CONTROL:
                return ControlLane(self.offset_ns, self._note_mute, self._take_back)
            case _:
                return RecentLane(self.offset_ns, self._is_withheld)

    def _is_behind(self) -> bool:
        return not self._inbox.empty()

    def _note_mute(self, state: MuteState, at_ns: int) -> None:
        self._rooms.fleet.note_mute(self.device_id, state, at_ns, self.hello)
        self._rooms.changed()

    def _command(self) -> None:
        """Gives the device what was asked for while it was away; opening waits for what it did by hand meanwhile."""
        rooms = self._rooms
        may_open = self._controls_are_in and not self.hello.late
        for state in rooms.fleet.due(self.device_id, may_open=may_open, now_ns=rooms.now_ns()):
            self._outbox.say(state)


def _first(group: BaseExceptionGroup[Refusable]) -> Refusable:
    """What broke first; the rest broke because of it."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
