"""What a command asks a person at a terminal: a yes before something goes for good, a new passphrase."""

import os
import sys
from typing import Final

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.out import say_piece

FROM_ENVIRONMENT: Final = "SOTTO_PASSPHRASE"


def agreed(question: str) -> bool:
    """Whether the person says yes. Raises `UsageError` with code `confirm` where nobody can be asked."""
    somebody_to_ask()
    say_piece(f"{question} [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def somebody_to_ask() -> None:
    """Raises `UsageError` with code `confirm` where nobody can be asked: for whoever has something to show first."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("confirm", "this cannot be undone and nobody can be asked here: say --yes")


def new_passphrase(what: str) -> str:
    """A passphrase from SOTTO_PASSPHRASE, else typed twice and not shown. `what` it is for: "the backup".

    Raises `UsageError` with code `passphrase` when there is none, or the two are not the same.
    """
    given = os.environ.get(FROM_ENVIRONMENT, "")
    if given:
        return given
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "passphrase", f"{what} needs a passphrase and nobody can be asked here: set {FROM_ENVIRONMENT}"
        )
    return _typed_twice(what)


def _typed_twice(what: str) -> str:
    from getpass import getpass

    try:
        first = getpass(f"Passphrase for {what}: ")
        if not first:
            raise UsageError("passphrase", f"{what} needs a passphrase: nothing was typed")
        again = getpass("The same again: ")
    except EOFError:
        raise UsageError("passphrase", f"{what} needs a passphrase: nothing was typed") from None
    if first != again:
        raise UsageError("passphrase", "the two passphrases are not the same: nothing was done")
    return first
