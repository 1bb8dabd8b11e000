"""The honest switch: what the devices report, in one word (pure).

It never says off while a device may capture. A device out of reach keeps sensing into its own sealed spool, so only a
mute that it reported itself, and that has not run out since, counts as off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum
from typing import Final

from sotto_hub.surfaces.sensors import sensor_words
from sotto_hub.surfaces.tui.local_time import clock


class Tone(Enum):
    """How much a thing matters. Never the only sign of it."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    CALM = "calm"


class Sensing(Enum):
    """What one device does, as far as anybody can know."""

    LISTENING = "listening"
    PRIVATE = "partly closed"
    MUTED = "muted"
    UNSURE = "may be listening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device as it last reported itself. `muted_until_ns` 0: until unmuted.

    `closed`: single sensors that are closed while others are open. `owed_ns`: what it had to send
    when it connected; `heard_until_ns`: what is committed.
    """

    id: str
    name: str
    connected: bool
    muted: bool
    muted_until_ns: int = 0
    closed: tuple[str, ...] = ()
    owed_ns: int = 0
    heard_until_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A sign, a label, and each device's own state where one word cannot tell all."""

    sign: str
    label: str
    detail: str = ""
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Both clocks, Unix nanoseconds: event time as the hub has it, and this machine's; and the hub's timezone."""

    event_ns: int
    wall_ns: int
    where: tzinfo


_SIGNS: Final = {Sensing.LISTENING: "●", Sensing.PRIVATE: "◑", Sensing.MUTED: "○", Sensing.UNSURE: "◐"}
_TONES: Final = {s: Tone.GOOD if s is Sensing.LISTENING else Tone.WARN for s in Sensing}
_LOUDEST: Final = (Sensing.LISTENING, Sensing.UNSURE, Sensing.PRIVATE, Sensing.MUTED)
MIC: Final = "mic"


def sensing(device: Device, now: Now, *, reachable: bool) -> Sensing:
    """What one device does. A timed mute is over when event time says so, out of reach when either clock does."""
    near = device.connected and reachable
    now_ns = now.event_ns if near else max(now.event_ns, now.wall_ns)
    if device.muted and (device.muted_until_ns == 0 or device.muted_until_ns > now_ns):
        return Sensing.MUTED
    if not near or device.muted:
        return Sensing.UNSURE
    return Sensing.PRIVATE if device.closed else Sensing.LISTENING


def is_closed(sensor: str, devices: Sequence[Device], now: Now, *, reachable: bool) -> bool:
    """Whether every device has reported this sensor closed, and none of them can have opened it since."""
    each = [(d, sensing(d, now, reachable=reachable)) for d in devices]
    return bool(each) and all(s is Sensing.MUTED or (s is Sensing.PRIVATE and sensor in d.closed) for d, s in each)


def switch(devices: Sequence[Device], now: Now, *, reachable: bool, day_done: bool = False) -> Switch:
    """The switch for these devices; `reachable` says whether the hub answers, `day_done` that a replay has ended."""
    where = now.where
    each = [(d, sensing(d, now, reachable=reachable)) for d in devices]
    if not reachable:
        return Switch(sign="✕", label="hub away", detail=_details(each, where), tone=Tone.BAD)
    if day_done and not any(d.connected for d in devices):
        return Switch(sign="✓", label="day done", detail=", ".join(d.name for d in devices))
    if not each:
        return Switch(sign="–", label="no device", detail="pair one with `sotto pair`")
    states = {state for _, state in each}
    state = next(s for s in _LOUDEST if s in states)
    return Switch(
        sign=_SIGNS[state], label=_label(state, each, where), detail=_beside(each, where), tone=_TONES[state]
    )


def refusing(devices: Sequence[Device]) -> Switch:
    """The switch where the hub refuses this client: what the devices do is not known here any more."""
    return Switch(
        sign="✕", label="no access", detail=" · ".join(f"{d.name}: not known" for d in devices), tone=Tone.BAD
    )


def _label(state: Sensing, each: Sequence[tuple[Device, Sensing]], where: tzinfo) -> str:
    ends = {d.muted_until_ns for d, _ in each}
    if state is Sensing.MUTED and 0 not in ends:
        return f"muted until {clock(min(ends), where)}"
    if state is Sensing.PRIVATE and len(each) == 1:
        return _private(each[0][0])
    return state.value


def _private(device: Device) -> str:
    """What is closed; and that it listens, while the microphone is not among that."""
    closed = f"{sensor_words(device.closed)} closed"
    return closed if MIC in device.closed else f"listening, {closed}"


def _beside(each: Sequence[tuple[Device, Sensing]], where: tzinfo) -> str:
    """One device needs its name only, for the label tells the rest."""
    if len(each) > 1:
        return _details(each, where)
    return "".join(d.name + ("" if d.connected else ", out of reach") for d, _ in each)


def _details(each: Sequence[tuple[Device, Sensing]], where: tzinfo) -> str:
    return " · ".join(f"{d.name} {_state(d, state, where)}" for d, state in each)


def _state(device: Device, state: Sensing, where: tzinfo) -> str:
    if state is Sensing.MUTED and device.muted_until_ns:
        return f"muted until {clock(device.muted_until_ns, where)}"
    return _private(device) if state is Sensing.PRIVATE else state.value
