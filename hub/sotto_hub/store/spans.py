"""Spans that were taken back, and what they mean for what arrives later (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sotto_hub.records import Fate, Settled

OFF_THE_RECORD: Final = "off_the_record"


class Span(NamedTuple):
    """From (included) to (not included), event time."""

    from_ns: int
    to_ns: int


def is_withheld(spans: Iterable[Span], from_ns: int, to_ns: int) -> bool:
    """Whether the span from..to shares an instant with any of `spans`."""
    return any(span.from_ns < to_ns and from_ns < span.to_ns for span in spans)


def withhold_settled(spans: Sequence[Span], settled: Iterable[Settled]) -> list[Settled]:
    """Frames that touch a span taken back were not committed but lost, off the record."""
    return [_withheld(s) if _touched(spans, s) else s for s in settled]


def _touched(spans: Sequence[Span], s: Settled) -> bool:
    return s.fate is Fate.COMMITTED and is_withheld(spans, s.end_ns - s.duration_ns, s.end_ns)


def _withheld(s: Settled) -> Settled:
    return replace(s, fate=Fate.LOST, reason=OFF_THE_RECORD)
