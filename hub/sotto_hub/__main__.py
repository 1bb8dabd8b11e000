"""`sotto-hub`: the daemon at home. Starts light: nothing heavy is imported before the arguments are understood."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from sotto_hub.errors import HubError
from sotto_hub.settings import DEFAULT_LISTEN, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives the exit status. A failure is one sentence on stderr."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked)
    except HubError as error:
        sys.stderr.write(f"sotto-hub: {error}\n")
        return error.exit_status


def _run(asked: argparse.Namespace) -> int:
    names = ("home", "listen", "engine", "model", "language", "timezone")
    settings = read_settings({name: getattr(asked, name) for name in names}, os.environ)
    logging.basicConfig(level=asked.log.upper(), format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    from sotto_hub.daemon import run

    run(settings, _announce)
    return 0


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sotto-hub", description="The hub of Sotto: it hears, remembers, suggests.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="run the hub until it is told to stop (SIGTERM, Ctrl-C)")
    run.add_argument("--home", metavar="DIR", help="where its data lies ($SOTTO_HOME, or ~/.local/share/sotto)")
    run.add_argument(
        "--listen", metavar="HOST:PORT", help=f"where it listens ({DEFAULT_LISTEN}; port 0: any free one)"
    )
    run.add_argument("--engine", help="recogniser: auto, pocketsphinx, faster-whisper or scripted:FILE")
    run.add_argument("--model", metavar="NAME_OR_FOLDER", help="the recogniser's model")
    run.add_argument("--language", help="code of the language that is spoken (en)")
    run.add_argument("--timezone", help="IANA name, until a device brings its own (UTC)")
    run.add_argument(
        "--log", choices=("error", "warning", "info", "debug"), default="warning", help="how much to log"
    )
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"sotto-hub {version('sotto')}\n")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
