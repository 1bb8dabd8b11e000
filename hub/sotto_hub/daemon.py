"""The hub as a process: opens the home, wires the rooms, listens, and stops cleanly.

Rooms are opened from the bottom up and closed in reverse; whatever fails on the way says so in one sentence.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sotto_hub import clock
from sotto_hub.errors import HomeError
from sotto_hub.home import locked, prepare_home
from sotto_hub.hub import TIMEZONE, Facts, Hub, Stores
from sotto_hub.listener import choose_port, reachable, serving
from sotto_hub.mind import Mind, MindSettings
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.desk import PairingDesk
from sotto_hub.pairing.keeper import ensure_keeper
from sotto_hub.perception.hear.ears import Ears
from sotto_hub.perception.hear.ladder import load_engine
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.rungs import rungs
from sotto_hub.settings import Settings
from sotto_hub.store.database import open_database
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peers
from sotto_hub.store.suggestions import SuggestionShelf
from sotto_hub.store.transcript import Transcript
from sotto_memory import Memory, SottoMemoryError

LOG: Final = logging.getLogger("sotto.hub")


def run(settings: Settings, announce: Callable[[str], None]) -> None:
    """Runs a hub until SIGTERM or SIGINT. `announce` gets one line when it is ready. Raises `HubError`."""
    asyncio.run(_until_signal(settings, announce))


async def _until_signal(settings: Settings, announce: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(settings) as address:
        announce(f"listening on {address}")
        await stop.wait()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """A hub that runs for as long as the context lasts; gives its address. Raises `HubError`."""
    prepare_home(settings.home)
    with ExitStack() as stack:
        stack.enter_context(locked(settings.home))
        port = choose_port(settings.host, settings.port)
        authority = Authority.open(settings.home / "keys")
        stores = _open_stores(settings, authority, stack)
        hub = await _open_hub(settings, authority, stores, stack)
        desk = PairingDesk(authority, stores.peers, clock.wall_ns, settings.host, port)
        address = f"{reachable(settings.host)}:{port}"
        ensure_keeper(settings.home / "keeper", authority, stores.peers, address, clock.wall_ns())
        async with serving(hub, authority, desk, settings.host, port):
            LOG.info("listening with %d peers", len(stores.peers.all()))
            yield f"{settings.host}:{port}"


def _open_stores(settings: Settings, authority: Authority, stack: ExitStack) -> Stores:
    db = stack.enter_context(closing(open_database(settings.home / "hub.db", authority.database_key)))
    memory = stack.enter_context(_open_memory(settings.home / "memory.db", authority.database_key))
    return Stores(
        transcript=Transcript(db),
        shelf=SuggestionShelf(db),
        peers=Peers(db),
        notes=Notes(db),
        memory=memory,
    )


def _open_memory(path: Path, key: bytes) -> Memory:
    try:
        return Memory.open(path, key=key)
    except SottoMemoryError as error:
        raise HomeError(error.code, error.sentence) from error


async def _open_hub(settings: Settings, authority: Authority, stores: Stores, stack: ExitStack) -> Hub:
    hear = HearSettings(
        engine=settings.engine,
        model=settings.model,
        language=settings.language,
        models_folder=settings.home / "models",
    )
    worker = stack.enter_context(closing(Worker()))
    engine = stack.enter_context(closing(await worker.run(partial(load_engine, hear))))
    stack.callback(worker.close)  # what is being decoded ends before its engine does
    timezone = stores.notes.get(TIMEZONE) or settings.timezone
    mind = Mind(
        memory=stores.memory, shelf=stores.shelf, notes=stores.notes, timezone=timezone, settings=MindSettings()
    )
    hub = Hub(
        facts=Facts(
            hub_id=authority.hub_id,
            version=version("sotto"),
            home=str(settings.home),
            timezone=timezone,
            rungs=rungs(hear),
        ),
        stores=stores,
        mind=mind,
        open_ear=Ears(engine=engine, worker=worker, settings=hear).open,
        clock=clock.wall_ns,
    )
    hub.resume()
    return hub
