"""Scripted fakes for hearing: a recogniser that writes down what it was given, and one that breaks."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sotto_hub.errors import DecodeFailed
from sotto_hub.perception.hear.ear import Ear, Heard
from sotto_hub.perception.hear.ears import Ears
from sotto_hub.perception.hear.engine import Engine, Pcm
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.records import Settled, Utterance, Word
from sotto_proto.records import Frame


@dataclass
class Passage:
    """One decoding of the fake: counts samples, says one word a second. Breaks while the engine is broken."""

    engine: "Stenographer"
    start_ns: int
    hints: tuple[str, ...]
    partials: bool
    sound: list[Pcm] = field(default_factory=list)

    def feed(self, pcm: Pcm) -> str | None:
        self.sound.append(pcm)
        if self.partials and self.engine.broken:
            raise DecodeFailed("decode_failed", "broken on purpose")
        return f"{sum(map(len, self.sound)) // 320} packets" if self.partials else None

    def finish(self) -> tuple[Word, ...]:
        if self.engine.broken:
            raise DecodeFailed("decode_failed", "broken on purpose")
        samples = len(np.concatenate(self.sound))
        self.engine.finals.append((self.start_ns, samples, self.hints))
        end_ns = self.start_ns + samples * 62_500
        return (Word(text=f"{samples // 320}", start_ns=self.start_ns, end_ns=end_ns, confidence=0.5),)


class Stenographer:
    """An engine whose words tell how many packets it was given; `finals` lists start, samples and hints."""

    name = "stenographer"

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.finals: list[tuple[int, int, tuple[str, ...]]] = []
        self.closed = False

    def open(self, start_ns: int, hints: Sequence[str] = (), *, partials: bool = True) -> Passage:
        return Passage(self, start_ns, tuple(hints), partials)

    def close(self) -> None:
        self.closed = True


@dataclass
class Outcome:
    """All that an ear said about a run of frames."""

    heard: list[Heard]
    ear: Ear

    @property
    def utterances(self) -> list[Utterance]:
        return [utterance for part in self.heard for utterance in part.utterances]

    @property
    def settled(self) -> list[Settled]:
        return [settled for part in self.heard for settled in part.settled]

    @property
    def partials(self) -> list[str]:
        return [part.partial.text for part in self.heard if part.partial is not None]

    @property
    def text(self) -> str:
        return " ".join(utterance.text for utterance in self.utterances)


def new_ear(
    engine: Engine, worker: Worker, settings: HearSettings | None = None, offset_ns: int = 0, *, behind: bool = False
) -> Ear:
    """An ear on the microphone of a pendant."""
    ears = Ears(engine=engine, worker=worker, settings=settings or HearSettings(partials=False))
    return ears.open("pendant", "mic", offset_ns, lambda: behind)


async def listen(
    engine: Engine,
    frames: Iterable[Frame],
    settings: HearSettings | None = None,
    *,
    live: bool = False,
    behind: bool = False,
) -> Outcome:
    """Every frame through a new ear, then the end. `live`: the worker gets time between frames."""
    worker = Worker()
    ear = new_ear(engine, worker, settings, behind=behind)
    heard = []
    try:
        for frame in frames:
            heard.append(await ear.take(frame))
            if live:
                await worker.run(lambda: None)
                await asyncio.sleep(0)
        heard.append(await ear.end())
    finally:
        worker.close()
    return Outcome(heard, ear)


def hear(
    engine: Engine,
    frames: Iterable[Frame],
    settings: HearSettings | None = None,
    *,
    live: bool = False,
    behind: bool = False,
) -> Outcome:
    """The same from code that is not async."""
    return asyncio.run(listen(engine, frames, settings, live=live, behind=behind))
