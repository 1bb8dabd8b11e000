"""Decides what a new truth does to those that are known: the interval rule (pure).

Stands under `truth`, which fetches and writes. Of the memories of one slot with different values one is true at a
time: the one that began later takes over where it begins. What is told late and began before another is past as soon
as it is known. Nothing vanishes: what is over keeps the time for which it was true.

What ends where something begins that is still to come ends then: until then it is known and true, and `view` works
out from its times, and from the time that is now, what answers. When the one that ended it is erased, `reopened`
gives it back its time.

Authority stands above time: what the wearer said or confirmed, then what others said, then what was inferred or
imported. The lower never closes the higher; it waits for the wearer's review. A correction also stands against the
wearer's own words about the same time or an earlier one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sotto_memory.decay import NS_PER_DAY
from sotto_memory.keeping.claims import Claim, claim
from sotto_memory.records import MemoryRecord, Source
from sotto_memory.strength import used
from sotto_memory.uses import Use
from sotto_memory.wording import relations
from sotto_memory.wording.dress import codes

CORRECTS: Final = "corrects"
"""The detail of a correction: the id of the memory whose place it took."""
CONFIRMED: Final = "confirmed"
"""The detail ("yes") of what the wearer accepted."""
CONTRADICTS: Final = "contradicts"
"""The first word of the doubt about a memory that says otherwise than a higher authority."""
SUPERSEDED_BY: Final = "superseded_by"
LASTING_TO: Final = "lasting_to_ns"
"""The detail of a truth that was to end at a time of its own and ended before: that time."""

_OWN_DETAILS: Final = frozenset({CORRECTS, CONFIRMED, SUPERSEDED_BY, LASTING_TO})
_AUTHORITY: Final = {Source.WEARER: 2, Source.OTHER: 1, Source.UNKNOWN: 1}
_SAME_WORD: Final = {
    "doctor": "dr",
    "mister": "mr",
    "professor": "prof",
    "street": "st",
    "road": "rd",
    "avenue": "ave",
}
_LAST_NS: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What becomes of a new truth: the record as it is to be kept, the known ones as changed by it, and the known
    one that says the same already, if one does (then the record is to join it, and nothing else changes).
    """

    record: MemoryRecord
    changed: tuple[MemoryRecord, ...] = ()
    known: MemoryRecord | None = None


def judged(record: MemoryRecord, others: Sequence[MemoryRecord], *, joins: bool = True) -> Judged:
    """The interval rule for a record that has a slot, among `others` of the same slot. `joins`: it may join one."""
    own = _claim(record)
    rest = [(one, _claim(one)) for one in others if one.id != record.id and _lasted(one)]
    if joins and (known := next((one for one, said in rest if _joinable(record, own, one, said)), None)):
        return Judged(record=record, known=known)
    if wrong := _corrected_away(record, own, others, rest):
        return Judged(record=replace(record, doubt=f"{CONTRADICTS} {wrong.details.get(SUPERSEDED_BY, wrong.id)}"))
    if own.ends:
        return _ended(record, own, [(one, said) for one, said in rest if one.current])
    return _taking_over(record, _against(own, rest))


def authority(record: MemoryRecord) -> int:
    """Whose word counts more: 2 the wearer's, 1 somebody else's, 0 what was inferred or imported."""
    return 2 if record.details.get(CONFIRMED) == "yes" else _AUTHORITY.get(record.source, 0)


def closed(record: MemoryRecord, by: MemoryRecord, ends_ns: int, use: Use | None) -> MemoryRecord:
    """A current memory as true until `ends_ns`, and known no longer since `by` came to be known.

    What is still true when `by` comes to be known stays known, and nothing speaks against it yet.
    """
    until_ns = max(min(_until(record), ends_ns), record.at_ns)
    known_ns = max(by.recorded_ns, record.recorded_ns)
    after = _ending_with(record, by, until_ns)
    if record.at_ns < until_ns and known_ns < until_ns:
        return after
    after = replace(after, superseded_ns=known_ns)
    return used(after, by.recorded_ns, use) if use else after


