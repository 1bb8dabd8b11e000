"""A frame with its fate decided: what may be acknowledged once it is stored (pure)."""

from typing import Final

from sotto_hub.records import Fate, Settled
from sotto_proto.records import Frame, Gap

NOT_UNDERSTOOD: Final = "not_understood"
"""Why sense is lost for which this hub has no perception."""


def fate_of(frame: Frame) -> tuple[Fate, str]:
    """The fate and reason of a frame that nothing here perceives: a gap is what the device says it was."""
    if isinstance(frame.body, Gap):
        return Fate(frame.body.kind.value), frame.body.reason
    return Fate.LOST, NOT_UNDERSTOOD


def settle(frame: Frame, offset_ns: int, fate: Fate, reason: str = "") -> Settled:
    """The decision about one frame. `offset_ns` is added to the device's wall clock."""
    return Settled(
        stream=frame.stream,
        sequence=frame.sequence,
        end_ns=frame.end_wall_ns + offset_ns,
        duration_ns=frame.duration_ns,
        captured_ns=frame.captured_ns,
        fate=fate,
        reason=reason,
    )
