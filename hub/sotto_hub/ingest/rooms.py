"""What every session shares: the rooms of the hub that frames pass through on their way to words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sotto_hub.bus import Bus
from sotto_hub.ingest.fleet import Fleet
from sotto_hub.ingest.lanes import OpenEar
from sotto_hub.ingest.reader import Reader
from sotto_hub.records import Erased
from sotto_hub.store.transcript import Transcript
from sotto_proto.records import Audio, Frame, Gap, GazeBatch, Hello, Modality, MuteState, OffTheRecord, Picture

_BODIES: Final = {
    Modality.AUDIO: (Audio, Gap),
    Modality.PICTURE: (Picture, Gap),
    Modality.GAZE: (GazeBatch, Gap),
    Modality.CONTROL: (MuteState, OffTheRecord, Gap),
}


def fits(frame: Frame, modality: Modality) -> bool:
    """Whether a frame carries what its stream was announced to carry (pure)."""
    return isinstance(frame.body, _BODIES[modality])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Given to every session by the hub.

    `greeted` takes note of a device's Hello; `changed` tells watchers that the status has changed; `now_ns` is event
    time as the wearer would say "now", `wall_ns` the hub's clock.
    """

    hub_id: str
    transcript: Transcript
    bus: Bus
    fleet: Fleet
    reader: Reader
    open_ear: OpenEar
    withhold: Callable[[int, int], Erased]
    greeted: Callable[[str, Hello], None]
    changed: Callable[[], None]
    now_ns: Callable[[], int]
    wall_ns: Callable[[], int]
