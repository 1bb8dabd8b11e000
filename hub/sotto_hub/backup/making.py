"""Makes a backup of a running hub: one at a time, a chunk at a time, without holding anything up.

Upstream: the hub's home and its authority. Downstream: `Companion.Backup`, which sends the pieces on.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sotto_hub.backup.archive import ABOUT, About, end, part
from sotto_hub.backup.sealed import CHUNK, Seal, sealed
from sotto_hub.backup.snapshot import Snapshot
from sotto_hub.errors import HomeError, UsageError
from sotto_hub.keys.passphrase import Costs, Passphrase
from sotto_hub.keys.vault import Lock, Place, Vault
from sotto_hub.pairing.authority import Authority

DATABASES: Final = ("hub.db", "memory.db")
SETTINGS: Final = "sotto.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What a backup is made of. `clock`: Unix ns."""

    folder: Path
    authority: Authority
    version: str
    clock: Callable[[], int]


class Backups:
    """Makes backups of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._under_way: Snapshot | None = None

    def give_up(self) -> None:
        """Ends a backup under way, for something is about to be erased."""
        if self._under_way:
            self._under_way.give_up()

    async def pieces(self, text: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a backup under a passphrase, at most a chunk each.

        Raises `UsageError` (`passphrase_short`, `backup_busy`, `backup_erased`) or `HomeError` (`backup_write`).
        """
        passphrase = Passphrase.chosen(text)
        if self._under_way:
            raise UsageError("backup_busy", "a backup is being made already: wait until it is done")
        try:
            with TemporaryDirectory(prefix="backup-", dir=_drafts(self._home.folder)) as drafts:
                sources = [self._home.folder / name for name in DATABASES]
                snapshot = Snapshot(sources, self._home.authority.database_key, Path(drafts))
                async for piece in self._made(snapshot, passphrase):
                    yield piece
        except OSError as error:
            raise HomeError("backup_write", f"the backup cannot be made: {error.strerror}") from error
        finally:
            self._under_way = None

    async def _made(self, snapshot: Snapshot, passphrase: Passphrase) -> AsyncIterator[bytes]:
        self._under_way = snapshot
        about = About(
            sotto=self._home.version, hub_id=self._home.authority.hub_id, made_ns=self._home.clock()
        ).written()
        snapshot.pin()
        try:
            copies = await asyncio.shield(asyncio.ensure_future(asyncio.to_thread(snapshot.copy)))
        except asyncio.CancelledError:
            snapshot.give_up()  # the thread is told, and lets go, before the folder that it writes to goes
            raise
        pieces = _written(about, self._home, copies, passphrase)
        while piece := await asyncio.to_thread(_next, pieces, snapshot):
            yield piece


def _next(pieces: Iterator[bytes], snapshot: Snapshot) -> bytes | None:
    """The next piece; none is given out once something was erased, which takes the copies away too."""
    try:
        return next(pieces, None)
    finally:
        snapshot.check()


def _written(about: bytes, home: Home, copies: list[Path], passphrase: Passphrase) -> Iterator[bytes]:
    lock = Lock(place=Place.PASSPHRASE, costs=Costs.fresh())
    assert lock.costs is not None
    vault = Vault.of(home.authority.parts, lock, lock.costs.key(passphrase)).written()
    small = {ABOUT: about, "vault": vault}
    if (home.folder / SETTINGS).exists():
        small[SETTINGS] = (home.folder / SETTINGS).read_bytes()
    yield from sealed(Seal.fresh(passphrase), _parts(small, copies))


def _parts(small: dict[str, bytes], files: list[Path]) -> Iterator[bytes]:
    for name, content in small.items():
        yield from part(name, len(content), [content])
    for path in files:
        with path.open("rb") as file:
            yield from part(path.name, os.fstat(file.fileno()).st_size, iter(partial(file.read, CHUNK), b""))
    yield end()


def _drafts(home: Path) -> Path:
    folder = home / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
