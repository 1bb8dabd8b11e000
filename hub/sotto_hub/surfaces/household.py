"""A hub and its devices as real processes in one folder: what `sotto demo` and `sotto replay` run.

Nothing here knows the insides of the hub or of the device: only their commands, what they announce on standard
output, and the Companion client.

    HOME/            the hub's home (HOME/keeper/ is this machine's own certificate)
    HOME/device/     the device's home
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from sotto_hub.client import Companion
from sotto_hub.errors import HomeError, HubError
from sotto_hub.surfaces.credentials import find_credentials
from sotto_hub.surfaces.daemon import Daemon

START_S: Final = 120.0
"""The hub may have to load a large recogniser before it listens."""

PAIR_S: Final = 60.0
SETTLE_S: Final = 20.0
POLL_S: Final = 0.05

T = TypeVar("T")


class Household:
    """One hub with its devices. Use as an async context manager: all processes are stopped at its end."""

    def __init__(self, home: Path, *, hear: Sequence[str] = ()) -> None:
        """`hear`: arguments that choose the hub's recogniser, such as ("--engine", "pocketsphinx")."""
        self.home = home
        self._hear = tuple(hear)
        self._hub: Daemon | None = None
        self._daemons: list[Daemon] = []
        self.address = ""

    async def __aenter__(self) -> Self:
        try:
            await self._start_hub()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stops the devices, then the hub."""
        while self._daemons:
            await self._daemons.pop().stop()

    @property
    def device_home(self) -> Path:
        """Where the device keeps its key and what waits."""
        return self.home / "device"

    @property
    def hub_process(self) -> int | None:
        """The process id of the hub, once it was started."""
        return self._hub.pid if self._hub else None

    def companion(self) -> Companion:
        """A client with the certificate that the hub left for its own machine."""
        return Companion.connect(find_credentials(self.home))

    async def pair_device(self, name: str) -> None:
        """Pairs the device with a fresh code, through its own command."""
        async with self.companion() as hub:
            code = await hub.new_code()
        device = await self._start(
            "sotto-device", "pair", self.address, code.code, "--name", name, home=self.device_home
        )
        try:
            async with asyncio.timeout(PAIR_S):
                await device.done()
        except TimeoutError:
            raise HubError("slow", "the device did not pair in time") from None

    async def start_device(self, source: str, *options: str) -> Daemon:
        """Starts the device on a source ("mic", "replay:FOLDER"); `options` go to `sotto-device run` as they are."""
        return await self._start("sotto-device", "run", "--source", source, *options, home=self.device_home)

    async def while_hub_lives(self, work: Coroutine[object, object, T]) -> T:
        """Awaits `work`; when the hub ends first, cancels it and raises why the hub ended.

        A device alone would wait for its hub for ever, as it should.
        """
        assert self._hub is not None
        end, task = asyncio.create_task(self._hub.failed()), asyncio.create_task(work)
        try:
            await asyncio.wait((end, task), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise end.result()
            return task.result()
        finally:
            for each in (end, task):
                each.cancel()
            await asyncio.gather(end, task, return_exceptions=True)

    async def settled(self, hub: Companion, at_ns: int) -> bool:
        """Waits until the hub has understood everything up to `at_ns`; False when that takes too long.

        What a device has been acknowledged is stored; what follows from it (timers, suggestions) comes right after.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while (await hub.status()).watermark_ns < at_ns:  # noqa: ASYNC110  (the hub announces no watermark)
                    await asyncio.sleep(POLL_S)
                return True
        return False

    async def _start_hub(self) -> None:
        _make_private(self.home)
        how = ("--listen", "127.0.0.1:0", "--keys", "file", "--with-parent")
        self._hub = await self._start("sotto-hub", "run", *how, *self._hear, home=self.home)
        self.address = await self._hub.until("listening on ", START_S)

    async def _start(self, command: str, *arguments: str, home: Path) -> Daemon:
        daemon = await Daemon.start(command, command.replace("-", "_"), *arguments, "--home", str(home))
        self._daemons.append(daemon)
        return daemon


def _make_private(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError("home", f"{home} cannot be used as a data folder: {error.strerror}") from None
