"""One daemon as a real process: starts it, reads what it announces, stops it, says in a sentence how it failed."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final, Self

from sotto_hub.errors import HomeError, HubError, LinkDown, ModelMissing, NotPaired, PortInUse, UsageError

STOP_S: Final = 10.0
"""How long a daemon may take to stop cleanly before it is killed."""

_SENTENCE: Final = re.compile(r"(?P<sentence>.+) \[(?P<code>\w+)\]")
_LINE_LIMIT: Final = 1 << 16
_TAIL: Final = 20
_SHARED: Final[Mapping[int, type[HubError]]] = {2: UsageError, 3: HomeError, 4: LinkDown, 5: NotPaired}
_KINDS: Final[Mapping[str, Mapping[int, type[HubError]]]] = {
    "sotto-hub": {**_SHARED, 6: ModelMissing, 7: PortInUse},
    "sotto-device": {**_SHARED, 6: UsageError},  # 6: what it should sense from cannot be used, such as a broken day
}


def failure(name: str, status: int | None, said: Sequence[str]) -> HubError:
    """The error that a daemon's end means (pure): its own last words, with its own exit status.

    `said` is the end of its standard error; a traceback's or a log's last line is better than nothing.
    """
    words = next((line.strip() for line in reversed(said) if line.strip()), "").removeprefix(f"{name}: ")
    kind = _KINDS.get(name, _SHARED).get(status or 0, HubError)
    if spoken := _SENTENCE.fullmatch(words):
        return kind(spoken["code"], f"{name}: {spoken['sentence']}")
    return kind("daemon", f"{name} stopped: {words}" if words else f"{name} stopped with status {status}")


class Daemon:
    """A running process of one of the daemons. What it prints is read line by line; nothing it says is stored."""

    def __init__(self, name: str, process: Process) -> None:
        self.name = name
        self._process = process
        self._said: deque[str] = deque(maxlen=_TAIL)
        self._drain = asyncio.create_task(self._read_errors())

    @classmethod
    async def start(cls, name: str, module: str, *arguments: str) -> Self:
        """Starts `python -m module arguments` with pipes to all three streams."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LINE_LIMIT
        )
        return cls(name, process)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def line(self) -> str | None:
        """The next line of its standard output; `None` when it closed it. Raises nothing."""
        assert self._process.stdout is not None
        raw = await self._process.stdout.readline()
        return raw.decode("utf-8", "replace").rstrip("\n") if raw else None

    async def until(self, prefix: str, timeout_s: float | None) -> str:
        """The rest of the first line that starts with `prefix`.

        Raises the daemon's own failure when it ends first, `HubError` with code `slow` when it takes too long.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while (line := await self.line()) is not None:
                    if line.startswith(prefix):
                        return line.removeprefix(prefix).strip()
        except TimeoutError:
            raise HubError("slow", f"{self.name} did not say '{prefix}' in time") from None
        raise await self.failed()

    async def tell(self, line: str) -> None:
        """Writes one line to its standard input; raises its failure when it has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{line}\n".encode())
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise await self.failed() from None

    async def done(self) -> None:
        """Waits until it ends; raises its failure when the status is not 0."""
        if await self._process.wait():
            raise await self.failed()

    async def failed(self) -> HubError:
        """The error that its end means. Waits for the end."""
        status = await self._process.wait()
        await self._drain
        return failure(self.name, status, self._said)

    async def stop(self, within_s: float = STOP_S) -> None:
        """Asks it to stop, waits, and kills it when it does not. Safe to call twice."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(within_s):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._drain.cancel()
        await asyncio.gather(self._drain, return_exceptions=True)

    async def _read_errors(self) -> None:
        """Keeps its standard error flowing (a full pipe would halt it) and remembers the last lines."""
        assert self._process.stderr is not None
        while raw := await self._process.stderr.readline():
            self._said.append(raw.decode("utf-8", "replace").rstrip("\n"))
