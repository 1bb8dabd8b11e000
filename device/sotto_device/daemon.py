"""The daemon: wires source, line, spool and uplink, and owns all their tasks.

source ──sample──► line (on the worker) ──frames──► outbox ──► uplink ──► hub
   ▲                  ▲                                           │
   └──── mute ────────┴───────────── orders ◄─────────────────────┘  and from `sotto-device mute` and its kin
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sotto_device.line import Line
from sotto_device.mute import UNMUTED, Shutter, sensor, standing
from sotto_device.mute_file import save_mute
from sotto_device.outbox import Outbox
from sotto_device.samples import ControlSample, Sample, Stop
from sotto_device.sources.source import Source
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
    of a recorded day, once everything before it is acknowledged, and returns when the day may go on.
    """

    home: Path
    source: Source
    line: Line
    outbox: Outbox
    now: Callable[[], CaptureTime]
    at_stop: Callable[[str], Awaitable[None]]
    _worker: Worker = field(default_factory=lambda: Worker("line"))
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _orders: asyncio.Queue[Control] = field(default_factory=lambda: asyncio.Queue(ORDERS))
    _kept: MuteState = UNMUTED
    _stopping: bool = False

    def __post_init__(self) -> None:
        self._kept = self.line.shutter.order

    async def run(self, uplink: "Uplink") -> bool:
        """Runs until the source ends. True: the hub has acknowledged all of it. Raises `DeviceError` in a group."""
        try:
            async with asyncio.TaskGroup() as tasks:
                link = tasks.create_task(uplink.run())
                obeying = tasks.create_task(self._obey_all())
                await self._sense()
                complete = await self._goodbye(uplink)
                obeying.cancel()
                await asyncio.wait({link}, timeout=FAREWELL_S if complete else 0.0)
                link.cancel()
            return complete
        finally:
            self._worker.close()

    def obey(self, control: Control) -> None:
        """Takes note of an order. Of more than can wait, the oldest is dropped: the newest order counts."""
        if self._orders.full():
            self._orders.get_nowait()
        self._orders.put_nowait(control)

    async def order(self, control: Control) -> None:
        """Does what the wearer wants; returns when it holds and is kept."""
        at = self.here
        if isinstance(control, MuteState):
            control = standing(control, at.wall_ns)
            if control.muted:
                await self.source.mute(control)
        async with self._turn:
            await self._act(at, control)
        await self._follow()

    async def stop(self) -> None:
        """Ends the source; `run` then says goodbye and returns."""
        self._stopping = True
        await self.source.close()

    @property
    def shutter(self) -> Shutter:
        """What is let through, and what may be shown."""
        return self.line.shutter

    async def _act(self, at: CaptureTime, control: Control) -> None:
        if isinstance(control, OffTheRecord):
            self.outbox.withhold(at.wall_ns - control.last_ns, at.wall_ns)
        await self.outbox.put(await self._worker.run(self.line.control, at, control))

    @property
    def here(self) -> CaptureTime:
        """The present: of the clock, or of the recorded day."""
        return self.now() if self.source.live or self.line.until is None else self.line.until

    async def _sense(self) -> None:
        self.line.shutter = sensor(self.line.shutter, is_open=not self.line.shutter.order.muted)
        async for sample in self.source.samples():
            await self._taken(sample)
            await self._follow()
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
            await self.order(await self._orders.get())

    async def _follow(self) -> None:
        """The order may have changed, by itself or by the wearer: the sensor follows, it is kept, and said."""
        order = self.line.shutter.order
        if order == self._kept:
            return
        self._kept = order
        if not order.muted:
            self.line.shutter = sensor(self.line.shutter, is_open=True)
        await self.source.mute(order)
        if order.muted:
            self.line.shutter = sensor(self.line.shutter, is_open=False)
        await self._worker.run(save_mute, self.home, order)
        LOG.warning("Muted: nothing is sensed." if self.line.shutter.shows_off else "Sensing.")

    async def _goodbye(self, uplink: "Uplink") -> bool:
        """A recorded day stays until all is acknowledged; a live device for a moment, and only if a hub is there."""
        patient = not self.source.live and not self._stopping
        wait_s = None if patient else GOODBYE_S if uplink.welcomed.is_set() else 0.0
        try:
            async with asyncio.timeout(wait_s):
                await self.outbox.drained()
        except TimeoutError:
            LOG.warning("Stopped with %.1f s of sound that no hub has.", self.outbox.spool.waiting_ns / 1e9)
            return False
        self.outbox.close()
        return True
