"""Mute commands that wait for a device, and how the device stands: by sensor (pure, and their form as notes).

`ALL` stands for every sensor at once. A command waits until the device reports it, or until the wearer did something
else by hand after it was asked for.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from sotto_proto.codec import MAX_NS
from sotto_proto.records import MuteState

ALL: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A mute command that a device has not confirmed. Times are event time, the hub's clock; `until_ns` 0: no end."""

    muted: bool
    until_ns: int
    asked_ns: int


Orders = Mapping[str, Pending]
"""Sensor, or `ALL`, to the command that waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a device is shown. `closed`: single sensors to the time until which they are closed, 0: until opened."""

    muted: bool = False
    until_ns: int = 0
    closed: Mapping[str, int] = field(default_factory=dict)

    def closed_at(self, now_ns: int) -> tuple[str, ...]:
        """The single sensors that are closed now, in order."""
        return tuple(sorted(stream for stream, until_ns in self.closed.items() if not 0 < until_ns <= now_ns))


def ordered(orders: Orders, streams: Iterable[str], command: Pending) -> dict[str, Pending]:
    """The orders with a newer command. To open everything overrules all that was asked before."""
    named = tuple(streams)
    if not named:
        return {ALL: command} if not command.muted else {**orders, ALL: command}
    return {**orders, **dict.fromkeys(named, command)}


def confirmed(orders: Orders, state: MuteState, at_ns: int, *, late: bool) -> dict[str, Pending]:
    """What still waits once the device has reported `state` at `at_ns`. `late`: it was said by an earlier boot."""
    return {s: pending for s, pending in orders.items() if not _settles(s, pending, state, at_ns, late)}


def _settles(sensor: str, pending: Pending, state: MuteState, at_ns: int, late: bool) -> bool:
    """The same was done; or something was done to these sensors after it was asked for, and the hand wins."""
    after = at_ns >= pending.asked_ns
    if sensor == ALL:
        return not state.streams and (after or (state.muted is pending.muted and not late))
    if state.streams:
        return sensor in state.streams and (after or (state.muted is pending.muted and not late))
    return after and not (state.muted and pending.muted)


def standing_orders(orders: Orders, now_ns: int) -> dict[str, Pending]:
    """Orders without mutes that have run out meanwhile."""
    return {s: pending for s, pending in orders.items() if not 0 < pending.until_ns <= now_ns}


def commands(orders: Orders, *, may_open: bool) -> list[MuteState]:
    """What to say to the device, in the order in which it was asked for; sensors with one command go together.

    Times stay the hub's: the device turns them into its own, by the echo that it has last heard.
    """
    together: dict[Pending, list[str]] = {}
    for sensor, pending in orders.items():
        if pending.muted or may_open:
            together.setdefault(pending, []).append(sensor)
    told: list[MuteState] = []
    for pending, sensors in sorted(together.items(), key=lambda one: one[0].asked_ns):
        until = in_range(pending.until_ns) if pending.until_ns else None
        named = tuple(sensor for sensor in sensors if sensor != ALL)
        told += [MuteState(muted=pending.muted, until_wall_ns=until)] if ALL in sensors else []
        told += [MuteState(muted=pending.muted, until_wall_ns=until, streams=named)] if named else []
    return told


def greeted(mute: MuteState, closed: Iterable[MuteState], offset_ns: int) -> Standing:
    """How a device stands that has just said hello."""
    shut = {stream: _until(state, offset_ns) for state in closed if state.muted for stream in state.streams}
    return Standing(muted=mute.muted, until_ns=_until(mute, offset_ns), closed=shut)


def changed(standing: Standing, state: MuteState, offset_ns: int) -> Standing:
    """How a device stands that has reported `state`. To open everything opens single sensors too."""
    until_ns = _until(state, offset_ns)
    if not state.streams:
        closed = standing.closed if state.muted else {}
        return Standing(muted=state.muted, until_ns=until_ns, closed=closed)
    closed = {stream: ns for stream, ns in standing.closed.items() if stream not in state.streams}
    closed |= dict.fromkeys(state.streams, until_ns) if state.muted else {}
    return Standing(muted=standing.muted, until_ns=standing.until_ns, closed=dict(list(closed.items())[-MOST:]))


MOST: Final = 16
"""A device has at most so many sensors; one that names more is not believed."""


def _until(state: MuteState, offset_ns: int) -> int:
    return in_range(state.until_wall_ns + offset_ns) if state.until_wall_ns else 0


def in_range(ns: int) -> int:
    """A time as the wire can carry it."""
    return max(-MAX_NS, min(MAX_NS, ns))


# ---- as notes


def orders_note(orders: Orders) -> str:
    """Orders as text."""
    return json.dumps({sensor: asdict(pending) for sensor, pending in orders.items()})


def read_orders(note: str | None) -> dict[str, Pending]:
    """Orders from text; none without one."""
    return {sensor: Pending(**pending) for sensor, pending in json.loads(note or "{}").items()}


def standing_note(standing: Standing) -> str:
    """A standing as text."""
    return json.dumps({"muted": standing.muted, "until_ns": standing.until_ns, "closed": dict(standing.closed)})


def read_standing(note: str | None) -> Standing:
    """A standing from text; open without one."""
    return Standing(**json.loads(note or "{}"))
