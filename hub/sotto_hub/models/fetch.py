"""One file of a model at a time, through the Hugging Face Hub's own client, without a token.

A file grows under a name of its own and gets its real name when it is whole and its checksum is right, so that what
lies under a real name can be trusted. The client's download of whole repositories starts anew after a break, so it is
not used.
"""

import hashlib
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from sotto_hub.models.catalogue import FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A file that can be fetched. `mark` names its content; `sha256` is known for large files only."""

    name: str
    url: str
    size: int
    mark: str
    sha256: str | None


class Part(io.FileIO):
    """A file that grows and tells how much of it there is."""

    def __init__(self, path: Path, told: Callable[[int], None]) -> None:
        super().__init__(path, "ab+")
        self._told = told

    def write(self, data: Any, /) -> int:
        """Writes all of the data or raises `OSError`."""
        rest = memoryview(data)
        written = len(rest)
        while rest:
            rest = rest[super().write(rest) :]
        self._told(self.tell())
        return written


def listed(repository: str, endpoint: str | None) -> list[Remote]:
    """The files of a repository's newest version that a recogniser needs. Raises `OSError`."""
    from huggingface_hub import HfApi, hf_hub_url

    with Translated():
        found = HfApi(endpoint=endpoint, token=False).model_info(repository, files_metadata=True)
    names = {file.rfilename: file for file in found.siblings or ()}
    return [
        Remote(
            name=name,
            url=hf_hub_url(repository, name, revision=found.sha, endpoint=endpoint),
            size=file.size or 0,
            mark=(file.blob_id or found.sha or "")[:12],
            sha256=file.lfs.sha256 if file.lfs else None,
        )
        for name, file in names.items()
        if any(fnmatch(name, pattern) for pattern in FILES)
    ]


def fetch(remote: Remote, folder: Path, told: Callable[[int], None]) -> None:
    """Brings one file to its place; goes on where an earlier fetch stopped. Raises `OSError`."""
    place = folder / remote.name
    if place.is_file() and place.stat().st_size == remote.size:
        return
    growing = folder / f"{remote.name}.{remote.mark}.part"
    with Part(growing, told) as part:
        _grow(remote, part)
    if not _right(remote, growing):
        growing.unlink()
        raise ConnectionError(f"{remote.name} came damaged")
    growing.replace(place)


def _grow(remote: Remote, part: Part) -> None:
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # public, but not listed
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it tells of every retry on standard error
    headers = build_hf_headers(token=False)
    if part.tell() < remote.size:
        with Translated():
            http_get(remote.url, part, resume_size=part.tell(), headers=headers, expected_size=remote.size)


def _right(remote: Remote, path: Path) -> bool:
    if path.stat().st_size != remote.size:
        return False
    if remote.sha256 is None:
        return True
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == remote.sha256


class Translated:
    """Network errors of the client's transport, httpx or requests by version, leave as `OSError`."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # not listed, there in all versions

        if isinstance(error, HTTPError) and not isinstance(error, OSError):
            raise ConnectionError(str(error)) from error
