"""`sotto backup`: the whole home in one file, sealed with a passphrase."""

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sotto_hub.errors import HubError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, with_hub
from sotto_hub.surfaces.cli.out import say
from sotto_hub.surfaces.cli.prompt import new_passphrase
from sotto_hub.surfaces.whole_file import require_free, whole_file

if TYPE_CHECKING:
    from sotto_hub.client import Companion


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Writes everything the hub holds into one file, sealed with a passphrase (SOTTO_PASSPHRASE, or asked for)."
    parser = add_command(commands, "backup", run, says)
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file; whole or not at all, for your eyes only")
    parser.add_argument("--force", action="store_true", help="replace FILE when it exists")
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Asks for the passphrase, then writes."""
    require_free(args.file, replace=args.force)
    passphrase = new_passphrase("the backup")
    return with_hub(args.home, lambda hub: _backup(hub, args.file, passphrase, args.force))


async def _backup(hub: "Companion", path: Path, passphrase: str, force: bool) -> int:
    from sotto_hub.surfaces.amounts import say_bytes

    size = 0
    with whole_file(path, replace=force) as file:
        async for piece in hub.backup(passphrase):
            await asyncio.to_thread(file.write, piece)
            size += len(piece)
        if not size:
            raise HubError("backup", "the hub sent an empty backup: nothing was written")
    say(
        f"{path} holds everything, sealed: {say_bytes(size)}",
        f"to bring it back: sotto-hub restore {path} --home DIR",
        "without the passphrase nobody can open it, and it cannot be found again",
    )
    return 0
