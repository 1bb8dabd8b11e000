"""A private file that is written whole or not at all: 0600, beside its place until it is complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sotto_hub.errors import HubError, UsageError


def require_free(path: Path, *, replace: bool) -> None:
    """Says before the work what would stop it after. Raises `UsageError` with code `exists` or `write`."""
    if path.exists() and not path.is_file():
        raise UsageError("write", f"{path} is no file: name one to write to")
    if path.exists() and not replace:
        raise UsageError("exists", f"{path} exists: choose a new file, or say --force to replace it")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        missing = "does not exist" if not path.parent.exists() else "cannot be written to"
        raise UsageError("write", f"the folder {path.parent} {missing}")


@contextmanager
def whole_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file to write into. At the end of the context it is at `path`; after an error there is nothing new.

    Raises `UsageError` as `require_free`, `HubError` with code `write` when it cannot be written.
    """
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        require_free(path, replace=replace)
        draft.replace(path)
    except OSError as error:
        raise HubError("write", f"{path} cannot be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
