"""The link to the hub, for as long as the daemon runs: connects, sends, resumes, and obeys.

    away ──channel, echo──► earlier boots, one stream each ──► this boot's stream (`talk`) ──► broken ──back-off──┐
     ▲                        ▲        └─ a control waits ──► a short stream of this boot's controls ─┐            │
     │                        └───────────────────────────────────────────────────────────────────────┘            │
     └─────────────────────────────────────────────────────────────────────────────────────────────────────────────┘

That the hub is away is said once, and once that it is back. Nothing is dropped here: the outbox keeps what is not
acknowledged, and a new connection begins at the marks of the hub's Welcome. Late before live: event time never goes
back. What the wearer ordered goes before both: it may not wait behind a backlog.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import grpc
import grpc.aio

from sotto_device.backoff import backoff_s
from sotto_device.echo import Echo, best, strays
from sotto_device.errors import LinkRefused, NotPaired
from sotto_device.late import Earlier, LateBoot
from sotto_device.outbox import Controls, Outbox
from sotto_device.talk import ANSWER_S, Stalled, Talk
from sotto_proto.codec import decode_mute
from sotto_proto.records import Control, Hello, MuteState, OffTheRecord
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub

LOG: Final = logging.getLogger("sotto.uplink")
ECHOES: Final = 5
PATIENT: Final = 4
"""Attempts before a hub that does not answer is looked for elsewhere: about ten seconds."""

SYNC_S: Final = 600.0
"""Between two looks at the hub's clock while connected."""

QUIET_S: Final = 600.0
"""So long a hub may say nothing about an earlier boot, however slowly it listens."""

ORDERS_S: Final = 60.0
"""So long it may take over a few controls: to take something back it searches all that it keeps."""

_UNPAIRED: Final = {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}
_REFUSED: Final = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.OUT_OF_RANGE,
}
_PASSING: Final = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.CANCELLED,
    *_UNPAIRED,
}
"""How a stream ends for reasons that are not its own."""

_WHY: Final = {
    grpc.StatusCode.UNAVAILABLE: "it cannot be reached",
    grpc.StatusCode.DEADLINE_EXCEEDED: "it does not answer",
    grpc.StatusCode.OK: "it has ended the stream",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "its disk is full",
    grpc.StatusCode.ABORTED: "another connection of this device took over",
}


