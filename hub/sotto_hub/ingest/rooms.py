"""What every session shares: the rooms that frames pass through on their way to words, and the door to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sotto_hub.bus import Bus
from sotto_hub.ingest.committer import Committer
from sotto_hub.ingest.fleet import Fleet
from sotto_hub.ingest.lanes import OpenEar
from sotto_hub.records import Utterance
from sotto_hub.store.spans import Span
from sotto_hub.store.transcript import Transcript
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import (
    Audio,
    Frame,
    Gap,
    GazeBatch,
    Hello,
    Modality,
    MuteState,
    OffTheRecord,
    Picture,
    StreamInfo,
)

TakeBack = Callable[[int, int], None]

_BODIES: Final = {
    Modality.AUDIO: (Audio, Gap),
    Modality.PICTURE: (Picture, Gap),
    Modality.GAZE: (GazeBatch, Gap),
    Modality.CONTROL: (MuteState, OffTheRecord, Gap),
}


FUTURE_NS: Final = 86_400_000_000_000
"""How far a live frame may lie ahead of the hub's clock: event time never goes back, it would be carried away."""

LATEST_NS: Final = 7_258_118_400_000_000_000
"""The year 2200: no calendar here goes further, and none goes back behind 1970."""


def fits(frame: Frame, modality: Modality) -> bool:
    """Whether a frame carries what its stream was announced to carry (pure)."""
    return isinstance(frame.body, _BODIES[modality])


def require_fit(frame: Frame, info: StreamInfo, offset_ns: int, now_ns: int) -> None:
    """Whether a frame may come in through its stream (pure). Raises `MalformedFrame`: `body` or `time`."""
    if not fits(frame, info.modality):
        raise MalformedFrame("body", f"stream {info.stream!r} carries {info.modality.value}, not this")
    start_ns, end_ns = frame.at.wall_ns + offset_ns, frame.end_wall_ns + offset_ns
    if start_ns < 0 or end_ns > LATEST_NS:
        raise MalformedFrame("time", "the frame lies before 1970 or after 2200: the device's clock is wrong")
    if info.live and end_ns - now_ns > FUTURE_NS:
        raise MalformedFrame("time", "the frame lies more than a day ahead: the device's clock is wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Given to every session by the hub.

    `withdraw` takes back what one boot of a device brought of a span; `obey` takes the last minutes back, in the way
    it is given, when an utterance says so; `greeted` takes note of a device's Hello; `changed`
    tells watchers that the status has changed; `now_ns` is event time as the wearer would say "now", `wall_ns` the
    hub's clock.
    """

    hub_id: str
    transcript: Transcript
    bus: Bus
    fleet: Fleet
    committer: Committer
    open_ear: OpenEar
    withhold: Callable[[int, int], None]
    withdraw: Callable[[str, str, Span], None]
    obey: Callable[[Utterance, TakeBack], None]
    greeted: Callable[[str, Hello], None]
    changed: Callable[[], None]
    now_ns: Callable[[], int]
    wall_ns: Callable[[], int]
