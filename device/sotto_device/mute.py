"""Off is off: the state machine between what the wearer ordered, the switch, the sensors and what is shown (pure).

    SENSING ──order: mute all, or mute some; switch off──► CLOSING ──all are closed──► OFF
       ▲                                                      └─────some are closed──► PRIVATE
       └──order: unmute · time is up · switch on─────────────────────────────────────────┘

A switch that is off beats every order, and orders count again once it is on.
What is ordered decides at once what is let through; what is shown follows the sensors' own reports, never the order:
OFF is shown only while every sensor is reported closed, and an order to open is shown before a sensor opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from sotto_proto.records import MuteState

MIC: Final = "mic"
CAMERA: Final = "camera"
EYES: Final = "eyes"
SENSORS: Final = (MIC, CAMERA, EYES)
UNMUTED: Final = MuteState(muted=False)
MUTED: Final = MuteState(muted=True)


class Shown(Enum):
    """What the indicator says."""

    SENSING = "sensing"
    PRIVATE = "private"  # some sensors are closed
    CLOSING = "closing"  # a sensor that has to be closed is still open
    OFF = "off"  # every sensor is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What the wearer wants. `everything`: of all sensors. `single`: a mute for each that is closed by itself.

    Both hold at once: when a mute of everything is over, a sensor that was closed by itself stays closed.
    """

    everything: MuteState = UNMUTED
    single: tuple[MuteState, ...] = ()

    def of(self, sensor: str) -> MuteState:
        """The order about this sensor alone."""
        return next((one for one in self.single if sensor in one.streams), UNMUTED)

    @property
    def ends_ns(self) -> int | None:
        """Wall time at which the first of the timed mutes is over."""
        ends = (one.until_wall_ns for one in (self.everything, *self.single))
        return min((end for end in ends if end is not None), default=None)


NO_ORDERS: Final = Orders()
ALL_MUTED: Final = Orders(everything=MUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutter:
    """`sensors`: what this device has. `switched_off`: what the switch says. `open`: what the sensors report."""

    sensors: tuple[str, ...] = SENSORS
    orders: Orders = NO_ORDERS
    switched_off: bool = False
    open: frozenset[str] = frozenset()

    @property
    def wanted(self) -> frozenset[str]:
        """The sensors that have to be open: only their samples may enter any buffer."""
        if self.switched_off or self.orders.everything.muted:
            return frozenset()
        return frozenset(sensor for sensor in self.sensors if not self.orders.of(sensor).muted)

    @property
    def mute(self) -> MuteState:
        """How all sensors together stand, for the hub: a switch that is off is a mute without an end."""
        return MUTED if self.switched_off else self.orders.everything

    @property
    def closed(self) -> tuple[MuteState, ...]:
        """The sensors that are closed by themselves, one entry each."""
        return self.orders.single

    @property
    def shown(self) -> Shown:
        """What the indicator says."""
        if self.open - self.wanted:
            return Shown.CLOSING
        if not self.wanted:
            return Shown.OFF
        return Shown.SENSING if self.wanted.issuperset(self.sensors) else Shown.PRIVATE


def ordered(shutter: Shutter, order: MuteState, now_wall_ns: int) -> Shutter:
    """The wearer mutes or unmutes; the newest order wins. A timed mute whose time is up changes nothing."""
    shutter = passed(shutter, now_wall_ns)
    unknown = bool(order.streams) and not set(order.streams).intersection(SENSORS)
    if unknown or (order.muted and _is_over(order, now_wall_ns)):
        return shutter
    return replace(shutter, orders=_given(shutter.orders, order))


def passed(shutter: Shutter, now_wall_ns: int) -> Shutter:
    """Time goes on: timed mutes may be over."""
    return replace(shutter, orders=standing(shutter.orders, now_wall_ns))


def standing(orders: Orders, now_wall_ns: int) -> Orders:
    """The orders as they stand at `now_wall_ns`: a timed mute whose time is up is none."""
    single = tuple(one for one in orders.single if not _is_over(one, now_wall_ns))
    everything = UNMUTED if _is_over(orders.everything, now_wall_ns) else orders.everything
    return Orders(everything=everything, single=single)


def switched(shutter: Shutter, *, is_off: bool) -> Shutter:
    """The wearer turns the switch. Orders stay as they are, and count again once it is on."""
    return replace(shutter, switched_off=is_off)


def reported(shutter: Shutter, is_open: frozenset[str]) -> Shutter:
    """The sensors report. One that is open against the order stays visible."""
    return replace(shutter, open=is_open)


def said(before: Shutter, after: Shutter, order: MuteState | None = None) -> tuple[MuteState, ...]:
    """What the hub is told of a change, by an order or by itself, so that it sees the device as it stands.

    About all sensors: how they stand, and, where they are not muted, each sensor that stays closed. Of single
    sensors: those that changed or were named.
    """
    named = order.streams if order is not None else ()
    changed = [s for s in SENSORS if s in named or before.orders.of(s) != after.orders.of(s)]
    about_all = after.mute != before.mute or (order is not None and not order.streams)
    if about_all and not after.mute.muted:
        return (UNMUTED, *_grouped(after.orders, SENSORS))
    return (*([after.mute] if about_all else []), *_grouped(after.orders, changed, opened=True))


def _given(orders: Orders, order: MuteState) -> Orders:
    if not order.streams:
        return replace(orders, everything=order) if order.muted else NO_ORDERS
    if order.muted:
        return replace(orders, single=_single(orders, dict.fromkeys(order.streams, order)))
    return Orders(single=_single(orders, dict.fromkeys(order.streams, UNMUTED), spread=orders.everything))


def _single(orders: Orders, changed: dict[str, MuteState], spread: MuteState = UNMUTED) -> tuple[MuteState, ...]:
    """One entry a closed sensor. `spread`: what was ordered of all goes on for those that are not named."""
    stand = {sensor: changed.get(sensor, _longer(orders.of(sensor), spread)) for sensor in SENSORS}
    return tuple(replace(one, streams=(sensor,)) for sensor, one in stand.items() if one.muted)


def _longer(one: MuteState, other: MuteState) -> MuteState:
    """The mute that lasts longer."""
    if not (one.muted and other.muted):
        return one if one.muted else other
    ends = (one.until_wall_ns, other.until_wall_ns)
    return MUTED if None in ends else max(one, other, key=lambda mute: mute.until_wall_ns or 0)


def _grouped(orders: Orders, sensors: Sequence[str], *, opened: bool = False) -> tuple[MuteState, ...]:
    """How single sensors stand, those of one kind together; with `opened`, those that are open too."""
    groups: dict[MuteState, list[str]] = {}
    for sensor in sensors:
        one = replace(orders.of(sensor), streams=())
        if one.muted or opened:
            groups.setdefault(one, []).append(sensor)
    return tuple(replace(one, streams=tuple(names)) for one, names in groups.items())


def _is_over(order: MuteState, now_wall_ns: int) -> bool:
    return order.until_wall_ns is not None and order.until_wall_ns <= now_wall_ns
