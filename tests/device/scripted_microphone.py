"""A microphone that hears what the test says, when the test says it."""

import asyncio

from sotto_device.errors import MicrophoneError
from sotto_device.sources.capture import Block


class ScriptedMicrophone:
    """Blocks are fed by the test. `missing` and `alive` say what happens to it."""

    def __init__(self, *, missing: bool = False) -> None:
        self.missing = missing
        self.running = True
        self.events: list[str] = []
        self._blocks: asyncio.Queue[Block | None] = asyncio.Queue()

    def feed(self, block: Block | None) -> None:
        """The next block; `None`: a second without any."""
        self._blocks.put_nowait(block)

    def open(self) -> None:
        self.events.append("open")
        if self.missing:
            raise MicrophoneError("microphone", "a microphone cannot be opened")

    def shut(self) -> None:
        self.events.append("shut")
        self.feed(None)

    def close(self) -> None:
        self.events.append("close")

    @property
    def alive(self) -> bool:
        return self.running

    async def block(self, timeout_s: float) -> Block | None:
        return await self._blocks.get()
