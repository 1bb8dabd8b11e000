"""The hub as a person runs it: one line when it is ready, one sentence when it cannot be, a clean stop."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from sotto_proto.pairing import PeerRole, load_credentials, pair, secure_channel
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from tests.hub.scripted_device import Day, connected

COMMAND = Path(sys.executable).parent / "sotto-hub"


def arguments(home: Path, *more: str) -> list[str]:
    script = home.parent / "script.jsonl"
    script.touch()
    return [
        str(COMMAND),
        "run",
        "--home",
        str(home),
        "--listen",
        "127.0.0.1:0",
        "--engine",
        f"scripted:{script}",
        *more,
    ]


@contextmanager
def running(home: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = arguments(home, *more)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line.startswith("listening on 127.0.0.1:"), process.communicate(timeout=20)[1]
            yield process, line.removeprefix("listening on ")
        finally:
            process.kill()


def failed(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.returncode, done.stderr


async def test_the_keeper_finds_its_way_and_the_hub_stops_cleanly(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home) as (process, address):
        keeper = load_credentials(home / "keeper")
        assert keeper.address == address
        async with secure_channel(keeper) as channel:
            status = await CompanionStub(channel).Status(pb.StatusRequest(), timeout=20)
        assert (status.home, status.hub_id) == (str(home), keeper.hub_id)
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=20) == ("", "")
        assert process.returncode == 0
    assert home.stat().st_mode & 0o777 == 0o700
    modes = {path.stat().st_mode & 0o777 for path in home.rglob("*") if path.is_file()}
    assert modes == {0o600}


async def test_a_hub_stops_cleanly_in_the_middle_of_everything(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home) as (process, address):
        async with secure_channel(load_credentials(home / "keeper")) as channel:
            stub = CompanionStub(channel)
            shown = await stub.NewPairingCode(pb.NewPairingCodeRequest(role=link_pb2.PEER_ROLE_DEVICE))
            device = await pair(address, shown.code, name="pendant", role=PeerRole.DEVICE)
            await stub.NewPairingCode(pb.NewPairingCodeRequest(role=link_pb2.PEER_ROLE_DEVICE))
            events = aiter(stub.Watch(pb.WatchRequest()))
            await anext(events)
            async with connected(device) as line:
                day = Day()
                await line.send([*day.gap(900), *day.speech(1_000)])
                await line.acked("mic", 1)
                process.send_signal(signal.SIGTERM)
                assert (await line.broken()).code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
                assert await asyncio.to_thread(process.communicate, timeout=20) == ("", "")
                assert process.returncode == 0


async def test_a_killed_hub_starts_again_as_the_same_hub(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home) as (process, _):
        before = load_credentials(home / "keeper")
        process.kill()
    with running(home) as (_, address):
        after = load_credentials(home / "keeper")
        assert (after.hub_id, after.key, after.address) == (before.hub_id, before.key, address)
        async with secure_channel(after) as channel:
            await CompanionStub(channel).Status(pb.StatusRequest(), timeout=20)


def test_one_hub_per_home_and_one_per_port(tmp_path: Path) -> None:
    with running(tmp_path / "home") as (_, address):
        status, sentence = failed(*arguments(tmp_path / "home"))
        assert (status, "another hub is running" in sentence) == (3, True)
        status, sentence = failed(*arguments(tmp_path / "other", "--listen", address))
        assert (status, f"{address} is taken" in sentence) == (7, True)


def test_no_files_no_hub(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    status, sentence = failed(*arguments(tmp_path / "file"))
    assert (status, "cannot be used" in sentence) == (3, True)
    status, sentence = failed(*arguments(tmp_path / "home", "--engine", "scripted:/nowhere"))
    assert (status, "cannot be read" in sentence) == (2, True)
    status, sentence = failed(*arguments(tmp_path / "home", "--engine", "faster-whisper", "--model", "/nowhere"))
    assert status == 6
    status, sentence = failed(*arguments(tmp_path / "home", "--engine", "parrot"))
    assert (status, "parrot" in sentence) == (2, True)
    status, sentence = failed(*arguments(tmp_path / "home", "--listen", "nowhere"))
    assert (status, "no address" in sentence) == (2, True)


def test_an_unwritable_home() -> None:
    unwritable = "/proc/sotto"  # not even root may write there
    status, sentence = failed(str(COMMAND), "run", "--home", unwritable, "--listen", "127.0.0.1:0")
    assert (status, "cannot be used" in sentence) == (3, True)


def test_damaged_keys_and_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home):
        pass
    good = (home / "keys" / "master.key").read_bytes()
    (home / "keys" / "master.key").write_bytes(bytes(32))
    status, sentence = failed(*arguments(home))
    assert (status, "the keys" in sentence, "damaged" in sentence) == (3, True, True)
    (home / "keys" / "master.key").write_bytes(good)
    (home / "hub.db").write_bytes(b"nonsense" * 1_000)
    status, sentence = failed(*arguments(home))
    assert (status, "damaged" in sentence) == (3, True)
    (home / "keys").rename(tmp_path / "keys")
    status, sentence = failed(*arguments(home))
    assert (status, "backup" in sentence) == (3, True)


def test_a_damaged_memory_gets_a_sentence_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home):
        pass
    (home / "memory.db").write_bytes(b"nonsense" * 1_000)
    status, sentence = failed(*arguments(home))
    assert (status, "sotto-hub: " in sentence) == (3, True)


def test_taken_ports(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        status, sentence = failed(*arguments(tmp_path / "home", "--listen", address))
    assert (status, "taken" in sentence) == (7, True)


def test_version() -> None:
    done = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sotto-hub 0.")
