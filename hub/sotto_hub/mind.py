"""The mind: the event-time heart of the hub, between the transcript and the surfaces.

Words come in by `heard`, time by `advance`; what was kept or offered comes out. Everything is decided at event times,
in order, each timer at its own time, so that a replay at any speed gives the same. Overheard words are data: they
become memories in the words that were said and questions to the wearer, and only the wearer's answer acts (P7).

    utterance → language (what it says) → bridge (memory) → desk (candidates) → suggestion
              → joiner (moments, conversations) ────────────────┘ breakpoints
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from sotto_hub.answering.answers import answer_from
from sotto_hub.bridge.bridge import Bridge
from sotto_hub.bridge.days import local_time, nanoseconds
from sotto_hub.bridge.episodes import episode_id
from sotto_hub.language.english.reader import English
from sotto_hub.language.protocol import Language
from sotto_hub.language.records import Said
from sotto_hub.moments.joiner import (
    Ending,
    Talk,
    TalkLimits,
    full,
    moment_of,
    next_end,
    passed,
    said,
    without,
)
from sotto_hub.moments.timers import Timer, Timers
from sotto_hub.proactive.answers import Answered, answered, corrected
from sotto_hub.proactive.desk import OFFER_TIMER, REMIND_TIMER, Desk
from sotto_hub.proactive.look_ahead import EVENING, NIGHT, next_time
from sotto_hub.proactive.shelf import Notebook, Shelf
from sotto_hub.proactive.timing import Breakpoint, Manners
from sotto_hub.records import Answer, Erased, Suggestion, Utterance, Verdict
from sotto_memory import Kind, Memory, MemoryRecord

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Happening = Suggestion | MemoryRecord

EVENING_TIMER: Final = "evening"
NIGHT_TIMER: Final = "night"
STATE: Final = "mind.state"
CONTEXT: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MindSettings:
    """How talk is cut, what the companion's manners are, and the language that is spoken."""

    limits: TalkLimits = field(default_factory=TalkLimits)
    manners: Manners = field(default_factory=Manners)
    language: Language = field(default_factory=English)


