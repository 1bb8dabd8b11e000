"""A recorded day, sensed again: the same samples in the same order, whatever the pace.

Sound, pictures, gaze and controls are merged by capture time. Sound is cut exactly where something happens (a
control, the end of a timed mute, a stop), so that nothing has to be guessed later. Between scenes nothing was
captured: OFF.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from sotto_device.errors import RecordingError
from sotto_device.mute import Shutter
from sotto_device.samples import (
    SAMPLE_NS,
    Absence,
    AudioSample,
    ControlSample,
    Sample,
    Stop,
    Tick,
)
from sotto_device.sources.day import SECOND_NS, Day, Scene
from sotto_device.sources.flac import read_sound
from sotto_device.sources.resumed import resumed
from sotto_device.sources.unread import Unread, gaze, instant, pictures
from sotto_device.worker import Worker
from sotto_proto.records import GapKind, Modality, MuteState, StreamInfo

BLOCK_NS: Final = 100_000_000
TAIL_NS: Final = SECOND_NS
"""After the last scene nothing is captured for at least so long: what was being said is over."""

DRIFT_NS: Final = 50_000_000
Keyed = tuple[int, int, int, Sample | Unread]  # due time, rank, tie-break, sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to go through a day. Times are wall time; `longest_rest_ns` caps the waits of the real pace.

    `since`: where an earlier run stopped, by stream.
    """

    real_pace: bool = False
    stops: tuple[tuple[int, str], ...] = ()
    until_wall_ns: int | None = None
    longest_rest_ns: int | None = None
    since: Mapping[str, int] = field(default_factory=dict)


class ReplaySource:
    """A recorded day behind the protocol of sources."""

    live = False

    def __init__(self, day: Day, plan: Plan) -> None:
        self._day = day
        self._plan = plan
        self._closed = asyncio.Event()
        self._open: frozenset[str] = frozenset()

    @property
    def timezone(self) -> str:
        """Where the day was recorded."""
        return self._day.timezone

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """All four; what was not recorded stays empty."""
        kinds = {
            "mic": Modality.AUDIO,
            "camera": Modality.PICTURE,
            "eyes": Modality.GAZE,
            "control": Modality.CONTROL,
        }
        return tuple(StreamInfo(stream=name, modality=kind, live=False) for name, kind in kinds.items())

    async def samples(self) -> AsyncIterator[Sample]:
        """The day's samples in order of capture time. Raises `RecordingError`."""
        worker = Worker("replay")
        loop = asyncio.get_running_loop()
        merged = day_samples(self._day, self._plan)
        began = loop.time()
        event_ns: int | None = None
        while (keyed := await worker.run(next, merged, None)) is not None and not self._closed.is_set():
            due_ns, sample = available_ns(keyed), keyed[3]
            event_ns = due_ns if event_ns is None else event_ns
            if self._plan.real_pace:
                began -= self._skipped_s(due_ns - event_ns - round((loop.time() - began) * SECOND_NS))
                await self._sleep(began + (due_ns - event_ns) / SECOND_NS - loop.time())
            if not isinstance(sample, Unread):
                yield sample
                continue
            if sample.sensor not in self._open:
                yield Tick(at=sample.at)  # is its mute over by now?
            yield await worker.run(sample.read) if sample.sensor in self._open else sample.muted
        worker.close()

    @property
    def open(self) -> frozenset[str]:
        """The sensors whose recording is read."""
        return self._open

    async def follow(self, shutter: Shutter) -> None:
        """Closed camera and eyes are not read; closed sound is stepped over and dropped before any buffer."""
        self._open = shutter.wanted

    async def close(self) -> None:
        """The day ends here."""
        self._closed.set()

    def _skipped_s(self, wait_ns: int) -> float:
        cap_ns = self._plan.longest_rest_ns
        return 0.0 if cap_ns is None else max(0, wait_ns - cap_ns) / SECOND_NS

    async def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            try:
                async with asyncio.timeout(seconds):
                    await self._closed.wait()
            except TimeoutError:
                return


