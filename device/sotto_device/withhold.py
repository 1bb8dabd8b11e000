"""Taking back: what frames of a span become when the wearer says "off the record" (pure).

A frame that touches the span at all is withheld as a whole. It keeps its number and its duration, and says why.
"""

from dataclasses import replace
from typing import Final

from sotto_proto.records import Audio, Frame, Gap, GapKind, GazeBatch, Picture, Sealed

OFF_THE_RECORD: Final = "off_the_record"


def carries_sense(frame: Frame) -> bool:
    """Whether the frame holds something that was sensed, open or sealed."""
    return isinstance(frame.body, Audio | Picture | GazeBatch | Sealed)


def lost(frame: Frame, reason: str) -> Frame:
    """The same span, with nothing in it but the reason."""
    return replace(frame, body=Gap(kind=GapKind.LOST, reason=reason))


def withheld(frame: Frame, from_wall_ns: int, to_wall_ns: int) -> Frame:
    """The frame, or what is left of it when it touches the span [from, to)."""
    touches = frame.at.wall_ns < to_wall_ns and max(frame.end_wall_ns, frame.at.wall_ns + 1) > from_wall_ns
    return lost(frame, OFF_THE_RECORD) if touches and carries_sense(frame) else frame
