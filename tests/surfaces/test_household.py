"""Real hubs and devices as processes: the demo and the examination, on gold words, without a recogniser."""

import asyncio
import json
import os
import shutil
import signal
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sotto_hub.client import Companion
from sotto_hub.errors import HomeError, HubError
from sotto_hub.surfaces.demo import DemoOptions, run_demo, throw_away_home
from sotto_hub.surfaces.examination.day import read_day
from sotto_hub.surfaces.examination.examiner import gold_words
from sotto_hub.surfaces.household import Household
from sotto_hub.surfaces.ledger import balanced
from tests.surfaces.cli.command_line import Sotto

ROOT = Path(__file__).parents[2]
WAIT_S = 60.0


@pytest.fixture
def demo_day(tmp_path: Path) -> Path:
    """The shipped day with its gold beside it."""
    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "hub/sotto_hub/surfaces/demo_day", folder)
    shutil.copytree(ROOT / "tests/data/demo_gold", folder / "gold")
    return folder


async def test_the_demo_in_plain_lines(tmp_path: Path, demo_day: Path) -> None:
    lines: list[str] = []
    with gold_words([read_day(demo_day)]) as hear:
        outcome = await run_demo(tmp_path / "home", DemoOptions(pace="fast", hear=hear), lines.append)
    text = "\n".join(lines)
    assert lines[0] == "Monday 09 March 2026, as Nora lived it"
    assert "08:00:08  heard     my sister is coming for dinner tomorrow at seven" in text
    assert "erased    off the record from 08:02:00 to 08:02:30" in text
    assert "offers" in text
    assert not outcome.failures
    assert [m for m in outcome.memories if m.details.get("due", "").startswith("2026-03-10T19:00")]


async def test_a_screen_may_be_left_early(tmp_path: Path, demo_day: Path) -> None:
    async def leave(hub: Companion, finished: Callable[[], Awaitable[str]], span_ns: tuple[int, int]) -> None:
        assert (await hub.status()).devices
        assert span_ns[0] < span_ns[1]

    with gold_words([read_day(demo_day)]) as hear:
        options = DemoOptions(pace="fast", hear=hear, screen=leave)
        outcome = await run_demo(tmp_path / "home", options, lambda line: None)
    assert not outcome.finished
    assert not outcome.failures


async def test_a_replay_writes_what_stands(sotto: Sotto, tmp_path: Path, demo_day: Path) -> None:
    home, events = tmp_path / "home", tmp_path / "events.jsonl"
    order = ("replay", str(demo_day), "--home", str(home), "--events", str(events))
    done = await sotto(*order, "--questions", "--words", "gold")
    assert (done.status, done.err) == (0, "")
    assert "ledger: balanced" in done.out
    rows = [json.loads(line) for line in events.read_text().splitlines()]
    said = [row["text"] for row in rows if row["type"] == "utterance"]
    assert "my sister is coming for dinner tomorrow at seven" in said
    assert not [text for text in said if "trumpet" in text]
    assert {row["question"] for row in rows if row["type"] == "answer"} == {"demoq1", "demoq2", "demoq3"}
    assert {row["type"] for row in rows} >= {"utterance", "memory", "suggestion", "answer"}
    assert stat.S_IMODE(events.stat().st_mode) == 0o600
    again = await sotto(*order)
    assert again.status == 2
    assert "give days in order" in again.err


async def test_a_hub_that_dies_is_not_waited_for(tmp_path: Path) -> None:
    async with Household(tmp_path / "home", hear=("--engine", "pocketsphinx")) as house:
        forever = asyncio.get_running_loop().create_future()

        async def wait() -> None:
            await forever

        work = asyncio.create_task(house.while_hub_lives(wait()))
        assert house.hub_process is not None
        os.kill(house.hub_process, signal.SIGKILL)
        with pytest.raises(HubError, match="sotto-hub stopped with status -9"):
            await asyncio.wait_for(work, WAIT_S)


async def test_a_recogniser_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(HubError) as caught:
        async with Household(tmp_path / "home", hear=("--engine", f"scripted:{tmp_path / 'nothing'}")):
            pass
    assert "Traceback" not in caught.value.sentence
    assert caught.value.exit_status in (2, 6)


async def test_a_home_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError):
        async with Household(tmp_path / "file" / "home"):
            pass


async def test_replay_says_what_is_wrong_before_it_starts(sotto: Sotto, tmp_path: Path, demo_day: Path) -> None:
    home = ("--home", str(tmp_path / "home"))
    unknown = await sotto("replay", str(tmp_path / "no"), *home, "--events", str(tmp_path / "e"))
    assert (unknown.status, "a day folder holds" in unknown.err) == (2, True)
    unwritable = await sotto("replay", str(demo_day), *home, "--events", str(tmp_path / "no" / "e"))
    assert (unwritable.status, "cannot be written" in unwritable.err) == (2, True)
    (demo_day / "audio/0001.flac").write_bytes(b"not sound")
    broken = await sotto("replay", str(demo_day), *home, "--events", str(tmp_path / "e"), "--engine", "pocketsphinx")
    assert broken.status == 2
    assert broken.err.count("\n") == 1
    assert not (tmp_path / "e").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_demo_that_is_stopped_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    command = (sys.executable, "-m", "sotto_hub.surfaces.cli.main", "demo", "--plain")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=environment)
    assert process.stdout is not None
    async with asyncio.timeout(WAIT_S):
        while (line := await process.stdout.readline()) and b"as Nora lived it" not in line:
            pass  # an empty line is the end: the demo has failed, and says why below
        if line:
            process.send_signal(number)
        _, err = await process.communicate()
    assert err == b""
    assert process.returncode == 130
    assert not list(tmp_path.glob("sotto-demo-*"))


def test_the_throw_away_home_goes_unless_it_is_kept() -> None:
    with throw_away_home(keep=False) as home:
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert not home.exists()
    with throw_away_home(keep=True) as home:
        pass
    assert home.exists()
    home.rmdir()


def test_an_empty_ledger_balances() -> None:
    assert balanced([])
