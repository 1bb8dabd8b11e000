"""How the device stands, in one line for its wearer and as JSON for programs.

The daemon answers over its control socket; without a daemon, the kept mute order is all there is to tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sotto_device.mute import SENSORS, Orders, Shutter
from sotto_proto.records import MuteState

MS: Final = 1_000_000
WITHOUT_END: Final = "until unmuted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a running device stands. `switch_off`: `None` without a switch. `waiting_ms`: in memory, and on disk."""

    shutter: Shutter
    switch_off: bool | None
    has_light: bool
    hub_up: bool
    waiting_ms: tuple[int, int]

    def told(self, now_wall_ns: int) -> dict[str, Any]:
        """For programs. Times in milliseconds; `closed` holds what is left of each mute, or null."""
        shutter = self.shutter
        ram_ms, disk_ms = self.waiting_ms
        return {
            "running": True,
            "sensors": list(shutter.sensors),
            "open": sorted(shutter.open),
            "closed": closed_of(shutter.orders, now_wall_ns, shutter.sensors),
            "switch": None if self.switch_off is None else "off" if self.switch_off else "on",
            "light": shutter.shown.value if self.has_light else None,
            "shown": shutter.shown.value,
            "hub": "up" if self.hub_up else "away",
            "waiting_ram_ms": ram_ms,
            "waiting_disk_ms": disk_ms,
        }


def resting(orders: Orders, now_wall_ns: int) -> dict[str, Any]:
    """How a device stands of which no daemon runs (pure)."""
    return {"running": False, "open": [], "closed": closed_of(orders, now_wall_ns, SENSORS), "shown": "off"}


def closed_of(orders: Orders, now_wall_ns: int, sensors: tuple[str, ...]) -> dict[str, int | None]:
    """Each sensor that an order closes, with the milliseconds that are left; `None`: until unmuted (pure)."""
    found: dict[str, int | None] = {}
    for sensor in sensors:
        mutes = [one for one in (orders.everything, orders.of(sensor)) if one.muted]
        if mutes:
            found[sensor] = _left_ms(mutes, now_wall_ns)
    return found


def line_of(status: Mapping[str, Any]) -> str:
    """The one line (pure)."""
    if not status["running"]:
        return "; ".join(["not running", *_closed(status["closed"])])
    parts = [f"{status['shown']}: {', '.join(status['open']) or 'nothing'} open", *_closed(status["closed"])]
    parts += [f"switch {status['switch']}"] if status["switch"] else []
    parts += [f"light says {status['light']}"] if status["light"] else []
    ram_s, disk_s = status["waiting_ram_ms"] / 1000, status["waiting_disk_ms"] / 1000
    return "; ".join([*parts, f"hub {status['hub']}", f"waiting {ram_s:.1f} s in memory, {disk_s:.1f} s on disk"])


def _left_ms(mutes: list[MuteState], now_wall_ns: int) -> int | None:
    ends = [one.until_wall_ns for one in mutes if one.until_wall_ns is not None]
    return max(0, max(ends) - now_wall_ns) // MS if len(ends) == len(mutes) else None


def _closed(closed: Mapping[str, int | None]) -> list[str]:
    return [f"{sensor} closed {_for(left_ms)}" for sensor, left_ms in closed.items()]


def _for(left_ms: int | None) -> str:
    if left_ms is None:
        return WITHOUT_END
    minutes, seconds = divmod(-(-left_ms // 1000), 60)
    return f"for {minutes} min {seconds} s more" if minutes else f"for {seconds} s more"
