"""Clients for the hub that this machine knows, with a certificate that is renewed when the hub asks for it.

A hub that does not answer where it was is looked for in the network; only one that proves to be the same is believed.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from sotto_hub.client import Companion, Renewal
from sotto_hub.surfaces.credentials import locate_credentials
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import Unpaired

LOOK_AGAIN_S: Final = 60.0
"""Between two looks around for a hub that does not answer."""


class Reach:
    """One client after the other, each newly connected; looks around first when the last one got no answer."""

    def __init__(self, home: Path | None, read_s: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._read_s = read_s
        self._last: Companion | None = None
        self._looked_s: float | None = None

    async def connect(self) -> Companion:
        """The next client. Raises `NotPaired`."""
        if self._last is not None and not self._last.answered and self._may_look():
            self._looked_s = self._read_s()
            await follow(self._home)
        self._last = reach(self._home)
        return self._last

    def _may_look(self) -> bool:
        return self._looked_s is None or self._read_s() - self._looked_s >= LOOK_AGAIN_S


async def follow(home: Path | None) -> bool:
    """Looks for the hub in the network and keeps its new address; whether it was found elsewhere. Takes seconds.

    A hub on this very machine is where it was, or not running.
    """
    folder, credentials = locate_credentials(home)
    if _is_here(credentials.address):
        return False
    from sotto_proto.discovery import moved_to  # brings multicast DNS: only when the hub is away

    address = await moved_to(credentials)
    if address is None or address == credentials.address:
        return False
    with suppress(OSError):
        credentials.at(address).save_address(folder)
        return True
    return False


def _is_here(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reach(home: Path | None) -> Companion:
    """A client of the nearest hub. Nothing travels before the first request. Raises `NotPaired`."""
    folder, credentials = locate_credentials(home)
    return Companion.connect(credentials, renewal=renewal_in(folder, credentials))


def renewal_in(folder: Path, credentials: Credentials) -> Renewal:
    """What renews these credentials and keeps them in their folder.

    One process at a time, and only if no other has done it since: the hub takes the newest certificate alone.
    """

    async def renew(hub: Companion) -> None:
        with _alone(folder) as is_alone:
            if is_alone and _unchanged(folder, credentials):
                (await hub.renew(credentials)).save_identity(folder)

    return renew


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process renews in this folder, for as long as the context lasts. Raises `OSError`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _unchanged(folder: Path, credentials: Credentials) -> bool:
    try:
        return load_credentials(folder).certificate == credentials.certificate
    except Unpaired:
        return False
