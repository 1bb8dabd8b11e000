"""`sotto replay`: recorded days through the real programs in simulated time, and what came of it as events."""

import argparse
import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.hearing import add_hearing, hearing_arguments
from sotto_hub.surfaces.cli.options import Subparsers, add_command
from sotto_hub.surfaces.cli.out import say
from sotto_hub.surfaces.cli.stopping import run_stoppable

if TYPE_CHECKING:
    from sotto_hub.surfaces.jsonform import Json


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    says = "Lives recorded days as fast as the machine can and writes what was heard, kept, offered and answered."
    parser = add_command(commands, "replay", run, says)
    parser.add_argument("days", nargs="+", type=Path, metavar="DAY", help="folders with recorded days, in order")
    parser.add_argument("--home", type=Path, required=True, metavar="DIR", help="data folder; kept and continued")
    parser.add_argument("--events", type=Path, required=True, metavar="FILE", help="where the events go, JSON lines")
    parser.add_argument("--questions", action="store_true", help="ask the gold questions at their time")
    words = "heard: what the recogniser makes of the sound (default); gold: the words that were said"
    parser.add_argument("--words", choices=("heard", "gold"), default="heard", help=words)
    add_hearing(parser)


def run(args: argparse.Namespace) -> int:
    """Replays; status 1 when the ledger does not balance."""
    from sotto_hub.surfaces.examination.day import read_day
    from sotto_hub.surfaces.examination.examiner import examine, gold_words, plan_days
    from sotto_hub.surfaces.ledger import balanced, verdict

    plans = plan_days([read_day(folder) for folder in args.days], questions=args.questions)
    require_writable(args.events)
    with ExitStack() as stack:
        days = [plan.day for plan in plans]
        hear = stack.enter_context(gold_words(days)) if args.words == "gold" else hearing_arguments(args)
        result = run_stoppable(examine(plans, args.home, hear=hear, say=say))
    write_events(args.events, result.events)
    say(f"ledger: {verdict(result.ledger)}", f"{len(result.events)} events in {args.events}")
    return 0 if balanced(result.ledger) else 1


def require_writable(path: Path) -> None:
    """Finds out before the work whether the events can be written. Raises `UsageError` with code `events`."""
    try:
        existed = path.exists()
        with path.open("a", encoding="utf-8"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise UsageError("events", f"the events cannot be written to {path}: {error.strerror}") from None


def write_events(path: Path, events: "Sequence[dict[str, Json]]") -> None:
    """Writes the events whole, readable by nobody else: they hold what was said."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
    draft.replace(path)