def available_ns(keyed: Keyed) -> int:
    """When a sample could have been had: an absence is known once it is over."""
    sample = keyed[3]
    return keyed[0] + (sample.duration_ns if isinstance(sample, Absence) else 0)


def day_samples(day: Day, plan: Plan) -> Iterator[Keyed]:
    """All samples of a day, merged: at one instant the sound before it, controls, stops, then what follows."""
    stops = tuple((at - day.start_wall_ns, label) for at, label in sorted(plan.stops))
    cuts = sorted({at for at, _ in stops} | _press_times(day))
    end_ns = _end(day, plan, cuts)
    parts = (
        _sound(day, cuts, end_ns),
        ((p.at_ns, 1, 0, ControlSample(at=instant(day, p.at_ns), control=p.control)) for p in day.presses),
        ((at, 2, 0, Stop(at=instant(day, at), label=label)) for at, label in stops),
        ((u.at.wall_ns - day.start_wall_ns, 3, 0, u) for u in pictures(day)),
        ((u.at.wall_ns - day.start_wall_ns, 3, 0, u) for u in gaze(day)),
    )
    ordered = (_numbered(part, index) for index, part in enumerate(parts))
    merged = heapq.merge(*ordered, key=lambda keyed: keyed[:3])
    return resumed(merged, plan.since) if plan.since else merged


def _numbered(part: Iterable[Keyed], index: int) -> Iterator[Keyed]:
    return ((due, rank, index, sample) for due, rank, _, sample in part)


def _press_times(day: Day) -> set[int]:
    """Instants at which something changes: presses, and the ends of timed mutes."""
    mutes = (p.control for p in day.presses if isinstance(p.control, MuteState))
    ends = {m.until_wall_ns - day.start_wall_ns for m in mutes if m.until_wall_ns is not None}
    return ends | {p.at_ns for p in day.presses}


def _end(day: Day, plan: Plan, cuts: list[int]) -> int:
    last = day.scenes[-1]
    until_ns = (plan.until_wall_ns or 0) - day.start_wall_ns
    return max(last.at_ns + last.duration_ns + TAIL_NS, until_ns, *cuts, 0)


def _sound(day: Day, cuts: list[int], end_ns: int) -> Iterator[Keyed]:
    """Blocks of sound and, around the scenes, nothing."""
    now_ns = 0
    for scene in day.scenes:
        yield from _off(day, now_ns, scene.at_ns, cuts)
        now_ns = scene.at_ns
        for block in _blocks(day, scene, cuts):
            now_ns = block[0]
            yield block
    yield from _off(day, now_ns, end_ns, cuts)


def _off(day: Day, from_ns: int, to_ns: int, cuts: list[int]) -> Iterator[Keyed]:
    edges = [from_ns, *(cut for cut in cuts if from_ns < cut < to_ns), to_ns]
    for start, end in pairwise(edges):
        if end > start:
            yield start, 3, 0, Absence(at=instant(day, start), duration_ns=end - start, kind=GapKind.OFF)


def _blocks(day: Day, scene: Scene, cuts: list[int]) -> Iterator[Keyed]:
    """Sound in blocks of up to 100 ms that never reach over a cut; due when the block is complete."""
    done_ns = 0
    inside = [-(-(cut - scene.at_ns) // SAMPLE_NS) * SAMPLE_NS for cut in cuts if cut > scene.at_ns]
    for pcm in read_sound(scene.path, inside, BLOCK_NS):
        sample = AudioSample(at=instant(day, scene.at_ns + done_ns), pcm=pcm)
        done_ns += sample.duration_ns
        yield scene.at_ns + done_ns, 0, 0, sample
    if abs(done_ns - scene.duration_ns) > DRIFT_NS:
        told, found = scene.duration_ns / SECOND_NS, done_ns / SECOND_NS
        raise RecordingError(
            "audio", f"{scene.path} holds {found:.1f} s of sound, not {told:.1f} s: it is cut short; render it again"
        )
