"""The devices: which are connected, whether they are muted, and what still has to reach them.

A command for a device that is away is remembered (in the notes) and given to it when it returns. Muting is given at
once; unmuting only when the device's own controls have come in, for the wearer may have muted it by hand since, and
never while it sends what an earlier boot left. The rules are in `orders`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from sotto_hub.errors import HomeError, HubError, LinkDown
from sotto_hub.ingest import orders as o
from sotto_hub.ingest.down import Whisper, Word
from sotto_hub.ingest.tide import Tide
from sotto_hub.records import DeviceStatus, LedgerRow, Suggestion
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.pairing import PeerRole
from sotto_proto.records import Hello, MuteState, OffTheRecord

REACH_S: Final = 3.0
"""How long a connected device may take to report that it has muted itself."""

_COMMAND: Final = "command.mute."
_MUTE: Final = "mute."


class Connection(Protocol):
    """One connected device, as the fleet sees it."""

    @property
    def hello(self) -> Hello:
        """What the device said of itself."""
        ...

    @property
    def tides(self) -> tuple[Tide, ...]:
        """How far its audio streams are settled."""
        ...

    @property
    def waiting_frames(self) -> int:
        """Received, not yet committed."""
        ...

    def ledger(self) -> list[LedgerRow]:
        """What this boot captured so far and what of it waits; the settled columns are zero."""
        ...

    def say(self, word: Word) -> None:
        """Queues something for the device."""
        ...

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Drops what is held in RAM of a span taken back."""
        ...

    async def evict(self, why: HubError) -> None:
        """Ends this connection and waits until nothing of it is under way."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which devices have heard a command, and which will when they return."""

    reached: tuple[str, ...]
    out_of_reach: tuple[str, ...]


