"""The ladder of hearing: which recogniser is used here, and the command that climbs one rung.

faster-whisper (size by machine)  ›  pocketsphinx (always there)
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from sotto_hub.errors import ModelMissing, UsageError
from sotto_hub.models import best_for, installed, pull_command
from sotto_hub.perception.hear.engine import Engine
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.records import Rung

INSTALL = "pip install 'sotto[hub]'"


def load_engine(settings: HearSettings) -> Engine:
    """The recogniser that was named, or the best one present. Blocking: up to seconds for a large model.

    Raises `ModelMissing` when a named engine or model is not here, `UsageError` for a name that nobody knows.
    """
    name, _, rest = settings.engine.partition(":")
    if name == "scripted":
        return _scripted(Path(rest).expanduser())
    if name == "pocketsphinx":
        return _pocketsphinx()
    if name == "faster-whisper":
        return _faster_whisper(settings)
    if name == "auto":
        return _faster_whisper(settings) if settings.model or _own(settings) else _pocketsphinx()
    known = "auto, pocketsphinx, faster-whisper, scripted:FILE"
    raise UsageError("engine_unknown", f"{settings.engine!r} is no recogniser; choose one of {known}.")


def describe(settings: HearSettings, *, cores: int | None = None) -> Rung:
    """What hears here and what would hear better, without loading anything."""
    own = _own(settings)
    target = best_for(cores or _cores())
    if not _present("faster_whisper"):
        return Rung(ability="hear", rung=_lowest(), better=f"faster-whisper {target}", climb=INSTALL)
    if settings.engine in ("auto", "faster-whisper") and (settings.model or own):
        chosen = settings.model or own
        return _rung(f"faster-whisper {chosen}", target if chosen != target and not settings.model else "")
    return _rung(settings.engine if settings.engine.startswith("scripted") else _lowest(), target)


def _rung(rung: str, target: str) -> Rung:
    if not target:
        return Rung(ability="hear", rung=rung)
    return Rung(ability="hear", rung=rung, better=f"faster-whisper {target}", climb=pull_command(target))


def choose(here: Sequence[str], target: str) -> str:
    """Which of the installed models to use: the one that suits the machine, else the smallest. Names by size."""
    return target if target in here else next(iter(here), "")


def _own(settings: HearSettings) -> str:
    """The installed model that suits this machine; empty when there is none or nothing to run it with."""
    if settings.models_folder is None or not _present("faster_whisper"):
        return ""
    return choose(installed(settings.models_folder), best_for(_cores()))


def _cores() -> int:
    return os.cpu_count() or 1


def _present(package: str) -> bool:
    return find_spec(package) is not None


def _lowest() -> str:
    return "pocketsphinx" if _present("pocketsphinx") else "nothing"


def _scripted(path: Path) -> Engine:
    from sotto_hub.perception.hear.scripted import Scripted, read_script  # only the rung that is used

    return Scripted(read_script(path))


def _pocketsphinx() -> Engine:
    from sotto_hub.perception.hear.pocketsphinx import PocketSphinx  # only the rung that is used

    return PocketSphinx()


def _faster_whisper(settings: HearSettings) -> Engine:
    if not _present("faster_whisper"):
        raise ModelMissing("no_recogniser", f"faster-whisper is not installed: {INSTALL}.")
    from sotto_hub.perception.hear.faster_whisper import (  # only the rung that is used
        FasterWhisper,
        find_model,
    )

    model = settings.model or _own(settings) or best_for(_cores())
    return FasterWhisper(find_model(model, settings.models_folder), language=settings.language)
