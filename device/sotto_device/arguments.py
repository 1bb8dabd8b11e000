"""The words of the `sotto-device` command (pure: parsing only)."""

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from sotto_device.errors import UsageError
from sotto_device.identity import software
from sotto_device.mute import SENSORS

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def parser(home: Path) -> argparse.ArgumentParser:
    """The command line; `home` is the default folder."""
    top = argparse.ArgumentParser(prog="sotto-device", description="The wearable: it senses, and sends to your hub.")
    top.add_argument("--version", action="version", version=software())
    commands = top.add_subparsers(dest="command", required=True)
    _run(commands.add_parser("run", help="sense and send, until stopped"))
    pair = commands.add_parser("pair", help="become a device of a hub, with a code that the hub shows")
    pair.add_argument("address", nargs="?", help="HOST:PORT of the hub; may be left out in the hub's own network")
    pair.add_argument("code", help="the six digits that `sotto pair` shows, or its link")
    pair.add_argument("--name", default="wearable", help="what the hub's keeper will see")
    mute = commands.add_parser("mute", help="close the sensors at once, hub or no hub")
    mute.add_argument("--for", dest="span", metavar="SPAN", help="how long: 90s, 10m, 2h; without it, until unmuted")
    unmute = commands.add_parser("unmute", help="open the sensors again")
    for command in (mute, unmute):
        command.add_argument(
            "--sensor", action="append", default=[], choices=SENSORS, help="only this one; may be said again"
        )
    status = commands.add_parser("status", help="say what is open, what is closed, and what waits for the hub")
    status.add_argument("--json", action="store_true", help="for programs")
    forget = commands.add_parser("forget", help="take back the last minutes: off the record")
    forget.add_argument("--last", dest="span", metavar="SPAN", required=True, help="how much: 90s, 10m, 2h")
    for command in commands.choices.values():
        command.add_argument("--home", type=Path, default=home, help="the device's folder (%(default)s)")
    return top


def _run(run: argparse.ArgumentParser) -> None:
    run.add_argument("--source", default="mic", help="mic (default), or replay:DAYFOLDER for a recorded day")
    run.add_argument("--pace", choices=("real", "fast"), default="real", help="of a recorded day")
    run.add_argument(
        "--longest-rest",
        type=float,
        metavar="S",
        help="at real pace, wait at most so long where nothing was recorded",
    )
    run.add_argument("--stop-at", action="append", default=[], metavar="ISO", help="pause a recorded day there")
    run.add_argument("--until", metavar="ISO", help="let time pass until then after a recorded day")
    run.add_argument("--resume", action="store_true", help="go on where the last run of this recorded day stopped")
    run.add_argument("--verbose", action="store_true", help="say more: ids, lengths, durations")


def span_s(words: str) -> int:
    """Seconds in words such as 90s, 10m, 2h, 1d. Raises `UsageError`."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", words.strip().lower())
    if found is None or not int(found[1]):
        raise UsageError("span", f"{words!r} is no span of time: write 90s, 10m, 2h or 1d")
    return int(found[1]) * _UNITS[found[2]]


def instant_ns(words: str) -> int:
    """Unix nanoseconds of an ISO time with its offset. Raises `UsageError`."""
    try:
        instant = datetime.fromisoformat(words)
    except ValueError as error:
        raise UsageError("instant", f"{words!r} is no time: write it like 2026-03-09T09:10:00+01:00") from error
    if instant.tzinfo is None:
        raise UsageError("instant", f"{words!r} has no offset: write it like 2026-03-09T09:10:00+01:00")
    return round(instant.timestamp() * 1_000_000) * 1_000
