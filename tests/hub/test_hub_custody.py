"""The hub's keys, backups and parent, as its keeper knows them: real processes, one line or one sentence each."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sotto_proto.pairing import load_credentials, secure_channel
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from tests.hub.test_hub_daemon import COMMAND, arguments, running

WORDS, OTHER = "correct horse", "battery staple"
RING = "tests.hub.keys.scripted_keyring.Kept"


def around(**more: str) -> dict[str, str]:
    """The environment of a keeper who has said nothing yet."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SOTTO_")} | more


@contextmanager
def hub(home: Path, *more: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    command = arguments(home, *more)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=around(**environment)
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("listening on "), process.communicate(timeout=20)[1]
            yield process
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    return said


def ask(*command: str, **environment: str) -> tuple[int, str]:
    """One command without a terminal: its status, and the one line that it said."""
    done = subprocess.run(
        [COMMAND, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=around(**environment),
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1, said
    return done.returncode, said


def keys(home: Path) -> set[str]:
    return {path.name for path in (home / "keys").iterdir()}


def test_a_passphrase_from_the_first_start_to_the_last(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with hub(home, "--keys", "passphrase", "--log", "debug", SOTTO_PASSPHRASE=WORDS) as process:
        assert keys(home) == {"vault"}
        assert WORDS not in stopped(process)
    status, said = ask(*arguments(home)[1:], SOTTO_PASSPHRASE=OTHER)
    assert (status, "that passphrase does not open the keys of this hub [passphrase]" in said) == (3, True)
    status, said = ask(*arguments(home)[1:])
    assert (status, "SOTTO_PASSPHRASE" in said, "[passphrase_needed]" in said) == (3, True, True)
    change = {"SOTTO_PASSPHRASE": WORDS, "SOTTO_NEW_PASSPHRASE": OTHER}
    assert ask("lock", "--with", "passphrase", "--home", str(home), **change)[0] == 0
    status, said = ask("lock", "--with", "file", "--home", str(home), SOTTO_PASSPHRASE=WORDS)
    assert (status, "does not open" in said) == (3, True)
    assert ask("lock", "--with", "file", "--home", str(home), SOTTO_PASSPHRASE=OTHER)[0] == 0
    assert keys(home) == {"vault", "master.key"}
    with hub(home) as process:
        status, said = ask("lock", "--with", "passphrase", "--home", str(home), SOTTO_PASSPHRASE=WORDS)
        assert (status, "another hub is running" in said) == (3, True)
        assert stopped(process) == ""


def test_the_keyring_of_this_account(tmp_path: Path) -> None:
    home, ring = tmp_path / "home", tmp_path / "ring.json"
    chosen = {"PYTHON_KEYRING_BACKEND": RING, "SCRIPTED_KEYRING": str(ring), "PYTHONPATH": str(Path.cwd())}
    with hub(home, **chosen) as process:
        assert keys(home) == {"vault"}
        assert len(json.loads(ring.read_text())) == 1
        assert stopped(process) == ""
    status, said = ask(*arguments(home)[1:], **{**chosen, "PYTHON_KEYRING_BACKEND": RING.replace("Kept", "Refusing")})
    assert (status, "unlock it" in said) == (3, True)
    assert ask("lock", "--with", "file", "--home", str(home), **chosen)[0] == 0
    assert json.loads(ring.read_text()) == {}
    with hub(home) as process:
        assert stopped(process) == ""


def test_a_lock_that_cannot_be_had_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with hub(home, SOTTO_KEYS="file") as process:
        stopped(process)
    before = (home / "keys" / "vault").read_bytes()
    for where, why in (("keyring", "[keyring]"), ("file", "already"), ("passphrase", "[passphrase_needed]")):
        status, said = ask("lock", "--with", where, "--home", str(home))
        assert (status > 0, why in said) == (True, True), said
    status, said = ask("lock", "--with", "passphrase", "--home", str(home), SOTTO_PASSPHRASE="short")
    assert (status, "at least 8" in said) == (2, True)
    status, said = ask(*arguments(home)[1:], SOTTO_KEYS="passphrase")
    assert (status, "sotto-hub lock --with passphrase" in said) == (3, True)
    assert (home / "keys" / "vault").read_bytes() == before


def test_there_is_nothing_to_lock_yet(tmp_path: Path) -> None:
    command = ("lock", "--with", "file", "--home", str(tmp_path / "home"))
    assert ask(*command)[0] == 3
    assert not (tmp_path / "home").exists()
    (tmp_path / "home").mkdir()
    status, said = ask(*command)
    assert (status, "holds no vault yet" in said) == (3, True)


async def backed_up(home: Path, path: Path) -> None:
    async with secure_channel(load_credentials(home / "keeper")) as channel:
        chunks = CompanionStub(channel).Backup(pb.BackupRequest(passphrase=WORDS))
        path.write_bytes(b"".join([chunk.data async for chunk in chunks]))


async def test_a_backup_is_restored_by_one_command(tmp_path: Path) -> None:
    home, again, backup = tmp_path / "home", tmp_path / "again", tmp_path / "backup"
    with running(home) as (process, _):
        await backed_up(home, backup)
        hub_id = load_credentials(home / "keeper").hub_id
        process.kill()
    command = ("restore", str(backup), "--home", str(again))
    status, said = ask(*command, SOTTO_PASSPHRASE=OTHER)
    assert (status, "does not open this backup" in said, again.exists()) == (2, True, False)
    status, said = ask(*command, "--keys", "file", SOTTO_PASSPHRASE=WORDS)
    assert (status, hub_id in said) == (0, True)
    status, said = ask(*command, SOTTO_PASSPHRASE=WORDS)
    assert (status, "not empty" in said) == (2, True)
    with running(again) as (_, address):
        keeper = load_credentials(again / "keeper")
        assert (keeper.hub_id, keeper.address) == (hub_id, address)
        async with secure_channel(keeper) as channel:
            await CompanionStub(channel).Status(pb.StatusRequest(), timeout=20)


def test_a_hub_ends_with_its_parent(tmp_path: Path) -> None:
    with hub(tmp_path / "home", "--with-parent", SOTTO_KEYS="file") as process:
        assert process.stdin is not None
        process.stdin.write("a line is no end\n")
        process.stdin.flush()
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_a_hub_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """As `sotto demo` starts it: a parent that is killed can tell nobody."""
    code = (
        "import subprocess, sys\n"
        "hub = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
        "print(hub.pid, hub.stdout.readline(), flush=True)\n"
        "hub.wait()\n"
    )
    command = [sys.executable, "-c", code, *arguments(tmp_path / "home", "--with-parent")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline().split()[0])
        ended = os.pidfd_open(pid)
        parent.kill()
    assert select.select([ended], [], [], 20)[0]
    os.close(ended)


def test_nobody_there_is_an_end_too(tmp_path: Path) -> None:
    command = arguments(tmp_path / "home", "--with-parent")
    nobody = subprocess.DEVNULL
    done = subprocess.run(command, stdin=nobody, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
