"""The device's bond with its hub: its credentials while the daemon runs, renewed when the hub asks, and followed when
the hub has moved.

Upstream: what pairing left in the device's folder. Downstream: the uplink, which connects with whatever is good now.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import grpc
import grpc.aio

from sotto_proto.credentials import Credentials
from sotto_proto.errors import LinkError
from sotto_proto.secure import secure_channel

LOG: Final = logging.getLogger("sotto.bond")
LOOK_AGAIN_S: Final = 60.0
"""Between two looks around for a hub that does not answer."""


class Bond:
    """One device and its hub. `interfaces`: addresses of the networks to look in; `None`: all."""

    def __init__(
        self,
        folder: Path,
        credentials: Credentials,
        *,
        interfaces: Sequence[str] | None = None,
        read_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.credentials = credentials
        self._folder = folder
        self._interfaces = interfaces
        self._read_s = read_s
        self._looked_s: float | None = None

    def connect(self) -> grpc.aio.Channel:
        """A channel to where the hub was last, with the newest certificate. Nothing travels yet."""
        return secure_channel(self.credentials)

    async def renew(self, stub: Any) -> bool:
        """Gets and keeps a fresh certificate, for the next connection. False, and a line in the log, if it fails."""
        from sotto_proto.signing import renewed  # brings the certificate library: once in ninety days

        try:
            fresh = await renewed(self.credentials, stub)
            await asyncio.to_thread(fresh.save_identity, self._folder)
        except (LinkError, grpc.aio.AioRpcError, OSError) as error:
            LOG.warning("The certificate could not be renewed (%s); the old one stays good.", type(error).__name__)
            return False
        self.credentials = fresh.at(self.credentials.address)
        return True

    async def found(self) -> str | None:
        """The new address of a hub that has moved; `None` when it was not found, or looked for just now.

        Only a hub that proves to be the one this device is paired with is believed, and its address kept.
        """
        if self._looked_s is not None and self._read_s() - self._looked_s < LOOK_AGAIN_S:
            return None
        self._looked_s = self._read_s()
        from sotto_proto.discovery import moved_to  # brings multicast DNS: only when the hub is away

        address = await moved_to(self.credentials, self._interfaces)
        if address is None or address == self.credentials.address:
            return None
        self.credentials = self.credentials.at(address)
        try:
            await asyncio.to_thread(self.credentials.save_address, self._folder)
        except OSError as error:
            LOG.warning("The hub's new address could not be written down (%s).", error.strerror)
        LOG.warning("The hub has moved to %s.", address)
        return address
