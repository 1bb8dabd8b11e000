"""Sequence numbers and balances of one stream of one boot (pure state, no I/O)."""

from dataclasses import dataclass
from enum import Enum

from sotto_hub.errors import UsageError
from sotto_hub.records import Fate, Settled
from sotto_proto.records import Frame, Gap, GapKind


class Arrival(Enum):
    """What a frame's number says."""

    NEXT = "next"
    REPEATED = "repeated"


@dataclass(slots=True, kw_only=True)
class Numbering:
    """How far one stream has come: received, settled, and what lies between (the ledger's `waiting`)."""

    stream: str
    mark: int
    received: int
    captured_ns: int = 0
    waiting_ns: int = 0

    def arrive(self, frame: Frame) -> Arrival:
        """Takes note of a frame. Raises `UsageError` with code `sequence_hole` when one before it is missing."""
        if frame.sequence <= self.received:
            return Arrival.REPEATED
        if frame.sequence != self.received + 1:
            raise UsageError(
                "sequence_hole",
                f"stream {self.stream}: frame {frame.sequence} came where {self.received + 1} was due:"
                " connect again, and send from the mark in Welcome",
            )
        self.received = frame.sequence
        self.captured_ns = frame.captured_ns
        self.waiting_ns += counted_ns(frame)
        return Arrival.NEXT

    def settle(self, settled: Settled) -> None:
        """Takes note of a committed decision."""
        self.mark = settled.sequence
        self.waiting_ns -= 0 if settled.fate is Fate.OFF else settled.duration_ns

    @property
    def waiting_frames(self) -> int:
        """Received, not yet committed."""
        return self.received - self.mark


def counted_ns(frame: Frame) -> int:
    """What a frame adds to what was captured: OFF was never captured."""
    off = isinstance(frame.body, Gap) and frame.body.kind is GapKind.OFF
    return 0 if off else frame.duration_ns
