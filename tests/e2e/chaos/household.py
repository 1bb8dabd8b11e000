"""A real hub and a real device as processes that can be killed, stopped and started again, and a bad network between.

FOLDER/hub/      the hub's home, on a disk of its own where the system allows it
FOLDER/device/   the device's home, likewise
FOLDER/wire.log  what the device's witness saw
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from sotto_hub.client import Companion
from sotto_hub.surfaces.credentials import find_credentials
from tests.e2e.chaos.disk import Disk, SmallDisk
from tests.e2e.chaos.hub_process import set_shift
from tests.e2e.chaos.proxy import Proxy
from tests.e2e.chaos.spoken_day import SpokenDay
from tests.e2e.test_survival import free_port

READY_S: Final = 30.0
DISK_MIB: Final = 48
TAIL: Final = 4096


class EndedByItself(Exception):
    """A daemon that was neither killed nor done is gone. Both have to recover from everything by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How each end behaves: honest, or a double that the checks have to catch."""

    device: str = "honest"
    hub: str = "honest"
    settings: str = ""
    """What the device's `device.toml` holds."""


@dataclass(slots=True, kw_only=True)
class Household:
    """Use as an async context manager: at its end no process is left."""

    folder: Path
    day: SpokenDay
    disks: bool = True
    ways: Ways = field(default_factory=Ways)
    engine: str = ""
    """What the hub hears with; by default the script of the day."""

    hub: Process | None = None
    device: Process | None = None
    device_runs: int = 0
    hub_disk: Disk = field(init=False)
    device_disk: Disk = field(init=False)
    proxy: Proxy = field(init=False)
    port: int = field(init=False)
    _said: dict[str, bytearray] = field(default_factory=dict)
    _ears: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.hub_disk, self.device_disk = self._disk("hub"), self._disk("device")
        self.port = free_port()
        self.proxy = Proxy(self.port)
        self.move_clock(0)
        try:
            await self.proxy.start()
            await self.start_hub()
            await self._pair()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends everything."""
        for process in (self.device, self.hub):
            await _killed(process)
        await self.proxy.stop()
        for ear in self._ears:
            ear.cancel()
        self.hub_disk.close()
        self.device_disk.close()

    # ---- the hub

    @property
    def log(self) -> Path:
        """What the witness writes."""
        return self.folder / "wire.log"

    async def start_hub(self) -> None:
        """Starts it on its port; returns when it listens."""
        words = ("run", "--home", self.hub_disk.folder, "--listen", f"127.0.0.1:{self.port}", "--keys", "file")
        module = "tests.e2e.chaos.hub_process"
        self.hub = await self._start(
            self.hub_disk,
            module,
            self.folder / "shift",
            self.ways.hub,
            *words,
            "--engine",
            self.engine or self.day.engine,
        )
        assert self.hub.stdout is not None
        async with asyncio.timeout(READY_S):
            line = await self.hub.stdout.readline()
        assert line.startswith(b"listening on "), f"the hub did not start: {self.last_words('hub')}"

    async def restart_hub(self) -> None:
        """kill -9, and again."""
        await _killed(self.hub)
        await self.start_hub()

    def companion(self) -> Companion:
        """A client, not through the proxy."""
        return Companion.connect(find_credentials(self.hub_disk.seen_at))

    def move_clock(self, seconds: int) -> None:
        """The hub's wall clock is off by so much from now on."""
        set_shift(self.folder / "shift", seconds)

    # ---- the device

    async def start_device(self, pace: str = "fast") -> None:
        """Starts the day, or goes on with it where the last run of this folder stopped."""
        words = ["run", "--home", self.device_disk.folder, "--source", f"replay:{self.day.folder}", "--pace", pace]
        resumed = ["--resume"] if self.device_runs else []
        self.device_runs += 1
        module = "tests.e2e.chaos.device_process"
        self.device = await self._start(self.device_disk, module, self.log, self.ways.device, *words, *resumed)

    async def restart_device(self) -> None:
        """kill -9, and again; a device that has come to its end is left alone."""
        if not self.is_done:
            await _killed(self.device)
            await self.start_device()

    @property
    def is_done(self) -> bool:
        """Whether the device has come to the end of its day, everything acknowledged."""
        return self.device is not None and self.device.returncode == 0

    def require_sane(self) -> None:
        """Raises `EndedByItself`, with its last words, when one of them did."""
        for name, process in (("hub", self.hub), ("device", self.device)):
            if process is not None and process.returncode not in (None, 0, -signal.SIGKILL):
                status = f"the {name} ended by itself with {process.returncode}"
                raise EndedByItself(f"{status}: {self.last_words(name)}")

    async def says_of_the_device(self, words: str) -> None:
        """Returns when the device has said so on standard error."""
        while words not in self.last_words("device"):
            await asyncio.sleep(0.05)

    def last_words(self, name: str) -> str:
        """The end of what it said on standard error."""
        return bytes(self._said.get(name, b"")).decode("utf-8", "replace")[-1500:]

    # ---- both

    async def stopped(self, process: Process | None, seconds: float) -> None:
        """SIGSTOP, and after a while SIGCONT."""
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(seconds)
            process.send_signal(signal.SIGCONT)

    async def full(self, disk: Disk, seconds: float) -> None:
        """Not one byte of room, for a while."""
        await asyncio.to_thread(disk.fill)
        await asyncio.sleep(seconds)
        disk.empty()

    async def _pair(self) -> None:
        async with self.companion() as hub:
            code = (await hub.new_code()).code
        words = ("pair", f"127.0.0.1:{self.port}", code, "--home", self.device_disk.folder)
        pairing = await self._start(self.device_disk, "sotto_device", *words)
        assert await pairing.wait() == 0, f"pairing failed: {self.last_words('device')}"
        (self.device_disk.seen_at / "device.toml").write_text(self.ways.settings)
        link = self.device_disk.seen_at / "link.json"
        link.write_text(json.dumps(json.loads(link.read_text()) | {"address": f"127.0.0.1:{self.proxy.port}"}))

    async def _start(self, disk: Disk, module: str, *words: object) -> Process:
        process = await asyncio.create_subprocess_exec(
            *(*disk.prefix, sys.executable, "-m", module, *map(str, words)),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env=_environment(),
            cwd=ROOT,
        )
        name = "hub" if disk is self.hub_disk else "device"
        ear = asyncio.create_task(self._listen(name, process))
        self._ears.add(ear)
        ear.add_done_callback(self._ears.discard)
        return process

    async def _listen(self, name: str, process: Process) -> None:
        """Keeps its standard error flowing, and the end of it."""
        assert process.stderr is not None
        while said := await process.stderr.read(TAIL):
            kept = self._said.setdefault(name, bytearray())
            kept += said
            del kept[:-TAIL]

    def _disk(self, name: str) -> Disk:
        return SmallDisk(self.folder / name, DISK_MIB) if self.disks else Disk(self.folder / name)


ROOT: Final = Path(__file__).parents[3]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "GRPC_VERBOSITY": "NONE", "SOTTO_KEYS": "file"}


async def _killed(process: Process | None) -> None:
    if process is not None and process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
