"""A hub in this process: real store, real link, real memory, a recogniser that is told its words, a quiet mind."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sotto_hub.egress.guard import Guard
from sotto_hub.hub import Facts, Hub, Stores
from sotto_hub.ingest.reader import Happening
from sotto_hub.listener import choose_port, serving
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.desk import PairingDesk
from sotto_hub.pairing.keeper import ensure_keeper
from sotto_hub.perception.hear.ears import Ears
from sotto_hub.perception.hear.scripted import Scripted, spread
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.records import Answer, Erased, Suggestion, Utterance, Verdict
from sotto_hub.rungs import rungs
from sotto_hub.store.database import open_database
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peer, Peers
from sotto_hub.store.suggestions import SuggestionShelf
from sotto_hub.store.traffic import Traffic
from sotto_hub.store.transcript import Transcript
from sotto_memory import Memory, MemoryRecord
from sotto_proto.pairing import Credentials, PeerRole, load_credentials

HOST = "127.0.0.1"
NOON_NS = 1_784_620_800_000_000_000
GATHER_S = 0.01
"""Tests wait for many acknowledgements, one after another."""


@dataclass
class QuietMind:
    """Hears everything, says only what it is told to say."""

    shelf: SuggestionShelf
    memory: Memory
    now_ns: int = 0
    timezone: str = ""
    heard_ids: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    steps: list[tuple[int, bool]] = field(default_factory=list)
    says: list[Happening] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    """Raised by the next erasures, one each, when the rows of memory are gone."""

    def resume(self, unread: Sequence[Utterance], read: Sequence[Utterance] = ()) -> None:
        self.resumed = [u.id for u in unread]

    def heard(self, utterance: Utterance) -> list[Happening]:
        self.heard_ids.append(utterance.id)
        said, self.says = self.says, []
        for happening in said:
            if isinstance(happening, Suggestion):
                self.shelf.add(happening)
        return said

    def advance(self, now_ns: int, *, sensing: bool) -> list[Happening]:
        assert now_ns > self.now_ns
        self.now_ns = now_ns
        self.steps.append((now_ns, sensing))
        return []

    def set_timezone(self, name: str) -> None:
        self.timezone = name

    def withhold(self, from_ns: int, to_ns: int, utterance_ids: Sequence[str]) -> Erased:
        erased, _ = self.memory.erase_resting_on(utterance_ids)
        if self.fails:
            raise self.fails.pop()
        self.shelf.erase([s.id for s in self.shelf.resting_on((*utterance_ids, *erased))])
        return Erased(from_ns=from_ns, to_ns=to_ns, memory_ids=tuple(erased))

    def falling(self, utterance_ids: Sequence[str]) -> tuple[str, ...]:
        return self.memory.falling((), utterance_ids)

    def ask(self, question: str, now_ns: int, vector: NDArray[np.float32] | None = None) -> Answer:
        return Answer(text="I do not know.", abstained=True)

    def answer(self, suggestion_id: str, verdict: Verdict, now_ns: int, text: str = "") -> list[Happening]:
        return [self.shelf.answer(suggestion_id, verdict, now_ns, text)]

    def correct(self, record: MemoryRecord, words: str, now_ns: int) -> MemoryRecord:
        return self.memory.correct(record.id, words, now_ns)


@dataclass
class RunningHub:
    """What tests hold of it."""

    hub: Hub
    mind: QuietMind
    authority: Authority
    desk: PairingDesk
    home: Path
    address: str
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def keeper(self) -> Credentials:
        return load_credentials(self.home / "keeper")

    def credentials(self, role: PeerRole = PeerRole.DEVICE, *, paired: bool = True) -> Credentials:
        """Of a new peer, paired without a code; or of one that the hub has signed but does not know."""
        peer_id = f"{role.name.lower()}-{next(self._numbers)}"
        key, issued = self.authority.issue_with_key(peer_id, role)
        if paired:
            peer = Peer(id=peer_id, name=peer_id, role=role, fingerprint=issued.fingerprint, paired_ns=NOON_NS)
            self.hub.stores.peers.add(peer)
        return Credentials(
            key=key,
            certificate=issued.certificate,
            authority=self.authority.root_pem,
            sealing_key=self.authority.sealing_public,
            hub_id=self.authority.hub_id,
            peer_id=peer_id,
            address=self.address,
        )


@contextmanager
def opened_hub(
    home: Path, script: Sequence[tuple[int, int, str]] = (), now_ns: int = NOON_NS
) -> Iterator[tuple[Hub, QuietMind, Authority]]:
    """A hub without its link, whose recogniser hears the words of `script` (start, end, text)."""
    home.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as stack:
        authority = Authority.open(home / "keys")
        db = stack.enter_context(closing(open_database(home / "hub.db", authority.database_key)))
        memory = stack.enter_context(Memory.open(home / "memory.db", key=authority.database_key))
        shelf, peers = SuggestionShelf(db), Peers(db)
        stores = Stores(
            transcript=Transcript(db), shelf=shelf, peers=peers, notes=Notes(db), traffic=Traffic(db), memory=memory
        )
        worker = stack.enter_context(closing(Worker()))
        engine = Scripted([word for line in script for word in spread(*line)])
        hear = HearSettings(engine="scripted:script")
        mind = QuietMind(shelf=shelf, memory=memory)
        hub = Hub(
            facts=Facts(hub_id=authority.hub_id, version="0", home=str(home), timezone="UTC", rungs=rungs(hear)),
            stores=stores,
            mind=mind,
            open_ear=Ears(engine=engine, worker=worker, settings=hear).open,
            clock=lambda: now_ns,
        )
        hub.committer.gather_s = GATHER_S
        hub.resume()
        yield hub, mind, authority


@asynccontextmanager
async def running_hub(
    home: Path, script: Sequence[tuple[int, int, str]] = (), now_ns: int = NOON_NS, guard: Guard | None = None
) -> AsyncIterator[RunningHub]:
    """A hub on the link, whose recogniser hears the words of `script` (start, end, text)."""
    with opened_hub(home, script, now_ns) as (hub, mind, authority):
        port, peers = choose_port(HOST, 0), hub.stores.peers
        desk = PairingDesk(authority, peers, lambda: now_ns, HOST, port)
        ensure_keeper(home / "keeper", authority, peers, f"{HOST}:{port}", now_ns)
        async with serving(hub, authority, desk, HOST, port, guard=guard):
            yield RunningHub(hub=hub, mind=mind, authority=authority, desk=desk, home=home, address=f"{HOST}:{port}")
