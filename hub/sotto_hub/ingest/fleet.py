"""The devices: which are connected, whether they are muted, and what still has to reach them.

A command for a device that is away is remembered (in the notes) and given to it when it returns. Muting is given at
once; unmuting only when the device's own controls have come in, for the wearer may have muted it by hand since.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from sotto_hub.errors import HubError, LinkDown
from sotto_hub.ingest.down import Whisper, Word
from sotto_hub.ingest.tide import Tide
from sotto_hub.records import DeviceStatus, LedgerRow, Suggestion
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peer, Peers
from sotto_proto.pairing import PeerRole
from sotto_proto.records import MuteState, OffTheRecord

REACH_S: Final = 3.0
"""How long a connected device may take to report that it has muted itself."""

_COMMAND: Final = "command.mute."
_MUTE: Final = "mute."


class Connection(Protocol):
    """One connected device, as the fleet sees it."""

    @property
    def offset_ns(self) -> int:
        """What to add to the device's wall clock."""
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

    def forget_recent(self) -> None:
        """Drops pictures and gaze that are held in RAM."""
        ...

    async def evict(self, why: HubError) -> None:
        """Ends this connection and waits until nothing of it is under way."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A mute command that a device has not confirmed. Times are event time, the hub's clock."""

    muted: bool
    until_ns: int
    asked_ns: int


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
        self._confirmed = asyncio.Condition()
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

    def tides(self) -> list[Tide]:
        """How far each connected audio stream is settled."""
        return [tide for connection in self._connections.values() for tide in connection.tides]

    def waiting(self) -> list[LedgerRow]:
        """What the connected devices captured and what of it waits."""
        return [row for connection in self._connections.values() for row in connection.ledger()]

    # ---- mute

    def note_mute(self, device_id: str, state: MuteState, at_ns: int, offset_ns: int) -> None:
        """The device did something. That settles a command which asked for the same, or was asked for before."""
        self.note_state(device_id, state, offset_ns)
        pending = self._pending(device_id)
        if pending and (state.muted is pending.muted or at_ns >= pending.asked_ns):
            self._notes.drop(_COMMAND + device_id)

    def note_state(self, device_id: str, state: MuteState, offset_ns: int) -> None:
        """How the device stands now."""
        until_ns = state.until_wall_ns + offset_ns if state.until_wall_ns else 0
        self._notes.put(_MUTE + device_id, json.dumps({"muted": state.muted, "until_ns": until_ns}))

    async def wake(self) -> None:
        """Lets `mute` look again whether its command has been confirmed."""
        async with self._confirmed:
            self._confirmed.notify_all()

    def due(self, device_id: str, *, controls_are_in: bool, now_ns: int) -> MuteState | None:
        """The remembered command, if it is time to give it. A mute that has run out meanwhile is dropped."""
        pending = self._pending(device_id)
        if pending is None or (not pending.muted and not controls_are_in):
            return None
        if 0 < pending.until_ns <= now_ns:
            self._notes.drop(_COMMAND + device_id)
            return None
        offset_ns = self._connections[device_id].offset_ns if device_id in self._connections else 0
        until = pending.until_ns - offset_ns if pending.until_ns else None
        return MuteState(muted=pending.muted, until_wall_ns=until)

    async def mute(self, muted: bool, until_ns: int, now_ns: int) -> Reach:
        """Mutes or unmutes all devices; waits until the connected ones have reported it, for a short while."""
        command = json.dumps({"muted": muted, "until_ns": until_ns, "asked_ns": now_ns})
        devices = [peer.id for peer in self._devices()]
        for device_id in devices:
            self._notes.put(_COMMAND + device_id, command)
            self._give(device_id, now_ns)
        try:
            async with asyncio.timeout(self.reach_s), self._confirmed:
                await self._confirmed.wait_for(lambda: not any(d in self._connections for d in self._owed(devices)))
        except TimeoutError:
            pass  # who did not report in time is out of reach
        owed = self._owed(devices)
        return Reach(reached=tuple(d for d in devices if d not in owed), out_of_reach=tuple(owed))

    def _give(self, device_id: str, now_ns: int) -> None:
        connection = self._connections.get(device_id)
        state = self.due(device_id, controls_are_in=True, now_ns=now_ns)
        if connection and state:
            connection.say(state)

    def _owed(self, devices: list[str]) -> list[str]:
        return [device_id for device_id in devices if self._notes.get(_COMMAND + device_id) is not None]

    def _pending(self, device_id: str) -> Pending | None:
        note = self._notes.get(_COMMAND + device_id)
        return Pending(**json.loads(note)) if note else None

    # ---- the rest

    def off_the_record(self, last_ns: int) -> None:
        """Has connected devices drop what they hold of the last span; RAM on the hub drops its pictures and gaze.

        A device that is away needs no command: the hub refuses the span for ever, however late it arrives.
        """
        for connection in self._connections.values():
            connection.forget_recent()
            connection.say(OffTheRecord(last_ns=last_ns))

    def forget_recent(self) -> None:
        """Drops pictures and gaze that are held in RAM, of all devices."""
        for connection in self._connections.values():
            connection.forget_recent()

    def whisper(self, suggestion: Suggestion) -> None:
        """Says a suggestion to every connected device."""
        for connection in self._connections.values():
            connection.say(Whisper(suggestion_id=suggestion.id, text=suggestion.text))

    def status(self, heard_until: dict[str, int]) -> tuple[DeviceStatus, ...]:
        """How each paired device is."""
        return tuple(self._status(peer, heard_until.get(peer.id, 0)) for peer in self._devices())

    def _status(self, peer: Peer, heard_until_ns: int) -> DeviceStatus:
        connection = self._connections.get(peer.id)
        mute = json.loads(self._notes.get(_MUTE + peer.id) or "{}")
        return DeviceStatus(
            device_id=peer.id,
            name=peer.name,
            connected=connection is not None,
            muted=mute.get("muted", False),
            muted_until_ns=mute.get("until_ns", 0),
            heard_until_ns=heard_until_ns,
            waiting_frames=connection.waiting_frames if connection else 0,
        )

    def _devices(self) -> list[Peer]:
        return [peer for peer in self._peers.all() if peer.role is PeerRole.DEVICE]


def _stopping() -> HubError:
    return LinkDown("hub_stops", "the hub is stopping")