def reopened(record: MemoryRecord, others: Sequence[MemoryRecord]) -> MemoryRecord:
    """A truth whose successor was erased: true on, or until the next of `others` (of the same slot) takes its place.

    What the wearer has corrected was wrong whatever becomes of the correction: it stays as it is.
    """
    if was_corrected(record):
        return record
    own = _claim(record)
    rest = [(one, _claim(one)) for one in others if one.id != record.id and _lasted(one)]
    rivals = [one for one, said in rest if not agree(own, said) or (said.ends and one.at_ns >= record.at_ns)]
    if held := next((one for one in rivals if not _after(one, record) and _until(one) > record.at_ns), None):
        return replace(record, details={**record.details, SUPERSEDED_BY: held.id})
    dropped = {SUPERSEDED_BY, LASTING_TO}
    opened = replace(
        record,
        valid_until_ns=int(record.details[LASTING_TO]) if LASTING_TO in record.details else None,
        superseded_ns=None,
        details={name: value for name, value in record.details.items() if name not in dropped},
    )
    later = sorted((one for one in rivals if record.at_ns < one.at_ns < _until(opened)), key=lambda one: one.at_ns)
    return closed(opened, later[0], later[0].at_ns, None) if later else opened


def lasts_at(known: MemoryRecord, told: MemoryRecord) -> bool:
    """Whether a known truth lasts when another is told. One that begins a day later or more is still to come."""
    return _until(known) > told.at_ns and known.at_ns <= told.recorded_ns + NS_PER_DAY


def was_corrected(record: MemoryRecord) -> bool:
    """True for what the wearer has said to be wrong: it was true at no time."""
    return not _lasted(record) and any(note.use is Use.CORRECTED for note in record.history)


def _claim(record: MemoryRecord) -> Claim:
    """What it claims. The codes in it keep their case: of two passwords that differ by it, one is right."""
    found = claim(record)
    if not found or found.slot != record.slot:
        return Claim(slot=record.slot, value=(record.text,))
    written = codes(record.text)
    return replace(found, value=tuple(written.get(word, word) for word in found.value))


def _ending_with(record: MemoryRecord, by: MemoryRecord, until_ns: int) -> MemoryRecord:
    details = {**record.details, SUPERSEDED_BY: by.id}
    if record.valid_until_ns is not None and until_ns < record.valid_until_ns and SUPERSEDED_BY not in record.details:
        details[LASTING_TO] = str(record.valid_until_ns)
    return replace(
        record,
        valid_from_ns=record.valid_from_ns if until_ns > record.at_ns else record.at_ns,
        valid_until_ns=until_ns,
        details=details,
    )


def _corrected_away(
    record: MemoryRecord, own: Claim, others: Sequence[MemoryRecord], rest: Sequence[tuple[MemoryRecord, Claim]]
) -> MemoryRecord | None:
    """The wrong value that the record brings up again, though the wearer has corrected it and not taken that back."""
    if {CORRECTS, CONFIRMED} & record.details.keys() or own.ends:
        return None
    if any(one.current and agree(own, said) for one, said in rest):
        return None
    return next((one for one in others if was_corrected(one) and agree(own, _claim(one))), None)


def _lasted(record: MemoryRecord) -> bool:
    """False for what was never true: a correction took its place."""
    return _until(record) > record.at_ns


def _until(record: MemoryRecord) -> int:
    return _LAST_NS if record.valid_until_ns is None else record.valid_until_ns


def _joinable(record: MemoryRecord, own: Claim, known: MemoryRecord, said: Claim) -> bool:
    """Whether both say that the same is so, on the same authority, at a time for which it is known."""
    alike = (record.kind, record.source, record.subject.casefold(), record.label, _other_details(record)) == (
        *(known.kind, known.source, known.subject.casefold(), known.label),
        _other_details(known),
    )
    covered = known.at_ns <= record.at_ns < _until(known)
    return alike and covered and own == said and record.valid_until_ns in (None, known.valid_until_ns)


