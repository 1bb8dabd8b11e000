"""Holds on to the hub: connects, takes a snapshot, follows the events, and does it all again when the hub went away.

connect -> watch + snapshot -> hub_arrived -> hub_event … -> LinkDown -> hub_went -> back-off -> connect
"""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from sotto_hub.errors import HubError, NotPaired
from sotto_hub.surfaces.tui.needs import CompanionClient, Connect
from sotto_hub.surfaces.tui.screen_state import MAX_CARDS, MAX_HEARD, MAX_KEPT, Snapshot
from sotto_proto.v1 import companion_pb2 as pb

MAX_WAITING_EVENTS: Final = 1024
"""Events read ahead of the screen. When full, reading pauses; the hub then says `lagged` and we start afresh."""


def backoff(first_s: float = 0.5, most_s: float = 10.0) -> Iterator[float]:
    """Seconds between tries: doubled each time up to a limit, without end."""
    wait_s = first_s
    while True:
        yield wait_s
        wait_s = min(wait_s * 2, most_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the tether tries and looks."""

    first_retry_s: float = 0.5
    most_retry_s: float = 10.0
    poll_s: float = 2.0
    ledger_s: float = 1.0


class Listener(Protocol):
    """Who is told: the app."""

    def hub_arrived(self, snapshot: Snapshot) -> None:
        """The hub is here, and this is how things stand."""
        ...

    def hub_event(self, event: pb.Event) -> None:
        """Something happened."""
        ...

    def hub_went(self, sentence: str, *, refused: bool) -> None:
        """The hub does not answer, or refuses this client; the sentence says what is known of why."""
        ...


class Tether:
    """One lasting hold on a hub that may come and go. `run` never ends by itself; cancel it."""

    def __init__(self, connect: Connect | CompanionClient, listener: Listener, pace: Pace | None = None) -> None:
        self._connect, self._lasting = _connector(connect)
        self._listener = listener
        self._pace = pace or Pace()
        self._client: CompanionClient | None = None
        self._here = asyncio.Event()
        self._look = asyncio.Event()

    async def client(self) -> CompanionClient:
        """The client, once the hub is here; waits as long as it takes."""
        while self._client is None:
            await self._here.wait()
        return self._client

    def look(self) -> None:
        """Asks for the status at once, instead of at the next poll."""
        self._look.set()

    async def run(self) -> None:
        """Holds on until cancelled."""
        waits = backoff(self._pace.first_retry_s, self._pace.most_retry_s)
        while True:
            refused = False
            try:
                await self._visit()
                sentence = "the hub ended the connection"
            except (HubError, OSError, TimeoutError) as error:
                sentence = error.sentence if isinstance(error, HubError) else str(error) or type(error).__name__
                refused = isinstance(error, NotPaired)
            if self._here.is_set():
                waits = backoff(self._pace.first_retry_s, self._pace.most_retry_s)
            self._client = None
            self._here.clear()
            self._listener.hub_went(sentence, refused=refused)
            await asyncio.sleep(next(waits))

    async def _visit(self) -> None:
        """One connection from its beginning to its end."""
        client = await self._connect()
        events: asyncio.Queue[pb.Event | None] = asyncio.Queue(MAX_WAITING_EVENTS)
        try:
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(_read(client, events))
                await asyncio.sleep(0)  # the watch is asked for before the snapshot, so that nothing falls between
                await self._begin(client)
                await self._follow(client, events)
                reading.cancel()
        except ExceptionGroup as group:
            raise _first(group) from None
        finally:
            if not self._lasting:
                with suppress(HubError, OSError):
                    await client.close()

    async def _begin(self, client: CompanionClient) -> None:
        snapshot = await take_snapshot(client)
        self._client = client
        self._here.set()
        self._listener.hub_arrived(snapshot)

    async def _follow(self, client: CompanionClient, events: "asyncio.Queue[pb.Event | None]") -> None:
        """Hands events on until the watch ends; asks for the status when it is due or when somebody wants to look."""
        async with asyncio.TaskGroup() as tasks:
            polling = tasks.create_task(self._poll(client))
            while (event := await events.get()) is not None:
                self._listener.hub_event(event)
                if event.WhichOneof("kind") in {"lagged", "erased"}:
                    self._listener.hub_arrived(await take_snapshot(client))
            polling.cancel()

    async def _poll(self, client: CompanionClient) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.poll_s):
                    await self._look.wait()
            self._look.clear()
            self._listener.hub_event(pb.Event(status=await client.status()))


async def take_snapshot(client: CompanionClient) -> Snapshot:
    """How things stand now, within the bounds of the screen. Commitments come even when newer memories abound."""
    utterances = await client.transcript(last=MAX_HEARD)
    suggestions = await client.suggestions()
    memories = {m.id: m for m in await _if_allowed(client.memories(kinds=("commitment",), limit=MAX_KEPT))}
    memories |= {m.id: m for m in await _if_allowed(client.memories(limit=MAX_KEPT))}
    return Snapshot(
        status=await client.status(),
        utterances=tuple(utterances),
        suggestions=tuple(suggestions[-MAX_CARDS:]),
        memories=tuple(memories.values()),
    )


async def _if_allowed(asked: Awaitable[list[pb.Memory]]) -> list[pb.Memory]:
    """Nothing for a client that may watch but not read memories."""
    try:
        return await asked
    except NotPaired as error:
        if error.code == "wrong_scope":
            return []
        raise


async def _read(client: CompanionClient, events: "asyncio.Queue[pb.Event | None]") -> None:
    async for event in client.watch():
        await events.put(event)
    await events.put(None)


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """One error to tell of, out of the nest that task groups make."""
    error: Exception = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _connector(connect: Connect | CompanionClient) -> tuple[Connect, bool]:
    """A way to connect, and whether the client outlives each visit because the caller owns it."""
    if not isinstance(connect, CompanionClient):
        return connect, False
    lasting: CompanionClient = connect

    async def same() -> CompanionClient:
        return lasting

    return same, True
