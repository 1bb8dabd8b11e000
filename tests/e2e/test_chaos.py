"""Sixty seeded faults between a real device and a real hub: nothing acknowledged is lost, nothing is doubled.

A failing history prints its seed; `python -m tests.bench.custody --only SEED --faults N` lives it again alone.
"""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.chaos.disk import may_mount
from tests.e2e.chaos.faults import Kind
from tests.e2e.chaos.history import History, Told
from tests.e2e.chaos.household import Household, Ways
from tests.e2e.chaos.spoken_day import SpokenDay, make_day
from tests.e2e.test_survival import sees

SEEDS = (11, 12, 13, 14)
FAULTS = 15
NOTICED_S = 10
PATIENCE_S = 60


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> SpokenDay:
    """Two and a half minutes of talk, in short sentences."""
    return make_day(tmp_path_factory.mktemp("day"), scenes=5, lines=7)


@pytest.fixture(scope="module")
def short_day(tmp_path_factory: pytest.TempPathFactory) -> SpokenDay:
    return make_day(tmp_path_factory.mktemp("short"), scenes=3, lines=3)


async def test_after_sixty_faults_nothing_acknowledged_is_lost_and_nothing_is_doubled(
    tmp_path: Path, day: SpokenDay
) -> None:
    if not may_mount():
        print("NOTICE: this system lets us mount no small disk: full disks are left out of the faults")
    lives = (History(seed=seed, count=FAULTS, folder=tmp_path / f"{seed}", day=day).live() for seed in SEEDS)
    told = await asyncio.gather(*lives)
    assert not [one.complaint for one in told if one.complaint]
    assert sum(one.verdict.acknowledged_ns for one in told) > len(told) * day.captured_ns // 2
    assert sum(one.faults for one in told) >= len(SEEDS) * FAULTS * 3 // 4


async def lived(folder: Path, day: SpokenDay, ways: Ways, kills: int) -> Told:
    """A history in which nothing but the hub is killed."""
    others = frozenset(Kind) - {Kind.HUB_KILLED}
    return await History(seed=3, count=kills, folder=folder, day=day, ways=ways, without=others).live()


async def test_a_hub_that_acknowledges_before_it_commits_is_caught(tmp_path: Path, short_day: SpokenDay) -> None:
    """The device keeps no spool on its disk here: one that does still has what such a hub forgets, for a while."""
    ways = Ways(hub="hasty", settings="spool_disk_mib = 0\n")
    told = await lived(tmp_path, short_day, ways, kills=6)
    assert any(found.startswith(("forgotten", "lost", "missing")) for found in told.verdict.sentences)
    assert "seed 3" in told.complaint


async def test_a_device_that_sends_a_frame_under_two_numbers_is_caught(tmp_path: Path, short_day: SpokenDay) -> None:
    told = await lived(tmp_path, short_day, Ways(device="doubling"), kills=0)
    assert any(found.startswith(("doubled", "captured")) for found in told.verdict.sentences)


async def test_a_black_hole_is_noticed_on_both_sides_and_left_behind(tmp_path: Path, short_day: SpokenDay) -> None:
    """Half-open: the network swallows everything and nobody is told; then it is down, and comes back."""
    async with asyncio.timeout(PATIENCE_S), Household(folder=tmp_path, day=short_day, disks=False) as house:
        await house.start_device(pace="real")
        async with house.companion() as hub:
            await sees(hub, connected=True)
            house.proxy.dark()
            house.proxy.refuses = True
            async with asyncio.timeout(NOTICED_S):
                await sees(hub, connected=False)
                await house.says_of_the_device("is away")
            house.proxy.refuses = False
            await sees(hub, connected=True)
            await house.says_of_the_device("is back")
