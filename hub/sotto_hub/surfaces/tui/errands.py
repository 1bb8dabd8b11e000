"""What the wearer asked for, until the hub has it: between the keys and the client.

A key pressed while the hub is away is not lost: its errand waits, is said to wait, and is run when the hub is back,
in the order of the keys. A newer errand with the same topic takes the place of an older one that still waits, so
that mute and unmute do not pile up.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sotto_hub.errors import HubError, LinkDown
from sotto_hub.surfaces.tui.needs import CompanionClient

MAX_WAITING: Final = 32
"""More keys than this while the hub is away are refused, and told so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One request. `run` answers with a sentence; `name` is what it is called while it waits."""

    topic: str
    name: str
    run: Callable[[CompanionClient], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of an errand, for the status line."""

    sentence: str
    bad: bool = False


class Errands:
    """A bounded line of errands, run one after the other by `run`, which never ends by itself; cancel it."""

    def __init__(
        self,
        client: Callable[[], Awaitable[CompanionClient]],
        tell: Callable[[Told], None],
        retry_s: float = 0.5,
    ) -> None:
        self._client = client
        self._tell = tell
        self._retry_s = retry_s
        self._line: deque[Errand] = deque()
        self._some = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many are not with the hub yet."""
        return len(self._line)

    def add(self, errand: Errand) -> bool:
        """Puts an errand in line; False when the line is full."""
        kept = [e for e in self._line if e.topic != errand.topic]
        if len(kept) >= MAX_WAITING:
            return False
        self._line = deque([*kept, errand])
        self._some.set()
        return True

    def clear(self) -> None:
        """Forgets all that still waits."""
        self._line.clear()

    async def run(self) -> None:
        """Runs errands as they come."""
        while True:
            self._some.clear()
            while self._line:
                await self._run_first()
            await self._some.wait()

    async def _run_first(self) -> None:
        client = await self._client()
        if not self._line:
            return
        errand = self._line[0]
        try:
            told = Told(sentence=await errand.run(client))
        except LinkDown:
            self._tell(Told(sentence=f"Hub away: {errand.name} waits and is sent when it is back.", bad=True))
            await asyncio.sleep(self._retry_s)
            return
        except HubError as error:
            told = Told(sentence=error.sentence, bad=True)
        if errand in self._line:
            self._line.remove(errand)
        self._tell(told)
