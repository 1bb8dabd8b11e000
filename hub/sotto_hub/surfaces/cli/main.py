"""`sotto`: everything a person types. Parses, runs one command, says what is wrong in one sentence."""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from sotto_hub.errors import HubError, UsageError
from sotto_hub.surfaces.cli import (
    ask,
    audit,
    backup,
    demo,
    devices,
    doctor,
    forget,
    memory,
    models,
    mute,
    pair,
    replay,
    status,
    tui,
)
from sotto_hub.surfaces.cli.out import complain, discard_output

INTERRUPTED = 130
_COMMANDS = (
    *(demo, tui, ask, status, mute, forget, memory),
    *(pair, devices, audit, backup),
    *(doctor, models, replay),
)


def parser() -> argparse.ArgumentParser:
    """All commands. Nothing heavy is imported before one of them runs."""
    says = "A private companion that you wear: it hears your day, remembers what matters and speaks up rarely."
    root = argparse.ArgumentParser(prog="sotto", description=says)
    commands = root.add_subparsers(required=True, dest="command")
    for command in _COMMANDS:
        command.add(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0, that of `sotto_hub.errors`, or 130 when interrupted."""
    _print_anywhere()
    args = parser().parse_args(argv)
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # a person gets our sentence, not the library's log
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        discard_output()  # the reader has left: nobody is there for the rest
        return 0
    except UnicodeEncodeError:  # printing never raises it, so it was an argument on its way to the hub
        return complain(UsageError("text", "an argument holds bytes that are not UTF-8 text"))
    except HubError as error:
        return complain(error)
    except BaseExceptionGroup as group:
        return complain(_first_of_ours(group))


def _print_anywhere() -> None:
    """A terminal whose encoding lacks a character gets a stand-in for it, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _first_of_ours(group: BaseExceptionGroup[BaseException]) -> HubError:
    """The first error that is a sentence; a group without one is a fault of the program and goes on."""
    for error in group.exceptions:
        if isinstance(error, HubError):
            return error
        if isinstance(error, BaseExceptionGroup):
            return _first_of_ours(error)
    raise group


if __name__ == "__main__":
    sys.exit(main())
