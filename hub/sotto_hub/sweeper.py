"""Has the hub do now and then what a full or busy disk made it leave: its slow pulse, once a minute."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

SWEEP_S: Final = 60.0


class Sweeper:
    """Calls `sweep` every `every_s` seconds, on the event loop's thread."""

    def __init__(self, sweep: Callable[[], None], every_s: float = SWEEP_S) -> None:
        self._sweep = sweep
        self._every_s = every_s
        self._stop = asyncio.Event()

    async def keep(self) -> None:
        """Runs until `close`."""
        while not self._stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._stop.wait()
            if not self._stop.is_set():
                self._sweep()

    def close(self) -> None:
        """Ends `keep`."""
        self._stop.set()
