"""An open memory in a folder of its own, once in clear and once sealed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto_memory import Memory

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "memory.db"


@pytest.fixture
def memory(path: Path) -> Iterator[Memory]:
    with Memory.open(path, key=None) as opened:
        yield opened


@pytest.fixture(params=[None, KEY], ids=["clear", "sealed"])
def key(request: pytest.FixtureRequest) -> bytes | None:
    given: bytes | None = request.param
    return given
