"""`sotto models`: recogniser models that are here, and fetching one; nothing is fetched before a person agrees."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.options import Subparsers, add_command, add_home, add_json
from sotto_hub.surfaces.cli.out import say, say_json, say_piece
from sotto_hub.surfaces.place import hub_home

if TYPE_CHECKING:
    from sotto_hub.models import Model
    from sotto_hub.surfaces.jsonform import Json


def add(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Adds the command and its two parts."""
    says = "Lists recogniser models and fetches one."
    actions = commands.add_parser("models", help="lists recogniser models and fetches one", description=says)
    parts = actions.add_subparsers(required=True, dest="action")
    listing = add_command(parts, "list", run_list, "Lists the models there are and which are here.")
    add_json(listing)
    pulling = add_command(parts, "pull", run_pull, "Fetches a model, after saying its size and source and asking.")
    pulling.add_argument("name", help="a name that `sotto models list` shows")
    pulling.add_argument("--yes", action="store_true", help="do not ask")
    for parser in (listing, pulling):
        add_home(parser)


def models_folder(home: Path | None) -> Path:
    """Where the hub of this home looks for models."""
    return hub_home(home) / "models"


def run_list(args: argparse.Namespace) -> int:
    """Lists."""
    from sotto_hub.models import CATALOGUE, installed

    folder = models_folder(args.home)
    here = set(installed(folder))
    if args.json:
        say_json(_data(model, model.name in here) for model in CATALOGUE)
    else:
        say(*(_line(model, model.name in here) for model in CATALOGUE))
        say(f"folder: {folder}")
    return 0


def run_pull(args: argparse.Namespace) -> int:
    """Says what would be fetched, asks, and only then fetches."""
    from sotto_hub.models import plan, pull

    folder = models_folder(args.home)
    agreed = plan(args.name, folder)
    say(agreed.sentence)
    if agreed.present:
        return 0
    if not args.yes and not _agreed():
        say("nothing was fetched")
        return 1
    path = pull(args.name, folder, _progress if sys.stdout.isatty() else None)
    say(f"{args.name} is in {path}; restart the hub to use it")
    return 0


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("confirm", "this reaches beyond this machine and nobody can be asked here: say --yes")
    say_piece("Fetch it? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _progress(done: int, whole: int) -> None:
    end = "\n" if done >= whole else ""
    say_piece(f"\r{done / 1e6:8.1f} of {whole / 1e6:.1f} MB{end}")


def _line(model: "Model", here: bool) -> str:
    mark = "here" if here else ""
    return f"{model.name:<18}{model.size_mb:>6} MB  {mark:<5} {model.licence}, {model.languages}"


def _data(model: "Model", here: bool) -> "dict[str, Json]":
    return {"name": model.name, "size_mb": model.size_mb, "here": here, "repository": model.repository}
