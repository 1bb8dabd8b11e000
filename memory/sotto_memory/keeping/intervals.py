"""Decides what a new truth does to those that are known: the interval rule (pure).

Stands under `truth`, which fetches and writes. Of the memories of one slot with different values one is true at a
time: the one that began later takes over where it begins. What is told late and began before another is past as soon
as it is known. Nothing vanishes: what is over keeps the time for which it was true.

Authority stands above time: what the wearer said or confirmed, then what others said, then what was inferred or
imported. The lower never closes the higher; it waits for the wearer's review. A correction also stands against the
wearer's own words about the same time or an earlier one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sotto_memory.keeping.claims import Claim, claim
from sotto_memory.records import MemoryRecord, Source
from sotto_memory.strength import used
from sotto_memory.uses import Use
from sotto_memory.wording import relations

CORRECTS: Final = "corrects"
"""The detail of a correction: the id of the memory whose place it took."""
CONFIRMED: Final = "confirmed"
"""The detail ("yes") of what the wearer accepted."""
CONTRADICTS: Final = "contradicts"
"""The first word of the doubt about a memory that says otherwise than a higher authority."""
SUPERSEDED_BY: Final = "superseded_by"

_OWN_DETAILS: Final = frozenset({CORRECTS, CONFIRMED, SUPERSEDED_BY})
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
    if own.ends:
        return _ended(record, own, [(one, said) for one, said in rest if one.current])
    return _taking_over(record, _against(own, rest))


def authority(record: MemoryRecord) -> int:
    """Whose word counts more: 2 the wearer's, 1 somebody else's, 0 what was inferred or imported."""
    return 2 if record.details.get(CONFIRMED) == "yes" else _AUTHORITY.get(record.source, 0)


def closed(record: MemoryRecord, by: MemoryRecord, ends_ns: int, use: Use | None) -> MemoryRecord:
    """A current memory as known no longer since `by` came to be known, and true until `ends_ns`."""
    until_ns = max(min(_until(record), ends_ns), record.at_ns)
    after = replace(
        record,
        valid_from_ns=record.valid_from_ns if until_ns > record.at_ns else record.at_ns,
        valid_until_ns=until_ns,
        superseded_ns=max(by.recorded_ns, record.recorded_ns),
        details={**record.details, SUPERSEDED_BY: by.id},
    )
    return used(after, by.recorded_ns, use) if use else after


def _claim(record: MemoryRecord) -> Claim:
    found = claim(record)
    return found if found and found.slot == record.slot else Claim(slot=record.slot, value=(record.text,))


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
    record = _told_late(record, min((one.at_ns for one in later), default=_LAST_NS))
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


def _told_late(record: MemoryRecord, successor_ns: int) -> MemoryRecord:
    """The record with its end, past at once when another truth had begun since, or when it was over already."""
    until_ns = min(_until(record), successor_ns)
    if successor_ns == _LAST_NS and until_ns > record.recorded_ns:
        return record
    return replace(record, valid_until_ns=until_ns, superseded_ns=record.superseded_ns or record.recorded_ns)


def _ending(one: MemoryRecord, by: MemoryRecord) -> MemoryRecord:
    """A truth that ends where `by` begins, or was none; one that is past already ends earlier than was thought."""
    if not one.current:
        return replace(one, valid_until_ns=max(one.at_ns, by.at_ns))
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
