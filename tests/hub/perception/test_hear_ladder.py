"""The ladder: what is chosen, what is refused and how, and what doctor says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sotto_hub.errors import ModelMissing, UsageError
from sotto_hub.models import best_for
from sotto_hub.perception.hear.ladder import choose, describe, load_engine
from sotto_hub.perception.hear.settings import HearSettings
from tests.hub.perception.model_source import ModelSource
from tests.hub.perception.recorded_sound import FIXTURE


def adopted(models: Path, name: str) -> Path:
    """A models folder of a hub that holds the fixture under a catalogue name."""
    models.mkdir()
    (models / name).symlink_to(FIXTURE)
    return models


def test_without_a_model_the_lowest_rung_hears(tmp_path: Path) -> None:
    settings = HearSettings(models_folder=tmp_path)
    assert load_engine(settings).name == "pocketsphinx"
    rung = describe(settings, cores=4)
    assert (rung.rung, rung.better, rung.climb) == ("pocketsphinx", "faster-whisper small", "sotto models pull small")


def test_a_model_that_is_here_is_used(tmp_path: Path) -> None:
    settings = HearSettings(models_folder=adopted(tmp_path / "models", "tiny"))
    engine = load_engine(settings)
    assert engine.name == "faster-whisper tiny"
    engine.close()
    assert describe(settings, cores=2).climb == "sotto models pull base"


def test_a_named_model_may_be_a_folder() -> None:
    settings = HearSettings(engine="faster-whisper", model=str(FIXTURE))
    assert load_engine(settings).name == "faster-whisper whisper-nano-fixture"
    assert describe(settings).climb == ""


@pytest.mark.parametrize("name", ["small", "large-v3"])
def test_an_absent_model_names_the_command(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelMissing, match=f"sotto models pull {name}") as caught:
        load_engine(HearSettings(engine="faster-whisper", model=name, models_folder=tmp_path))
    assert caught.value.exit_status == 6


def test_an_absent_model_is_never_fetched(tmp_path: Path) -> None:
    code = (
        "from sotto_hub.perception.hear.ladder import load_engine\n"
        "from sotto_hub.perception.hear.settings import HearSettings\n"
        "from sotto_hub.errors import ModelMissing\n"
        "try:\n    load_engine(HearSettings(engine='faster-whisper', model='tiny'))\n"
        "except ModelMissing as missing:\n    print(missing.code)\n"
    )
    with ModelSource("Systran/faster-whisper-tiny", {}) as source:
        surroundings = os.environ | {"HF_ENDPOINT": source.address, "HF_HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=True
        )
    assert done.stdout.strip() == "model_missing"
    assert source.requests == []


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UsageError, match="choose one of auto, pocketsphinx"):
        load_engine(HearSettings(engine="ears"))


def test_a_script_is_an_engine(tmp_path: Path) -> None:
    script = tmp_path / "words.jsonl"
    script.write_text("")
    assert load_engine(HearSettings(engine=f"scripted:{script}")).name == "scripted"


def test_the_size_suits_the_machine() -> None:
    assert [best_for(cores) for cores in (1, 4, 16)] == ["base", "small", "large-v3-turbo"]
    assert choose(("tiny", "small"), "small") == "small"
    assert choose(("tiny", "medium"), "small") == "tiny"
    assert choose((), "small") == ""
