"""A scripted hub, and `sotto` as a process, for every test of a surface."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.surfaces.cli.command_line import Sotto, run_sotto
from tests.surfaces.scripted_companion import ScriptedCompanion, scripted_companion


@pytest.fixture
async def hub() -> AsyncIterator[ScriptedCompanion]:
    """A scripted hub on loopback."""
    async with scripted_companion() as scripted:
        yield scripted


@pytest.fixture
def sotto(tmp_path: Path) -> Sotto:
    """Runs `sotto` for a person who has nothing yet."""
    return partial(run_sotto, tmp_path)


@pytest.fixture
async def keeper(hub: ScriptedCompanion, tmp_path: Path) -> Sotto:
    """Runs `sotto` on the machine of the scripted hub."""
    hub.save_client(tmp_path / ".local/share/sotto")
    return partial(run_sotto, tmp_path)
