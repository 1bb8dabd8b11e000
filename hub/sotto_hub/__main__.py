"""`sotto-hub`: the daemon at home. Starts light: nothing heavy is imported before the arguments are understood."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sotto_hub.errors import HubError
from sotto_hub.settings import DEFAULT_LISTEN, KEYS, Settings, read_settings

_NAMES: Final = ("home", "listen", "engine", "model", "language", "timezone", "keys")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives the exit status. A failure is one sentence on stderr."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=asked.log.upper(), format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    command: Callable[[argparse.Namespace], int] = asked.command
    try:
        return command(asked)
    except HubError as error:
        sys.stderr.write(f"sotto-hub: {error}\n")
        return error.exit_status


def _run(asked: argparse.Namespace) -> int:
    """The guard stands before anything is imported that could open a connection."""
    from sotto_hub.egress.guard import install
    from sotto_hub.egress.policy import Policy, is_loopback

    settings = _settings(asked)
    discovery = settings.discoverable and not is_loopback(settings.host)
    guard = install(Policy.of(settings.allow, discovery=discovery))
    from sotto_hub.daemon import Around, run
    from sotto_hub.keys.asking import taken_from

    around = Around(guard=guard, asking=taken_from(os.environ), with_parent=asked.with_parent)
    run(settings, _announce, around)
    return 0


def _lock(asked: argparse.Namespace) -> int:
    from sotto_hub.home import locked
    from sotto_hub.keys.asking import taken_from
    from sotto_hub.keys.chest import Chest
    from sotto_hub.keys.vault import Place

    home = _settings(asked).home
    with locked(home):
        Chest(home / "keys", "auto", taken_from(os.environ)).relock(Place(asked.to))
    _announce(f"the keys of {home} are locked with {asked.to} from now on")
    return 0


def _restore(asked: argparse.Namespace) -> int:
    from sotto_hub.backup.restoring import restore
    from sotto_hub.keys.asking import taken_from

    home = _settings(asked).home
    about = restore(asked.file, home, taken_from(os.environ), lambda draft: _settings(asked, draft).keys)
    _announce(f"{home} is hub {about.hub_id} again, as it was when the backup was made")
    return 0


def _settings(asked: argparse.Namespace, home: Path | None = None) -> Settings:
    told = {name: getattr(asked, name, None) for name in _NAMES}
    return read_settings({**told, "home": str(home)} if home else told, os.environ)


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sotto-hub", description="The hub of Sotto: it hears, remembers, suggests.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="run the hub until it is told to stop (SIGTERM, Ctrl-C)")
    _add_run(run)
    _add_common(run, _run)
    lock = commands.add_parser("lock", help="change what the hub's keys are locked with (the hub must be stopped)")
    lock.add_argument(
        "--with",
        dest="to",
        required=True,
        choices=[place for place in KEYS if place != "auto"],
        help="the system's keyring, a file that only you may read, or a passphrase "
        "(SOTTO_PASSPHRASE today's, SOTTO_NEW_PASSPHRASE the new one, or you are asked)",
    )
    _add_common(lock, _lock)
    restore = commands.add_parser("restore", help="make a home of a backup, in a folder that is empty or not there")
    restore.add_argument("file", type=Path, metavar="FILE", help="what `sotto backup` wrote")
    restore.add_argument("--keys", metavar="WHERE", help="where its keys shall lie: auto, keyring, file, passphrase")
    _add_common(restore, _restore)
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument(
        "--listen", metavar="HOST:PORT", help=f"where it listens ({DEFAULT_LISTEN}; port 0: any free one)"
    )
    run.add_argument("--engine", help="recogniser: auto, pocketsphinx, faster-whisper or scripted:FILE")
    run.add_argument("--model", metavar="NAME_OR_FOLDER", help="the recogniser's model")
    run.add_argument("--language", help="code of the language that is spoken (en)")
    run.add_argument("--timezone", help="IANA name, until a device brings its own (UTC)")
    run.add_argument(
        "--keys", metavar="WHERE", help="where a new hub's keys lie: auto, keyring, file or passphrase (auto)"
    )
    run.add_argument("--with-parent", action="store_true", help="stop when standard input closes")


def _add_common(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], int]) -> None:
    parser.set_defaults(command=command)
    parser.add_argument("--home", metavar="DIR", help="where its data lies ($SOTTO_HOME, or ~/.local/share/sotto)")
    parser.add_argument(
        "--log", choices=("error", "warning", "info", "debug"), default="warning", help="how much to log"
    )


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"sotto-hub {version('sotto')}\n")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
