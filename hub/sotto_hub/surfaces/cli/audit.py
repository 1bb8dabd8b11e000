"""`sotto audit`: whom the hub has spoken with, how much, since when, and whom it refused to call."""

import argparse
from typing import TYPE_CHECKING

from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json

if TYPE_CHECKING:
    from sotto_hub.client import Companion


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Shows whom the hub has spoken with, how much and since when, and whom it refused to call."
    parser = add_command(commands, "audit", run, says)
    add_json(parser)
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Shows."""
    return with_hub(args.home, lambda hub: _audit(hub, args.json))


async def _audit(hub: "Companion", as_data: bool) -> int:
    from sotto_hub.surfaces.hub_facts import zone_at
    from sotto_hub.surfaces.jsonform import as_json
    from sotto_hub.surfaces.traffic import audit_lines

    reply = await hub.audit()
    if as_data:
        say_json(as_json(reply))
    else:
        say(*audit_lines(reply, await zone_at(hub)))
    return 0
