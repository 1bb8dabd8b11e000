"""Which memories a question may see: now, as things were, or as they were known (pure).

Stands between a question and the store: `sees` judges one record, `condition` says the same in SQL, and a test holds
the two together. A memory was true from `valid_from_ns` (where that is not known: from when it was recorded) until
`valid_until_ns`; an episode is over, but it stays true that it happened. A memory was known from `recorded_ns` until
`superseded_ns`; before that moment nobody knew that its truth would end.

What holds now is worked out from these times and from `now_ns`, whatever was noted before: a value of a slot that
begins in the future does not answer yet, one that ends in the future still does, and what has faded is out of sight
whether or not a nightly rest has put it away.
"""

from dataclasses import dataclass
from typing import Final

from sotto_memory.decay import NS_PER_DAY
from sotto_memory.errors import MemoryInputError
from sotto_memory.limits import check_times
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.strength import FADED_AFTER, PASSING, belongs_in_archive


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a question looks at; with `now_ns` alone: what holds now and has not faded. Times are Unix nanoseconds.

    `include_past`: all that is kept, whatever became of it. `as_of_ns`: what was true then. `known_at_ns`: what was
    known then, and held by what was known. Without any time: what is recorded as current and not put away. `span`:
    what was true or happened at some time from its first to before its second time. A view with a time of the past
    looks into the archive too. What waits for review, and what is in the bin, no view shows.
    Raises MemoryInputError (time_range, time_order).
    """

    now_ns: int | None = None
    include_past: bool = False
    as_of_ns: int | None = None
    known_at_ns: int | None = None
    span: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        from_ns, to_ns = self.span or (None, None)
        check_times(now=self.now_ns, as_of=self.as_of_ns, known_at=self.known_at_ns, span_from=from_ns, span_to=to_ns)
        if from_ns is not None and to_ns is not None and to_ns < from_ns:
            raise MemoryInputError("time_order", "A span of time cannot end before it begins.")

    @property
    def timed(self) -> bool:
        """True when the question names a time of which something was true."""
        return self.as_of_ns is not None or self.span is not None

    @property
    def instant_ns(self) -> int | None:
        """The moment at which what it shows must hold; None for a view that does not ask for one such moment."""
        if self.include_past or self.timed:
            return None
        return self.now_ns if self.known_at_ns is None else self.known_at_ns


def sees(record: MemoryRecord, view: View) -> bool:
    """Whether the view shows this memory."""
    return record.kept and _known(record, view) and _true(record, view) and _in_sight(record, view)


def over(record: MemoryRecord, now_ns: int) -> bool:
    """Whether it holds no more: known no longer, or true no longer. That an episode happened stays true."""
    return _replaced(record, now_ns) or _ended(record, now_ns)


def condition(view: View) -> tuple[str, dict[str, object]]:
    """The same as SQL over the table `memories`, and the values of its named parameters."""
    parts = ["memories.doubt = ''", "memories.binned_ns IS NULL"]
    if not _looks_back(view):
        parts += _RECORDED if view.now_ns is None else [_NOT_REPLACED, f"NOT ({_FADED})"]
    if view.known_at_ns is not None:
        parts.append("memories.recorded_ns <= :view_known")
        if not view.timed:
            parts.append("(memories.superseded_ns IS NULL OR memories.superseded_ns > :view_known)")
    if view.instant_ns is not None:
        parts.append(f"({_lasting_in_sql(view)} > :view_instant OR {_HAPPENED})")
        parts.append(f"(memories.slot = '' OR {_AT} <= :view_instant OR {_AHEAD})")
    if view.as_of_ns is not None:
        parts.append(f"({_AT} <= :view_as_of AND ({_lasting_in_sql(view)} > :view_as_of OR {_HAPPENED}))")
    if view.span is not None:
        parts.append(f"({_AT} < :view_to AND {_reaches_in_sql(view)})")
    return " AND ".join(parts), _values(view)


_AT: Final = "coalesce(memories.valid_from_ns, memories.recorded_ns)"
_HAPPENED: Final = f"memories.kind = '{Kind.EPISODE.value}'"
_NO_END_NS: Final = 2**63 - 1
"""Later than any time that is kept."""
_RECORDED: Final = ["memories.superseded_ns IS NULL", "NOT memories.archived"]
_NOT_REPLACED: Final = (
    "(memories.superseded_ns IS NULL OR (memories.slot <> '' AND memories.superseded_ns > :view_now))"
)
_PASSING_KINDS: Final = ", ".join(f"'{kind.value}'" for kind in sorted(PASSING))
_IDLE_DAYS: Final = f"CAST(max(0, :view_now - memories.last_use_ns) / {NS_PER_DAY} AS INTEGER)"
_FADED: Final = f"""
{_IDLE_DAYS} > :view_faded_after * memories.stability_days AND NOT memories.pinned
AND NOT (memories.source = '{Source.WEARER.value}' AND memories.kind NOT IN ({_PASSING_KINDS}))
AND NOT (memories.kind = '{Kind.COMMITMENT.value}' AND coalesce(memories.details ->> '$.status', '') = 'open')
"""
"""What `strength.belongs_in_archive` decides."""
_AHEAD: Final = f"""
(memories.recorded_ns > :view_instant AND {_AT} <= memories.recorded_ns AND memories.superseded_ns IS NULL)
"""
"""Told as so, by a clock that was ahead of the one that is asked by: what is known was told before now."""


def _looks_back(view: View) -> bool:
    return view.include_past or view.timed or view.known_at_ns is not None


def _in_sight(record: MemoryRecord, view: View) -> bool:
    if _looks_back(view):
        return True
    if view.now_ns is None:
        return record.current and not record.archived
    return not _replaced(record, view.now_ns) and not belongs_in_archive(record, view.now_ns)


def _replaced(record: MemoryRecord, now_ns: int) -> bool:
    """Known no longer. A slot has a value at every time: there the replacement may itself be still to come."""
    return record.superseded_ns is not None and not (record.slot and record.superseded_ns > now_ns)


def _ended(record: MemoryRecord, now_ns: int) -> bool:
    until_ns = record.valid_until_ns
    return record.kind is not Kind.EPISODE and until_ns is not None and until_ns <= now_ns


def _holds(record: MemoryRecord, view: View) -> bool:
    """Whether it is true at the moment that the view is about, if it is about one."""
    if (instant_ns := view.instant_ns) is None:
        return True
    if _until_ns(record, view) <= instant_ns and record.kind is not Kind.EPISODE:
        return False
    return not record.slot or record.at_ns <= instant_ns or _ahead(record, instant_ns)


def _ahead(record: MemoryRecord, instant_ns: int) -> bool:
    """Told as so, by a clock that was ahead: it is known, so it was told before now."""
    return record.current and record.at_ns <= record.recorded_ns and record.recorded_ns > instant_ns


def _known(record: MemoryRecord, view: View) -> bool:
    """A time of truth asks what is known of it: the end of a truth does not make it unknown."""
    if view.known_at_ns is None:
        return True
    if record.recorded_ns > view.known_at_ns:
        return False
    return view.timed or record.superseded_ns is None or record.superseded_ns > view.known_at_ns


def _true(record: MemoryRecord, view: View) -> bool:
    until_ns = _until_ns(record, view)
    if not _holds(record, view):
        return False
    if view.as_of_ns is not None:
        lasts = until_ns > view.as_of_ns or record.kind is Kind.EPISODE
        if record.at_ns > view.as_of_ns or not lasts:
            return False
    if view.span is None:
        return True
    from_ns, to_ns = view.span
    return record.at_ns < to_ns and _reaches(record, until_ns, from_ns)


def _reaches(record: MemoryRecord, until_ns: int, from_ns: int) -> bool:
    """Whether it was still so at `from_ns`, given that it began before the span was over."""
    if record.kind is Kind.EPISODE:
        return record.at_ns >= from_ns or (record.valid_until_ns is not None and until_ns > from_ns)
    return until_ns > max(from_ns, record.at_ns)


def _until_ns(record: MemoryRecord, view: View) -> int:
    """When it stopped being true, as far as was known then."""
    known_ns = view.known_at_ns
    if record.valid_until_ns is None:
        return _NO_END_NS
    if known_ns is not None and record.superseded_ns is not None and record.superseded_ns > known_ns:
        return _NO_END_NS
    return record.valid_until_ns


def _lasting_in_sql(view: View) -> str:
    open_end = f"coalesce(memories.valid_until_ns, {_NO_END_NS})"
    if view.known_at_ns is None:
        return open_end
    return f"CASE WHEN memories.superseded_ns > :view_known THEN {_NO_END_NS} ELSE {open_end} END"


def _reaches_in_sql(view: View) -> str:
    until = f"({_lasting_in_sql(view)})"
    episode = f"({_AT} >= :view_from OR (memories.valid_until_ns IS NOT NULL AND {until} > :view_from))"
    return f"CASE WHEN {_HAPPENED} THEN {episode} ELSE {until} > max(:view_from, {_AT}) END"


def _values(view: View) -> dict[str, object]:
    from_ns, to_ns = view.span or (None, None)
    times = {"now": view.now_ns, "as_of": view.as_of_ns, "known": view.known_at_ns, "from": from_ns, "to": to_ns}
    values = {**times, "instant": view.instant_ns, "faded_after": FADED_AFTER}
    return {f"view_{name}": value for name, value in values.items() if value is not None}
