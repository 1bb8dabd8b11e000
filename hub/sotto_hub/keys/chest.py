"""HOME/keys on the disk: the vault, and how it is opened, made, taken over from plain files, and locked anew.

Upstream: settings say where the master key should lie. Downstream: the authority reads its parts. Every change
writes the new vault whole under its own name before anything of the old one goes, so that a change broken off at
any instant leaves a vault that opens with the lock that it names.
"""

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sotto_hub.errors import HomeError, UsageError
from sotto_hub.home import sync_folder
from sotto_hub.keys import ring
from sotto_hub.keys.asking import Asking
from sotto_hub.keys.passphrase import Costs
from sotto_hub.keys.vault import KEY_BYTES, Lock, Place, Vault, WrongKey
from sotto_proto.credentials import write_private

LOG: Final = logging.getLogger("sotto.keys")
PARTS: Final = ("authority.key", "authority.pem", "database.key", "sealing.key")
_PLAIN: Final = (*PARTS, "hub.key", "hub.pem")
_VAULT: Final = "vault"
_MASTER: Final = "master.key"

Secrets = dict[str, bytes]


class Chest:
    """The keys of one home. `wanted`: "auto", or the name of a `Place`."""

    def __init__(self, folder: Path, wanted: str = "file", asking: Asking | None = None) -> None:
        self._folder = folder
        self._wanted = wanted
        self._asking = asking or Asking()

    def open(self, make: Callable[[], Secrets], check: Callable[[Secrets], object]) -> Secrets:
        """The secrets; on the first start those that `make` gives. `check` raises `ValueError` for what is damaged.

        Raises `HomeError`: `keys` (unreadable or damaged), `passphrase`, `passphrase_needed`, `keyring`,
        `keys_place`.
        """
        try:
            vault = (self._folder / _VAULT).exists()
            found = self._opened() if vault else self._plain() or make()
            check(found)
            if not vault:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._lock(found, self.fitting(), first=True)
            self._sweep(found)
            return found
        except (ValueError, TypeError) as error:
            raise self._damaged() from error
        except OSError as error:
            raise HomeError(
                "keys", f"the keys in {self._folder} cannot be read or written: {error.strerror}"
            ) from error

    def place(self) -> Place | None:
        """Where the master key lies, if there is a vault. Raises `HomeError` with code `keys`."""
        return self._vault().lock.place if (self._folder / _VAULT).exists() else None

    def fitting(self) -> Place:
        """Where a master key that is to be made belongs: where it was wanted, else in a keyring if there is one."""
        if self._wanted != "auto":
            return Place(self._wanted)
        return Place.KEYRING if ring.has_keyring() else Place.FILE

    def relock(self, place: Place) -> None:
        """Keeps the same secrets under a new master key at `place`. Raises `HomeError`, `UsageError`."""
        if not (self._folder / _VAULT).exists():
            raise HomeError("keys", f"{self._folder} holds no vault yet: it is made when the hub next runs")
        try:
            before = self._vault().lock
            if place is before.place is not Place.PASSPHRASE:
                raise UsageError("keys_place", f"the keys are locked with '{place.value}' already")
            found = self._unsealed()
            self._lock(found, place, first=before.place is not Place.PASSPHRASE)
            self._sweep(found)
        except OSError as error:
            raise HomeError("keys", f"the keys in {self._folder} cannot be written: {error.strerror}") from error
        if before.place is Place.KEYRING:
            ring.drop(before.entry)

    # ---- opening

    def _opened(self) -> Secrets:
        place = self._vault().lock.place
        if self._wanted not in ("auto", place.value):
            raise HomeError(
                "keys_place",
                f"the keys are locked with '{place.value}', the settings want '{self._wanted}': "
                f"run `sotto-hub lock --with {self._wanted}`, or change the setting",
            )
        return self._unsealed()

    def _unsealed(self) -> Secrets:
        vault = self._vault()
        try:
            found = vault.open(self._master(vault.lock))
        except WrongKey as error:
            if vault.lock.place is Place.PASSPHRASE:
                raise HomeError("passphrase", "that passphrase does not open the keys of this hub") from error
            raise self._damaged() from error
        if set(PARTS) - set(found):
            raise self._damaged()
        return found

    def _vault(self) -> Vault:
        try:
            return Vault.read((self._folder / _VAULT).read_bytes())
        except ValueError as error:
            raise self._damaged() from error

    def _damaged(self) -> HomeError:
        return HomeError("keys", f"the keys in {self._folder} are damaged: bring them back from a backup")

    def _plain(self) -> Secrets | None:
        """Keys that an older Sotto left as plain files; `None` when there are none."""
        if not any((self._folder / name).exists() for name in PARTS):
            return None
        return {name: (self._folder / name).read_bytes() for name in PARTS}

    # ---- the master key

    def _master(self, lock: Lock) -> bytes:
        match lock.place:
            case Place.FILE:
                return (self._folder / _MASTER).read_bytes()
            case Place.KEYRING:
                return ring.get(lock.entry)
            case Place.PASSPHRASE:
                assert lock.costs is not None
                return lock.costs.key(self._asking.current())

    def _fresh(self, place: Place, *, first: bool) -> tuple[Lock, bytes]:
        """A new master key, laid where it belongs."""
        if place is Place.PASSPHRASE:
            lock = Lock(place=place, costs=Costs.fresh())
            assert lock.costs is not None
            return lock, lock.costs.key(self._asking.new(first=first))
        master = secrets.token_bytes(KEY_BYTES)
        if place is Place.KEYRING:
            lock = Lock(place=place, entry=secrets.token_hex(8))
            ring.put(lock.entry, master)
            return lock, master
        write_private(self._folder / _MASTER, master)
        sync_folder(self._folder)
        return Lock(place=place), master

    # ---- writing

    def _lock(self, found: Mapping[str, bytes], place: Place, *, first: bool) -> None:
        lock, master = self._fresh(place, first=first)
        write_private(self._folder / _VAULT, Vault.of(found, lock, master).written())
        sync_folder(self._folder)
        LOG.info("locked the keys with %s", place.value)

    def _sweep(self, found: Mapping[str, bytes]) -> None:
        """Removes what the vault has made needless: plain keys it holds, and a master key that is not its own."""
        stale = [name for name in _PLAIN if (self._folder / name).exists()]
        if self._vault().lock.place is not Place.FILE and (self._folder / _MASTER).exists():
            stale.append(_MASTER)
        for name in stale:
            if name in PARTS and (self._folder / name).read_bytes() != found[name]:
                LOG.warning("%s is not the key that the vault holds: left where it is", name)
                continue
            os.unlink(self._folder / name)
        if stale:
            sync_folder(self._folder)
