"""Pictures and gaze of a recorded day, not looked at before they are due and their sensor is open.

Between a day's folder and the replay: only times are read in advance. So a camera or eyes that are muted are closed
in a recorded day too: the picture's file is not opened, and of gaze nothing is read but when it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from sotto_device.errors import RecordingError
from sotto_device.mute import CAMERA, EYES
from sotto_device.samples import Absence, GazeSample, PictureSample
from sotto_device.sources.day import Day, Look, Shot
from sotto_proto.records import CaptureTime, GapKind

BATCH_NS: Final = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something of `sensor` that is in the recording: `read` looks at it. Raises `RecordingError`."""

    sensor: str
    at: CaptureTime
    duration_ns: int
    read: Callable[[], PictureSample | GazeSample]

    @property
    def muted(self) -> Absence:
        """What is said instead while the sensor is closed."""
        return Absence(at=self.at, duration_ns=self.duration_ns, kind=GapKind.MUTED, stream=self.sensor)


def instant(day: Day, at_ns: int) -> CaptureTime:
    """The capture time of `at_ns` after the session's start."""
    return CaptureTime(monotonic_ns=max(0, at_ns), wall_ns=day.start_wall_ns + at_ns)


def pictures(day: Day) -> Iterator[Unread]:
    """Every keyframe of the day, in order."""
    for shot in day.shots:
        at = instant(day, shot.at_ns)
        yield Unread(sensor=CAMERA, at=at, duration_ns=0, read=partial(_picture, day, shot))


def gaze(day: Day) -> Iterator[Unread]:
    """Batches of up to 100 ms; a batch ends early where gaze pauses. Raises `RecordingError`."""
    batch: list[Look] = []
    for look in day.gaze():
        if batch and (look.at_ns - batch[0].at_ns >= BATCH_NS or look.at_ns - batch[-1].at_ns > 2 * day.gaze_ns):
            yield _batch(day, tuple(batch))
            batch = []
        batch.append(look)
    if batch:
        yield _batch(day, tuple(batch))


def _batch(day: Day, looks: tuple[Look, ...]) -> Unread:
    duration_ns = looks[-1].at_ns - looks[0].at_ns + day.gaze_ns
    at = instant(day, looks[0].at_ns)
    return Unread(sensor=EYES, at=at, duration_ns=duration_ns, read=partial(_gazed, day, looks, duration_ns))


def _gazed(day: Day, looks: tuple[Look, ...], duration_ns: int) -> GazeSample:
    start_ns = looks[0].at_ns
    points = tuple(day.point(look, (look.at_ns - start_ns) // 1000) for look in looks)
    return GazeSample(at=instant(day, start_ns), duration_ns=duration_ns, points=points)


def _picture(day: Day, shot: Shot) -> PictureSample:
    try:
        jpeg = shot.path.read_bytes()
    except OSError as error:
        raise RecordingError("picture", f"{shot.path} cannot be read: {error.strerror}") from error
    if jpeg[:2] != b"\xff\xd8" or len(jpeg) > 1 << 20:
        raise RecordingError("picture", f"{shot.path} is not a JPEG of at most 1 MiB: render the day again")
    width, height = day.picture_px
    return PictureSample(at=instant(day, shot.at_ns), jpeg=jpeg, width_px=width, height_px=height)