def _other_details(record: MemoryRecord) -> dict[str, str]:
    return {name: value for name, value in record.details.items() if name not in _OWN_DETAILS}


def _against(own: Claim, rest: Sequence[tuple[MemoryRecord, Claim]]) -> list[MemoryRecord]:
    """Those that cannot be true at one time with the claim, and those that say that something is over."""
    return [one for one, said in rest if said.ends or not agree(own, said)]


def agree(one: Claim, other: Claim) -> bool:
    """Whether two values of one slot may both be true: equal, or one says more of the same ("Dr Anna Berg")."""
    a, b = ({_SAME_WORD.get(word, word) for word in said.value} for said in (one, other))
    if a == b:
        return one.value == other.value or not _exact(one)
    return not _exact(one) and (a < b or b < a)


def _exact(said: Claim) -> bool:
    """True for passwords and numbers, of which every part counts."""
    return said.slot.rpartition("/")[2].rpartition("-")[2] in relations.CODES


def _taking_over(record: MemoryRecord, rivals: list[MemoryRecord]) -> Judged:
    if above := next((one for one in rivals if _stands_above(one, record)), None):
        return Judged(record=replace(record, doubt=f"{CONTRADICTS} {above.id}"))
    later = [one for one in rivals if _after(one, record) and authority(one) >= authority(record)]
    record = _told_late(record, min(later, key=lambda one: one.at_ns, default=None))
    if _until(record) <= record.recorded_ns and not later:
        return Judged(record=record)  # over before it was told: what holds now is not touched
    earlier = [one for one in rivals if not _after(one, record) and _until(one) > record.at_ns]
    wrong = [one for one in rivals if _after(one, record) and one not in later and one.at_ns < _until(record)]
    return Judged(record=record, changed=tuple(_ending(one, record) for one in (*earlier, *wrong)))


def _after(one: MemoryRecord, record: MemoryRecord) -> bool:
    return one.at_ns > record.at_ns


def _stands_above(one: MemoryRecord, record: MemoryRecord) -> bool:
    """Whether a known truth that the record would end must not be ended by it."""
    if _after(one, record) or _until(one) <= record.at_ns:
        return False
    corrected = CORRECTS in one.details and CORRECTS not in record.details and one.at_ns == record.at_ns
    return corrected or authority(one) > authority(record)


def _told_late(record: MemoryRecord, successor: MemoryRecord | None) -> MemoryRecord:
    """The record with its end, past at once when another truth had begun since, or when it was over already."""
    if successor is not None and successor.at_ns < _until(record):
        record = _ending_with(record, successor, successor.at_ns)
    if _until(record) > record.recorded_ns:
        return record
    return replace(record, superseded_ns=record.superseded_ns or record.recorded_ns)


def _ending(one: MemoryRecord, by: MemoryRecord) -> MemoryRecord:
    """A truth that ends where `by` begins, or was none; one that is past already ends earlier than was thought."""
    if not one.current:
        return _ending_with(one, by, max(one.at_ns, by.at_ns))
    said_over = _claim(one).ends
    return closed(one, by, by.at_ns, None if said_over else Use.CONTRADICTED)


def _ended(record: MemoryRecord, own: Claim, current: list[tuple[MemoryRecord, Claim]]) -> Judged:
    """What the record says to be over is closed, without a successor. What it does not speak of stays."""
    held = [(one, said) for one, said in current if not said.ends]
    over = [one for one, said in held if agree(own, said) and not _after(one, record)]
    if above := next((one for one in over if authority(one) > authority(record)), None):
        return Judged(record=replace(record, doubt=f"{CONTRADICTS} {above.id}"))
    answered = len(over) < len(held)  # another value holds: that one is the answer, not this
    changed = tuple(closed(one, record, record.at_ns, Use.CONTRADICTED) for one in over)
    return Judged(record=replace(record, slot="") if answered else record, changed=changed)