@dataclass(slots=True, kw_only=True)
class Uplink:
    """One device's link to its hub.

    `connect` makes a channel. `hello` tells who is speaking, given the best echo. `obey` takes note of a command of
    the hub and returns at once: acknowledgements must not wait for it. `read_wall_ns` is the live clock, or `None`
    for a recorded day. `renew` gets a fresh certificate when the hub asks for it; `found` looks for a hub that stays
    away, and gives its new address. `earlier` holds what runs before this one have left, and is delivered first.
    `welcomed` is set while the hub takes frames.
    """

    address: str
    connect: Callable[[], grpc.aio.Channel]
    hello: Callable[[Echo | None], Hello]
    outbox: Outbox
    obey: Callable[[Control], None]
    read_wall_ns: Callable[[], int] | None = None
    renew: Callable[[Any], Awaitable[object]] | None = None
    found: Callable[[], Awaitable[str | None]] | None = None
    earlier: Earlier | None = None
    chance: Callable[[], float] = random.random
    welcomed: asyncio.Event = field(default_factory=asyncio.Event)
    _attempt: int = 0
    _away: bool = False
    _offset_ns: int = 0

    async def run(self) -> None:
        """Keeps the link up until the outbox is closed and empty. Raises `NotPaired` or `LinkRefused`."""
        while not await self._attempted():
            await asyncio.gather(asyncio.sleep(backoff_s(self._attempt, self.chance())), self._look_around())
            self._attempt += 1

    async def _look_around(self) -> None:
        """Once the hub has stayed away for a while: perhaps it has moved."""
        if self.found is None or self._attempt < PATIENT:
            return
        if (address := await self.found()) is not None:
            self.address = address

    async def _attempted(self) -> bool:
        """One connection, from beginning to end. True: everything is said."""
        try:
            async with self.connect() as channel:
                return await self._session(SensorLinkStub(channel))
        except grpc.aio.AioRpcError as error:
            self._say_away(judged(error, self.address))
        except (TimeoutError, asyncio.InvalidStateError):
            self._say_away("it does not answer")
        finally:
            self.welcomed.clear()
            self.outbox.connected(False)
        return False

    async def _session(self, stub: Any) -> bool:
        await self._caught_up(stub, self.earlier)
        echo = None if self.read_wall_ns is None else await self._echoed(stub, self.read_wall_ns)
        await self._synced(echo)

        async def welcomed(welcome: pb.Welcome) -> None:
            if welcome.renew and self.renew is not None:
                await self.renew(stub)
            self.outbox.connected(True)
            self.welcomed.set()

        beside = None if echo is None else partial(self._keep_synced, stub, echo)
        talk = Talk(outbox=self.outbox, heed=self._heed, welcomed=welcomed, meanwhile=beside)
        return await talk.hold(stub, self._greeting(echo))

    def _greeting(self, echo: Echo | None) -> Hello:
        owed_ns = self.outbox.spool.owed_ns + (self.earlier.owed_ns if self.earlier else 0)
        return replace(self.hello(echo), waiting_ns=owed_ns)

    async def _caught_up(self, stub: Any, earlier: Earlier | None) -> None:
        """Delivers what earlier boots have left, oldest first; orders go before each of them."""
        while earlier is not None and not earlier.is_empty:
            echo = await self._echoed(stub, earlier.read_wall_ns)
            self._offset_ns = echo.offset_ns
            await self._say_orders(stub, echo)
            for late in await earlier.boots(echo, self.outbox.spool.owed_ns):
                if not await self._delivered(stub, earlier, late):
                    break

    async def _say_orders(self, stub: Any, echo: Echo) -> None:
        """Says what the wearer ordered, where that overtakes: a short stream of this boot, and nothing else in it."""
        controls = Controls(self.outbox)
        if self.read_wall_ns is not None and not controls.settled:
            async with asyncio.timeout(ORDERS_S):
                await Talk(outbox=controls, heed=self._heed).hold(stub, self._greeting(echo))

    async def _delivered(self, stub: Any, earlier: Earlier, late: LateBoot) -> bool:
        """Delivers one earlier boot, or sets it aside. False: it was broken off, for there is an order to be said."""
        outbox = late.outbox
        talk = Talk(outbox=outbox, heed=self._heed, meanwhile=self.outbox.ordered, quiet_s=QUIET_S)
        try:
            if not await talk.hold(stub, late.hello):
                return False
            if not outbox.settled:
                raise Stalled("it does not acknowledge all of it")
        except (grpc.aio.AioRpcError, Stalled) as error:
            if (why := self._hopeless(error, earlier, late)) is None:
                raise
            earlier.set_aside(late, why)
            return True
        await earlier.delivered(late)
        return True

    @staticmethod
    def _hopeless(error: grpc.aio.AioRpcError | Stalled, earlier: Earlier, late: LateBoot) -> str | None:
        """Why an earlier boot is not to be tried again in this run; `None`: it is."""
        code, why = (None, str(error)) if isinstance(error, Stalled) else (error.code(), error.details() or "")
        return why if code in _REFUSED or (code not in _PASSING and earlier.gives_up(late)) else None

    async def _keep_synced(self, stub: Any, told: Echo) -> None:
        """Asks for the hub's clock now and then: crystals drift, and the machine may be cut off at any time.

        Returns when the hub was told something else: a new connection tells it.
        """
        fresh = told
        while self.read_wall_ns is not None and not strays(told, fresh):
            await asyncio.sleep(SYNC_S)
            with suppress(grpc.aio.AioRpcError):  # the stream will tell
                fresh = await self._echoed(stub, self.read_wall_ns)
                await self._synced(fresh)

    async def _synced(self, echo: Echo | None) -> None:
        self._offset_ns = 0 if echo is None else echo.offset_ns
        if echo is not None and self.earlier is not None:
            await self.earlier.met(echo)

    async def _echoed(self, stub: Any, read: Callable[[], int]) -> Echo:
        """The best of a few echoes of the hub's clock."""
        return best([await self._one_echo(stub, read) for _ in range(ECHOES)])

    @staticmethod
    async def _one_echo(stub: Any, read: Callable[[], int]) -> Echo:
        sent_ns = read()
        pong = await stub.SyncClock(pb.ClockPing(sent_ns=sent_ns), timeout=ANSWER_S)
        return Echo(sent_ns=sent_ns, hub_ns=pong.hub_ns, received_ns=read())

    def _heed(self, message: pb.HubMessage) -> None:
        match message.WhichOneof("kind"):
            case "ack":
                self._say_back()
            case "command":
                self._command(message.command)
            case "whisper":
                LOG.info("whisper %s: %d characters", message.whisper.suggestion_id, len(message.whisper.text))

    def _command(self, command: pb.Command) -> None:
        """Does what the wearer asked for elsewhere; the hub's times become the device's."""
        if command.HasField("off_the_record"):
            self.obey(OffTheRecord(last_ns=command.off_the_record.last_ns))
        elif command.HasField("mute"):
            mute = decode_mute(command.mute)
            until = None if mute.until_wall_ns is None else mute.until_wall_ns - self._offset_ns
            self.obey(MuteState(muted=mute.muted, until_wall_ns=until, streams=mute.streams))

    def _say_away(self, why: str) -> None:
        if not self._away:
            LOG.warning("The hub at %s is away (%s). What is sensed waits here; trying again.", self.address, why)
        self._away = True

    def _say_back(self) -> None:
        """A hub is back when it commits again; one that greets and then breaks is not."""
        if self._away:
            LOG.warning("The hub at %s is back.", self.address)
        self._away, self._attempt = False, 0


def judged(error: grpc.aio.AioRpcError, address: str) -> str:
    """Why the hub is away, in a few words. Raises `DeviceError` where trying again would not help."""
    details = error.details() or ""
    if error.code() in _UNPAIRED:
        raise NotPaired("unpaired", f"the hub at {address} does not accept this device: pair it again ({details})")
    if error.code() in _REFUSED:
        raise LinkRefused(
            "refused", f"the hub at {address} refuses what this device sends: are both of one version? ({details})"
        )
    if "handshake failed" in details:
        return "something else answers there, or its certificate is not the one that this device was paired with"
    return _WHY.get(error.code(), error.code().name.lower().replace("_", " "))
