"""The desk of suggestions: holds candidates, lets them out when `timing` says so, and hears the answers.

Stands between the bridge (what is known) and the shelf (what was offered). Any doubt is silence: a candidate whose
memory is gone, ended, declined or silenced is dropped.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from sotto_hub.bridge.commitments import is_open
from sotto_hub.bridge.days import local_time, nanoseconds, parse_due
from sotto_hub.moments.ids import id_at
from sotto_hub.moments.timers import Timers
from sotto_hub.proactive.answers import Answered
from sotto_hub.proactive.leads import remind_at
from sotto_hub.proactive.look_ahead import tomorrows
from sotto_hub.proactive.shelf import Notebook, Shelf
from sotto_hub.proactive.timing import (
    KEEP,
    LOOK_AHEAD,
    MINUTE_NS,
    REMINDER,
    Breakpoint,
    Candidate,
    Choice,
    Manners,
    choose,
)
from sotto_hub.proactive.wording import keep_text, look_ahead_text, reason, reminder_text
from sotto_hub.records import Suggestion, Verdict
from sotto_memory import Memory, MemoryRecord

OFFER_TIMER: Final = "offer"
REMIND_TIMER: Final = "remind"
WAITING: Final = "proactive.waiting"
OFFERED: Final = "proactive.offered"
SILENCED: Final = "proactive.silenced"
SOON: Final = timedelta(minutes=30)
SLACK_NS: Final = 10 * MINUTE_NS
REMEMBERED: Final = 500
LEAST_CONFIDENCE: Final = 0.6


@dataclass(slots=True)
class Desk:
    """Candidates that wait, and what keeps them waiting. Times are event time, `zone` is the wearer's."""

    memory: Memory
    shelf: Shelf
    notes: Notebook
    timers: Timers
    zone: tzinfo
    manners: Manners
    waiting: tuple[Candidate, ...] = ()
    offered_ns: list[int] = field(default_factory=list)

    def restore(self, standing: Iterable[MemoryRecord], now_ns: int) -> None:
        """After a restart: what waited waits again, and every open commitment gets its reminder back."""
        self.offered_ns = [s.at_ns for s in self.shelf.all()]
        self.waiting = tuple(candidate_from(row) for row in self._list(WAITING))
        for record in standing:
            self.plan(record, now_ns)
        if self.waiting:
            self.timers.set(now_ns, OFFER_TIMER)

    def hold(self, record: MemoryRecord, now_ns: int) -> None:
        """A commitment is new or has changed: offer to keep it, and plan to bring it up."""
        due = parse_due(record.details.get("due", ""))
        if due is not None and record.confidence >= LEAST_CONFIDENCE:
            until_ns = min(now_ns + self.manners.hold_ns, last_ns(due, self.zone))
            weight = record.confidence + (0.1 if isinstance(due, datetime) else 0)
            self._wait(Candidate(kind=KEEP, about=record.id, ready_ns=now_ns, until_ns=until_ns, weight=weight))
        self.plan(record, now_ns)

    def plan(self, record: MemoryRecord, now_ns: int) -> None:
        """Sets the timer that brings an open commitment up in time."""
        self.timers.cancel(REMIND_TIMER, record.id)
        at = remind_at(record, self._local(now_ns)) if is_open(record) else None
        if at is not None and record.details.get("declined") != "yes":
            self.timers.set(nanoseconds(at), REMIND_TIMER, record.id)

    def remind(self, memory_id: str, now_ns: int) -> None:
        """The time of a commitment is near: bring it up at the next pause."""
        record = self.memory.get(memory_id)
        if record is None or not is_open(record):
            return
        due = parse_due(record.details.get("due", ""))
        until_ns = now_ns + SLACK_NS
        if isinstance(due, datetime):
            until_ns = max(until_ns, nanoseconds(due))
        about = Candidate(
            kind=REMINDER, about=memory_id, ready_ns=now_ns, until_ns=until_ns, needs=Breakpoint.PAUSE, weight=2.0
        )
        self._wait(about)

    def look_ahead(self, standing: Sequence[MemoryRecord], now_ns: int) -> None:
        """It is evening: offer a look at tomorrow, if there is anything in it."""
        tomorrow = self._local(now_ns).date() + timedelta(days=1)
        if tomorrows(standing, tomorrow, self.zone):
            until_ns = now_ns + 60 * MINUTE_NS
            self._wait(Candidate(kind=LOOK_AHEAD, about=tomorrow.isoformat(), ready_ns=now_ns, until_ns=until_ns))

    def again(self, suggestion: Suggestion, now_ns: int) -> None:
        """The wearer said "later": the same again in an hour."""
        key = next((k for k in self._list(OFFERED) if id_at(suggestion.at_ns, k) == suggestion.id), "")
        kind, _, about = key.partition("/")
        if not about:
            return
        ready_ns = now_ns + self.manners.later_ns
        self.notes.put(OFFERED, json.dumps([k for k in self._list(OFFERED) if k != key]))
        self._wait(Candidate(kind=kind, about=about, ready_ns=ready_ns, until_ns=ready_ns + self.manners.hold_ns))
        self.timers.set(ready_ns, OFFER_TIMER)

    def drop(self, memory_ids: Iterable[str]) -> None:
        """These memories no longer stand: nothing waits for them."""
        gone = frozenset(memory_ids)
        for memory_id in gone:
            self.timers.cancel(REMIND_TIMER, memory_id)
        self.waiting = tuple(c for c in self.waiting if c.about not in gone)
        self._note_waiting()

    def hear(self, answer: Answered, suggestion: Suggestion, now_ns: int) -> None:
        """The wearer has answered: plan reminders anew, wait, or never offer this kind again."""
        if answer.verdict is Verdict.NEVER:
            self.silence(suggestion.kind)
        if answer.verdict is Verdict.LATER:
            self.again(suggestion, now_ns)
        for record in answer.records:
            self.drop([record.id])
            self.plan(record, now_ns)

    def silence(self, kind: str) -> None:
        """Never this kind again."""
        self.notes.put(SILENCED, json.dumps(sorted({*self._list(SILENCED), kind})))
        self.waiting = tuple(c for c in self.waiting if c.kind != kind)
        self._note_waiting()

    def let_out(self, standing: Sequence[MemoryRecord], now_ns: int, point: Breakpoint) -> list[Suggestion]:
        """Offers what may be offered now, and sets the timer for what may be offered later."""
        self.waiting = tuple(c for c in self.waiting if self._wanted(c, now_ns))
        chosen = choose(
            self.waiting,
            now=self._local(now_ns),
            point=point,
            offered_ns=self.offered_ns,
            manners=self.manners,
        )
        self._settle(chosen, now_ns)
        return [s for c in chosen.offer if (s := self._offer(c, standing, now_ns))]

    def _settle(self, chosen: Choice, now_ns: int) -> None:
        self.waiting = chosen.waiting
        if chosen.again_ns is not None:
            self.timers.set(max(chosen.again_ns, now_ns + 1), OFFER_TIMER)
        self._note_waiting()

    def _offer(self, candidate: Candidate, standing: Sequence[MemoryRecord], now_ns: int) -> Suggestion | None:
        made = self._words(candidate, standing, now_ns)
        if made is None:
            return None
        text, why, evidence = made
        suggestion = Suggestion(
            id=id_at(now_ns, candidate.key),
            at_ns=now_ns,
            kind=candidate.kind,
            text=text,
            reason=why,
            evidence=evidence,
        )
        self.shelf.add(suggestion)
        self.offered_ns.append(now_ns)
        self.notes.put(OFFERED, json.dumps([*self._list(OFFERED), candidate.key][-REMEMBERED:]))
        return suggestion

    def _words(
        self, candidate: Candidate, standing: Sequence[MemoryRecord], now_ns: int
    ) -> tuple[str, str, tuple[str, ...]] | None:
        now = self._local(now_ns)
        if candidate.kind == LOOK_AHEAD:
            tomorrow = now.date() + timedelta(days=1)
            found = tomorrows(standing, tomorrow, self.zone) if candidate.about == tomorrow.isoformat() else []
            evidence = tuple(dict.fromkeys(i for r in found for i in (r.id, *r.evidence)))
            why = "; ".join(reason(r, self.zone) for r in found)
            return (look_ahead_text(found, now + timedelta(days=1)), why, evidence) if found else None
        record = self.memory.get(candidate.about)
        if record is None:
            return None
        text = reminder_text(record, now) if candidate.kind == REMINDER else keep_text(record, now)
        return text, reason(record, self.zone), (record.id, *record.evidence)

    def _wanted(self, candidate: Candidate, now_ns: int) -> bool:
        if candidate.kind in self._list(SILENCED) or candidate.key in self._list(OFFERED):
            return False
        if candidate.kind == LOOK_AHEAD:
            return True
        record = self.memory.get(candidate.about)
        if record is None or not is_open(record) or record.details.get("declined") == "yes":
            return False
        soon = remind_at(record, self._local(now_ns)) if candidate.kind == KEEP else None
        return soon is None or soon > self._local(now_ns) + SOON

    def _wait(self, candidate: Candidate) -> None:
        self.waiting = (*(c for c in self.waiting if c.key != candidate.key), candidate)
        self._note_waiting()

    def _note_waiting(self) -> None:
        self.notes.put(WAITING, json.dumps([row_of(c) for c in self.waiting]))

    def _list(self, name: str) -> list[Any]:
        return list(json.loads(self.notes.get(name) or "[]"))

    def _local(self, now_ns: int) -> datetime:
        return local_time(now_ns, self.zone)


def last_ns(due: Any, zone: tzinfo) -> int:
    """The last instant at which an offer to keep something still helps: its minute, or the end of its day."""
    if isinstance(due, datetime):
        return nanoseconds(due)
    return nanoseconds(datetime.combine(due + timedelta(days=1), datetime.min.time(), tzinfo=zone))


def row_of(candidate: Candidate) -> dict[str, Any]:
    """A candidate as JSON: ids and times, never words."""
    return asdict(candidate) | {"needs": candidate.needs.value}


def candidate_from(row: dict[str, Any]) -> Candidate:
    """The candidate of a row that `row_of` made."""
    return Candidate(**row | {"needs": Breakpoint(row["needs"])})
