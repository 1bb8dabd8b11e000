"""`sotto mute`: closes the sensors, for a while or until `sotto mute off`."""

import argparse
from typing import TYPE_CHECKING

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, span, with_hub
from sotto_hub.surfaces.cli.out import say, say_json

if TYPE_CHECKING:
    from sotto_hub.client import Companion
    from sotto_proto.v1 import companion_pb2 as pb


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    parser = add_command(commands, "mute", run, "Mutes the devices, for a while or until `sotto mute off`.")
    parser.add_argument("switch", nargs="?", choices=("on", "off"), default="on", help="off: listen again")
    parser.add_argument("--for", dest="span", metavar="TIME", help="for so long: 90s, 10m, 2h")
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Mutes or unmutes."""
    if args.switch == "off" and args.span:
        raise UsageError("mute", "`sotto mute off` takes no --for: the devices stay on until they are muted again")
    for_ns = span(args.span) if args.span else 0
    return with_hub(args.home, lambda hub: _mute(hub, args.switch == "on", for_ns, args.json))


async def _mute(hub: "Companion", muted: bool, for_ns: int, as_data: bool) -> int:
    from sotto_hub.surfaces.jsonform import as_json

    reply = await hub.mute(muted, for_ns=for_ns)
    if as_data:
        say_json(as_json(reply))
        return 0
    names = {device.device_id: device.name for device in (await hub.status()).devices}
    say(*reply_lines(reply, names, muted, for_ns))
    return 0


def reply_lines(reply: "pb.ControlReply", names: dict[str, str], muted: bool, for_ns: int) -> list[str]:
    """Which devices have heard it, and which will when they return (pure)."""
    from sotto_hub.surfaces.duration import say_duration

    state = f"muted {f'for {say_duration(for_ns)}' if for_ns else 'until `sotto mute off`'}" if muted else "listening"
    lines = [f"{names.get(device, device)}: {state}" for device in reply.reached]
    lines += [f"{names.get(device, device)}: away, will hear of it when it returns" for device in reply.out_of_reach]
    return lines or ["no device is paired: there is nothing to mute"]
