"""faster-whisper for real, on a model that knows sixteen clips: exact words through gate, Opus and ear."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sotto_hub.errors import DecodeFailed, ModelMissing
from sotto_hub.perception.hear.agreement import normalised
from sotto_hub.perception.hear.faster_whisper import FasterWhisper, find_model
from sotto_hub.perception.hear.settings import HearSettings
from tests.hub.perception.hearing_aids import hear
from tests.hub.perception.recorded_sound import FIXTURE, START_NS, Microphone, read_sound, silence, voice_of


@pytest.fixture(scope="module")
def engine() -> FasterWhisper:
    return FasterWhisper(FIXTURE)


def clips() -> list[tuple[str, str]]:
    """Names and true words of the clips."""
    with (FIXTURE / "clips" / "manifest.tsv").open(encoding="utf-8") as manifest:
        return [(row["name"], row["text"]) for row in csv.DictReader(manifest, delimiter="\t")]


def plain(text: str) -> list[str]:
    return [normalised(word) for word in text.split()]


@pytest.mark.parametrize(("name", "text"), clips())
def test_every_known_clip_is_heard_exactly(engine: FasterWhisper, name: str, text: str) -> None:
    clip = np.concatenate([silence(0.6), read_sound(FIXTURE / "clips" / f"{name}.wav"), silence(1.0)])
    outcome = hear(engine, Microphone().scene(clip), HearSettings(partials=False, turn_pause_ms=5_000))
    assert plain(outcome.text) == plain(text)


def test_partials_only_say_what_becomes_final(engine: FasterWhisper) -> None:
    clip = np.concatenate([silence(0.6), read_sound(FIXTURE / "clips/ls-1272.wav"), silence(1.0)])
    outcome = hear(engine, Microphone().scene(clip), HearSettings(partials=True), live=True)
    assert len(outcome.partials) >= 2
    for partial in outcome.partials:
        assert plain(partial) == plain(outcome.text)[: len(partial.split())]


def test_word_times_lie_in_the_sound(engine: FasterWhisper) -> None:
    pcm = read_sound(FIXTURE / "clips/flite-dentist.wav")
    decoding = engine.open(START_NS, ("Maria",), partials=False)
    decoding.feed(pcm)
    found = decoding.finish()
    assert [word.text for word in found][-3:] == ["tomorrow", "at", "nine."]
    assert all(START_NS <= word.start_ns <= word.end_ns <= START_NS + 3_400_000_000 for word in found)
    assert engine.open(0).finish() == ()


def test_silence_is_empty(engine: FasterWhisper) -> None:
    pcm = silence(2.0)
    assert max(voice_of(pcm)) < 20
    decoding = engine.open(0, partials=False)
    decoding.feed(pcm)
    assert decoding.finish() == ()


def test_a_model_folder_that_is_damaged_is_a_sentence(tmp_path: Path) -> None:
    for name in ("config.json", "model.bin", "tokenizer.json", "vocabulary.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        FasterWhisper(find_model(str(tmp_path), None))


def test_sound_that_breaks_the_engine_is_one_kind_of_error(engine: FasterWhisper) -> None:
    wrong = np.zeros((3, 3, 3), dtype=np.int16)
    with pytest.raises(DecodeFailed):
        engine.segments(wrong, None, words=True)
