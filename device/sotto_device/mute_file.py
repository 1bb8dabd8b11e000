"""Keeps the mute orders over restarts: `mute.json` in the device's folder, for its owner only.

With the end of a timed mute stands when that was written (`Anchor`), so that the mute lasts as long as it was ordered
to, whatever the system's clock does between two runs. Where no clock can tell how long the device was off, all that
was left is still to come: a mute may become longer by that, never shorter.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from sotto_device.clock import Anchor, Clock
from sotto_device.errors import HomeError
from sotto_device.mute import ALL_MUTED, NO_ORDERS, SENSORS, Orders, standing
from sotto_proto.credentials import write_private
from sotto_proto.records import MuteState

FILE: Final = "mute.json"
LATEST_NS: Final = 1 << 62
"""A time beyond this was never written here."""


def load_mute(home: Path, clock: Clock | None = None) -> Orders:
    """The orders that were kept, on the wall time of this run's clock; without one, as they were written.

    What cannot be read counts as muted: off stays off. Raises nothing.
    """
    try:
        told = json.loads((home / FILE).read_bytes())
        orders = _orders(told)
        kept = Anchor(**told["anchor"]) if told.get("anchor") is not None else None
        if clock is None:
            return orders
        moved = orders if kept is None else _moved(orders, told["wall_ns"], kept, clock)
        return standing(moved, clock.now().wall_ns)
    except FileNotFoundError:
        return NO_ORDERS
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return ALL_MUTED


def save_mute(home: Path, orders: Orders, clock: Clock | None = None) -> None:
    """Keeps the orders; times of a recorded day (no clock) as they are.

    Raises `HomeError`. A mute that there is no room for leaves an empty file, which counts as muted, where even that
    can be had.
    """
    told: dict[str, Any] = _said(orders.everything) | {
        "single": {sensor: _said(orders.of(sensor)) for sensor in SENSORS if orders.of(sensor).muted}
    }
    if clock is not None:
        told |= {"anchor": asdict(clock.anchor()), "wall_ns": clock.now().wall_ns}
    try:
        write_private(home / FILE, json.dumps(told).encode())
    except OSError as error:
        if orders != NO_ORDERS:
            _empty(home / FILE)
        raise HomeError("mute_file", f"the mute order cannot be kept in {home}: {error.strerror}") from error


def _said(order: MuteState) -> dict[str, Any]:
    return {"muted": order.muted, "until_wall_ns": order.until_wall_ns}


def _orders(told: Mapping[str, Any]) -> Orders:
    single = told.get("single", {})
    states = {sensor: _state(single[sensor]) for sensor in SENSORS if sensor in single}
    return Orders(
        everything=_state(told),
        single=tuple(replace(state, streams=(sensor,)) for sensor, state in states.items() if state.muted),
    )


def _state(told: Mapping[str, Any]) -> MuteState:
    until = told["until_wall_ns"]
    if until is not None and abs(int(until)) > LATEST_NS:
        raise ValueError("no such time")
    return MuteState(muted=bool(told["muted"]), until_wall_ns=None if until is None else int(until))


def _moved(orders: Orders, kept_wall_ns: int, kept: Anchor, clock: Clock) -> Orders:
    """The same orders with the ends of timed mutes on this run's clock."""
    now_ns, since_ns = clock.now().wall_ns, clock.anchor().since_ns(kept)

    def end(until_ns: int) -> int:
        return now_ns + until_ns - kept_wall_ns - (since_ns or 0)

    return _mapped(orders, end)


def _mapped(orders: Orders, end: Callable[[int], int]) -> Orders:
    def moved(order: MuteState) -> MuteState:
        return order if order.until_wall_ns is None else replace(order, until_wall_ns=end(order.until_wall_ns))

    return Orders(everything=moved(orders.everything), single=tuple(moved(one) for one in orders.single))


def _empty(path: Path) -> None:
    """An empty file needs no room, and cannot be read as anything but muted."""
    try:
        path.open("wb").close()
        path.chmod(0o600)
    except OSError:
        return
