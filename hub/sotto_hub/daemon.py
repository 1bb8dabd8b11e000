"""The hub as a process: opens the home, wires the rooms, listens, and stops cleanly.

Rooms are opened from the bottom up and closed in reverse; whatever fails on the way says so in one sentence.
"""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from typing import Final
from zoneinfo import ZoneInfo

from sotto_hub.clock import Clock, machine
from sotto_hub.egress.guard import Guard
from sotto_hub.egress.policy import Policy
from sotto_hub.embedding.choice import read_choice
from sotto_hub.embedding.idle import Embeddings
from sotto_hub.embedding.load import load_embedder
from sotto_hub.errors import HomeError
from sotto_hub.home import keep_drafts_inside, locked, prepare_home
from sotto_hub.hub import TIMEZONE, Facts, Hub, Stores
from sotto_hub.keys.asking import Asking
from sotto_hub.language.english.control import SpokenControl
from sotto_hub.listener import choose_port, reachable, serving
from sotto_hub.mind import Mind, MindSettings
from sotto_hub.pairing.announcing import announcing
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.desk import PairingDesk
from sotto_hub.pairing.keeper import ensure_keeper
from sotto_hub.perception.hear.ears import Ears
from sotto_hub.perception.hear.ladder import load_engine
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.rungs import rungs
from sotto_hub.settings import Settings
from sotto_hub.store.clock_note import open_clock
from sotto_hub.store.database import open_database
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peers
from sotto_hub.store.suggestions import SuggestionShelf
from sotto_hub.store.traffic import Traffic
from sotto_hub.store.transcript import Transcript
from sotto_memory import Memory, SottoMemoryError

LOG: Final = logging.getLogger("sotto.hub")
STDIN: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the process gives its hub. `asking`: for a passphrase. `with_parent`: ends when standard input closes."""

    guard: Guard | None = None
    asking: Asking = field(default_factory=Asking)
    with_parent: bool = False


def run(settings: Settings, announce: Callable[[str], None], around: Around | None = None) -> None:
    """Runs a hub until SIGTERM or SIGINT. `announce` gets one line when it is ready. Raises `HubError`."""
    asyncio.run(_until_told(settings, announce, around or Around()))


async def _until_told(settings: Settings, announce: Callable[[str], None], around: Around) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if around.with_parent:
        _end_with_parent(loop, stop)
    async with running(settings, around) as address:
        announce(f"listening on {address}")
        await stop.wait()


@asynccontextmanager
async def running(settings: Settings, around: Around) -> AsyncIterator[str]:
    """A hub that runs for as long as the context lasts; gives its address. Raises `HubError`."""
    prepare_home(settings.home)
    with ExitStack() as stack:
        stack.enter_context(locked(settings.home))
        keep_drafts_inside(settings.home)
        port = choose_port(settings.host, settings.port)
        authority = Authority.open(settings.home / "keys", settings.keys, around.asking)
        stores = _open_stores(settings, authority, stack)
        clock = stack.enter_context(closing(open_clock(stores.notes, machine())))
        hub = await _open_hub(settings, authority, stores, clock.now_ns, stack)
        desk = PairingDesk(authority, stores.peers, clock.now_ns, settings.host, port)
        address = f"{reachable(settings.host)}:{port}"
        ensure_keeper(settings.home / "keeper", authority, stores.peers, address, clock.now_ns())
        found = announcing(authority.hub_id, settings.host, port, discoverable=settings.discoverable)
        async with serving(hub, authority, desk, settings.host, port, guard=around.guard), found:
            LOG.info("listening with %d peers", len(stores.peers.all()))
            yield f"{settings.host}:{port}"


def _end_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stops when whoever holds the other end of standard input is gone, however it went. No pipe: nobody is there."""

    def heard() -> None:
        if not os.read(STDIN, 1024):
            loop.remove_reader(STDIN)
            stop.set()

    try:
        loop.add_reader(STDIN, heard)
    except OSError:
        stop.set()


def _open_stores(settings: Settings, authority: Authority, stack: ExitStack) -> Stores:
    db = stack.enter_context(closing(open_database(settings.home / "hub.db", authority.database_key)))
    notes = Notes(db)
    zone = ZoneInfo(notes.get(TIMEZONE) or settings.timezone)
    memory = stack.enter_context(_open_memory(settings, authority.database_key, zone))
    return Stores(
        transcript=Transcript(db),
        shelf=SuggestionShelf(db),
        peers=Peers(db),
        notes=notes,
        traffic=Traffic(db),
        memory=memory,
    )


def _open_memory(settings: Settings, key: bytes, zone: ZoneInfo) -> Memory:
    """The memory, with the embedder that the keeper chose; no search ever asks that on the event loop's thread."""
    choice = read_choice(settings.embedder, Policy.of(settings.allow, discovery=False))
    embedder = load_embedder(choice) if choice else None
    try:
        return Memory.open(settings.home / "memory.db", key=key, zone=zone, embedder=embedder, patience_s=0)
    except SottoMemoryError as error:
        raise HomeError(error.code, error.sentence) from error


async def _open_hub(settings: Settings, authority: Authority, stores: Stores, clock: Clock, stack: ExitStack) -> Hub:
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
            spoken=SpokenControl(phrase=settings.off_the_record_phrase, minutes=settings.off_the_record_minutes),
        ),
        stores=stores,
        mind=mind,
        open_ear=Ears(engine=engine, worker=worker, settings=hear).open,
        clock=clock,
    )
    if stores.memory.embedder:
        hub.embeddings = Embeddings(stores.memory, stores.memory.embedder, lambda: worker.busy)
    hub.resume()
    return hub
