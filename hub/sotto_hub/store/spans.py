"""Spans that were taken back, and what they mean for what is stored before and after (pure)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from sotto_hub.records import Decided, Fate, Settled, Utterance

OFF_THE_RECORD: Final = "off_the_record"


class Span(NamedTuple):
    """From (included) to (not included), event time."""

    from_ns: int
    to_ns: int


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as spans in order of which no two touch: taking back twice costs no more than once."""
    apart: list[Span] = []
    for span in sorted(spans):
        if apart and span.from_ns <= apart[-1].to_ns:
            apart[-1] = Span(apart[-1].from_ns, max(apart[-1].to_ns, span.to_ns))
        else:
            apart.append(span)
    return tuple(apart)


def is_withheld(spans: Sequence[Span], from_ns: int, to_ns: int) -> bool:
    """Whether the span from..to shares an instant with any of `spans` (as `merged` gives them)."""
    before = bisect_left(spans, (to_ns,))
    return before > 0 and spans[before - 1].to_ns > from_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What may be stored. `resting_ns`: by id of an utterance, the committed time that stands and falls with it."""

    utterances: tuple[Utterance, ...] = ()
    settled: tuple[Settled, ...] = ()
    resting_ns: Mapping[str, int] = field(default_factory=dict)


def sift(spans: Sequence[Span], decided: Decided) -> Sifted:
    """Words that touch a span taken back are dropped; their frames were not committed but lost, off the record."""
    kept = tuple(u for u in decided.utterances if not is_withheld(spans, u.start_ns, u.end_ns))
    stays = {u.id for u in kept}
    settled, resting = [], dict.fromkeys(stays, 0)
    for one in decided.settled:
        owner = _owner(decided.utterances, one) if one.fate is Fate.COMMITTED else None
        if one.fate is Fate.COMMITTED and (_touched(spans, one) or (owner and owner not in stays)):
            settled.append(replace(one, fate=Fate.LOST, reason=OFF_THE_RECORD))
            continue
        settled.append(one)
        if owner:
            resting[owner] += one.duration_ns
    return Sifted(utterances=kept, settled=tuple(settled), resting_ns=resting)


def _owner(utterances: Sequence[Utterance], one: Settled) -> str | None:
    """The utterance that a committed frame belongs to: the first that goes on after its start, else the last."""
    start_ns = one.end_ns - one.duration_ns
    last = utterances[-1].id if utterances else None
    return next((u.id for u in utterances if u.end_ns > start_ns), last)


def _touched(spans: Sequence[Span], one: Settled) -> bool:
    return is_withheld(spans, one.end_ns - one.duration_ns, one.end_ns)