class Mind:
    """Understands what is heard. Synchronous; called from one place only, in order of event time."""

    def __init__(
        self,
        *,
        memory: Memory,
        shelf: Shelf,
        notes: Notebook,
        timezone: str,
        settings: MindSettings | None = None,
    ) -> None:
        self._settings = settings or MindSettings()
        self._memory, self._shelf, self._notes = memory, shelf, notes
        self._zone = ZoneInfo(timezone)
        memory.set_zone(self._zone)
        self._timers = Timers()
        self._bridge = Bridge(memory=memory, language=self._settings.language, zone=self._zone)
        self._desk = Desk(
            memory=memory,
            shelf=shelf,
            notes=notes,
            timers=self._timers,
            zone=self._zone,
            manners=self._settings.manners,
        )
        self._talk = Talk()
        self._before: list[Utterance] = []
        self._now_ns = 0

    @property
    def now_ns(self) -> int:
        """Event time up to which everything has been decided; 0 before the first event."""
        return self._now_ns

    def resume(self, unread: Sequence[Utterance], read: Sequence[Utterance] = ()) -> None:
        """After a restart: takes up where the last run stopped, and reads what it had not read.

        `read`: the newest utterances that were read before, oldest first; the open moment goes on with its lines.
        """
        state = json.loads(self._notes.get(STATE) or "{}")
        if state:
            open_ids = frozenset(state.pop("lines", ()))
            self._talk = Talk(**state, lines=tuple(u for u in read if u.id in open_ids))
            self._before = list(read[-CONTEXT:])
            self._begin(self._talk.seen_ns)
        told = self._bridge.told([u.id for u in unread])
        for utterance in sorted(unread, key=lambda u: (u.start_ns, u.id)):
            self._hear(utterance, told)

    def heard(self, utterance: Utterance) -> list[Happening]:
        """Takes in one utterance, in order of capture; returns what it changed."""
        return self._hear(utterance)

    def _hear(self, utterance: Utterance, told: Mapping[str, str] = MappingProxyType({})) -> list[Happening]:
        """Hears an utterance. `told`: utterance to the episode that has its line already; it is kept once."""
        happenings = self.advance(utterance.start_ns, sensing=False)
        self._let_erased_go()
        self._talk = said(without(self._talk, frozenset({utterance.id})), utterance)  # heard again: its disk was full
        if told.get(utterance.id, here := episode_id(moment_of(self._talk))) != here:
            self._talk = without(self._talk, frozenset({utterance.id}))
        happenings += self._understand(utterance)
        if self._talk.lines:
            self._bridge.keep_moment(moment_of(self._talk), utterance.start_ns)
        self._before = [*self._before, utterance][-CONTEXT:]
        if full(self._talk, self._settings.limits):
            happenings += self._end_moment()
        self._note_state()
        return happenings

    def advance(self, now_ns: int, *, sensing: bool) -> list[Happening]:
        """Moves event time to `now_ns` and does, in order and at its own time, all that falls due on the way.

        `sensing` is false while nothing was sensed on the way: then silence proves nothing.
        """
        if self._now_ns == 0:
            self._begin(now_ns)
        happenings: list[Happening] = []
        while True:
            end = next_end(self._talk, self._settings.limits, sensing=sensing)
            timer_ns = self._timers.next_ns()
            if end and end[0] <= now_ns and (timer_ns is None or end[0] <= timer_ns):
                self._reach(end[0], sensing)
                happenings += self._end(end[1])
            elif timer := self._timers.pop(now_ns):
                self._reach(timer.at_ns, sensing)
                happenings += self._fire(timer)
            else:
                self._reach(now_ns, sensing)
                return happenings

    def set_timezone(self, name: str) -> None:
        """The wearer's zone has changed: days, quiet hours and the evening follow it from now on."""
        self._zone = ZoneInfo(name)
        self._bridge.zone = self._desk.zone = self._zone
        self._memory.set_zone(self._zone)
        if self._now_ns:
            self._set_daily()

    def withhold(self, from_ns: int, to_ns: int, utterance_ids: Sequence[str]) -> Erased:
        """Forgets these utterances and everything that rests on them: memories, suggestions, what waits.

        Memories go last: they tell what rests on them, and their disk may say no. Then it is done again.
        """
        gone = frozenset(utterance_ids)
        falling = self._bridge.falling(utterance_ids)
        suggestions = [s.id for s in self._shelf.resting_on((*utterance_ids, *falling))]
        self._shelf.erase(suggestions)
        self._desk.offered_ns = [s.at_ns for s in self._shelf.all()]
        self._talk = without(self._talk, gone)
        self._before = [u for u in self._before if u.id not in gone]
        self._desk.drop(falling)
        memory_ids = self._bridge.forget(utterance_ids)
        for record in self._bridge.standing():
            self._desk.plan(record, self._now_ns)
        return Erased(
            from_ns=from_ns,
            to_ns=to_ns,
            utterance_ids=tuple(utterance_ids),
            memory_ids=memory_ids,
            suggestion_ids=tuple(suggestions),
        )

    def falling(self, utterance_ids: Sequence[str]) -> tuple[str, ...]:
        """The ids of the memories that `withhold` would erase; nothing is changed."""
        return self._bridge.falling(utterance_ids) if utterance_ids else ()

    def ask(self, question: str, now_ns: int, vector: "NDArray[np.float32] | None" = None) -> Answer:
        """Answers from memory in the words that were said, or says that memory does not hold it.

        `vector`: of the question, if there is an embedder that made one.
        """
        return answer_from(self._memory, self._settings.language, question, now_ns, self._zone, vector=vector)

    def answer(self, suggestion_id: str, verdict: Verdict, now_ns: int, text: str = "") -> list[Happening]:
        """Does what the wearer's answer asks for. Raises `UsageError` for an unknown suggestion."""
        suggestion = self._shelf.answer(suggestion_id, verdict, now_ns, text)
        done: Answered = answered(
            suggestion, text, self._memory, self._settings.language, local_time(now_ns, self._zone)
        )
        self._desk.hear(done, suggestion, now_ns)
        return [suggestion, *done.records]

    def correct(self, record: MemoryRecord, words: str, now_ns: int) -> MemoryRecord:
        """Keeps a memory in the wearer's own words; a time in the words of a commitment replaces its due time."""
        if record.kind is not Kind.COMMITMENT:
            return self._memory.correct(record.id, words, now_ns)
        own = corrected(record, words, self._settings.language, local_time(now_ns, self._zone))
        self._desk.drop([record.id])
        self._desk.plan(own, now_ns)
        return self._memory.put(own)

    def _begin(self, now_ns: int) -> None:
        self._now_ns = now_ns
        self._talk = replace(self._talk, seen_ns=max(self._talk.seen_ns, now_ns))
        self._set_daily()
        self._desk.restore(self._bridge.standing(), now_ns)

    def _set_daily(self) -> None:
        now = self._local()
        self._timers.set(nanoseconds(next_time(EVENING, now)), EVENING_TIMER)
        self._timers.set(nanoseconds(next_time(NIGHT, now)), NIGHT_TIMER)

    def _reach(self, at_ns: int, sensing: bool) -> None:
        self._now_ns = max(self._now_ns, at_ns)
        self._talk = passed(self._talk, self._now_ns, sensing=sensing)

    def _understand(self, utterance: Utterance) -> list[Happening]:
        words = self._said(utterance)
        findings = self._settings.language.read(words, [self._said(u) for u in self._before])
        kept = self._bridge.keep(findings, utterance.speaker, utterance.start_ns)
        self._desk.drop(kept.gone)
        for record in kept.commitments:
            self._desk.hold(record, utterance.start_ns)
        return list(kept.records)

    def _end(self, ending: Ending) -> list[Happening]:
        happenings: list[Happening] = []
        if ending is Ending.MOMENT:
            happenings += self._end_moment()
        else:
            self._talk = replace(self._talk, talking=False)
            self._bridge.over()
        happenings += self._let_out()
        self._note_state()
        return happenings

    def _let_erased_go(self) -> None:
        """An open moment whose episode was erased by hand is not written again with its next line."""
        if self._talk.lines and not self._bridge.holds(moment_of(self._talk)):
            self._talk = replace(self._talk, lines=())

    def _end_moment(self) -> list[Happening]:
        self._let_erased_go()
        if not self._talk.lines:
            return []
        moment = moment_of(self._talk)
        self._talk = replace(self._talk, lines=())
        episode = self._bridge.keep_moment(moment, moment.start_ns)
        return [episode] if episode else []

    def _fire(self, timer: Timer) -> list[Happening]:
        if timer.name == NIGHT_TIMER:
            self._memory.rest(self._now_ns)
            self._set_daily()
            return []
        if timer.name == EVENING_TIMER:
            self._desk.look_ahead(self._bridge.standing(), self._now_ns)
            self._set_daily()
        if timer.name == REMIND_TIMER:
            self._desk.remind(timer.key, self._now_ns)
        assert timer.name in (EVENING_TIMER, REMIND_TIMER, OFFER_TIMER)
        return self._let_out()

    def _let_out(self) -> list[Happening]:
        if not self._desk.waiting:
            return []
        offered = self._desk.let_out(self._bridge.standing(), self._now_ns, self._point())
        self._note_state()
        return list(offered)

    def _point(self) -> Breakpoint:
        if self._talk.lines:
            return Breakpoint.NONE
        return Breakpoint.PAUSE if self._talk.talking else Breakpoint.OVER

    def _note_state(self) -> None:
        talk = self._talk
        state = {
            "lines": [u.id for u in talk.lines],
            "opened": talk.opened,
            "opened_ns": talk.opened_ns,
            "talking": talk.talking,
            "words_ns": talk.words_ns,
            "silent_ns": talk.silent_ns,
            "seen_ns": max(talk.seen_ns, self._now_ns),
        }
        self._notes.put(STATE, json.dumps(state))

    def _said(self, utterance: Utterance) -> Said:
        at = local_time(utterance.start_ns, self._zone)
        return Said(id=utterance.id, text=utterance.text, at=at, speaker=utterance.speaker)

    def _local(self) -> datetime:
        return local_time(self._now_ns, self._zone)
