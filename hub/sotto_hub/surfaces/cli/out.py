"""What a command writes: text to standard output, errors as one sentence to standard error."""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sotto_hub.errors import HomeError, HubError

if TYPE_CHECKING:
    from sotto_hub.surfaces.jsonform import Json


def say(*lines: str) -> None:
    """Prints lines, at once. Raises `HomeError` with code `output` when they cannot be written."""
    say_piece("".join(f"{line}\n" for line in lines))


def say_piece(text: str) -> None:
    """Prints a piece of a line, at once. Raises as `say` does; a reader who has left is `BrokenPipeError`."""
    if sys.stdout is None:  # Python's way to say that it was closed from the start
        raise HomeError("output", "there is no standard output to write to")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise HomeError("output", f"standard output cannot be written: {error.strerror}") from error


def discard_output() -> None:
    """Sends what is still buffered nowhere: Python would try to write it again on its way out, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_json(value: "Json | Iterable[Json]") -> None:
    """Prints data as JSON."""
    from sotto_hub.surfaces.jsonform import json_text

    plain = value if isinstance(value, dict | list | str | int | float | bool) or value is None else list(value)
    say(json_text(plain))


def complain(error: HubError) -> int:
    """Says what is wrong in one sentence; returns the exit status."""
    sys.stderr.write(f"sotto: {error.sentence} [{error.code}]\n")
    return error.exit_status
