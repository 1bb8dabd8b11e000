"""Recogniser models that can be fetched: what they are, how large, under which licence (pure).

Sizes are those of the files that are fetched, in megabytes (10^6 bytes), rounded.
"""

from dataclasses import dataclass
from typing import Final

from sotto_hub.errors import UsageError

FILES: Final = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")
"""What of a repository is fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One faster-whisper model on the Hugging Face Hub."""

    name: str
    repository: str
    size_mb: int
    licence: str
    languages: str


def _whisper(name: str, size_mb: int, repository: str = "") -> Model:
    languages = "English" if name.endswith(".en") or name.startswith("distil-") else "99 languages"
    repository = repository or f"Systran/faster-whisper-{name}"
    return Model(name=name, repository=repository, size_mb=size_mb, licence="MIT", languages=languages)


CATALOGUE: Final = (
    _whisper("tiny", 78),
    _whisper("tiny.en", 78),
    _whisper("base", 148),
    _whisper("base.en", 148),
    _whisper("distil-small.en", 336, "Systran/faster-distil-whisper-small.en"),
    _whisper("small", 486),
    _whisper("small.en", 486),
    _whisper("distil-medium.en", 792, "Systran/faster-distil-whisper-medium.en"),
    _whisper("distil-large-v3", 1_516, "Systran/faster-distil-whisper-large-v3"),
    _whisper("medium", 1_531),
    _whisper("medium.en", 1_531),
    _whisper("large-v3-turbo", 1_622, "mobiuslabsgmbh/faster-whisper-large-v3-turbo"),
    _whisper("large-v3", 3_091),
)
"""By size, smallest first."""


def named(name: str) -> Model:
    """The model of a name. Raises `UsageError` with the names there are."""
    for model in CATALOGUE:
        if model.name == name:
            return model
    names = ", ".join(model.name for model in CATALOGUE)
    raise UsageError("model_unknown", f"there is no model {name!r}; choose one of {names}.")


def best_for(cores: int) -> str:
    """The model that keeps up with live speech on a machine without a GPU: base on 2 cores takes 2 s for 30 s."""
    if cores >= 12:
        return "large-v3-turbo"
    return "small" if cores >= 4 else "base"


def pull_command(name: str) -> str:
    """The command that fetches a model."""
    known = any(model.name == name for model in CATALOGUE)
    return f"sotto models pull {name if known else best_for(4)}"
