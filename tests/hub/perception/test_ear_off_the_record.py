"""Off the record in RAM (P4): sound that is held, and words that are being made of it, go at once."""

import asyncio
import threading
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.perception.hear.ear import Ear, Heard
from sotto_hub.perception.hear.engine import Engine
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.records import Fate, Settled, Utterance, Word
from sotto_proto.records import Audio, Frame, GapKind
from tests.hub.perception.hearing_aids import Passage, Stenographer, new_ear
from tests.hub.perception.recorded_sound import START_NS, Microphone
from tests.hub.perception.test_ear import FRAME_NS, LIVE, frames_of, loud, patterns

TAKEN = (Fate.LOST, "off_the_record")
Span = tuple[int, int]


class Slow(Stenographer):
    """An engine that finishes when it is told to; `begun` says that it is at work."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def open(self, start_ns: int, hints: Sequence[str] = (), *, partials: bool = True) -> "SlowPassage":
        return SlowPassage(self, start_ns, tuple(hints), partials)


class SlowPassage(Passage):
    def finish(self) -> tuple[Word, ...]:
        assert isinstance(self.engine, Slow)
        self.engine.begun.set()
        assert self.engine.go.wait(10)
        return super().finish()


class Listener:
    """An ear, and all that it said."""

    def __init__(self, engine: Engine, hear: HearSettings | None = None) -> None:
        self.worker = Worker()
        self.ear: Ear = new_ear(engine, self.worker, hear)
        self.heard: list[Heard] = []

    async def take(self, frames: Sequence[Frame]) -> None:
        for frame in frames:
            self.heard.append(await self.ear.take(frame))
            await self.worker.run(lambda: None)
            await asyncio.sleep(0)

    async def end(self) -> None:
        self.heard.append(await self.ear.end())
        self.worker.close()

    @property
    def settled(self) -> list[Settled]:
        return [settled for part in self.heard for settled in part.settled]

    @property
    def fates(self) -> list[tuple[Fate, str]]:
        return [(settled.fate, settled.reason) for settled in self.settled]

    @property
    def utterances(self) -> list[Utterance]:
        return [utterance for part in self.heard for utterance in part.utterances]

    @property
    def held_packets(self) -> int:
        return sum(len(frame.body.packets) for frame in self.ear._held if isinstance(frame.body, Audio))


def at(frames: float) -> int:
    return START_NS + round(frames * FRAME_NS)


async def test_the_sound_of_an_utterance_under_way_goes_at_once_and_whole() -> None:
    microphone = Microphone()
    listener = Listener(Stenographer())
    await listener.take([*loud(microphone, 3, 0), *loud(microphone, 10)])
    assert listener.held_packets == 65
    listener.ear.withhold(at(8), at(9))
    assert listener.held_packets == 0
    await listener.take(loud(microphone, 6))
    assert listener.fates == [TAKEN] * 13
    await listener.end()
    assert listener.fates == [TAKEN] * 13 + [(Fate.COMMITTED, "")] * 6
    assert [(u.text, u.start_ns) for u in listener.utterances] == [("30", at(13))]


async def test_what_the_span_does_not_touch_is_heard_as_ever() -> None:
    microphone = Microphone()
    listener = Listener(Stenographer())
    await listener.take(loud(microphone, 10))
    listener.ear.withhold(at(-100), at(0))
    listener.ear.withhold(at(10), at(100))
    assert listener.held_packets == 50
    await listener.end()
    assert [u.text for u in listener.utterances] == ["50"]


async def test_words_being_said_vanish_and_what_follows_starts_anew() -> None:
    microphone = Microphone()
    listener = Listener(Stenographer(), LIVE)
    await listener.take(loud(microphone, 10))
    assert listener.heard[-1].partial is not None
    listener.ear.withhold(at(0), at(10))
    count = len(listener.heard)
    await listener.take(loud(microphone, 6))
    later = [part.partial for part in listener.heard[count:] if part.partial]
    assert later
    assert all(partial.start_ns == at(10) for partial in later)
    await listener.end()
    assert [u.start_ns for u in listener.utterances] == [at(10)]


async def test_what_is_being_decoded_is_thrown_away() -> None:
    engine, microphone = Slow(), Microphone()
    listener = Listener(engine)
    frames = [*loud(microphone, 5), microphone.gap(GapKind.SILENT, 1)]
    taking = asyncio.create_task(listener.take(frames))
    await asyncio.to_thread(engine.begun.wait, 10)
    listener.ear.withhold(at(2), at(3))
    engine.go.set()
    await taking
    await listener.end()
    assert listener.utterances == []
    assert listener.fates == [TAKEN] * 5 + [(Fate.SILENT, "")]


async def test_what_was_decoded_ahead_is_thrown_away() -> None:
    engine, microphone = Slow(), Microphone()
    listener = Listener(engine, LIVE)
    for frame in [*loud(microphone, 5), *loud(microphone, 4, 0)]:
        await listener.ear.take(frame)
    await asyncio.to_thread(engine.begun.wait, 10)
    listener.ear.withhold(at(0), at(1))
    engine.go.set()
    await listener.take([microphone.gap(GapKind.SILENT, 1)])
    await listener.end()
    assert listener.utterances == []
    assert listener.fates == [TAKEN] * 9 + [(Fate.SILENT, "")]


@settings(max_examples=80, deadline=None)
@given(patterns, st.lists(st.tuples(st.integers(0, 90), st.integers(-20, 90), st.integers(1, 60)), max_size=3))
def test_every_frame_settles_once_and_nothing_taken_back_becomes_words(
    pattern: list[tuple[str | GapKind, int]], spans: list[tuple[int, int, int]]
) -> None:
    """`spans`: after so many frames, from there, for so long. What has ended before is the transcript's to erase, and
    what has not come yet is the lane's."""
    frames = frames_of(pattern)

    async def live() -> tuple[list[Settled], list[tuple[Utterance, list[Span]]]]:
        listener, withheld = Listener(Stenographer()), list[Span]()
        said: list[tuple[Utterance, list[Span]]] = []
        for number, frame in enumerate([*frames, None]):
            for _, start, length in (s for s in spans if s[0] == number):
                listener.ear.withhold(at(start), at(start + length))
                if frame and at(start + length) <= frame.at.wall_ns:
                    withheld.append((at(start), at(start + length)))
            before = len(listener.utterances)
            await (listener.take([frame]) if frame else listener.end())
            said += [(utterance, withheld.copy()) for utterance in listener.utterances[before:]]
        return listener.settled, said

    settled, said = asyncio.run(live())
    assert [(s.sequence, s.duration_ns) for s in settled] == [(f.sequence, f.duration_ns) for f in frames]
    for utterance, before in said:
        assert not any(utterance.start_ns < to_ns and from_ns < utterance.end_ns for from_ns, to_ns in before)
