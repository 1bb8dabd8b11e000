"""A word to the running daemon from the same machine: a socket in the device's folder, for its owner only.

One JSON object a line, one line a connection:

    {"do": "mute", "for_s": 600, "sensors": ["camera"]}   both may be missing: until unmuted, all sensors
    {"do": "unmute", "sensors": ["camera"]}
    {"do": "off_the_record", "last_s": 60}
    {"do": "status"}                                      answered with {"done": true, "status": {...}}

The answer is {"done": true}, or {"error": "what is wrong"}. It works with the hub away: off is off.
"""

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sotto_device.errors import DeviceError, UsageError
from sotto_device.mute import SENSORS
from sotto_proto.records import Control, MuteState, OffTheRecord

LOG: Final = logging.getLogger("sotto.device")
FILE: Final = "control.sock"
ANSWER_S: Final = 10.0
MAX_LINE: Final = 4096
LISTEN_S: Final = 5.0
TALKS: Final = 16
"""So many may be about to say something at once; the next wait, and whoever says nothing is hung up on."""

SECOND_NS: Final = 1_000_000_000
LONGEST_S: Final = 7 * 86_400


def control_of(told: Mapping[str, Any], now_wall_ns: int) -> Control:
    """The order in the words of a line (pure). Raises `UsageError`."""
    match told.get("do"):
        case "mute":
            until = now_wall_ns + _span_ns(told["for_s"]) if told.get("for_s") is not None else None
            return MuteState(muted=True, until_wall_ns=until, streams=_sensors(told))
        case "unmute":
            return MuteState(muted=False, streams=_sensors(told))
        case "off_the_record":
            return OffTheRecord(last_ns=_span_ns(told.get("last_s")))
        case other:
            raise UsageError("order", f"the device has no order {other!r}")


def nothing_known() -> dict[str, Any]:
    """The status of a daemon that cannot tell."""
    return {}


async def serve(
    home: Path,
    read_wall_ns: Callable[[], int],
    order: Callable[[Control], Awaitable[None]],
    status: Callable[[], dict[str, Any]] = nothing_known,
) -> None:
    """Takes orders until cancelled. Where the socket cannot be made it says so once, and the daemon goes on."""
    talks = asyncio.Semaphore(TALKS)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, TimeoutError):
            async with asyncio.timeout(LISTEN_S), talks:
                line = await reader.readline()
            writer.write(json.dumps(await _reply(line, read_wall_ns, order, status)).encode() + b"\n")
            await writer.drain()
        writer.close()

    path = home / FILE
    path.unlink(missing_ok=True)
    try:
        server = await asyncio.start_unix_server(answer, path, limit=MAX_LINE)
    except OSError as error:
        LOG.warning("`sotto-device mute` will not reach this daemon: %s cannot be made (%s).", path, error)
        return
    path.chmod(0o600)
    try:
        async with server:
            await server.serve_forever()
    finally:
        path.unlink(missing_ok=True)


def tell(home: Path, told: Mapping[str, Any]) -> bool:
    """Gives an order to the daemon of this folder; false when none runs. Raises `DeviceError` with its answer."""
    return asked(home, told) is not None


def asked(home: Path, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the daemon of this folder answers; `None` when none runs. Raises `DeviceError` when it refuses."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(ANSWER_S)
        try:
            line.connect(str(home / FILE))
            line.sendall(json.dumps(told).encode() + b"\n")
            answer = json.loads(line.makefile().readline() or "{}")
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except (OSError, ValueError) as error:
            raise DeviceError("daemon", f"the daemon of {home} does not answer: {error}") from error
    if not isinstance(answer, dict) or "done" not in answer:
        raise DeviceError("daemon", _refusal(answer, home))
    return dict(answer)


async def _reply(
    line: bytes,
    read_wall_ns: Callable[[], int],
    order: Callable[[Control], Awaitable[None]],
    status: Callable[[], dict[str, Any]],
) -> dict[str, object]:
    try:
        said = json.loads(line)
        told = said if isinstance(said, dict) else {}
        if told.get("do") == "status":
            return {"done": True, "status": status()}
        await order(control_of(told, read_wall_ns()))
    except ValueError:
        return {"error": "that is not a line of JSON"}
    except DeviceError as error:
        return {"error": error.sentence}
    return {"done": True}


def _span_ns(seconds: object) -> int:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds <= LONGEST_S:
        raise UsageError("span", "a span of time has to lie between a moment and seven days")
    return round(seconds * SECOND_NS)


def _refusal(answer: object, home: Path) -> str:
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error or f"the daemon of {home} did not answer")


def _sensors(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The sensors that are meant; none named, all of them."""
    named = told.get("sensors") or []
    if not isinstance(named, list) or any(name not in SENSORS for name in named):
        raise UsageError("sensor", f"there is no such sensor: name {', '.join(SENSORS)}")
    return tuple(sensor for sensor in SENSORS if sensor in named)
