"""A simulated week as a source of the device, and the words that a scripted engine hears of it.

Between the soak and the daemon: seven sparse days of talks with nothing sensed in between.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sotto_device.mute import Shutter
from sotto_device.samples import Absence, AudioSample, ControlSample, Sample
from sotto_device.sources.day import SECOND_NS
from sotto_proto.records import CaptureTime, GapKind, Modality, MuteState, OffTheRecord, StreamInfo
from tests.e2e.chaos.spoken_day import sentence

DAYS: Final = 7
HOURS_A_DAY: Final = 14
START_NS: Final = 1_772_434_800_000_000_000  # Monday 2 March 2026, 08:00 in Stockholm
HOUR_NS: Final = 3_600 * SECOND_NS
DAY_NS: Final = 24 * HOUR_NS
SPOKEN_BYTES: Final = 7_680  # 240 ms
PAUSE_BYTES: Final = 25_600  # 800 ms
UTTERANCE_NS: Final = (SPOKEN_BYTES + PAUSE_BYTES) // 2 * 62_500
BEHIND_NS: Final = 300 * SECOND_NS
"""So much may be captured and not acknowledged before the simulated day pauses: time is fast, the link is not."""

LINES: Final = (
    "we should look at the numbers again before noon",
    "the bus was late and it rained all the way",
    "I think the blue one looks better in the hall",
    "she said the garden needs water twice a week",
    "there is some soup left if you are hungry",
    "have you seen the keys of the bicycle anywhere",
    "that film was longer than I had expected",
    "the printer on the second floor is out of paper",
)
PROMISES: Final = (
    "remind me to call the dentist tomorrow",
    "I will send Anna the report by Friday",
    "don't let me forget to water the plants tonight",
)


def text_of(number: int) -> str:
    """What is said: small talk, and one line in forty that promises something."""
    if number % 40 == 0:
        return PROMISES[number // 40 % len(PROMISES)]
    return f"{LINES[number % len(LINES)]} number {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """`count` utterances from `number` on, the first at `start_ns`."""

    start_ns: int
    number: int
    count: int


def talks_of(utterances: int) -> tuple[Talk, ...]:
    """The week: three talks in each waking hour."""
    slots = [
        START_NS + day * DAY_NS + hour * HOUR_NS + third * HOUR_NS // 3
        for day in range(DAYS)
        for hour in range(HOURS_A_DAY)
        for third in range(3)
    ]
    edges = [utterances * place // len(slots) for place in range(len(slots) + 1)]
    return tuple(
        Talk(start_ns=slot, number=first, count=last - first)
        for slot, first, last in zip(slots, edges, edges[1:], strict=False)
    )


def script_rows(talks: Sequence[Talk]) -> Iterator[dict[str, object]]:
    """What a scripted engine hears."""
    for talk in talks:
        for place in range(talk.count):
            start = talk.start_ns + place * UTTERANCE_NS
            end = start + SPOKEN_BYTES // 2 * 62_500
            yield {"start_ns": start, "end_ns": end, "text": text_of(talk.number + place)}


class Peak:
    """The scripted voice: whatever is not digital silence is speech."""

    def judge(self, pcm: bytes) -> bytes:
        """One voice byte at once."""
        return b"\xff" if any(pcm) else b"\0"

    def finish(self) -> bytes:
        """Nothing waits."""
        return b""


@dataclass(slots=True, kw_only=True)
class Week:
    """The week behind the protocol of sources. `owed_ns`: what was captured and is not acknowledged."""

    talks: Sequence[Talk]
    timezone: str = "Europe/Stockholm"
    live: bool = False
    said: int = 0
    hour: int = 0
    turned: asyncio.Event = field(default_factory=asyncio.Event)
    owed_ns: Callable[[], int] = lambda: 0
    _clip: bytes = b""
    _open: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        clip = sentence()
        self._clip = clip[16_000 : 16_000 + SPOKEN_BYTES] + bytes(PAUSE_BYTES)

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """Sound and controls."""
        kinds = (("mic", Modality.AUDIO), ("control", Modality.CONTROL))
        return tuple(StreamInfo(stream=name, modality=kind, live=False) for name, kind in kinds)

    async def samples(self) -> AsyncIterator[Sample]:
        """Talks, and nothing in between."""
        now_ns = START_NS
        for place, talk in enumerate(self.talks):
            if talk.start_ns > now_ns:
                yield Absence(at=_at(now_ns), duration_ns=talk.start_ns - now_ns, kind=GapKind.OFF)
            for sample in self._talk(talk):
                while self.owed_ns() > BEHIND_NS:
                    await asyncio.sleep(0.01)
                yield sample
            now_ns = talk.start_ns + talk.count * UTTERANCE_NS
            for sample in _presses(place, now_ns):
                yield sample
            if place % 3 == 2:
                self.hour += 1
                self.turned.set()
        yield Absence(at=_at(now_ns), duration_ns=HOUR_NS, kind=GapKind.OFF)

    def _talk(self, talk: Talk) -> Iterator[Sample]:
        for place in range(talk.count):
            self.said += 1
            yield AudioSample(at=_at(talk.start_ns + place * UTTERANCE_NS), pcm=self._clip)

    @property
    def open(self) -> frozenset[str]:
        """As with every recorded day: the sensor itself cannot be closed."""
        return self._open

    async def follow(self, shutter: Shutter) -> None:
        """What may not be sensed is dropped by the line."""
        self._open = shutter.wanted

    async def close(self) -> None:
        """Nothing to end."""


def _presses(place: int, now_ns: int) -> Iterator[Sample]:
    """After every twentieth talk the wearer takes a minute back; before every thirtieth, mutes for five minutes."""
    if place % 20 == 19:
        yield ControlSample(at=_at(now_ns), control=OffTheRecord(last_ns=60 * SECOND_NS))
    if place % 30 == 29:
        until_ns = now_ns + HOUR_NS // 3 + 60 * SECOND_NS  # one minute into the next talk
        yield ControlSample(at=_at(now_ns), control=MuteState(muted=True, until_wall_ns=until_ns))


def _at(wall_ns: int) -> CaptureTime:
    return CaptureTime(monotonic_ns=wall_ns - START_NS, wall_ns=wall_ns)
