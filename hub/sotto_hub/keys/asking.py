"""Where a passphrase comes from: the environment, or a person at a terminal. Never a command line, never a log."""

import sys
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from getpass import getpass
from typing import Final

from sotto_hub.errors import HomeError, UsageError
from sotto_hub.keys.passphrase import Passphrase

PASSPHRASE: Final = "SOTTO_PASSPHRASE"  # noqa: S105  (the name of a variable)
NEW_PASSPHRASE: Final = "SOTTO_NEW_PASSPHRASE"  # noqa: S105  (the name of a variable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Gives the passphrase of today and one to be. `told`, `told_new`: from the environment; empty, not told."""

    told: str = field(default="", repr=False)
    told_new: str = field(default="", repr=False)

    def current(self) -> Passphrase:
        """The one that opens. Raises `HomeError` with code `passphrase_needed` with no one to ask."""
        return Passphrase(text=self.told or _prompt("Passphrase: ", PASSPHRASE))

    def new(self, *, first: bool) -> Passphrase:
        """One to be, asked for twice. `first`: nothing is locked yet, so that `SOTTO_PASSPHRASE` is the new one too.

        Raises `HomeError` (`passphrase_needed`) or `UsageError` (`passphrase_short`, `passphrase_differs`).
        """
        if told := self.told_new or (self.told if first else ""):
            return Passphrase.chosen(told)
        chosen = Passphrase.chosen(_prompt("New passphrase: ", PASSPHRASE if first else NEW_PASSPHRASE))
        if _prompt("Once more: ", NEW_PASSPHRASE) != chosen.text:
            raise UsageError("passphrase_differs", "the two passphrases differ")
        return chosen


def taken_from(environment: MutableMapping[str, str]) -> Asking:
    """What the environment tells, taken out of it: nothing that the hub starts later inherits it."""
    return Asking(told=environment.pop(PASSPHRASE, ""), told_new=environment.pop(NEW_PASSPHRASE, ""))


def _prompt(question: str, variable: str) -> str:
    if not (sys.stdin and sys.stdin.isatty()):
        raise HomeError(
            "passphrase_needed", f"a passphrase is needed: set {variable}, or run this in a terminal to be asked"
        )
    try:
        return getpass(question)
    except EOFError as error:
        raise HomeError("passphrase_needed", "no passphrase was given") from error
