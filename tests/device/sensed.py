"""Small pieces that the tests of the device build with: times, sound, frames, and parts that do as they are told."""

import math
from array import array
from collections.abc import Sequence

from sotto_device.framer import AudioFramer
from sotto_device.gate import Gate, GateRules
from sotto_device.line import Line
from sotto_device.listening import Listening
from sotto_device.mute import SENSORS, UNMUTED, Orders, Shutter
from sotto_device.samples import Absence, AudioSample
from sotto_proto.records import Audio, Body, CaptureTime, Frame, Gap, GapKind, MuteState

WALL_NS = 1_773_039_600_000_000_000
MS = 1_000_000
SECOND = 1_000_000_000
SPEECH = 200


def at(ms: float) -> CaptureTime:
    """An instant, in milliseconds since the test's beginning."""
    return CaptureTime(monotonic_ns=round(ms * MS), wall_ns=WALL_NS + round(ms * MS))


def ms_of(time: CaptureTime) -> float:
    """The opposite of `at`."""
    return (time.wall_ns - WALL_NS) / MS


def sound(ms: float, level: int = 0) -> bytes:
    """Sound of one level: the scripted voice takes the level for its voice byte."""
    return array("h", [level] * round(ms * 16)).tobytes()


def tone(ms: float, hz: float = 440.0, level: int = 8_000) -> bytes:
    """A sine."""
    return array("h", [round(level * math.sin(math.tau * hz * n / 16_000)) for n in range(round(ms * 16))]).tobytes()


def heard(start_ms: float, duration_ms: float, level: int = 0) -> AudioSample:
    """A block of sound."""
    return AudioSample(at=at(start_ms), pcm=sound(duration_ms, level))


def absent(start_ms: float, duration_ms: float, kind: GapKind = GapKind.OFF, reason: str = "") -> Absence:
    """A span without sound."""
    return Absence(at=at(start_ms), duration_ns=round(duration_ms * MS), kind=kind, reason=reason)


class ScriptedVoice:
    """Takes the first sample of a packet for its voice byte; answers `delay` packets late, as a model does."""

    def __init__(self, delay: int = 1) -> None:
        self._delay = delay
        self._waiting: list[int] = []

    def judge(self, pcm: bytes) -> bytes:
        self._waiting.append(array("h", pcm)[0])
        ready = self._waiting[: len(self._waiting) - self._delay] if len(self._waiting) > self._delay else []
        self._waiting = self._waiting[len(ready) :]
        return bytes(ready)

    def finish(self) -> bytes:
        rest, self._waiting = bytes(self._waiting), []
        return rest


class ScriptedCoder:
    """A packet of its own for every 20 ms: the level, so that tests can see whose sound went out."""

    def __init__(self) -> None:
        self.restarts = 0

    def encode(self, pcm: bytes) -> bytes:
        return pcm[:2]

    def restart(self) -> None:
        self.restarts += 1


def scripted_line(
    *,
    mute: MuteState = UNMUTED,
    orders: Orders | None = None,
    sensors: tuple[str, ...] = SENSORS,
    longest_gap_ns: int = SECOND,
    rules: GateRules | None = None,
) -> Line:
    """A line without models."""
    listening = Listening(
        voice=ScriptedVoice(),
        gate=Gate(rules or GateRules()),
        coder=ScriptedCoder(),
        framer=AudioFramer("mic", longest_gap_ns=longest_gap_ns),
    )
    return Line(listening=listening, shutter=Shutter(sensors=sensors, orders=orders or Orders(everything=mute)))


def gap(kind: GapKind = GapKind.SILENT, reason: str = "") -> Gap:
    return Gap(kind=kind, reason=reason)


def audio(packets: int = 5, size: int = 60) -> Audio:
    return Audio(packets=tuple(bytes([n + 1]) * size for n in range(packets)), voice=bytes([SPEECH] * packets))


def frame(stream: str, sequence: int, start_ms: float, duration_ms: float, body: Body) -> Frame:
    """A frame whose captured time is left at its duration times its number."""
    return Frame(
        stream=stream,
        sequence=sequence,
        at=at(start_ms),
        duration_ns=round(duration_ms * MS),
        captured_ns=round(duration_ms * MS) * sequence,
        body=body,
    )


def balanced(frames: Sequence[Frame]) -> bool:
    """Whether numbers have no holes and captured time is the sum of durations that were not OFF."""
    captured = 0
    for number, one in enumerate(frames, start=1):
        captured += 0 if isinstance(one.body, Gap) and one.body.kind is GapKind.OFF else one.duration_ns
        if one.sequence != number or one.captured_ns != captured:
            return False
    return True


def levels(frames: Sequence[Frame]) -> set[int]:
    """The levels of all sound that went out, under the scripted coder."""
    bodies = (one.body for one in frames)
    return {array("h", packet)[0] for body in bodies if isinstance(body, Audio) for packet in body.packets}
