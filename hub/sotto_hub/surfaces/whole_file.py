"""A private file that is written whole or not at all: 0600, beside its place until it is complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from sotto_hub.errors import HubError, UsageError

BACKUP: Final = b"SOTTOBAK"
"""What every backup begins with: nothing else is replaced, however much it is asked for."""


def require_free(path: Path, *, replace: bool) -> None:
    """Says before the work what would stop it after. Raises `UsageError` with code `exists` or `write`."""
    if path.exists() and not path.is_file():
        raise UsageError("write", f"{path} is no file: name one to write to")
    if path.exists() and not replace:
        raise UsageError("exists", f"{path} exists: choose a new file, or say --force to replace it")
    if path.exists() and not _is_backup(path):
        raise UsageError("exists", f"{path} is no backup: --force replaces only an older one; choose a new file")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        missing = "does not exist" if not path.parent.exists() else "cannot be written to"
        raise UsageError("write", f"the folder {path.parent} {missing}")


def _is_backup(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(BACKUP)) in (BACKUP, b"")
    except OSError:
        return False


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
