"""`sotto-device` as a person runs it: real processes, one sentence and an exit status for every mistake (R5)."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sotto_device.mute import ALL_MUTED, NO_ORDERS, Orders
from sotto_device.mute_file import load_mute
from sotto_device.remote import FILE
from sotto_proto.records import Audio, GapKind, MuteState
from tests.device.recorded_day import write_day
from tests.device.scripted_hub import PATIENCE_S, ScriptedHub, scripted_hub
from tests.device.scripted_tls import ScriptedAuthority
from tests.device.sensed import SECOND, balanced, gap, sound, tone

DEVICE = str(Path(sys.executable).parent / "sotto-device")
LONG_S = 60.0


@asynccontextmanager
async def device(*words: object, folder: Path | None = None) -> AsyncIterator[Process]:
    """A process that is gone when the block ends."""
    running = await asyncio.create_subprocess_exec(
        DEVICE, *map(str, words), stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=folder
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


async def done(*words: object, folder: Path | None = None) -> tuple[int, str, str]:
    """Exit status, output and complaints."""
    async with device(*words, folder=folder) as running:
        out, err = await asyncio.wait_for(running.communicate(), LONG_S)
        assert running.returncode is not None
        return running.returncode, out.decode(), err.decode()


async def line(running: Process) -> str:
    assert running.stdout is not None
    return (await asyncio.wait_for(running.stdout.readline(), LONG_S)).decode().strip()


def paired(folder: Path, hub: ScriptedHub) -> Path:
    home = folder / "home"
    hub.credentials.save(home)
    return home


def one_sentence(complaint: str) -> bool:
    return complaint.startswith("sotto-device: ") and complaint.count("\n") == 1 and "Traceback" not in complaint


async def test_version() -> None:
    status, out, _ = await done("--version")
    assert (status, out.split()[0]) == (0, "sotto-device")


@pytest.mark.parametrize(
    ("words", "status", "named"),
    [
        (["run", "--source", "replay:nowhere"], 2, "no recorded day at nowhere"),
        (["run", "--source", "nose"], 2, "no source 'nose'"),
        (["run", "--stop-at", "2026-03-09T09:00:00+01:00"], 2, "--source replay:DAYFOLDER"),
        (["run", "--source", "replay:day", "--stop-at", "soon"], 2, "'soon' is no time"),
        (["run", "--source", "replay:day", "--until", "2026-03-09T09:00:00"], 2, "has no offset"),
        (["mute", "--for", "ever"], 2, "'ever' is no span"),
        (["run", "--source", "replay:day"], 8, "the switch on GPIO17 cannot be used"),
        (["forget", "--last", "5m"], 2, "no sotto-device runs"),
        (["pair", "localhost", "12"], 2, "pairing code"),
        (["pair", "127.0.0.1:1", "482913-ABCDEFGHJKMNPQRS"], 4, "no pairing is open"),
    ],
)
async def test_mistakes_get_one_sentence(tmp_path: Path, words: list[str], status: int, named: str) -> None:
    home = tmp_path / "home"
    ScriptedAuthority.made().device("127.0.0.1:1").save(home)
    write_day(tmp_path / "day")
    if status == 8:
        (home / "device.toml").write_text("switch_gpio = 17\n")
    result, _, complaint = await done(*words, "--home", home, folder=tmp_path)
    assert named in complaint
    assert result == status
    assert one_sentence(complaint)


async def test_not_paired_yet(tmp_path: Path) -> None:
    status, _, complaint = await done("run", "--home", tmp_path / "home")
    assert status == 5
    assert one_sentence(complaint)
    assert "sotto-device pair HOST:PORT CODE" in complaint


async def test_a_home_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for command in (["run"], ["pair", "127.0.0.1:1", "482913-ABCDEFGHJKMNPQRS"], ["mute"]):
        status, _, complaint = await done(*command, "--home", tmp_path / "file")
        assert status == 3
        assert one_sentence(complaint)


async def test_settings_that_are_off(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        home = paired(tmp_path, hub)
        (home / "device.toml").write_text("colour = 'red'\n")
        status, _, complaint = await done("run", "--home", home)
        assert status == 2
        assert one_sentence(complaint)
        assert "device.toml" in complaint


async def test_a_recorded_day_is_sent_stopped_at_and_done(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        home = paired(tmp_path, hub)
        day = write_day(
            tmp_path / "day", [(0.0, tone(1000)), (60.0, sound(500))], gaze_s=[0.1, 0.2], pictures_s=[0.3]
        )
        stop, until = "2026-03-09T08:00:30+01:00", "2026-03-09T22:00:00+01:00"
        words = ["run", "--home", home, "--source", f"replay:{day}", "--pace", "fast"]
        async with device(*words, "--stop-at", stop, "--until", until) as running:
            assert await line(running) == f"at {stop}"
            assert hub.of("mic")[-1].captured_ns == SECOND
            assert running.stdin is not None
            running.stdin.write(b"\n")
            assert await line(running) == "done"
            assert await asyncio.wait_for(running.wait(), PATIENCE_S) == 0
        frames = hub.of("mic")
        assert balanced(frames)
        assert frames[-1].captured_ns == 1500 * SECOND // 1000
        assert frames[-1].end_wall_ns == 1_773_039_600 * SECOND + 14 * 3600 * SECOND
        assert len(hub.of("camera")) == 1
        assert len(hub.of("eyes")) == 2
        assert sorted(p.name for p in home.iterdir() if p.stat().st_mode & 0o077) == []


async def test_a_broken_day_ends_in_its_sentence(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        day = write_day(tmp_path / "day")
        (day / "audio/0001.flac").write_bytes(b"nothing")
        status, _, complaint = await done(
            "run", "--home", paired(tmp_path, hub), "--source", f"replay:{day}", "--pace", "fast"
        )
        assert status == 6
        assert one_sentence(complaint)
        assert "0001.flac" in complaint


async def test_sigterm_is_a_clean_end(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        home = paired(tmp_path, hub)
        day = write_day(tmp_path / "day", [(0.0, tone(3000)), (3600.0, tone(100))])
        async with device("run", "--home", home, "--source", f"replay:{day}") as running:
            await hub.until(lambda: bool(hub.frames))
            running.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(running.wait(), PATIENCE_S) == 0
        assert not (home / FILE).exists()


async def test_sigterm_ends_it_even_with_the_hub_away(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        home = paired(tmp_path, hub)
        await hub.stop()
        day = write_day(tmp_path / "day")
        async with device("run", "--home", home, "--source", f"replay:{day}", "--pace", "fast") as running:
            assert running.stderr is not None
            told = (await asyncio.wait_for(running.stderr.readline(), LONG_S)).decode()
            assert "is away" in told
            running.send_signal(signal.SIGTERM)
            status = await asyncio.wait_for(running.wait(), PATIENCE_S)
            assert status in {0, 130}
            assert b"Traceback" not in await running.stderr.read()


async def test_two_daemons_of_one_home(tmp_path: Path) -> None:
    async with scripted_hub() as hub:
        home = paired(tmp_path, hub)
        day = write_day(tmp_path / "day", [(0.0, tone(1000)), (3600.0, tone(100))])
        words = ["run", "--home", home, "--source", f"replay:{day}"]
        async with device(*words):
            await hub.until(lambda: bool(hub.hellos))
            status, _, complaint = await done(*words)
            assert status == 3
            assert one_sentence(complaint)


async def test_a_refused_device_ends_in_one_sentence(tmp_path: Path) -> None:
    import grpc

    async with scripted_hub() as hub:
        hub.refusal = (grpc.StatusCode.UNAUTHENTICATED, "this peer is not paired with this hub")
        day = write_day(tmp_path / "day")
        status, _, complaint = await done(
            "run", "--home", paired(tmp_path, hub), "--source", f"replay:{day}", "--pace", "fast"
        )
        assert status == 5
        assert one_sentence(complaint)


async def test_mute_without_a_daemon_is_kept_for_the_next(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert (await done("mute", "--home", home))[0] == 0
    assert load_mute(home) == ALL_MUTED
    assert (await done("unmute", "--sensor", "mic", "--home", home))[0] == 0
    single = tuple(MuteState(muted=True, streams=(sensor,)) for sensor in ("camera", "eyes"))
    assert load_mute(home) == Orders(single=single)
    status, told, _ = await done("status", "--home", home)
    assert (status, told) == (0, "not running; camera closed until unmuted; eyes closed until unmuted\n")
    assert (await done("unmute", "--home", home))[0] == 0
    assert load_mute(home) == NO_ORDERS


async def test_mute_reaches_the_running_daemon(tmp_path: Path) -> None:
    """A short folder below /tmp: the address of a socket holds about a hundred characters."""
    async with scripted_hub() as hub:
        home = Path(os.path.relpath(paired(tmp_path, hub), tmp_path))
        day = write_day(tmp_path / "day", [(0.0, tone(20_000))])
        words = ["run", "--home", home, "--source", f"replay:{day}"]
        async with device(*words, folder=tmp_path):
            await hub.until(lambda: bool(hub.frames))
            assert (await done("mute", "--home", home, folder=tmp_path))[0] == 0
            await hub.until(lambda: gap(GapKind.MUTED) in [f.body for f in hub.frames])
            status, _, complaint = await done("forget", "--last", "10s", "--home", home, folder=tmp_path)
            assert (status, complaint) == (0, "")
            status, told, _ = await done("status", "--json", "--home", home, folder=tmp_path)
            found = json.loads(told)
            assert (status, found["running"], found["open"], found["shown"]) == (0, True, [], "off")
            assert (found["hub"], found["closed"]) == ("up", {"mic": None, "camera": None, "eyes": None})
        assert load_mute(tmp_path / home) == ALL_MUTED
        assert len(hub.of("control")) == 2
        first = hub.of("control")[0]
        assert not [f for f in hub.of("mic") if isinstance(f.body, Audio) and f.end_wall_ns > first.at.wall_ns]
