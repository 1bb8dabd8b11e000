"""What a command writes: text to standard output, errors as one sentence to standard error."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sotto_hub.errors import HubError

if TYPE_CHECKING:
    from sotto_hub.surfaces.jsonform import Json


def say(*lines: str) -> None:
    """Prints lines, at once."""
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_piece(text: str) -> None:
    """Prints a piece of a line, at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def say_json(value: "Json | Iterable[Json]") -> None:
    """Prints data as JSON."""
    from sotto_hub.surfaces.jsonform import json_text

    plain = value if isinstance(value, dict | list | str | int | float | bool) or value is None else list(value)
    say(json_text(plain))


def complain(error: HubError) -> int:
    """Says what is wrong in one sentence; returns the exit status."""
    sys.stderr.write(f"sotto: {error.sentence} [{error.code}]\n")
    return error.exit_status
