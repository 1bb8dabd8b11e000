"""A daemon as a process: what it announces, what it hears, how it stops, and what its failure is called."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sotto_hub.errors import HomeError, HubError, ModelMissing, PortInUse, UsageError
from sotto_hub.surfaces.daemon import Daemon, failure

WAIT_S = 20.0


@asynccontextmanager
async def daemon(*words: str, name: str = "sotto-hub") -> AsyncIterator[Daemon]:
    started = await Daemon.start(name, "tests.surfaces.scripted_daemon", *words)
    try:
        yield started
    finally:
        await started.stop()


async def test_it_is_read_until_it_announces() -> None:
    async with daemon("say:warming up", "say:listening on 127.0.0.1:7443", "stay") as hub:
        assert await hub.until("listening on ", WAIT_S) == "127.0.0.1:7443"


async def test_it_hears_a_line() -> None:
    async with daemon("hear", name="sotto-device") as device:
        await device.tell("go on")
        assert await device.until("heard ", WAIT_S) == "go on"
        await device.done()
        assert await device.line() is None


async def test_its_failure_is_its_own_sentence() -> None:
    async with daemon("complain:some log", "complain:sotto-hub: the port is taken [port_in_use]", "end:7") as hub:
        with pytest.raises(PortInUse) as caught:
            await hub.until("listening on ", WAIT_S)
    assert caught.value.code == "port_in_use"
    assert caught.value.sentence == "sotto-hub: the port is taken"


async def test_telling_what_has_ended_says_why() -> None:
    async with daemon("complain:sotto-hub: no room [home]", "end:3") as hub:
        await hub.failed()
        with pytest.raises(HomeError, match="no room"):
            await hub.tell("x" * 1_000_000)


async def test_much_complaining_does_not_halt_it() -> None:
    async with daemon(*["complain:" + "x" * 1000] * 100, "say:done") as device:
        assert await device.until("done", WAIT_S) == ""


async def test_silence_is_noticed() -> None:
    async with daemon("stay") as hub:
        with pytest.raises(HubError, match="in time"):
            await hub.until("listening on ", 0.05)


async def test_the_stubborn_are_killed() -> None:
    async with daemon("stubborn", "say:here", "stay") as hub:
        await hub.until("here", WAIT_S)
        await hub.stop(within_s=0.05)
        await hub.stop()


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("sotto-hub", 3, HomeError),
        ("sotto-hub", 6, ModelMissing),
        ("sotto-device", 6, UsageError),
        ("sotto-device", 7, HubError),
        ("sotto-hub", -9, HubError),
        ("sotto-hub", None, HubError),
    ],
)
def test_statuses_mean_what_the_daemon_means(name: str, status: int | None, kind: type[HubError]) -> None:
    assert type(failure(name, status, [f"{name}: it is so [code]"])) is kind


def test_a_failure_without_words_names_its_status() -> None:
    assert failure("sotto-hub", -9, ["", " "]).sentence == "sotto-hub stopped with status -9"
    assert failure("sotto-hub", 1, ["ValueError: x"]).sentence == "sotto-hub stopped: ValueError: x"
