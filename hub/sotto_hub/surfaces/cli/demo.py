"""`sotto demo`: the whole product in a minute, on this machine alone, with nothing left behind."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sotto_hub.errors import HubError
from sotto_hub.surfaces.cli.hearing import add_hearing, hearing_arguments
from sotto_hub.surfaces.cli.options import Subparsers, add_command
from sotto_hub.surfaces.cli.out import say
from sotto_hub.surfaces.cli.stopping import run_stoppable

if TYPE_CHECKING:
    from sotto_hub.surfaces.summary import Outcome


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Lives a recorded day with a real hub and a real device in a throw-away home, and sums it up."
    parser = add_command(commands, "demo", run, says)
    parser.add_argument(
        "--pace",
        choices=("fast", "real"),
        default="fast",
        help="real: as it was, but without long rests",
    )
    parser.add_argument("--plain", action="store_true", help="plain lines even on a terminal")
    parser.add_argument("--keep", action="store_true", help="keep the data folder to look into")
    add_hearing(parser)


def run(args: argparse.Namespace) -> int:
    """Shows the demo; status 1 when nothing was heard or the ledger does not balance."""
    from sotto_hub.surfaces.cli.tui import show_day
    from sotto_hub.surfaces.demo import DemoOptions, run_demo, throw_away_home

    screen = None if args.plain or not sys.stdout.isatty() else show_day
    options = DemoOptions(pace=args.pace, hear=hearing_arguments(args), screen=screen)
    with throw_away_home(args.keep) as home:
        say(f"a hub and a device start in {home}, on this machine alone")
        outcome = run_stoppable(run_demo(home, options, say))
        say("", *_end(outcome, home, args.keep))
    if outcome.failures:
        raise HubError("demo", f"the demo failed: {' and '.join(outcome.failures)}")
    return 0


def _end(outcome: "Outcome", home: Path, keep: bool) -> list[str]:
    from sotto_hub.surfaces.summary import summary_lines

    kept = f"{home}; look with `sotto-hub run --home {home}`" if keep else f"{home}, removed now (--keep leaves it)"
    return [*summary_lines(outcome), f"data       {kept}"]
