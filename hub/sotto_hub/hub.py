"""The hub itself: it owns the rooms and offers what surfaces ask for. All of it runs on the event loop's thread.

Upstream: ingest, which feeds it through `Rooms`. Downstream: the Companion servicer, which only translates.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from sotto_hub.bus import Bus
from sotto_hub.embedding.idle import Embeddings
from sotto_hub.embedding.ladder import BY_WORDS
from sotto_hub.errors import UsageError
from sotto_hub.ingest.committer import Committer
from sotto_hub.ingest.fleet import Fleet, Reach
from sotto_hub.ingest.lanes import OpenEar
from sotto_hub.ingest.reader import Happening, Listener, Reader
from sotto_hub.ingest.rooms import Rooms, TakeBack
from sotto_hub.language.english.control import SpokenControl
from sotto_hub.records import Answer, Erased, HubStatus, LedgerRow, Rung, Suggestion, Utterance, Verdict
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peers
from sotto_hub.store.suggestions import SuggestionShelf
from sotto_hub.store.traffic import Traffic
from sotto_hub.store.transcript import Transcript
from sotto_hub.taking_back import TakingBack
from sotto_proto.records import Hello

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sotto_memory import Memory, MemoryRecord

CALENDAR: Final = "calendar"
TIMEZONE: Final = "timezone"
DAY_NS: Final = 86_400_000_000_000
LONGEST_NS: Final = 7 * DAY_NS
LONGEST_MUTE_NS: Final = 366 * DAY_NS
NOTHING_SPOKEN: Final = SpokenControl()
SENSORS: Final = frozenset({"mic", "camera", "eyes"})


class Thinker(Listener, Protocol):
    """The mind, as the hub calls it."""

    def set_timezone(self, name: str) -> None:
        """Where the wearer is."""
        ...

    def withhold(self, from_ns: int, to_ns: int, utterance_ids: Sequence[str]) -> Erased:
        """Forgets what rests on these utterances alone."""
        ...

    def falling(self, utterance_ids: Sequence[str]) -> tuple[str, ...]:
        """The ids of the memories that it would forget."""
        ...

    def ask(self, question: str, now_ns: int, vector: "NDArray[np.float32] | None" = None) -> Answer:
        """An answer from memory. `vector`: of the question."""
        ...

    def answer(self, suggestion_id: str, verdict: Verdict, now_ns: int, text: str = "") -> Sequence[Happening]:
        """The wearer's answer to a suggestion."""
        ...

    def correct(self, record: "MemoryRecord", words: str, now_ns: int) -> "MemoryRecord":
        """Keeps a memory in the wearer's own words."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What does not change while a hub runs."""

    hub_id: str
    version: str
    home: str
    timezone: str
    rungs: tuple[Rung, ...]
    spoken: SpokenControl = NOTHING_SPOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """All that is kept."""

    transcript: Transcript
    shelf: SuggestionShelf
    peers: Peers
    notes: Notes
    traffic: Traffic
    memory: "Memory"


