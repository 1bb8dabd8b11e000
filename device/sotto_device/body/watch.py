"""Watches the switch: off counts at once, on counts once it has settled, and what cannot be read counts as off.

changed or half a second ──► read ──off──► told at once
                              └──on──► 50 ms later still on? ──► told
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from sotto_device.body.parts import Switch
from sotto_device.errors import BodyError

LOG: Final = logging.getLogger("sotto.body")
POLL_S: Final = 0.5
SETTLE_S: Final = 0.05
"""A contact bounces. It may bounce into off, never into on."""


class SwitchWatch:
    """One switch and who is told of it. Made on the event loop."""

    def __init__(self, switch: Switch, tell: Callable[[bool], Awaitable[None]]) -> None:
        self._switch = switch
        self._tell = tell
        self._turned = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._off = True
        self._broken = False

    def begin(self) -> bool:
        """Claims the switch; whether it is off. Raises `BodyError`: without it nothing may be sensed."""
        self._switch.open(self._wake)
        return self._switch.is_off()

    async def run(self, is_off: bool) -> None:
        """Tells of every turn, until cancelled."""
        try:
            while True:
                now_off = await self._settled(is_off)
                if now_off != is_off:
                    is_off = now_off
                    await self._tell(is_off)
                await self._wait(POLL_S)
        finally:
            self._switch.close()

    async def _settled(self, was_off: bool) -> bool:
        """How it stands: off at once, on only when it was on before, or nothing has moved for a moment."""
        while True:
            self._turned.clear()
            if self._read() or not was_off:
                return self._off
            await self._wait(SETTLE_S)
            if not self._turned.is_set() and not self._read():
                return False

    def _read(self) -> bool:
        try:
            self._off, self._broken = self._switch.is_off(), False
        except BodyError as error:
            if not self._broken:
                LOG.warning("%s: it counts as off.", error.sentence)
            self._off = self._broken = True
        return self._off

    async def _wait(self, seconds: float) -> None:
        """Waits, but not over a turn."""
        try:
            async with asyncio.timeout(seconds):
                await self._turned.wait()
        except TimeoutError:
            return

    def _wake(self) -> None:
        """Called on the thread of whoever watches the pin."""
        self._loop.call_soon_threadsafe(self._turned.set)
