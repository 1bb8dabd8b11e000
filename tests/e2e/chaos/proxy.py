"""The bad network between a real device and a real hub: a TCP proxy of our own, on loopback only.

It sees TLS and nothing else, so whatever it does, a real network could do. A tripwire stops the way up at an exact
byte; what stands behind that byte waits until the fault has been made.

    device ──► [pair: client │ gate, rate │ hub] ──► hub
"""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

CHUNK: Final = 65_536
RST: Final = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST
TICK_S: Final = 0.02
COMES_BACK_S: Final = 5.0


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends one side with RST."""
    ours = writer.get_extra_info("socket")
    if ours is not None and not writer.transport.is_closing():
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    writer.transport.abort()


@dataclass(eq=False, slots=True)
class Pair:
    """One connection of the device and the one to the hub that goes with it."""

    client: asyncio.StreamWriter
    hub: asyncio.StreamWriter
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    dead: bool = False
    """Half-open: what comes is swallowed, and nobody is told."""

    def reset(self) -> None:
        """Breaks both sides."""
        self.gate.set()
        reset(self.client)
        reset(self.hub)

    def close(self) -> None:
        """Ends both sides with FIN."""
        self.gate.set()
        self.client.close()
        self.hub.close()


class Tripwire:
    """Stops the way up at one byte until it is let go."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.reached = asyncio.Event()
        self.free = asyncio.Event()


class Proxy:
    """Passes everything on until told otherwise. `up_bytes`: how much has gone up so far."""

    def __init__(self, hub_port: int) -> None:
        self._hub_port = hub_port
        self._server: asyncio.Server | None = None
        self._pairs: list[Pair] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._wire: Tripwire | None = None
        self._halve = False
        self._rate: int | None = None
        self.refuses = False
        """While true, who comes is turned away with RST: the network is down."""

        self.port = 0
        self.up_bytes = 0
        self.connections = 0

    async def start(self) -> None:
        """Listens on a free port of loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Ends everything."""
        assert self._server is not None
        self._server.close()
        self.reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_open(self) -> bool:
        """Whether there is a connection that something could happen to."""
        return any(not pair.dead for pair in self._pairs)

    # ---- waiting for the right byte

    async def trip(self, after_bytes: int, patience_s: float) -> Tripwire:
        """Waits until so many more bytes have gone up, and holds the next one back until the wire is let go."""
        wire = self._wire = Tripwire(self.up_bytes + after_bytes)
        with suppress(TimeoutError):  # nothing moves: the fault comes all the same
            async with asyncio.timeout(patience_s):
                await wire.reached.wait()
        return wire

    def go_on(self, wire: Tripwire) -> None:
        """Lets the held bytes go."""
        self._wire = None
        wire.free.set()

    # ---- what can go wrong

    def reset(self) -> None:
        """Breaks every connection with RST."""
        for pair in self._pairs:
            pair.reset()

    def close(self) -> None:
        """Ends every connection with FIN."""
        for pair in self._pairs:
            pair.close()

    def halve(self) -> None:
        """Of the next chunk that goes up only the first half arrives; then every connection breaks."""
        self._halve = True

    async def hold(self, seconds: float) -> None:
        """Nothing passes for a while; then everything does."""
        held = list(self._pairs)
        for pair in held:
            pair.gate.clear()
        await asyncio.sleep(seconds)
        for pair in held:
            pair.gate.set()

    async def slow(self, seconds: float, bytes_per_s: int) -> None:
        """The way up is narrow for a while."""
        self._rate = bytes_per_s
        await asyncio.sleep(seconds)
        self._rate = None

    def dark(self) -> None:
        """What is open now stays open and carries nothing ever again; nobody is told."""
        for pair in self._pairs:
            pair.dead = True

    async def cross(self, seconds: float) -> None:
        """The device is cut off and comes again; only then does the old connection deliver what it held, and end."""
        old = list(self._pairs)
        before = self.connections
        for pair in old:
            pair.gate.clear()
            reset(pair.client)
        with suppress(TimeoutError):
            async with asyncio.timeout(COMES_BACK_S):
                while self.connections == before:
                    await asyncio.sleep(TICK_S)
        await asyncio.sleep(seconds)
        for pair in old:
            pair.gate.set()

    # ---- passing on

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if self.refuses:
                raise ConnectionRefusedError
            await self._joined(reader, client)
        except (OSError, asyncio.CancelledError):
            reset(client)
        finally:
            self._tasks.discard(task)

    async def _joined(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        from_hub, hub = await asyncio.open_connection("127.0.0.1", self._hub_port)
        pair = Pair(client, hub)
        pair.gate.set()
        self._pairs.append(pair)
        self.connections += 1
        try:
            await asyncio.gather(self._up(pair, reader), self._down(pair, from_hub))
        finally:
            self._pairs.remove(pair)
            pair.client.close()
            pair.hub.close()

    async def _up(self, pair: Pair, reader: asyncio.StreamReader) -> None:
        while data := await _read(reader):
            await self._deliver(pair, data)
        await pair.gate.wait()
        if not pair.dead:
            pair.hub.close()

    async def _down(self, pair: Pair, reader: asyncio.StreamReader) -> None:
        while data := await _read(reader):
            await pair.gate.wait()
            await _write(pair, pair.client, data)
        if not pair.dead:
            pair.client.close()

    async def _deliver(self, pair: Pair, data: bytes) -> None:
        """Sends a chunk up; at the tripwire what is behind it waits."""
        wire = self._wire
        if wire is not None and self.up_bytes + len(data) >= wire.at:
            room = max(0, wire.at - self.up_bytes)
            await self._send(pair, data[:room])
            wire.reached.set()
            await wire.free.wait()
            data = data[room:]
        if self._halve:
            self._halve = False
            await self._send(pair, data[: len(data) // 2])
            self.reset()
        else:
            await self._send(pair, data)

    async def _send(self, pair: Pair, data: bytes) -> None:
        self.up_bytes += len(data)
        await pair.gate.wait()
        if self._rate:
            await asyncio.sleep(min(1.0, len(data) / self._rate))
        await _write(pair, pair.hub, data)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(CHUNK)
    except OSError:
        return b""


async def _write(pair: Pair, writer: asyncio.StreamWriter, data: bytes) -> None:
    """Writes what the other side still takes; a dead pair swallows it."""
    if pair.dead or writer.transport.is_closing():
        return
    try:
        writer.write(data)
        await writer.drain()
    except OSError:
        return