class Fleet:
    """All paired devices."""

    def __init__(self, peers: Peers, notes: Notes, reach_s: float = REACH_S) -> None:
        self._peers = peers
        self._notes = notes
        self.reach_s = reach_s
        self._connections: dict[str, Connection] = {}
        self._news = asyncio.Event()
        self._closed = False

    # ---- coming and going

    async def clear_way(self, device_id: str) -> None:
        """Ends an older connection of the same device: the newest is the one that lives."""
        if self._closed:
            raise _stopping()
        while older := self._connections.get(device_id):
            await older.evict(HubError("taken_over", "a newer connection of this device has taken over"))

    async def close(self) -> None:
        """Ends all connections; nobody is let in any more."""
        self._closed = True
        while self._connections:
            await next(iter(self._connections.values())).evict(_stopping())

    @contextmanager
    def connected(self, device_id: str, connection: Connection) -> Iterator[None]:
        """Counts the device as connected for as long as the context lasts. The way must be clear."""
        if device_id in self._connections:
            raise HubError("connected_twice", f"{device_id} is connected already")
        self._connections[device_id] = connection
        try:
            yield
        finally:
            del self._connections[device_id]
            self._tell()

    def tides(self) -> list[Tide]:
        """How far each connected audio stream is settled."""
        return [tide for connection in self._connections.values() for tide in connection.tides]

    def waiting(self) -> list[LedgerRow]:
        """What the connected devices captured and what of it waits."""
        return [row for connection in self._connections.values() for row in connection.ledger()]

    # ---- mute

    def greeted(self, device_id: str, hello: Hello) -> None:
        """How the device stands that has just connected. An earlier boot tells nothing of today."""
        if not hello.late:
            self._show(device_id, o.greeted(hello.mute, hello.closed, hello.clock_offset_ns))

    def note_mute(self, device_id: str, state: MuteState, at_ns: int, hello: Hello) -> None:
        """The device did something. That settles a command which asked for the same, or was asked for before."""
        if not hello.late:
            shown = o.read_standing(self._notes.get(_MUTE + device_id))
            self._show(device_id, o.changed(shown, state, hello.clock_offset_ns))
        self._keep(device_id, o.confirmed(self._orders(device_id), state, at_ns, late=hello.late))
        self._tell()

    def due(self, device_id: str, *, may_open: bool, now_ns: int) -> list[MuteState]:
        """The remembered commands that it is time to give. A mute that has run out meanwhile is dropped."""
        standing = o.standing_orders(self._orders(device_id), now_ns)
        self._keep(device_id, standing)
        return o.commands(standing, may_open=may_open)

    async def mute(self, muted: bool, until_ns: int, now_ns: int, streams: Sequence[str] = ()) -> Reach:
        """Mutes or unmutes all devices; waits until the connected ones have reported it, for a short while.

        `streams`: single sensors; none named, all of them.
        """
        command = o.Pending(muted=muted, until_ns=until_ns, asked_ns=now_ns)
        devices = [peer.id for peer in self._devices()]
        try:
            for device_id in devices:
                self._keep(device_id, o.ordered(self._orders(device_id), streams, command))
                self._give(device_id, now_ns)
        except HomeError as error:
            self._give_all(MuteState(muted=muted, until_wall_ns=until_ns or None, streams=tuple(streams)))
            raise HomeError(
                error.code, f"the devices that are connected are told, but no others will be: {error.sentence}"
            ) from error
        try:
            async with asyncio.timeout(self.reach_s):
                while any(d in self._connections for d in self._owed(devices, command)):
                    await self._news.wait()
        except TimeoutError:
            pass  # who did not report in time is out of reach
        owed = self._owed(devices, command)
        return Reach(reached=tuple(d for d in devices if d not in owed), out_of_reach=tuple(owed))

    def _give(self, device_id: str, now_ns: int) -> None:
        if connection := self._connections.get(device_id):
            for state in self.due(device_id, may_open=not connection.hello.late, now_ns=now_ns):
                connection.say(state)

    def _give_all(self, state: MuteState) -> None:
        """Tells every connected device, although the hub cannot note it: off does not wait for a disk."""
        for connection in self._connections.values():
            if state.muted or not connection.hello.late:
                connection.say(state)

    def _owed(self, devices: list[str], command: o.Pending) -> list[str]:
        return [device_id for device_id in devices if command in self._orders(device_id).values()]

    def _orders(self, device_id: str) -> dict[str, o.Pending]:
        return o.read_orders(self._notes.get(_COMMAND + device_id))

    def _keep(self, device_id: str, orders: o.Orders) -> None:
        if orders:
            self._notes.put(_COMMAND + device_id, o.orders_note(orders))
        elif self._notes.get(_COMMAND + device_id) is not None:
            self._notes.drop(_COMMAND + device_id)

    def _show(self, device_id: str, standing: o.Standing) -> None:
        self._notes.put(_MUTE + device_id, o.standing_note(standing))

    def _tell(self) -> None:
        """Lets `mute` look again. The event is renewed, so that every waiter of this moment wakes."""
        self._news.set()
        self._news = asyncio.Event()

    # ---- the rest

    def off_the_record(self, last_ns: int) -> None:
        """Has connected devices drop what they hold of the last span.

        A device that is away needs no command: the hub refuses the span for ever, however late it arrives.
        """
        for connection in self._connections.values():
            connection.say(OffTheRecord(last_ns=last_ns))

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Drops what the hub holds in RAM of a span taken back, of all devices."""
        for connection in self._connections.values():
            connection.withhold(from_ns, to_ns)

    def whisper(self, suggestion: Suggestion) -> None:
        """Says a suggestion to every connected device."""
        for connection in self._connections.values():
            connection.say(Whisper(suggestion_id=suggestion.id, text=suggestion.text))

    def status(self, heard_until: dict[str, int], now_ns: int) -> tuple[DeviceStatus, ...]:
        """How each paired device is."""
        return tuple(self._status(peer, heard_until.get(peer.id, 0), now_ns) for peer in self._devices())

    def _status(self, peer: Peer, heard_until_ns: int, now_ns: int) -> DeviceStatus:
        connection = self._connections.get(peer.id)
        standing = o.read_standing(self._notes.get(_MUTE + peer.id))
        return DeviceStatus(
            device_id=peer.id,
            name=peer.name,
            connected=connection is not None,
            muted=standing.muted,
            muted_until_ns=standing.until_ns,
            heard_until_ns=heard_until_ns,
            waiting_frames=connection.waiting_frames if connection else 0,
            closed=standing.closed_at(now_ns),
            owed_ns=connection.hello.waiting_ns if connection else 0,
            clock_error_ns=connection.hello.clock_error_ns if connection else 0,
        )

    def _devices(self) -> list[Peer]:
        return [peer for peer in self._peers.all() if peer.role is PeerRole.DEVICE]


def _stopping() -> HubError:
    return LinkDown("hub_stops", "the hub is stopping")
