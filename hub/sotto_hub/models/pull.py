"""Fetching a model: the only code of the hub that reaches beyond it, and only when a person asks for it.

The files come from the Hugging Face Hub, or from the mirror that `HF_ENDPOINT` names, without an account and without
a token. A pull that was broken off goes on where it stopped.
"""

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sotto_hub.errors import HomeError, HubError, LinkDown
from sotto_hub.models.catalogue import CATALOGUE, Model, named
from sotto_hub.models.fetch import fetch, listed

DEFAULT_ENDPOINT = "https://huggingface.co"
NEEDED = ("config.json", "model.bin", "tokenizer.json")

Progress = Callable[[int, int], None]
"""Called with bytes fetched so far and bytes in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a pull would do, to be shown before it begins."""

    model: Model
    source: str
    folder: Path
    present: bool

    @property
    def sentence(self) -> str:
        """The plan in words."""
        size, model = f"{self.model.size_mb} MB", self.model
        if self.present:
            return f"{model.name} is already in {self.folder}."
        return (
            f"{model.name}: {size} from {self.source}, {model.licence} licence, {model.languages}, to {self.folder}."
        )


def plan(name: str, folder: Path, *, endpoint: str | None = None) -> Plan:
    """Says what pulling a model would fetch, from where and to where. `folder` holds all models of the hub."""
    model = named(name)
    source = f"{endpoint or os.environ.get('HF_ENDPOINT') or DEFAULT_ENDPOINT}/{model.repository}"
    return Plan(model=model, source=source, folder=folder / name, present=complete(folder / name))


def complete(folder: Path) -> bool:
    """Whether a folder holds a whole model. Files appear under their names only when they are whole."""
    vocabulary = any((folder / f"vocabulary.{kind}").is_file() for kind in ("json", "txt"))
    return vocabulary and all((folder / name).is_file() for name in NEEDED)


def installed(folder: Path) -> tuple[str, ...]:
    """Names of the catalogue's models that lie whole in the hub's folder, smallest first."""
    return tuple(model.name for model in CATALOGUE if complete(folder / model.name))


def pull(name: str, folder: Path, progress: Progress | None = None, *, endpoint: str | None = None) -> Path:
    """Fetches a model and returns its folder; at once when it is already whole. Blocking.

    Raises `UsageError` (no such model), `LinkDown` (no network, or the source refuses), `HomeError` (disk).
    """
    agreed = plan(name, folder, endpoint=endpoint)
    if agreed.present:
        return agreed.folder
    _room(agreed)
    try:
        _fetch(agreed, progress, endpoint)
    except OSError as broken:
        raise _explained(agreed, broken) from broken
    if not complete(agreed.folder):
        raise _explained(agreed, ConnectionError("not all files came"))
    return agreed.folder


def _room(agreed: Plan) -> None:
    """Makes the folder (0700) and checks that the model fits."""
    try:
        agreed.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(agreed.folder).free
    except OSError as broken:
        raise HomeError("models_folder", f"{agreed.folder} cannot be written: {broken.strerror}.") from broken
    if free < agreed.model.size_mb * 1_000_000:
        raise _disk_full(agreed)


def _fetch(agreed: Plan, progress: Progress | None, endpoint: str | None) -> None:
    """All files, small ones first. Progress counts bytes that lie on the disk, those of an earlier pull included."""
    files = sorted(listed(agreed.model.repository, endpoint), key=lambda file: file.size)
    total, before = sum(file.size for file in files), 0
    for file in files:
        fetch(file, agreed.folder, partial(_tell, progress, before, total))
        before += file.size


def _tell(progress: Progress | None, before: int, total: int, done: int) -> None:
    if progress is not None:
        progress(before + done, total)


def _disk_full(agreed: Plan) -> HomeError:
    size, where = agreed.model.size_mb, agreed.folder.parent
    return HomeError("disk_full", f"{agreed.model.name} needs {size} MB, which {where} does not have free.")


def _explained(agreed: Plan, broken: OSError) -> HubError:
    if broken.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(agreed)
    if isinstance(broken, PermissionError):
        return HomeError("models_folder", f"{agreed.folder} cannot be written: {broken.strerror}.")
    status = getattr(getattr(broken, "response", None), "status_code", None)
    said = f"answered {status}" if status else "cannot be reached"
    return LinkDown("no_model_source", f"{agreed.source} {said}; what was fetched is kept, run the pull again.")
