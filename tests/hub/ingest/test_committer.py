"""Many sessions, one transaction: words at once, gaps together, and what fails ends exactly those who were in it."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlite_utils import Database

from sotto_hub.bus import Event
from sotto_hub.errors import HomeError, HubError
from sotto_hub.ingest.committer import MOST, Committer
from sotto_hub.ingest.lanes import heard
from sotto_hub.ingest.reader import Happening, Reader
from sotto_hub.ingest.tide import Tide
from sotto_hub.pairing.refusal import Refusable
from sotto_hub.perception.hear.ear import Heard
from sotto_hub.records import Fate, Settled, Utterance
from sotto_hub.store.database import open_database
from sotto_hub.store.transcript import Transcript
from sotto_memory.errors import MemoryInputError

SECOND = 1_000_000_000


@dataclass(eq=False)
class ScriptedMember:
    """A session that remembers what it was told."""

    device_id: str
    boot_id: str = "boot-1"
    acknowledged: list[int] = field(default_factory=list)
    ended_by: list[str] = field(default_factory=list)

    def committed(self, settled: Sequence[Settled]) -> None:
        self.acknowledged += [one.sequence for one in settled]

    def broke(self, why: Refusable) -> None:
        self.ended_by.append(why.code)


@dataclass
class CountingMind:
    """Event time, and a memory whose disk may be full."""

    now_ns: int = 0
    full: bool = False
    words: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def resume(self, unread: Sequence[Utterance], read: Sequence[Utterance]) -> None: ...

    def heard(self, utterance: Utterance) -> list[Happening]:
        if self.fails:
            raise self.fails.pop()
        self.words.append(utterance.text)
        return []

    def advance(self, now_ns: int, *, sensing: bool) -> list[Happening]:
        if self.full:
            raise HomeError("store_full", "the disk is full")
        self.now_ns = now_ns
        return []


@dataclass
class Bench:
    """A committer on a real store."""

    db: Database
    mind: CountingMind = field(default_factory=CountingMind)
    events: list[Event] = field(default_factory=list)
    tide_ns: int = SECOND
    commits: int = 0

    def __post_init__(self) -> None:
        self.transcript = CountedTranscript(self.db)
        reader = Reader(
            mind=self.mind, transcript=self.transcript, publish=self.events.append, whisper=lambda _: None
        )
        self.committer = Committer(
            transcript=self.transcript,
            reader=reader,
            publish=self.events.append,
            tides=lambda: [Tide(until_ns=self.tide_ns)],
        )
        self.committer.gather_s = 0.02


class CountedTranscript(Transcript):
    """Counts its transactions."""

    transactions = 0

    def commit(self, decided: Sequence[object]) -> tuple[Utterance, ...]:
        self.transactions += 1
        return super().commit(decided)  # type: ignore[arg-type]  # the same list


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        yield Bench(db)


def quiet(sequence: int) -> Heard:
    return heard(
        Settled(
            stream="mic",
            sequence=sequence,
            end_ns=sequence * SECOND,
            duration_ns=SECOND,
            captured_ns=sequence * SECOND,
            fate=Fate.SILENT,
        )
    )


def words(number: int) -> Heard:
    said = Utterance(id=f"u{number}", device_id="a", start_ns=0, end_ns=number, text=f"words {number}")
    return Heard(utterances=(said,), settled=quiet(number).settled)


async def test_gaps_of_all_devices_share_a_transaction(bench: Bench) -> None:
    members = [ScriptedMember(f"device-{n}") for n in range(40)]
    bench.committer.commit()
    for sequence in (1, 2, 3):
        for member in members:
            bench.committer.add(member, "mic", quiet(sequence))
    assert bench.transcript.transactions == 0
    async with asyncio.timeout(5):
        while not members[0].acknowledged:
            await asyncio.sleep(0.005)
    assert bench.transcript.transactions == 1
    assert all(member.acknowledged == [1, 2, 3] for member in members)
    assert bench.mind.now_ns == SECOND
    assert len(bench.transcript.ledger()) == 40


async def test_words_wait_for_nobody_and_take_along_what_waits(bench: Bench) -> None:
    one, other = ScriptedMember("a"), ScriptedMember("b")
    bench.committer.commit()
    bench.committer.add(other, "mic", quiet(1))
    bench.committer.add(one, "mic", words(1))
    assert (one.acknowledged, other.acknowledged) == ([1], [1])
    assert bench.transcript.transactions == 1
    assert bench.mind.words == ["words 1"]
    assert [event.id for event in bench.events if isinstance(event, Utterance)] == ["u1"]


async def test_many_gaps_do_not_wait_for_the_clock(bench: Bench) -> None:
    member = ScriptedMember("a")
    bench.committer.gather_s = 3_600
    bench.committer.commit()
    for sequence in range(1, MOST + 1):
        bench.committer.add(member, "mic", quiet(sequence))
    assert member.acknowledged[-1] == MOST


async def test_a_full_disk_ends_those_whose_frames_were_in_it_and_keeps_nothing(bench: Bench) -> None:
    one, bystander = ScriptedMember("a"), ScriptedMember("b")
    bench.committer.add(bystander, "mic", quiet(1))
    bench.committer.commit()
    pages = bench.db.execute("pragma page_count").fetchone()[0]
    bench.db.execute(f"pragma max_page_count = {pages}").fetchall()
    many = tuple(
        Utterance(id=f"u{n}", device_id="a", start_ns=0, end_ns=1, text="lorem ipsum " * 400) for n in range(60)
    )
    bench.committer.add(one, "mic", Heard(utterances=many, settled=quiet(1).settled))
    assert (one.ended_by, one.acknowledged) == (["store_full"], [])
    assert (bystander.ended_by, bystander.acknowledged) == ([], [1])
    assert bench.transcript.marks("a", "boot-1") == {}
    bench.db.execute("pragma max_page_count = 1000000").fetchall()
    bench.committer.add(bystander, "mic", quiet(2))
    bench.committer.commit()
    assert bystander.acknowledged == [1, 2]


async def test_a_mind_that_cannot_go_on_ends_the_session_but_not_the_hub(bench: Bench) -> None:
    member = ScriptedMember("a")
    bench.mind.full = True
    bench.committer.add(member, "mic", words(1))
    assert (member.ended_by, member.acknowledged) == (["store_full"], [1])
    with pytest.raises(HubError, match="full"):
        bench.committer.commit()  # nobody was in it: whoever asked is told
    bench.mind.full = False
    bench.committer.commit()
    assert bench.mind.now_ns == SECOND


async def test_nothing_decided_is_no_transaction(bench: Bench) -> None:
    bench.committer.add(ScriptedMember("a"), "mic", Heard())
    bench.committer.commit()
    assert bench.transcript.transactions == 0


async def test_words_that_the_mind_could_not_hear_are_heard_later_in_their_order(bench: Bench) -> None:
    member = ScriptedMember("a")
    bench.tide_ns = 0
    bench.committer.add(member, "mic", words(1))
    bench.committer.add(member, "mic", words(2))
    bench.tide_ns, bench.mind.fails = SECOND, [HomeError("store_full", "the disk is full")]
    bench.committer.add(member, "mic", words(3))
    assert (bench.mind.words, len(bench.transcript.unread())) == ([], 3)
    bench.committer.commit()
    assert (bench.mind.words, bench.transcript.unread()) == (["words 1", "words 2", "words 3"], [])


async def test_words_that_memory_never_takes_are_in_nobodys_way(bench: Bench) -> None:
    bench.mind.fails = [MemoryInputError("text_long", "too long")]
    bench.committer.add(ScriptedMember("a"), "mic", words(1))
    bench.committer.add(ScriptedMember("a"), "mic", words(2))
    assert (bench.mind.words, bench.transcript.unread()) == (["words 2"], [])
