"""Off is off: the state machine between what the wearer ordered, what the sensor does and what is shown (pure).

    sensing ──order: mute──► closing ──sensor closed──► muted ──order: unmute, or time is up──► opening ──► sensing

What is ordered decides at once what is let through; what is shown follows the sensor, never the order: "off" is shown
only while nothing is captured, and the order to open is shown before the sensor opens.
"""

from dataclasses import dataclass, replace
from typing import Final

from sotto_proto.records import MuteState

UNMUTED: Final = MuteState(muted=False)


def standing(order: MuteState, now_wall_ns: int) -> MuteState:
    """The order as it stands at `now_wall_ns`: a timed mute whose time is up is none."""
    over = order.until_wall_ns is not None and order.until_wall_ns <= now_wall_ns
    return UNMUTED if over or not order.muted else order


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutter:
    """`order`: what the wearer wants. `sensing`: whether the sensor is open."""

    order: MuteState = UNMUTED
    sensing: bool = False

    @property
    def admits(self) -> bool:
        """Whether a sample may enter any buffer."""
        return not self.order.muted

    @property
    def shows_off(self) -> bool:
        """What the indicator says. Only a closed sensor under a standing order is "off"."""
        return self.order.muted and not self.sensing


def ordered(shutter: Shutter, order: MuteState, now_wall_ns: int) -> Shutter:
    """The wearer mutes or unmutes; the newest order wins."""
    return replace(shutter, order=standing(order, now_wall_ns))


def passed(shutter: Shutter, now_wall_ns: int) -> Shutter:
    """Time goes on: a timed mute may be over."""
    return replace(shutter, order=standing(shutter.order, now_wall_ns))


def sensor(shutter: Shutter, *, is_open: bool) -> Shutter:
    """The sensor reports. Opening against the order is reported as it is, and stays visible."""
    return replace(shutter, sensing=is_open)
