"""`sotto memory show` and `correct`: one memory laid open, and put into the wearer's own words."""

import argparse
import shutil
from typing import TYPE_CHECKING, Final

from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json, with_hub
from sotto_hub.surfaces.cli.out import say, say_json

if TYPE_CHECKING:
    from sotto_hub.client import Companion

Parser = argparse.ArgumentParser
ID: Final = "as `sotto memory list` shows it"
NARROWEST: Final = 42
WIDEST: Final = 100


def add(actions: "Subparsers[Parser]") -> None:
    """Adds both."""
    showing = add_command(actions, "show", run_show, "Shows why a memory is kept, how it fades and what it rests on.")
    correcting = add_command(actions, "correct", run_correct, "Puts a memory into your own words, which then hold.")
    for parser in (showing, correcting):
        parser.add_argument("id", help=ID)
    correcting.add_argument("words", nargs="+", help="what is right instead")
    for parser in (showing, correcting):
        add_json(parser)
        add_home(parser)


def run_show(args: argparse.Namespace) -> int:
    """Shows one, as wide as the terminal is."""
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)

    async def show(hub: "Companion") -> int:
        from sotto_hub.surfaces.hub_facts import zone_at
        from sotto_hub.surfaces.jsonform import as_json
        from sotto_hub.surfaces.laid_open import INDENT, laid_open

        shown = await hub.show(args.id, columns=width - len(INDENT))
        if args.json:
            say_json(as_json(shown))
        else:
            say(*laid_open(shown, await zone_at(hub), width))
        return 0

    return with_hub(args.home, show)


def run_correct(args: argparse.Namespace) -> int:
    """Corrects, and says which memory stands now."""
    words = " ".join(args.words)

    async def correct(hub: "Companion") -> int:
        from sotto_hub.surfaces.hub_facts import zone_at
        from sotto_hub.surfaces.jsonform import as_json
        from sotto_hub.surfaces.lines import memory_text

        memory = await hub.edit(args.id, text=words)
        if args.json:
            say_json(as_json(memory))
        else:
            say(f"{memory.id}  {memory_text(memory, await zone_at(hub))}")
        return 0

    return with_hub(args.home, correct)
