"""Carries findings and moments into memory, and takes out again what must be forgotten (a shell on pure files)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from sotto_hub.bridge.commitments import (
    commitment_of,
    ended_by,
    fact_of,
    is_open,
    joined,
    moved_from,
    reopened,
    said_again,
    with_status,
)
from sotto_hub.bridge.episodes import episode_of, grown, without_lines
from sotto_hub.language.protocol import Language
from sotto_hub.language.records import COMMITTING, Finding, FindingKind
from sotto_hub.records import Moment
from sotto_memory import Kind, Memory, MemoryRecord
from sotto_memory.keeping.gate import Verdict as Worth
from sotto_memory.keeping.gate import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one utterance changed in memory. `commitments` are new or changed and open; `gone` no longer stand."""

    records: tuple[MemoryRecord, ...] = ()
    commitments: tuple[MemoryRecord, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(slots=True)
class Bridge:
    """The way into memory. `recent` are the ids of commitments of the conversation that is going on."""

    memory: Memory
    language: Language
    zone: tzinfo
    recent: list[str] = field(default_factory=list)

    def keep(self, findings: Sequence[Finding], speaker: str | None, now_ns: int) -> Kept:
        """Brings the findings of one utterance into memory."""
        kept = Kept()
        for finding in findings:
            more = self._keep(finding, speaker, now_ns)
            kept = Kept(
                records=kept.records + more.records,
                commitments=kept.commitments + more.commitments,
                gone=kept.gone + more.gone,
            )
        return kept

    def keep_moment(self, moment: Moment, now_ns: int) -> MemoryRecord | None:
        """Keeps a moment as an episode: at its first line, and again as it grows, so that a crash loses no line."""
        record = episode_of(moment, now_ns)
        if record is None:
            return None
        known = self.memory.get(record.id)
        return self.memory.put(grown(known, record)) if known else self.memory.add(record)

    def holds(self, moment: Moment) -> bool:
        """Whether the episode of a moment that has been kept is still there: somebody may have erased it."""
        record = episode_of(moment, moment.start_ns)
        return record is None or self.memory.get(record.id) is not None

    def told(self, utterance_ids: Sequence[str]) -> dict[str, str]:
        """Which of these utterances are lines of an episode already, and of which."""
        if not utterance_ids:
            return {}
        episodes = self.memory.list(kinds=(Kind.EPISODE,), include_past=True)
        return {i: record.id for record in episodes for i in set(utterance_ids).intersection(record.evidence)}

    def over(self) -> None:
        """The conversation is over: what is said from now on starts anew."""
        self.recent.clear()

    def standing(self) -> list[MemoryRecord]:
        """All commitments that are open."""
        return [r for r in self.memory.list(kinds=(Kind.COMMITMENT,)) if is_open(r)]

    def falling(self, utterance_ids: Sequence[str]) -> tuple[str, ...]:
        """The ids of memories that `forget` would erase; nothing is changed."""
        erased = frozenset(utterance_ids)
        whole = [r.id for r in self.memory.each() if spoken_in(r) & erased]
        return self.memory.falling(whole, utterance_ids)

    def forget(self, utterance_ids: Sequence[str]) -> tuple[str, ...]:
        """Erases what rests on these utterances or holds their words; returns the ids of erased memories.

        An episode loses the lines; a commitment or fact goes whole when one of its words' utterances goes.
        """
        erased = frozenset(utterance_ids)
        touched = [r for r in self.memory.each() if erased & set(r.evidence)]
        whole = [r for r in touched if spoken_in(r) & erased]
        for record in touched:
            if record.kind is Kind.EPISODE and (rest := without_lines(record, erased)):
                self.memory.put(rest)
            elif record.details.get("ended_in") in erased:
                self.memory.put(reopened(record))
        self._restore(whole)
        gone = (*self.memory.erase([r.id for r in whole]), *self.memory.erase_resting_on(tuple(erased))[0])
        self.recent = [i for i in self.recent if i not in gone]
        return tuple(dict.fromkeys(gone))

    def _restore(self, leaving: Sequence[MemoryRecord]) -> None:
        for record in leaving:
            earlier = self.memory.get(record.details.get("instead_of", record.id))
            if earlier and earlier.id != record.id:
                self.memory.put(reopened(earlier))

    def _keep(self, finding: Finding, speaker: str | None, now_ns: int) -> Kept:
        if finding.kind is FindingKind.FACT:
            return self._remember(fact_of(finding, speaker, now_ns))
        if finding.kind in (FindingKind.CANCELLED, FindingKind.DONE):
            return self._end(finding)
        if again := said_again(finding, self._recent(), self.language) or self._known(finding):
            record = self.memory.put(joined(again, finding, self.zone))
            return Kept(records=(record,), commitments=(record,))
        return self._begin(finding, speaker, now_ns) if finding.kind in COMMITTING else Kept()

    def _remember(self, fact: MemoryRecord) -> Kept:
        """Keeps what somebody asked to be remembered: that outweighs the gate's doubts, but junk stays outside.

        What contradicts a higher word waits for review; nobody hears of it until then.
        """
        junk = judge(fact).verdict is Worth.JUNK
        known = self.memory.offer(fact).record if junk else self.memory.add(fact)
        return Kept(records=(known,)) if known and known.kept else Kept()

    def _begin(self, finding: Finding, speaker: str | None, now_ns: int) -> Kept:
        earlier = moved_from(finding, self.standing(), self.language, self.zone)
        record = commitment_of(finding, speaker, now_ns, self.zone)
        if known := self.memory.get(record.id):
            return Kept(records=(known,))
        if earlier is None:
            record = self.memory.add(record)
            self.recent.append(record.id)
            return Kept(records=(record,), commitments=(record,))
        details = dict(record.details) | {"instead_of": earlier.id}
        evidence = (*earlier.evidence, *record.evidence)
        record = self.memory.add(replace(record, evidence=evidence, details=details))
        self.memory.supersede(earlier.id, record.id, now_ns)
        self.recent = [i for i in self.recent if i != earlier.id] + [record.id]
        past = self.memory.get(earlier.id)
        return Kept(records=(record, *([past] if past else [])), commitments=(record,), gone=(earlier.id,))

    def _end(self, finding: Finding) -> Kept:
        record = ended_by(finding, self.standing(), self.language, self.zone)
        if record is None:
            return Kept()
        ended = self.memory.put(with_status(record, finding.kind.value, finding))
        return Kept(records=(ended,), gone=(ended.id,))

    def _known(self, finding: Finding) -> MemoryRecord | None:
        """The same appointment to the minute, known from an earlier conversation."""
        if finding.when is None or finding.when.at is None:
            return None
        return said_again(finding, self.standing(), self.language)

    def _recent(self) -> list[MemoryRecord]:
        return [r for i in self.recent if (r := self.memory.get(i)) and is_open(r)]


def spoken_in(record: MemoryRecord) -> frozenset[str]:
    """The utterances without which the text of a commitment may not stand. (A fact stands on any of its evidence.)"""
    return frozenset(record.details.get("spoken", "").split())
