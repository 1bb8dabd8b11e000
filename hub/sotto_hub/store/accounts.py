"""Settled frames to sums of the ledger, and the words for losses (pure)."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sotto_hub.records import Fate, Settled

OTHER: Final = "other"
REASONS: Final = 32
"""So many reasons a stream may give for its losses: whoever invents more does not grow the hub."""

OWN: Final = frozenset({"off_the_record", "not_understood", "decode_failed", "undecodable"})
"""Reasons that the hub itself gives: for these there is always room."""

_WORD: Final = re.compile(r"[a-z_]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one batch adds to one stream's row. `sequence`, `captured_ns`, `heard_until_ns` are the newest.

    A frame without duration, such as a control, overtakes what was sensed: it says nothing of how far that has come.
    """

    sequence: int
    captured_ns: int
    heard_until_ns: int
    committed_ns: int = 0
    silent_ns: int = 0
    muted_ns: int = 0
    lost_ns: Mapping[str, int] = field(default_factory=dict)


def account(settled: Iterable[Settled]) -> Account | None:
    """The sums of one stream; `None` of nothing."""
    batch = list(settled)
    if not batch:
        return None
    return Account(
        sequence=max(s.sequence for s in batch),
        captured_ns=max(s.captured_ns for s in batch),
        heard_until_ns=max((s.end_ns for s in batch if s.duration_ns), default=0),
        committed_ns=_of(batch, Fate.COMMITTED),
        silent_ns=_of(batch, Fate.SILENT),
        muted_ns=_of(batch, Fate.MUTED),
        lost_ns=_losses(batch),
    )


def reason_among(known: Collection[str], reason: str) -> str:
    """The reason as the ledger keeps it, where a stream has `known` already: a short stable word, or `other`."""
    if reason in known or reason in OWN:
        return reason
    fits = _WORD.fullmatch(reason) is not None and len(known) < REASONS - 1
    return reason if fits else OTHER


def _of(batch: list[Settled], fate: Fate) -> int:
    return sum(s.duration_ns for s in batch if s.fate is fate)


def _losses(batch: list[Settled]) -> dict[str, int]:
    lost: dict[str, int] = {}
    for s in batch:
        if s.fate is Fate.LOST:
            lost[s.reason] = lost.get(s.reason, 0) + s.duration_ns
    return lost
