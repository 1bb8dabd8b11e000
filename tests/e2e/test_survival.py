"""kill -9 of the hub in mid-day: what is heard and kept in the end is as if nothing had happened."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sotto_hub.client import Companion
from sotto_hub.errors import HubError
from sotto_hub.surfaces.credentials import find_credentials
from sotto_proto.v1 import companion_pb2 as pb
from tests.e2e.recorded import DEMO_DAY, GOLD, rows

BIN = Path(sys.executable).parent
PATIENCE_S = 90
NOTICED_S = 10
START_NS = 1_773_039_600_000_000_000


@dataclass
class Home:
    """A hub that can be killed and started again on the same port, and its device."""

    folder: Path
    port: int
    engine: str
    hub: subprocess.Popen[str] = field(init=False)

    def start_hub(self) -> None:
        listen = f"127.0.0.1:{self.port}"
        command: list[str | Path] = [
            BIN / "sotto-hub",
            "run",
            "--home",
            self.folder,
            "--listen",
            listen,
            "--engine",
            self.engine,
        ]
        self.hub = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.hub.stdout is not None
        assert self.hub.stdout.readline().startswith("listening on ")

    def kill_hub(self) -> None:
        self.hub.send_signal(signal.SIGKILL)
        self.hub.communicate()

    def companion(self) -> Companion:
        return Companion.connect(find_credentials(self.folder))

    async def pair(self) -> None:
        async with self.companion() as hub:
            code = (await hub.new_code()).code
        words = ("pair", f"127.0.0.1:{self.port}", code, "--home", str(self.folder / "device"))
        pairing = await asyncio.create_subprocess_exec(BIN / "sotto-device", *words)
        assert await pairing.wait() == 0

    @asynccontextmanager
    async def device(self, pace: str = "fast") -> AsyncIterator[asyncio.subprocess.Process]:
        """The demo day; by default as fast as the link takes it."""
        until = "2026-03-09T09:30:00+01:00"
        home, source = str(self.folder / "device"), f"replay:{DEMO_DAY}"
        options = ("--home", home, "--source", source, "--pace", pace, "--until", until)
        quiet, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        running = await asyncio.create_subprocess_exec(
            BIN / "sotto-device", "run", *options, stdout=quiet, stderr=pipe
        )
        try:
            yield running
        finally:
            if running.returncode is None:
                running.kill()
            await running.wait()


def free_port() -> int:
    """A port that nobody has, with a free one after it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def script(path: Path) -> str:
    """The words of the day as an engine that never mishears and costs nothing."""
    lines = [
        {"start_ns": START_NS + int(float(str(u["t0"])) * 1e9), "end_ns": START_NS + int(float(str(u["t1"])) * 1e9)}
        | {"text": u["text"]}
        for u in rows(GOLD / "utterances.jsonl")
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return f"scripted:{path}"


async def heard_count(home: Home) -> int:
    """How many utterances the hub holds; 0 while it cannot say."""
    try:
        async with home.companion() as hub:
            return (await hub.status()).utterances
    except HubError:
        return 0


def kept(memory: pb.Memory) -> tuple[str, str, str]:
    return (memory.kind, memory.text, memory.details.get("due", ""))


async def live(home: Home, kill_at: tuple[int, ...]) -> tuple[list[str], list[tuple[str, str, str]], list[str]]:
    """Lives the demo day; kills the hub whenever it holds so many utterances. What stands in the end."""
    home.folder.mkdir()
    home.start_hub()
    try:
        await home.pair()
        async with home.device() as device:
            for count in kill_at:
                while await heard_count(home) < count and device.returncode is None:
                    await asyncio.sleep(0.01)
                home.kill_hub()
                home.start_hub()
            assert await device.wait() == 0
        async with home.companion() as hub:
            said = [u.text for u in await hub.transcript()]
            memories = sorted(kept(m) for m in await hub.memories())
            assert all(row.captured_ns == accounted(row) for row in await hub.ledger())
            return said, memories, [s.text for s in await hub.suggestions()]
    finally:
        home.kill_hub()


def accounted(row: pb.LedgerRow) -> int:
    return row.committed_ns + row.silent_ns + row.muted_ns + sum(row.lost_ns.values()) + row.waiting_ns


async def test_a_killed_hub_changes_nothing_that_is_heard_or_kept(tmp_path: Path) -> None:
    engine = script(tmp_path / "words.jsonl")
    async with asyncio.timeout(PATIENCE_S):
        calm = await live(Home(tmp_path / "calm", free_port(), engine), ())
        killed = await live(Home(tmp_path / "killed", free_port(), engine), (2, 5, 9, 14))
    assert len(calm[0]) > 15
    assert killed == calm


async def says(device: asyncio.subprocess.Process, words: str) -> None:
    """Returns when the device has said so on standard error."""
    assert device.stderr is not None
    while words not in (line := (await device.stderr.readline()).decode()):
        assert line, "the device ended"


async def sees(hub: Companion, *, connected: bool) -> None:
    """Returns when the hub shows its one device so."""
    while [d.connected for d in (await hub.status()).devices] != [connected]:
        await asyncio.sleep(0.05)


async def test_a_link_that_is_dead_but_open_is_noticed_on_both_sides(tmp_path: Path) -> None:
    """A stopped process keeps its sockets open and says nothing: only the keep-alive can tell."""
    home = Home(tmp_path / "home", free_port(), script(tmp_path / "words.jsonl"))
    home.folder.mkdir()
    home.start_hub()
    try:
        await home.pair()
        async with asyncio.timeout(PATIENCE_S), home.companion() as hub, home.device("real") as device:
            await sees(hub, connected=True)
            home.hub.send_signal(signal.SIGSTOP)
            async with asyncio.timeout(NOTICED_S):
                await says(device, "is away")
            home.hub.send_signal(signal.SIGCONT)
            await says(device, "is back")
            await sees(hub, connected=True)
            device.send_signal(signal.SIGSTOP)
            async with asyncio.timeout(NOTICED_S):
                await sees(hub, connected=False)
    finally:
        home.kill_hub()
