"""`sotto status`: how the hub, its devices and its abilities are; with `--ledger`, what became of each second."""

import argparse
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json

if TYPE_CHECKING:
    from datetime import tzinfo

    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb

DOUBTFUL_NS: Final = 1_000_000_000
"""A clock that may be off by less than a second is not worth a word."""


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    parser = add_command(commands, "status", run, "Shows how the hub, its devices and its abilities are.")
    parser.add_argument(
        "--ledger", action="store_true", help="what became of every captured second, stream by stream"
    )
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Shows; status 1 when a ledger that was asked for does not balance."""
    return with_hub(args.home, lambda hub: _ledger(hub, args.json) if args.ledger else _status(hub, args.json))


async def _status(hub: "Companion", as_data: bool) -> int:
    from sotto_hub.surfaces.jsonform import as_json

    status = await hub.status()
    if as_data:
        say_json(as_json(status))
    else:
        say(*status_lines(status, hub.address, time.time_ns()))
    return 0


async def _ledger(hub: "Companion", as_data: bool) -> int:
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.ledger import balanced, ledger_lines, unaccounted_ns

    rows = await hub.ledger()
    if as_data:
        say_json(
            {**as_json(row), "unaccounted_ns": (gap := unaccounted_ns(row)), "balanced": not gap} for row in rows
        )
    else:
        names = {device.device_id: device.name for device in (await hub.status()).devices}
        say(*ledger_lines(rows, names))
    return 0 if balanced(rows) else 1


def status_lines(status: "pb.StatusReply", address: str, now_ns: int) -> Iterator[str]:
    """The status as it is read (pure). `now_ns`: wall clock."""
    from sotto_hub.surfaces.lines import count
    from sotto_hub.surfaces.localtime import day_clock, zone_of

    zone = zone_of(status.timezone)
    yield f"hub        {status.hub_id} at {address}, version {status.version}"
    yield f"data       {status.home}"
    kept = (count(status.utterances, "utterance"), count(status.memories, "memory", "memories"))
    yield f"kept       {', '.join(kept)}, {count(status.suggestions, 'suggestion')}"
    heard = day_clock(status.watermark_ns, zone) if status.watermark_ns else "nothing yet"
    yield f"understood {heard if not status.watermark_ns else 'until ' + heard}"
    yield from (f"device     {device_line(device, zone, now_ns)}" for device in status.devices)
    if not status.devices:
        yield "device     none is paired: `sotto pair` shows a code for one"
    yield from (f"{rung.ability:<10} {rung_line(rung)}" for rung in status.rungs)


def device_line(device: "pb.DeviceStatus", zone: "tzinfo", now_ns: int) -> str:
    """One device: here or away, what is closed, what it still owes, and how far its clock may be off (pure)."""
    from sotto_hub.surfaces.localtime import day_clock

    parts = ["connected" if device.connected else "away", *_closed(device, zone)]
    if device.heard_until_ns:
        parts.append(f"heard until {day_clock(device.heard_until_ns, zone)}")
    if device.waiting_frames:
        parts.append("1 frame waits" if device.waiting_frames == 1 else f"{device.waiting_frames} frames wait")
    return f"{device.name}: {', '.join([*parts, *_doubts(device, now_ns)])}"


def _closed(device: "pb.DeviceStatus", zone: "tzinfo") -> Iterator[str]:
    from sotto_hub.surfaces.localtime import day_clock
    from sotto_hub.surfaces.sensors import sensor_words

    if device.muted:
        yield "muted" + (f" until {day_clock(device.muted_until_ns, zone)}" if device.muted_until_ns else "")
    elif device.closed:
        yield f"{sensor_words(device.closed)} closed"


def _doubts(device: "pb.DeviceStatus", now_ns: int) -> Iterator[str]:
    """What is still to come, and a clock that is far off."""
    from sotto_hub.surfaces.backlog import still_owed_ns
    from sotto_hub.surfaces.duration import say_duration

    if owed_ns := still_owed_ns(device.owed_ns, device.heard_until_ns, now_ns):
        yield f"{say_duration(owed_ns)} still to come"
    if device.clock_error_ns >= DOUBTFUL_NS:
        yield f"its clock may be off by {say_duration(device.clock_error_ns)}"


def rung_line(rung: "pb.Rung") -> str:
    """What serves an ability now, and how to climb (pure)."""
    if not rung.better:
        return rung.rung
    return f"{rung.rung}; better: {rung.better}" + (f", with `{rung.climb}`" if rung.climb else "")
