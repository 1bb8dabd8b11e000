"""Everything between a source and the spool: mute first, then listening, then numbers.

    sample → muted? → taken back? → judged, gated, encoded, framed → frames

Runs on the worker, one call at a time, and never blocks for anybody else.
"""

from dataclasses import dataclass, field
from typing import Final

from sotto_device.closures import LONG_AGO_NS, Closures
from sotto_device.framer import Numbering
from sotto_device.listening import Listening
from sotto_device.mute import CAMERA, EYES, MIC, SENSORS, Shutter, ordered, passed, said, switched
from sotto_device.samples import (
    Absence,
    AudioSample,
    ControlSample,
    GazeSample,
    PictureSample,
    Sample,
    Stop,
    Tick,
    later,
    split_audio,
)
from sotto_device.withhold import OFF_THE_RECORD, withheld
from sotto_proto.records import (
    Body,
    CaptureTime,
    Control,
    Frame,
    Gap,
    GapKind,
    GazeBatch,
    GazeCoordinates,
    MuteState,
    Picture,
)

CONTROL: Final = "control"
_MUTED: Final = Gap(kind=GapKind.MUTED)
_TAKEN_BACK: Final = Gap(kind=GapKind.LOST, reason=OFF_THE_RECORD)


@dataclass(slots=True, kw_only=True)
class Line:
    """Samples in, frames out.

    `shutter` says what is let through, sensor by sensor; `until` is the end of all sound so far. Orders may overtake
    samples: what was captured before `taken_back_ns` but arrives later is withheld, and what was captured in a muted
    span (`closures`) stays muted even if it arrives after the wearer has unmuted: nothing is ever filled in.
    """

    listening: Listening
    shutter: Shutter = field(default_factory=Shutter)
    until: CaptureTime | None = None
    taken_back_ns: int = LONG_AGO_NS
    closures: dict[str, Closures] = field(default_factory=dict)
    _numbers: dict[str, Numbering] = field(default_factory=lambda: {n: Numbering(n) for n in (CAMERA, EYES, CONTROL)})

    def __post_init__(self) -> None:
        self._note(LONG_AGO_NS)

    def take(self, sample: Sample) -> list[Frame]:
        """Takes the next sample."""
        match sample:
            case AudioSample():
                frames = self._audio(sample)
            case Absence():
                frames = self._absence(sample)
            case PictureSample():
                frames = self._picture(sample)
            case GazeSample():
                frames = self._gaze(sample)
            case ControlSample(at=at, control=control):
                frames = self.control(at, control)
            case Stop(at=at):
                frames = self.rest(at)
            case Tick(at=at):
                frames = self._time_passes(at)
        return frames

    def control(self, at: CaptureTime, control: Control) -> list[Frame]:
        """Does what the wearer wants, from `at` on (mute) or up to `at` (off the record), and reports it."""
        if isinstance(control, MuteState):
            frames = self._time_passes(at)
            return frames + self._turn(at, ordered(self.shutter, control, at.wall_ns), control)
        self.taken_back_ns = max(self.taken_back_ns, at.wall_ns)
        gone = [withheld(frame, at.wall_ns - control.last_ns, at.wall_ns) for frame in self.listening.cut()]
        return [*gone, self._frame(CONTROL, at, 0, control)]

    def switch(self, at: CaptureTime, *, is_off: bool) -> list[Frame]:
        """The wearer has turned the switch at `at`; how all sensors stand is reported."""
        return self._time_passes(at) + self._turn(at, switched(self.shutter, is_off=is_off))

    def rest(self, at: CaptureTime) -> list[Frame]:
        """Everything so far goes out, with a mark that event time has come to `at` and nothing is being said."""
        return [*self.listening.absent(at, 0, GapKind.OFF), *self.listening.cut()]

    def end(self) -> list[Frame]:
        """Everything so far goes out: the source has ended."""
        return self.listening.cut()

    def _audio(self, sample: AudioSample) -> list[Frame]:
        """Sound, cut where a timed mute ends inside it."""
        frames = self._time_passes(sample.at)
        ends_ns = self.shutter.orders.ends_ns
        if ends_ns is not None and ends_ns < sample.end_wall_ns:
            head, tail = split_audio(sample, ends_ns)
            return frames + self._heard(head) + self._audio(tail)
        return frames + self._heard(sample)

    def _heard(self, sample: AudioSample) -> list[Frame]:
        """Sound of a span in which no order changes."""
        self.until = later(sample.at, sample.duration_ns)
        if MIC not in self.shutter.wanted:
            return self._gone(sample, _MUTED)
        closed_ns = self.closures[MIC].end_of(sample.at.wall_ns, sample.end_wall_ns)
        head, tail = split_audio(sample, closed_ns if closed_ns is not None else sample.at.wall_ns)
        lost, tail = split_audio(tail, self.taken_back_ns)
        frames = self._gone(head, _MUTED) + self._gone(lost, _TAKEN_BACK)
        return frames + (self.listening.hear(tail) if tail.pcm else [])

    def _gone(self, sample: AudioSample, gap: Gap) -> list[Frame]:
        return self.listening.absent(sample.at, sample.duration_ns, gap.kind, gap.reason) if sample.pcm else []

    def _absence(self, absence: Absence) -> list[Frame]:
        frames = self._time_passes(absence.at)
        kind, reason = absence.kind, absence.reason
        if kind is GapKind.LOST and absence.stream not in self.shutter.wanted:
            kind, reason = GapKind.MUTED, ""
        if absence.stream == CAMERA:  # pictures have no duration: there is nothing to account for
            return frames
        if absence.stream != MIC:
            return [
                *frames,
                self._frame(absence.stream, absence.at, absence.duration_ns, Gap(kind=kind, reason=reason)),
            ]
        frames += self.listening.absent(absence.at, absence.duration_ns, kind, reason)
        self.until = later(absence.at, absence.duration_ns)
        return frames + self._time_passes(self.until)

    def _picture(self, sample: PictureSample) -> list[Frame]:
        """A picture. A muted one leaves no trace: it has no duration that would have to be accounted for."""
        body = Picture(jpeg=sample.jpeg, width_px=sample.width_px, height_px=sample.height_px)
        frames = self._time_passes(sample.at)
        admitted = self._admitted(CAMERA, sample.at.wall_ns, 1, body)
        return frames if admitted == _MUTED else [*frames, self._frame(CAMERA, sample.at, 0, admitted)]

    def _gaze(self, sample: GazeSample) -> list[Frame]:
        body = GazeBatch(coordinates=GazeCoordinates.SCENE_NORMALISED, points=sample.points)
        frames = self._time_passes(sample.at)
        admitted = self._admitted(EYES, sample.at.wall_ns, sample.duration_ns, body)
        return [*frames, self._frame(EYES, sample.at, sample.duration_ns, admitted)]

    def _admitted(self, sensor: str, wall_ns: int, duration_ns: int, body: Body) -> Body:
        """What may be sent of a span: all of it, or why nothing."""
        shut = sensor not in self.shutter.wanted
        if shut or self.closures[sensor].end_of(wall_ns, wall_ns + duration_ns) is not None:
            return _MUTED
        return _TAKEN_BACK if wall_ns < self.taken_back_ns else body

    def _time_passes(self, now: CaptureTime) -> list[Frame]:
        """Timed mutes that are over are reported, each once, as of the instant at which it ended."""
        frames: list[Frame] = []
        while (ends_ns := self.shutter.orders.ends_ns) is not None and ends_ns <= now.wall_ns:
            monotonic_ns = max(0, now.monotonic_ns - (now.wall_ns - ends_ns))
            at = CaptureTime(monotonic_ns=monotonic_ns, wall_ns=ends_ns)
            frames += self._turn(at, passed(self.shutter, ends_ns))
        return frames

    def _turn(self, at: CaptureTime, shutter: Shutter, order: MuteState | None = None) -> list[Frame]:
        """The shutter turns at `at`. What was said up to here goes out if the microphone is concerned."""
        before, self.shutter = self.shutter, shutter
        self._note(at.wall_ns)
        frames = self.listening.cut() if (MIC in before.wanted) != (MIC in shutter.wanted) else []
        return frames + [self._frame(CONTROL, at, 0, state) for state in said(before, shutter, order)]

    def _note(self, wall_ns: int) -> None:
        for sensor in SENSORS:
            known = self.closures.get(sensor, Closures())
            self.closures[sensor] = known.follow(wanted=sensor in self.shutter.wanted, wall_ns=wall_ns)

    def _frame(self, stream: str, at: CaptureTime, duration_ns: int, body: Body) -> Frame:
        return self._numbers[stream].frame(at, duration_ns, body)
