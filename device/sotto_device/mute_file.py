"""Keeps the mute order over restarts: `mute.json` in the device's folder, for its owner only."""

import json
from pathlib import Path
from typing import Final

from sotto_device.errors import HomeError
from sotto_device.mute import UNMUTED
from sotto_proto.credentials import write_private
from sotto_proto.records import MuteState

FILE: Final = "mute.json"


def load_mute(home: Path) -> MuteState:
    """The order that was kept. What cannot be read counts as muted: off stays off. Raises nothing."""
    try:
        told = json.loads((home / FILE).read_bytes())
        until = told["until_wall_ns"]
        return MuteState(muted=bool(told["muted"]), until_wall_ns=None if until is None else int(until))
    except FileNotFoundError:
        return UNMUTED
    except (OSError, ValueError, KeyError, TypeError):
        return MuteState(muted=True)


def save_mute(home: Path, state: MuteState) -> None:
    """Keeps the order. Raises `HomeError`."""
    told = {"muted": state.muted, "until_wall_ns": state.until_wall_ns}
    try:
        write_private(home / FILE, json.dumps(told).encode())
    except OSError as error:
        raise HomeError("mute_file", f"the mute order cannot be kept in {home}: {error.strerror}") from error
