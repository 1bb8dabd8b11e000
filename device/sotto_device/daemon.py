"""The daemon: wires source, line, spool and uplink, and owns all their tasks.

source ──sample──► line (on the worker) ──frames──► outbox ──► uplink ──► hub
   ▲                  ▲                                           │
   └──── mute ────────┴───────────── orders ◄─────────────────────┘  and from `sotto-device mute` and its kin
                      └── switch                   light ◄── what is ordered, and what the source reports open

Closing comes first: a sensor is closed before anything else is done with an order, and the light says so before a
sensor is opened.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sotto_device.body.parts import Body, NoLight
from sotto_device.body.watch import SwitchWatch
from sotto_device.clock import Clock
from sotto_device.errors import BodyError, HomeError
from sotto_device.line import Line
from sotto_device.mute import NO_ORDERS, Orders, Shown, Shutter, ordered, reported, switched
from sotto_device.mute_file import save_mute
from sotto_device.orders import queued
from sotto_device.outbox import Outbox
from sotto_device.samples import ControlSample, Sample, Stop
from sotto_device.sources.source import Source
from sotto_device.status import Status
from sotto_device.worker import Worker
from sotto_proto.records import CaptureTime, Control, Frame, MuteState, OffTheRecord

if TYPE_CHECKING:
    from sotto_device.uplink import Uplink

LOG: Final = logging.getLogger("sotto.device")
ORDERS: Final = 32
GOODBYE_S: Final = 3.0
FAREWELL_S: Final = 2.0


@dataclass(slots=True, kw_only=True)
class Daemon:
    """One run of the device.

    `now` is the live clock; a recorded day's clock is the end of its sound so far. `at_stop` is told about every stop
    of a recorded day, once everything before it is acknowledged, and returns when the day may go on. `clock` is what
    timed mutes go by over a restart; a recorded day has none.
    """

    home: Path
    source: Source
    line: Line
    outbox: Outbox
    now: Callable[[], CaptureTime]
    at_stop: Callable[[str], Awaitable[None]]
    clock: Clock | None = None
    body: Body = field(default_factory=Body)
    _worker: Worker = field(default_factory=lambda: Worker("line"))
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _orders: asyncio.Queue[Control] = field(default_factory=lambda: asyncio.Queue(ORDERS))
    _closing: list[Callable[[Shutter], Shutter]] = field(default_factory=list)  # ordered, and not yet in the line
    _given: Shutter | None = None
    _kept: Orders = NO_ORDERS
    _trouble: HomeError | None = None
    _shown: Shown | None = None
    _stopping: bool = False

    def __post_init__(self) -> None:
        self._kept = self.line.shutter.orders

    async def run(self, uplink: "Uplink") -> bool:
        """Runs until the source ends. True: the hub has acknowledged all of it. Raises `DeviceError` in a group."""
        try:
            self.body.light.open()
            watching = await self._claimed()
            async with asyncio.TaskGroup() as tasks:
                link = tasks.create_task(uplink.run())
                minders = [tasks.create_task(minds) for minds in (self._obey_all(), *watching)]
                await self._sense()
                complete = await self._goodbye(uplink)
                for minder in minders:
                    minder.cancel()
                await asyncio.wait({link}, timeout=FAREWELL_S if complete else 0.0)
                link.cancel()
            return complete
        finally:
            await self.source.close()
            self._worker.close()
            self.body.light.close()  # dark: nothing is open any more

    def obey(self, control: Control) -> None:
        """Takes note of an order. Of more than can wait some go, as `orders` says: the newest order counts."""
        waiting = [self._orders.get_nowait() for _ in range(self._orders.qsize())]
        for order in queued(waiting, control, ORDERS):
            self._orders.put_nowait(order)

    async def order(self, control: Control) -> None:
        """Does what the wearer wants; returns when it holds and is kept."""
        at = self.here
        if isinstance(control, MuteState) and control.muted:
            async with self._closed(lambda shutter: ordered(shutter, control, at.wall_ns)):
                await self._act(self._after_sound(at), control)
        else:
            async with self._turn:
                end = self._after_sound(at)
                await self._act(end, _reaching_back(control, end.wall_ns - at.wall_ns))
        await self._follow()
        await self._keep(self.line.shutter.orders)
        if (trouble := self._trouble) is not None:
            self._trouble = None
            raise trouble

    async def turn(self, is_off: bool) -> None:
        """The switch has been turned; returns when that holds."""
        at = self.here
        if is_off:
            async with self._closed(lambda shutter: switched(shutter, is_off=True)):
                await self._switch(self._after_sound(at), is_off)
        else:
            async with self._turn:
                await self._switch(self._after_sound(at), is_off)
        await self._follow()

    async def stop(self) -> None:
        """Ends the source; `run` then says goodbye and returns."""
        self._stopping = True
        await self.source.close()

    @property
    def shutter(self) -> Shutter:
        """What is let through, what is open, and what may be shown."""
        shutter = self.line.shutter
        for change in self._closing:
            shutter = change(shutter)
        return reported(shutter, self.source.open)

    def status(self, hub_up: bool, earlier_ns: int = 0) -> dict[str, Any]:
        """How this device stands, for its wearer. `earlier_ns`: what runs before this one have left on the disk."""
        ram_ms, disk_ms = self.outbox.waiting_ms
        status = Status(
            shutter=self.shutter,
            switch_off=self.shutter.switched_off if self.body.switch is not None else None,
            has_light=not isinstance(self.body.light, NoLight),
            hub_up=hub_up,
            waiting_ms=(ram_ms, disk_ms + earlier_ns // 1_000_000),
        )
        return status.told(self.here.wall_ns)

    async def _act(self, at: CaptureTime, control: Control) -> None:
        if isinstance(control, OffTheRecord):
            await self.outbox.withhold(at.wall_ns - control.last_ns, at.wall_ns)
        elif control.muted:  # kept before it is reported: whoever is killed in between is muted
            await self._keep(ordered(self.line.shutter, control, at.wall_ns).orders)
        await self.outbox.put(await self._worker.run(self.line.control, at, control))

    async def _switch(self, at: CaptureTime, is_off: bool) -> None:
        await self.outbox.put(await self._worker.run(self.line.switch, at, is_off=is_off))

    @property
    def here(self) -> CaptureTime:
        """The present: of the clock, or of the recorded day."""
        return self.now() if self.source.live or self.line.until is None else self.line.until

    def _after_sound(self, at: CaptureTime) -> CaptureTime:
        """The instant, or the end of all sound so far, if that was stamped a moment ahead of the clock.

        A microphone that starts with a burst is: what was heard before an order must not seem to lie after it.
        """
        until = self.line.until
        return at if until is None or until.monotonic_ns <= at.monotonic_ns else until

    async def _sense(self) -> None:
        await self._follow()
        async for sample in self.source.samples():
            await self._taken(sample)
            await self._follow()
            await self._keep(self.line.shutter.orders)
            if isinstance(sample, Stop):
                await self.outbox.drained()
                await self.at_stop(sample.label)
        async with self._turn:
            await self.outbox.put(await self._worker.run(self._ended))

    def _ended(self) -> list[Frame]:
        """The source has ended. A recorded day says so by itself; live, nothing is captured from here on."""
        until = self.line.until if self.source.live else None
        return self.line.end() if until is None else self.line.rest(until)

    async def _taken(self, sample: Sample) -> None:
        async with self._turn:
            if isinstance(sample, ControlSample):
                await self._act(sample.at, sample.control)
            else:
                await self.outbox.put(await self._worker.run(self.line.take, sample))

    async def _obey_all(self) -> None:
        while True:
            with suppress(HomeError):  # it has been said
                await self.order(await self._orders.get())

    async def _claimed(self) -> list[Coroutine[None, None, None]]:
        """The watch over the switch. Raises `BodyError`: what cannot be switched off does not sense."""
        if self.body.switch is None:
            return []
        watch = SwitchWatch(self.body.switch, self.turn)
        is_off = watch.begin()
        await self._switch(self.here, is_off)
        return [watch.run(is_off)]

    @asynccontextmanager
    async def _closed(self, change: Callable[[Shutter], Shutter]) -> AsyncIterator[None]:
        """Closes what has to be closed at once; then waits for its turn, for the line to be told.

        Until the line knows, `_closing` keeps everybody from opening again what it still believes to be open.
        """
        self._closing.append(change)
        try:
            try:
                self._show()
            finally:
                self._given = None
                await self.source.follow(self.shutter)
            self._show()
            async with self._turn:
                yield
        finally:
            self._closing.remove(change)

    async def _follow(self) -> None:
        """Orders, switch and sensors may have changed, by themselves or by the wearer: it is shown and done."""
        self._show()
        shutter = reported(self.shutter, frozenset())
        if shutter != self._given:
            self._given = shutter
            await self.source.follow(shutter)
            self._show()

    async def _keep(self, orders: Orders) -> None:
        """Keeps the orders over a restart. Where that fails they hold all the same, and whoever orders is told."""
        if orders == self._kept:
            return
        self._kept = orders
        try:
            await self._worker.run(save_mute, self.home, orders, self.clock)
        except HomeError as error:
            LOG.warning("%s", error.sentence)
            self._trouble = error

    def _show(self) -> None:
        """Raises `BodyError`: a light that does not follow closes everything, and ends the daemon."""
        shown, before = self.shutter.shown, self._shown
        if shown is before:
            return
        try:
            self.body.light.show(shown)
        except BodyError:
            self._closing.append(lambda shutter: switched(shutter, is_off=True))
            raise
        self._shown = shown
        if before is not None and shown is not Shown.CLOSING:
            LOG.warning("%s", _SAID[shown])

    async def _goodbye(self, uplink: "Uplink") -> bool:
        """A recorded day stays until all is acknowledged; a live device for a moment, and only if a hub is there.

        A recorded day that was stopped on the way is not complete, however much of it the hub has: it can be resumed.
        """
        patient = not self.source.live and not self._stopping
        wait_s = None if patient else GOODBYE_S if uplink.welcomed.is_set() else 0.0
        try:
            async with asyncio.timeout(wait_s):
                await self.outbox.drained()
        except TimeoutError:
            LOG.warning("Stopped with %.1f s of sound that no hub has.", self.outbox.spool.waiting_ns / 1e9)
            return False
        self.outbox.close()
        return self.source.live or not self._stopping


_SAID: Final = {
    Shown.OFF: "Muted: nothing is sensed.",
    Shown.PRIVATE: "Private: some sensors are closed.",
    Shown.SENSING: "Sensing.",
}


def _reaching_back(control: Control, by_ns: int) -> Control:
    """The same order, with a span to take back that begins where it began although it ends later."""
    return OffTheRecord(last_ns=control.last_ns + by_ns) if isinstance(control, OffTheRecord) else control
