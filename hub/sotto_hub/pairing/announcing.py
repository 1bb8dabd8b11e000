"""Keeps the hub announced in its network, for as long as it runs and wherever its machine moves.

Only a hub that others can reach is announced: one that listens on loopback alone stays silent.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sotto_hub.pairing.addresses import announced_addresses
from sotto_proto.discovery import Interfaces, announced

LOG: Final = logging.getLogger("sotto.discovery")
LOOK_S: Final = 30.0
"""How often the machine's own addresses are looked at again: a router may give it others."""


@asynccontextmanager
async def announcing(hub_id: str, host: str, port: int, *, discoverable: bool) -> AsyncIterator[None]:
    """Announces a hub that listens at `host` for as long as the context lasts, if its keeper wants that."""
    if not discoverable:
        yield
        return
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(keep_announced(hub_id, port, lambda: announced_addresses(host)))
        try:
            yield
        finally:
            task.cancel()


async def keep_announced(
    hub_id: str,
    port: int,
    hosts: Callable[[], Sequence[str]],
    interfaces: Interfaces = None,
    look_s: float = LOOK_S,
) -> None:
    """Announces the hub at the hosts that `hosts` gives, anew when they change. Runs until it is cancelled.

    Without a network, or where the hub may not multicast, it tries again at the next look: said once in the log.
    """
    said = False
    while True:
        try:
            here = tuple(hosts())
            if here:
                async with announced(hub_id, port, here, interfaces):
                    LOG.info("announced at %d addresses", len(here))
                    said = False
                    await _until_changed(here, hosts, look_s)
            else:
                await _until_changed(here, hosts, look_s)
        except OSError as error:
            if not said:
                LOG.warning("The hub cannot announce itself in this network (%s).", error.strerror)
            said = True
            await asyncio.sleep(look_s)


async def _until_changed(here: tuple[str, ...], hosts: Callable[[], Sequence[str]], look_s: float) -> None:
    while tuple(hosts()) == here:  # noqa: ASYNC110  (the machine announces no change of its addresses)
        await asyncio.sleep(look_s)
