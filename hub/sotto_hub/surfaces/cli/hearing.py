"""Options that choose the hub's recogniser, for the commands that start a hub of their own."""

import argparse


def add_hearing(parser: argparse.ArgumentParser) -> None:
    """`--engine` and `--model`, as `sotto-hub run` knows them."""
    engines = ("auto", "pocketsphinx", "faster-whisper")
    parser.add_argument("--engine", choices=engines, default="auto", help="the recogniser (default: the best here)")
    parser.add_argument("--model", default="", metavar="NAME", help="a model of the recogniser, or a folder with one")


def hearing_arguments(args: argparse.Namespace) -> tuple[str, ...]:
    """The same as arguments of `sotto-hub run` (pure)."""
    return ("--engine", args.engine, *(("--model", args.model) if args.model else ()))
