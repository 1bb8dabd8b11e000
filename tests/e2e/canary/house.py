"""A hub and a device as real processes in a house of their own: everything that they may write to lies below it.

HOUSE/hub  HOUSE/device   the homes          HOUSE/tmp    TMPDIR of both
HOUSE/user                HOME, and where they are started
HOUSE/logs                what they said on standard error, at the level debug
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sotto_hub.client import Companion
from sotto_hub.surfaces.credentials import find_credentials
from tests.e2e.test_survival import free_port

BIN: Final = Path(sys.executable).parent
READY_S: Final = 60.0


class House:
    """Use as an async context manager: at its end no process is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hub_home, self.device_home = folder / "hub", folder / "device"
        self._port = free_port()
        self._runs = 0
        self.hub: Process | None = None
        self.device: Process | None = None

    @property
    def folders(self) -> list[Path]:
        """All that they may write to."""
        return [self.folder / name for name in ("hub", "device", "tmp", "user", "logs")]

    async def __aenter__(self) -> "House":
        for folder in self.folders:
            folder.mkdir(parents=True)
        await self.start_hub()
        async with self.companion() as hub:
            code = (await hub.new_code()).code
        pairing = await self._start(
            "sotto-device", "pair", f"127.0.0.1:{self._port}", code, "--home", self.device_home
        )
        assert await pairing.wait() == 0, self.said()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill(self.device)
        await self.kill(self.hub)

    async def start_hub(self) -> None:
        """Starts it; returns when it listens."""
        self.hub = await self._start(
            *("sotto-hub", "run", "--home", self.hub_home, "--listen", f"127.0.0.1:{self._port}"),
            *("--engine", "pocketsphinx", "--log", "debug"),
        )
        assert (await self.line(self.hub)).startswith("listening on "), self.said()

    async def start_device(self, day: Path, *options: str) -> None:
        """Starts it on a recorded day, at full speed."""
        source = ("--source", f"replay:{day}", "--pace", "fast", "--verbose", *options)
        self.device = await self._start("sotto-device", "run", "--home", self.device_home, *source)

    async def line(self, process: Process | None) -> str:
        """The next line on standard output."""
        assert process is not None
        assert process.stdout is not None
        async with asyncio.timeout(READY_S):
            return (await process.stdout.readline()).decode()

    async def kill(self, process: Process | None) -> None:
        """kill -9."""
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()

    async def stop_hub(self) -> None:
        """Stops it as a keeper does."""
        assert self.hub is not None
        self.hub.terminate()
        assert await self.hub.wait() == 0, self.said()

    def companion(self) -> Companion:
        """A client with the keeper's certificate."""
        return Companion.connect(find_credentials(self.hub_home))

    def said(self) -> str:
        """The ends of their logs."""
        return "\n".join(
            path.read_text(errors="replace")[-1500:] for path in sorted((self.folder / "logs").iterdir())
        )

    async def _start(self, *words: object) -> Process:
        self._runs += 1
        command: Sequence[str] = [str(BIN / str(words[0])), *map(str, words[1:])]
        with (self.folder / f"logs/{self._runs}-{words[0]}.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=log, env=self._environment(), cwd=self.folder / "user"
            )

    def _environment(self) -> dict[str, str]:
        user, temporary = str(self.folder / "user"), str(self.folder / "tmp")
        own = {"HOME": user, "XDG_RUNTIME_DIR": user, "TMPDIR": temporary, "SOTTO_KEYS": "file"}
        return {**os.environ, **own, "SOTTO_OFF_THE_RECORD_MINUTES": "1", "PYTHONDONTWRITEBYTECODE": "1"}
