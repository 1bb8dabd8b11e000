"""A recorded day from where an earlier run of it stopped (pure).

Each stream goes on at the end of the last frame that was made of it, so nothing is sensed twice; what that run lost
when it was killed is told by the spool.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sotto_device.mute import EYES, MIC
from sotto_device.samples import Absence, AudioSample, ControlSample, Sample, later, split_audio
from sotto_device.sources.unread import Unread

CONTROL: Final = "control"


def rest_of(sample: Sample | Unread, since: Mapping[str, int]) -> Sample | Unread | None:
    """What of a sample lies beyond the wall times (ns) up to which each stream was captured; `None`: nothing."""
    match sample:
        case AudioSample():
            _, tail = split_audio(sample, since.get(MIC, 0))
            return tail if tail.pcm else None
        case Absence():
            return _rest_of_absence(sample, since.get(MIC, 0))
        case _:
            return sample if _begins_beyond(sample, since) else None


def resumed(
    keyed: Iterator[tuple[int, int, int, Sample | Unread]], since: Mapping[str, int]
) -> Iterator[tuple[int, int, int, Sample | Unread]]:
    """The samples of a day that are still to come."""
    for due, rank, index, sample in keyed:
        rest = rest_of(sample, since)
        if rest is not None:
            yield due, rank, index, rest


def _begins_beyond(sample: Sample | Unread, since: Mapping[str, int]) -> bool:
    match sample:
        case ControlSample():
            stream = CONTROL
        case Unread(sensor=sensor):
            stream = sensor
        case _:
            stream = MIC
    beyond_ns = sample.at.wall_ns - since.get(stream, 0)
    return beyond_ns >= 0 if stream == EYES else beyond_ns > 0


def _rest_of_absence(absence: Absence, since_ns: int) -> Absence | None:
    gone_ns = min(absence.duration_ns, max(0, since_ns - absence.at.wall_ns))
    if gone_ns and gone_ns == absence.duration_ns:
        return None
    return Absence(
        at=later(absence.at, gone_ns),
        duration_ns=absence.duration_ns - gone_ns,
        kind=absence.kind,
        reason=absence.reason,
        stream=absence.stream,
    )
