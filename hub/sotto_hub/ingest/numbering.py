"""Sequence numbers and balances of one stream of one boot (pure state, no I/O)."""

from dataclasses import dataclass, field
from enum import Enum

from sotto_hub.errors import UsageError
from sotto_hub.records import Fate, Settled
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Frame, Gap, GapKind, Mark


class Arrival(Enum):
    """What a frame's number says."""

    NEXT = "next"
    REPEATED = "repeated"


@dataclass(slots=True, kw_only=True)
class Numbering:
    """How far one stream has come: received, settled (`mark`), and what lies between (the ledger's `waiting`).

    The ledger balances by construction: a frame is taken only if what it says was captured is what was captured
    before it and its own duration.
    """

    stream: str
    mark: Mark = Mark()  # noqa: RUF009  (immutable)
    received: int = field(init=False)
    captured_ns: int = field(init=False)
    waiting_ns: int = 0
    waiting_frames: int = 0

    def __post_init__(self) -> None:
        self.received, self.captured_ns = self.mark.sequence, self.mark.captured_ns

    def arrive(self, frame: Frame) -> Arrival:
        """Takes note of a frame; a loss may stand for many numbers, and begins at the one that is due.

        Raises `UsageError` with code `sequence_hole` when a frame before it is missing, and `MalformedFrame` with
        code `captured` when its captured time does not follow from the frames.
        """
        if frame.sequence <= self.received:
            return Arrival.REPEATED
        self._require_next(frame)
        counted = counted_ns(frame)
        self.received, self.captured_ns = frame.sequence, frame.captured_ns
        self.waiting_ns += counted
        self.waiting_frames += 1
        return Arrival.NEXT

    def settle(self, settled: Settled) -> None:
        """Takes note of a committed decision."""
        self.mark = Mark(sequence=settled.sequence, captured_ns=settled.captured_ns)
        self.waiting_ns -= 0 if settled.fate is Fate.OFF else settled.duration_ns
        self.waiting_frames -= 1

    def _require_next(self, frame: Frame) -> None:
        if frame.first_sequence != self.received + 1:
            raise UsageError(
                "sequence_hole",
                f"stream {self.stream}: frame {frame.first_sequence} came where {self.received + 1} was due:"
                " connect again, and send from the mark in Welcome",
            )
        if frame.captured_ns != (due := self.captured_ns + counted_ns(frame)):
            raise MalformedFrame(
                "captured",
                f"stream {self.stream}: frame {frame.sequence} says that {frame.captured_ns} ns were captured,"
                f" but its frames add up to {due}",
            )


def counted_ns(frame: Frame) -> int:
    """What a frame adds to what was captured: OFF was never captured."""
    off = isinstance(frame.body, Gap) and frame.body.kind is GapKind.OFF
    return 0 if off else frame.duration_ns
