"""A backup becomes a home again: into an empty or absent folder, whole or not at all.

Everything is written beside the folder, opened once with its own keys, locked as this machine's settings say, and
only then renamed into place.
"""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import rmtree
from typing import BinaryIO, Final

from sotto_hub.backup.archive import About, Parts
from sotto_hub.backup.sealed import damaged, opened
from sotto_hub.errors import HomeError, HubError, UsageError
from sotto_hub.home import sync_folder
from sotto_hub.keys.asking import Asking
from sotto_hub.keys.chest import Chest
from sotto_hub.keys.vault import Place
from sotto_hub.pairing.authority import Authority
from sotto_hub.store.database import open_database
from sotto_memory import Memory, SottoMemoryError

_PLACES: Final = {"vault": "keys/vault"}


def restore(backup: Path, home: Path, asking: Asking, wanted: Callable[[Path], str]) -> About:
    """Makes `home` what the backup holds. `wanted`: where the keys shall lie, told once its settings are back.

    Raises `UsageError` (`restore_home`, `backup_…`, `passphrase…`) or `HomeError` (`restore_write`, and all that
    opening a home raises); then nothing was made.
    """
    _require_empty(home)
    passphrase = asking.current()
    draft = home.with_name(f".{home.name}.restoring")
    try:
        rmtree(draft, ignore_errors=True)
        (draft / "keys").mkdir(mode=0o700, parents=True)
        draft.chmod(0o700)
        with _opening(backup) as file:
            parts = Parts(opened(file, passphrase))
            about = parts.about()
            for name, _ in parts:
                _write(draft / _PLACES.get(name, name), parts)
        _verify(draft, about, Asking(told=passphrase.text))
        _relock(draft / "keys", wanted(draft), Asking(told=passphrase.text))
        sync_folder(draft)
        draft.rename(home)
        sync_folder(home.parent)
        return about
    except OSError as error:
        raise HomeError("restore_write", f"{home} cannot be restored to: {error.strerror}") from error
    finally:
        rmtree(draft, ignore_errors=True)


def _require_empty(home: Path) -> None:
    try:
        if home.exists() and (not home.is_dir() or any(home.iterdir())):
            raise UsageError(
                "restore_home", f"{home} is not empty: restore to a folder that is empty or not there yet"
            )
        home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError("restore_write", f"{home} cannot be restored to: {error.strerror}") from error


def _opening(backup: Path) -> BinaryIO:
    try:
        return backup.open("rb")
    except OSError as error:
        raise UsageError("backup_read", f"{backup} cannot be read: {error.strerror}") from error


def _write(path: Path, parts: Parts) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in parts.content():
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _verify(home: Path, about: About, asking: Asking) -> None:
    """Opens everything once, with the keys that came with it: what does not open is not restored."""
    try:
        authority = Authority.open(home / "keys", "passphrase", asking)
        with closing(open_database(home / "hub.db", authority.database_key)) as db:
            sound = db.execute("pragma quick_check").fetchone()[0] == "ok"
        Memory.open(home / "memory.db", key=authority.database_key).close()
    except (HubError, SottoMemoryError) as error:
        newer = error.code.endswith("newer")
        raise UsageError("backup_newer", error.sentence) if newer else damaged(error.code) from error
    if not sound or authority.hub_id != about.hub_id:
        raise damaged("its parts do not belong together")


def _relock(keys: Path, wanted: str, asking: Asking) -> None:
    chest = Chest(keys, wanted, asking)
    if (place := chest.fitting()) is not Place.PASSPHRASE:
        chest.relock(place)
