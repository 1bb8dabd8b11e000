"""`sotto mute`: closes the sensors, all or single ones, for a while or until `sotto mute off`."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, span, with_hub
from sotto_hub.surfaces.cli.out import say, say_json
from sotto_hub.surfaces.sensors import SENSORS, sensor_named, sensor_words

if TYPE_CHECKING:
    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    parser = add_command(commands, "mute", run, "Mutes the devices, for a while or until `sotto mute off`.")
    parser.add_argument("switch", nargs="?", choices=("on", "off"), default="on", help="off: listen again")
    parser.add_argument("--for", dest="span", metavar="TIME", help="for so long: 90s, 10m, 2h")
    sensor = "only this one: mic, camera or eyes (repeatable); the others stay as they are"
    parser.add_argument("--sensor", action="append", default=[], type=sensor_named, choices=SENSORS, help=sensor)
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Mutes or unmutes."""
    if args.switch == "off" and args.span:
        raise UsageError("mute", "`sotto mute off` takes no --for: the devices stay on until they are muted again")
    for_ns = span(args.span) if args.span else 0
    return with_hub(args.home, lambda hub: _mute(hub, args.switch == "on", for_ns, args.sensor, args.json))


async def _mute(hub: "Companion", muted: bool, for_ns: int, sensors: Sequence[str], as_data: bool) -> int:
    from sotto_hub.surfaces.hub_facts import names_at
    from sotto_hub.surfaces.jsonform import as_json

    reply = await hub.mute(muted, for_ns=for_ns, sensors=sensors)
    if as_data:
        say_json(as_json(reply))
        return 0
    say(*reply_lines(reply, await names_at(hub), state_words(muted, for_ns, sensors)))
    return 0


def state_words(muted: bool, for_ns: int, sensors: Sequence[str]) -> str:
    """What a device that was reached does now (pure): "muted for 10 min", "camera closed until …", "camera open"."""
    from sotto_hub.surfaces.duration import say_duration

    off = "sotto mute off" + "".join(f" --sensor {sensor}" for sensor in sensors)
    until = f"for {say_duration(for_ns)}" if for_ns else f"until `{off}`"
    if not sensors:
        return f"muted {until}" if muted else "listening"
    return f"{sensor_words(sensors)} {f'closed {until}' if muted else 'open'}"


def reply_lines(reply: "pb.ControlReply", names: Mapping[str, str], state: str) -> list[str]:
    """Which devices have heard it, and which will when they return (pure)."""
    lines = [f"{names.get(device, device)}: {state}" for device in reply.reached]
    lines += [f"{names.get(device, device)}: away, will hear of it when it returns" for device in reply.out_of_reach]
    return lines or ["no device is paired: there is nothing to mute"]
