"""Where output goes: a reader who leaves, a full disk, no output at all, terminals without the characters (R5)."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.surfaces.cli.command_line import Done, Sotto
from tests.surfaces.scripted_companion import ScriptedCompanion

MAIN = (sys.executable, "-m", "sotto_hub.surfaces.cli.main")


def through_shell(person: Path, line: str, **environment: str) -> Done:
    """Runs a shell line in which $sotto is the command."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SOTTO_")}
    clean |= {"HOME": str(person), "sotto": " ".join(MAIN)} | environment
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=clean, timeout=60, check=False)
    return Done(status=done.returncode, out=done.stdout, err=done.stderr)


def one_sentence(done: Done) -> str:
    assert done.err.startswith("sotto: "), done.err
    assert done.err.count("\n") == 1, done.err
    return done.err


async def test_a_reader_who_leaves_is_no_error(hub: ScriptedCompanion, tmp_path: Path) -> None:
    hub.save_client(tmp_path / ".local/share/sotto")
    done = await asyncio.to_thread(through_shell, tmp_path, "$sotto status | true; exit ${PIPESTATUS[0]}")
    assert (done.status, done.err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["status", "ask where is it", "memory list", "doctor", "models list"])
async def test_output_that_cannot_be_written(hub: ScriptedCompanion, tmp_path: Path, command: str) -> None:
    hub.save_client(tmp_path / ".local/share/sotto")
    done = await asyncio.to_thread(through_shell, tmp_path, f"$sotto {command} > /dev/full")
    assert done.status == 3
    assert "cannot be written" in one_sentence(done)


async def test_no_output_at_all(hub: ScriptedCompanion, tmp_path: Path) -> None:
    hub.save_client(tmp_path / ".local/share/sotto")
    done = await asyncio.to_thread(through_shell, tmp_path, "$sotto status >&-")
    assert done.status == 3
    assert "no standard output" in one_sentence(done)


async def test_no_input_at_all(hub: ScriptedCompanion, tmp_path: Path) -> None:
    hub.save_client(tmp_path / ".local/share/sotto")
    done = await asyncio.to_thread(through_shell, tmp_path, "$sotto memory import - <&-")
    assert done.status == 2
    assert "holds no lines" in one_sentence(done)


async def test_a_terminal_without_the_characters_gets_stand_ins(hub: ScriptedCompanion, tmp_path: Path) -> None:
    hub.save_client(tmp_path / ".local/share/sotto")
    done = await asyncio.to_thread(
        through_shell, tmp_path, "$sotto models pull zoë", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert done.status == 2
    assert "zo?" in one_sentence(done)


async def test_bytes_that_are_no_text(hub: ScriptedCompanion, tmp_path: Path) -> None:
    hub.save_client(tmp_path / ".local/share/sotto")
    done = await asyncio.to_thread(through_shell, tmp_path, r"$sotto ask $'what \xff'")
    assert done.status == 2
    assert "not UTF-8 text" in one_sentence(done)


@pytest.mark.parametrize("limit", ["-1", "99999999999", "1000001", "many", "1e3", "٣"])
async def test_limits_that_are_none(keeper: Sotto, limit: str) -> None:
    for command in (("memory", "list"), ("memory", "search", "x")):
        done = await keeper(*command, f"--limit={limit}")
        assert done.status == 2
        assert done.err.rstrip().endswith(f"argument --limit: '{limit}' is no number from 0 to 1,000,000")