class Hub:
    """One hub. `clock`: wall clock, Unix ns."""

    def __init__(
        self,
        *,
        facts: Facts,
        stores: Stores,
        mind: Thinker,
        open_ear: OpenEar,
        clock: Callable[[], int],
    ) -> None:
        self.facts = facts
        self.stores = stores
        self.mind = mind
        self.embeddings: Embeddings | None = None
        self.bus = Bus()
        self.fleet = Fleet(stores.peers, stores.notes)
        self.reader = Reader(
            mind=mind, transcript=stores.transcript, publish=self.bus.publish, whisper=self.fleet.whisper
        )
        self.committer = Committer(
            transcript=stores.transcript,
            reader=self.reader,
            publish=self.bus.publish,
            tides=self.fleet.tides,
        )
        self._taking_back = TakingBack(
            transcript=stores.transcript,
            notes=stores.notes,
            mind=mind,
            drop=self.fleet.withhold,
            unheard=self.reader.forget,
            publish=self.bus.publish,
        )
        self.before_erasing = self._taking_back.before
        self._open_ear = open_ear
        self.clock = clock

    def rooms(self) -> Rooms:
        """What sessions share."""
        return Rooms(
            hub_id=self.facts.hub_id,
            transcript=self.stores.transcript,
            bus=self.bus,
            fleet=self.fleet,
            committer=self.committer,
            open_ear=self._open_ear,
            withhold=self._taking_back.promise,
            withdraw=self._taking_back.withdraw,
            obey=self.obey,
            greeted=self._greeted,
            changed=self._changed,
            now_ns=self.now_ns,
            wall_ns=self.clock,
        )

    async def close(self) -> None:
        """Sends devices and watchers home, so that the stores can be closed."""
        await self.fleet.close()
        self.bus.close()

    # ---- time

    def now_ns(self) -> int:
        """What the wearer calls "now": the wall clock, or the end of what was heard of a recorded day."""
        return self.watermark_ns() if self.stores.notes.get(CALENDAR) == "recorded" else self.clock()

    def watermark_ns(self) -> int:
        """Event time up to which everything is understood; after a restart, up to which it is committed."""
        return max(self.mind.now_ns, *self.stores.transcript.heard_until().values(), 0)

    def timezone(self) -> str:
        """Where the wearer is, as the newest device has said; the hub's own place before."""
        return self.stores.notes.get(TIMEZONE) or self.facts.timezone

    def _greeted(self, device_id: str, hello: Hello) -> None:
        if not hello.late or self.stores.notes.get(CALENDAR) is None:
            self._follow(hello)
        self.fleet.greeted(device_id, hello)
        self._changed()

    def _follow(self, hello: Hello) -> None:
        """The wearer's day is where the newest device is; an earlier boot tells where it was."""
        notes = self.stores.notes
        notes.put(CALENDAR, "live" if any(info.live for info in hello.streams) else "recorded")
        notes.put(TIMEZONE, hello.timezone)
        self.mind.set_timezone(hello.timezone)

    def _changed(self) -> None:
        if self.bus.is_watched:
            self.bus.publish(self.status())

    # ---- looking

    def status(self) -> HubStatus:
        """How everything is."""
        stores = self.stores
        heard_until = stores.transcript.heard_until()
        return HubStatus(
            hub_id=self.facts.hub_id,
            version=self.facts.version,
            home=self.facts.home,
            timezone=self.timezone(),
            watermark_ns=self.watermark_ns(),
            utterances=stores.transcript.count(),
            memories=stores.memory.count(),
            suggestions=stores.shelf.count(),
            devices=self.fleet.status(heard_until, self.now_ns()),
            rungs=self.rungs(),
        )

    def rungs(self) -> tuple[Rung, ...]:
        """How well each ability is served here and now."""
        recall = self.embeddings.rung() if self.embeddings else BY_WORDS
        return tuple(recall if rung.ability == recall.ability else rung for rung in self.facts.rungs)

    def ledger(self) -> list[LedgerRow]:
        """What became of every captured nanosecond, what still waits included."""
        return merge_waiting(self.stores.transcript.ledger(), self.fleet.waiting())

    async def meaning_of(self, words: str) -> "NDArray[np.float32] | None":
        """The vector of a question, if there is an embedder and it answers soon."""
        return await self.embeddings.question(words) if self.embeddings else None

    def ask(self, question: str, asked_at_ns: int, vector: "NDArray[np.float32] | None" = None) -> Answer:
        """An answer from memory. `asked_at_ns` 0: now. `vector`: of the question, see `meaning_of`.

        Raises `UsageError` with code `question`.
        """
        if not question.strip():
            raise UsageError("question", "ask something")
        return self.mind.ask(question.strip(), asked_at_ns or self.now_ns(), vector)

    # ---- doing

    def answer(self, suggestion_id: str, verdict: Verdict, text: str) -> Suggestion:
        """The wearer's answer to a suggestion. Raises `UsageError`: `unknown_suggestion`, `verdict`, `text`."""
        if verdict is Verdict.OFFERED:
            raise UsageError("verdict", "an answer accepts, edits, puts off or dismisses")
        if verdict is Verdict.EDITED and not text.strip():
            raise UsageError("text", "an edited suggestion needs its new words")
        if self.stores.shelf.get(suggestion_id) is None:
            raise UsageError("unknown_suggestion", "there is no such suggestion")
        for happening in self.mind.answer(suggestion_id, verdict, self.now_ns(), text.strip()):
            self.bus.publish(happening)
        answered = self.stores.shelf.get(suggestion_id)
        assert answered is not None
        return answered

    async def mute(self, muted: bool, for_ns: int, streams: Sequence[str] = ()) -> Reach:
        """Mutes or unmutes the devices. `for_ns` 0: until unmuted. `streams`: single sensors; none named, all.

        Raises `UsageError`: `mute` for a time longer than a year, `sensor` for one that no device has.
        """
        if for_ns > LONGEST_MUTE_NS:
            raise UsageError("mute", "a timed mute lasts at most a year: leave the time out to mute until unmuted")
        if not SENSORS.issuperset(streams):
            raise UsageError("sensor", "a sensor is mic, camera or eyes")
        now_ns = self.now_ns()
        return await self.fleet.mute(muted, now_ns + for_ns if muted and for_ns else 0, now_ns, streams)

    def off_the_record(self, last_ns: int) -> Erased:
        """Takes back the last span, on the devices and here. Raises `UsageError`, code `last`; and as `withhold`."""
        if not 0 < last_ns <= LONGEST_NS:
            raise UsageError("last", "off the record takes back up to the last seven days")
        now_ns = self.now_ns()
        self.fleet.off_the_record(last_ns)
        return self.withhold(now_ns - last_ns, now_ns)

    def obey(self, utterance: Utterance, take_back: TakeBack) -> None:
        """Takes the last minutes back when that, and nothing else, is what was said; whoever said it.

        In event time: they end where the utterance ends. Devices need no word of it, they hold what the hub refuses.
        """
        if span := self.facts.spoken.span(utterance.text, utterance.end_ns):
            take_back(*span)

    def withhold(self, from_ns: int, to_ns: int) -> Erased:
        """Erases a span and all that rests on it alone; what arrives of it later is refused.

        Finishes what an earlier one left, too. Raises `HomeError` or `SottoMemoryError` when it is refused from now
        on, but not all of it is erased yet, or bytes of it are left on the disk for now; the hub goes on trying.
        """
        return self._taking_back.withhold(from_ns, to_ns)

    def erasing(self) -> None:
        """Something is about to be erased: whoever holds on to what was there lets go."""
        self._taking_back.erasing()

    def unsay(self, utterance_ids: Sequence[str], first: Callable[[], Erased]) -> Erased:
        """Takes back single utterances and all that rests on them, after `first`. Raises as `withhold` does."""
        return self._taking_back.unsay(utterance_ids, first)

    def resume(self) -> None:
        """After a restart: reads what was committed but not understood, and finishes taking back."""
        self.reader.resume()
        self.sweep()

    def sweep(self) -> None:
        """Now and then: does what is left to do of what was taken back, as far as the disk lets it."""
        self._taking_back.sweep()


def merge_waiting(settled: Iterable[LedgerRow], waiting: Iterable[LedgerRow]) -> list[LedgerRow]:
    """Rows of the store with what sessions hold on top (pure): the newest captured time, and what waits."""
    rows = {(row.device_id, row.boot_id, row.stream): row for row in settled}
    for row in waiting:
        key = (row.device_id, row.boot_id, row.stream)
        known = rows.get(key)
        captured_ns = max(known.captured_ns, row.captured_ns) if known else row.captured_ns
        rows[key] = replace(known or row, captured_ns=captured_ns, waiting_ns=row.waiting_ns)
    return [rows[key] for key in sorted(rows)]
