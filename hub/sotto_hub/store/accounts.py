"""Settled frames to sums of the ledger (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sotto_hub.records import Fate, Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one batch adds to one stream's row. `sequence`, `captured_ns`, `heard_until_ns` are the newest."""

    sequence: int
    captured_ns: int
    heard_until_ns: int
    committed_ns: int = 0
    silent_ns: int = 0
    muted_ns: int = 0
    lost_ns: Mapping[str, int] = field(default_factory=dict)


def account(settled: Iterable[Settled]) -> dict[str, Account]:
    """The sums of each stream."""
    streams: dict[str, list[Settled]] = {}
    for one in settled:
        streams.setdefault(one.stream, []).append(one)
    return {stream: _sum(batch) for stream, batch in streams.items()}


def _sum(batch: list[Settled]) -> Account:
    return Account(
        sequence=max(s.sequence for s in batch),
        captured_ns=max(s.captured_ns for s in batch),
        heard_until_ns=max(s.end_ns for s in batch),
        committed_ns=_of(batch, Fate.COMMITTED),
        silent_ns=_of(batch, Fate.SILENT),
        muted_ns=_of(batch, Fate.MUTED),
        lost_ns=_losses(batch),
    )


def _of(batch: list[Settled], fate: Fate) -> int:
    return sum(s.duration_ns for s in batch if s.fate is fate)


def _losses(batch: list[Settled]) -> dict[str, int]:
    lost: dict[str, int] = {}
    for s in batch:
        if s.fate is Fate.LOST:
            lost[s.reason] = lost.get(s.reason, 0) + s.duration_ns
    return lost
