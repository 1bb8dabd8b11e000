"""Everything between a source and the spool: mute first, then listening, then numbers.

    sample → muted? → taken back? → judged, gated, encoded, framed → frames

Runs on the worker, one call at a time, and never blocks for anybody else.
"""

from dataclasses import dataclass, field
from typing import Final

from sotto_device.framer import Numbering
from sotto_device.listening import Listening
from sotto_device.mute import UNMUTED, Shutter, ordered, passed
from sotto_device.samples import (
    Absence,
    AudioSample,
    ControlSample,
    GazeSample,
    PictureSample,
    Sample,
    Stop,
    later,
    split_audio,
)
from sotto_device.withhold import OFF_THE_RECORD, withheld
from sotto_proto.records import (
    CaptureTime,
    Control,
    Frame,
    Gap,
    GapKind,
    GazeBatch,
    GazeCoordinates,
    MuteState,
    OffTheRecord,
    Picture,
)

MIC: Final = "mic"
CAMERA: Final = "camera"
EYES: Final = "eyes"
CONTROL: Final = "control"


@dataclass(slots=True, kw_only=True)
class Line:
    """Samples in, frames out.

    `shutter` says what is let through; `until` is the end of all sound so far. Orders may overtake samples: what was
    captured before `taken_back_ns` but arrives later is withheld, and what was captured in the newest muted span
    (`closed_ns`, from and to) stays muted even if it arrives after the wearer has unmuted.
    """

    listening: Listening
    shutter: Shutter = field(default_factory=Shutter)
    until: CaptureTime | None = None
    taken_back_ns: int = 0
    closed_ns: tuple[int, int] = (0, 0)
    _camera: Numbering = field(default_factory=lambda: Numbering(CAMERA))
    _eyes: Numbering = field(default_factory=lambda: Numbering(EYES))
    _control: Numbering = field(default_factory=lambda: Numbering(CONTROL))

    def take(self, sample: Sample) -> list[Frame]:
        """Takes the next sample."""
        match sample:
            case AudioSample():
                return self._audio(sample)
            case Absence():
                return self._absence(sample)
            case PictureSample():
                return self._picture(sample)
            case GazeSample():
                return self._gaze(sample)
            case ControlSample(at=at, control=control):
                return self.control(at, control)
            case Stop(at=at):
                return self.rest(at)

    def control(self, at: CaptureTime, control: Control) -> list[Frame]:
        """Does what the wearer wants, from `at` on (mute) or up to `at` (off the record), and reports it."""
        frames = self.listening.cut()
        if isinstance(control, OffTheRecord):
            self.taken_back_ns = max(self.taken_back_ns, at.wall_ns)
            frames = [withheld(frame, at.wall_ns - control.last_ns, at.wall_ns) for frame in frames]
        else:
            self._note(control, at.wall_ns)
            self.shutter = ordered(self.shutter, control, at.wall_ns)
        return [*frames, self._control.frame(at, 0, control)]

    def rest(self, at: CaptureTime) -> list[Frame]:
        """Everything so far goes out, with a mark that event time has come to `at` and nothing is being said."""
        return [*self.listening.absent(at, 0, GapKind.OFF), *self.listening.cut()]

    def end(self) -> list[Frame]:
        """Everything so far goes out: the source has ended."""
        return self.listening.cut()

    def _audio(self, sample: AudioSample) -> list[Frame]:
        frames = self._time_passes(sample.at.wall_ns)
        until_ns = self.shutter.order.until_wall_ns if not self.shutter.admits else None
        if until_ns is not None and until_ns < sample.end_wall_ns:
            head, tail = split_audio(sample, until_ns)
            return frames + self._muted(head) + self._time_passes(until_ns) + self._audio(tail)
        self.until = later(sample.at, sample.duration_ns)
        if not self.shutter.admits:
            return frames + self._muted(sample)
        return frames + self._admitted(sample)

    def _note(self, order: MuteState, wall_ns: int) -> None:
        """Keeps the span of the mute. One that samples are still to come from is widened, never forgotten."""
        since_ns, to_ns = self.closed_ns
        behind = self.until is not None and self.until.wall_ns < to_ns
        if order.muted and self.shutter.admits:
            self.closed_ns = (since_ns if behind else wall_ns, to_ns)
        elif not order.muted and not self.shutter.admits:
            self.closed_ns = (since_ns, wall_ns)

    def _was_closed(self, from_ns: int, to_ns: int) -> bool:
        return from_ns < self.closed_ns[1] and to_ns > self.closed_ns[0]

    def _admitted(self, sample: AudioSample) -> list[Frame]:
        if self._was_closed(sample.at.wall_ns, sample.end_wall_ns):
            head, tail = split_audio(sample, self.closed_ns[1])
            return self._muted(head) + (self._admitted(tail) if tail.pcm else [])
        if sample.at.wall_ns >= self.taken_back_ns:
            return self.listening.hear(sample)
        head, tail = split_audio(sample, self.taken_back_ns)
        gone = self.listening.absent(head.at, head.duration_ns, GapKind.LOST, OFF_THE_RECORD)
        return gone + (self.listening.hear(tail) if tail.pcm else [])

    def _muted(self, sample: AudioSample) -> list[Frame]:
        if not sample.pcm:
            return []
        return self.listening.absent(sample.at, sample.duration_ns, GapKind.MUTED)

    def _absence(self, absence: Absence) -> list[Frame]:
        frames = self._time_passes(absence.at.wall_ns)
        kind, reason = absence.kind, absence.reason
        if kind is GapKind.LOST and not self.shutter.admits:
            kind, reason = GapKind.MUTED, ""
        frames += self.listening.absent(absence.at, absence.duration_ns, kind, reason)
        self.until = later(absence.at, absence.duration_ns)
        return frames + self._time_passes(absence.end_wall_ns)

    def _picture(self, sample: PictureSample) -> list[Frame]:
        if not self._lets_through(sample.at.wall_ns, 1):
            return []
        body = Picture(jpeg=sample.jpeg, width_px=sample.width_px, height_px=sample.height_px)
        return [self._camera.frame(sample.at, 0, body)]

    def _gaze(self, sample: GazeSample) -> list[Frame]:
        body = GazeBatch(coordinates=GazeCoordinates.SCENE_NORMALISED, points=sample.points)
        passes = self._lets_through(sample.at.wall_ns, sample.duration_ns)
        admitted = body if passes else Gap(kind=GapKind.MUTED)
        return [self._eyes.frame(sample.at, sample.duration_ns, admitted)]

    def _lets_through(self, wall_ns: int, duration_ns: int) -> bool:
        return self.shutter.admits and not self._was_closed(wall_ns, wall_ns + duration_ns)

    def _time_passes(self, wall_ns: int) -> list[Frame]:
        """A timed mute that is over is reported as of the instant it ended."""
        before, self.shutter = self.shutter.order, passed(self.shutter, wall_ns)
        if not before.muted or self.shutter.order.muted:
            return []
        ended_ns = before.until_wall_ns or wall_ns
        at = CaptureTime(monotonic_ns=self._monotonic(ended_ns), wall_ns=ended_ns)
        return [*self.listening.cut(), self._control.frame(at, 0, UNMUTED)]

    def _monotonic(self, wall_ns: int) -> int:
        """The monotonic stamp of a wall time near the end of all sound."""
        return max(0, self.until.monotonic_ns + wall_ns - self.until.wall_ns) if self.until else 0
