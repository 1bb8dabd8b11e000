"""The recogniser that is always there, on real sound: the shipped demo day through gate, Opus and ear."""

import json
from pathlib import Path

import numpy as np
import pytest

from sotto_hub.perception.hear.pocketsphinx import PocketSphinx, plain_word
from sotto_hub.perception.hear.settings import HearSettings
from sotto_proto.records import Frame
from tests.bench.hearing_days import edits, words
from tests.hub.perception.hearing_aids import hear
from tests.hub.perception.recorded_sound import DATA, DEMO_AUDIO, Microphone, Pcm, read_sound

SCENE_S, SCENE_END_S = 3_600.0, 3_620.0


@pytest.fixture(scope="module")
def engine() -> PocketSphinx:
    return PocketSphinx()


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return list(Microphone().scene(read_sound(DEMO_AUDIO / "0004.flac")))


def gold() -> list[str]:
    """The lines of the demo day's last scene."""
    rows = [json.loads(line) for line in Path(DATA / "demo_gold/utterances.jsonl").read_text().splitlines()]
    return [row["text"] for row in rows if SCENE_S <= row["t0"] < SCENE_END_S]


def test_a_conversation_is_heard_turn_by_turn(engine: PocketSphinx, frames: list[Frame]) -> None:
    outcome = hear(engine, frames)
    said = [word for line in gold() for word in words(line)]
    assert len(outcome.utterances) == len(gold()) == 4
    assert edits(said, words(outcome.text)) / len(said) <= 0.12
    assert [settled.sequence for settled in outcome.settled] == [frame.sequence for frame in frames]


def test_live_words_come_before_the_final_and_do_not_change_it(engine: PocketSphinx, frames: list[Frame]) -> None:
    part = frames[:45]
    live = hear(engine, part, HearSettings(partials=True), live=True)
    assert live.utterances == hear(engine, part).utterances
    assert live.partials
    shown, final = words(live.partials[-1]), words(live.text)
    assert len(set(shown) & set(final)) >= len(set(shown)) / 2


def speech(seconds: tuple[float, float]) -> Pcm:
    """A stretch of the demo day's last scene."""
    first, last = (round(at * 16_000) for at in seconds)
    return read_sound(DEMO_AUDIO / "0004.flac")[first:last]


def test_what_was_heard_before_changes_nothing(engine: PocketSphinx) -> None:
    def final(pcm: Pcm) -> list[tuple[str, int, float | None]]:
        decoding = engine.open(0, partials=False)
        decoding.feed(pcm)
        return [(word.text, word.start_ns, word.confidence) for word in decoding.finish()]

    one, other = speech((0.5, 4.0)), speech((12.5, 15.2))
    first, second = final(one), final(other)
    listener = engine.open(0)
    listener.feed(other)
    assert [final(other), final(one)] == [second, first]


def test_word_times_are_absolute_and_in_order(engine: PocketSphinx) -> None:
    decoding = engine.open(10**18, partials=False)
    decoding.feed(speech((0.5, 4.0)))
    found = decoding.finish()
    times = [at for word in found for at in (word.start_ns, word.end_ns)]
    assert times == sorted(times)
    assert 10**18 <= times[0] < times[-1] <= 10**18 + 3_500_000_000
    assert all(word.confidence is not None and 0 <= word.confidence <= 1 for word in found)


def test_silence_has_no_words_and_a_newer_listener_ends_the_older(engine: PocketSphinx) -> None:
    quiet = np.zeros(8_000, dtype=np.int16)
    older = engine.open(0)
    newer = engine.open(0)
    assert older.feed(quiet) is None
    assert newer.feed(quiet) is None
    assert engine.open(0).finish() == ()


@pytest.mark.parametrize(
    ("token", "word"),
    [("read(2)", "read"), ("<s>", ""), ("<sil>", ""), ("[NOISE]", ""), ("++UM++", ""), ("don't", "don't")],
)
def test_marks_are_no_words(token: str, word: str) -> None:
    assert plain_word(token) == word
