"""The data folder: private when it is the hub's own, left as it is when it is somebody else's."""

import subprocess
import sys
from pathlib import Path

import pytest

from sotto_hub.errors import HomeError, PortInUse
from sotto_hub.home import is_ours, locked, prepare_home
from sotto_hub.listener import choose_port, is_free, reachable


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_home_is_private(tmp_path: Path) -> None:
    home = tmp_path / "a" / "home"
    prepare_home(home)
    assert mode(home) == 0o700


@pytest.mark.parametrize("gone", ["hub.db", "memory.db"])
@pytest.mark.parametrize("emptied", [True, False])
def test_a_home_that_has_lost_its_data_does_not_begin_anew(tmp_path: Path, gone: str, emptied: bool) -> None:
    for name in ("keys/vault", "keeper/link.json", "hub.db", "memory.db"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"something")
    prepare_home(tmp_path)
    (tmp_path / gone).unlink()
    if emptied:
        (tmp_path / gone).touch()
    with pytest.raises(HomeError, match="missing or empty") as caught:
        prepare_home(tmp_path)
    assert caught.value.code == "store_missing"


@pytest.mark.parametrize("mark", ["keys", "hub.db", "sotto.toml", "models"])
def test_an_old_home_becomes_private_again(tmp_path: Path, mark: str) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "vault").touch()
    (tmp_path / mark).mkdir(exist_ok=True)
    tmp_path.chmod(0o755)
    prepare_home(tmp_path)
    assert mode(tmp_path) == 0o700


def test_a_folder_with_other_things_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    tmp_path.chmod(0o755)
    assert not is_ours(tmp_path)
    prepare_home(tmp_path)
    assert mode(tmp_path) == 0o755


def test_what_others_could_read_is_mended_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    for name, rights in (("keys/vault", 0o640), ("hub.db", 0o604), ("keys/master.key", 0o600)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(rights)
    (tmp_path / "models").mkdir(mode=0o755)
    tmp_path.chmod(0o700)
    prepare_home(tmp_path)
    assert {mode(tmp_path / name) for name in ("keys/vault", "hub.db", "keys/master.key")} == {0o600}
    assert mode(tmp_path / "models") == 0o755
    assert sorted(Path(record.getMessage().split(" was ")[0]).name for record in caplog.records) == [
        "hub.db",
        "vault",
    ]


def test_drafts_lie_in_the_home_and_old_ones_go(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "left").touch()
    code = (
        "import sys, tempfile; from pathlib import Path; from sotto_hub.home import keep_drafts_inside\n"
        "keep_drafts_inside(Path(sys.argv[1])); print(tempfile.mkdtemp())"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).parent == tmp_path / "tmp"
    assert not (tmp_path / "tmp" / "left").exists()
    assert mode(tmp_path / "tmp") == 0o700


@pytest.mark.parametrize("keys", [False, True])
def test_data_without_keys_is_not_started_anew(tmp_path: Path, keys: bool) -> None:
    (tmp_path / "hub.db").touch()
    if keys:
        (tmp_path / "keys").mkdir()
    with pytest.raises(HomeError, match="backup"):
        prepare_home(tmp_path)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(HomeError) as refused:
        prepare_home(tmp_path / "home")
    assert (refused.value.code, refused.value.exit_status) == ("home_write", 3)


def test_one_hub_a_home(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(HomeError) as refused, locked(tmp_path):
        pass
    assert refused.value.code == "home_used"
    with locked(tmp_path):
        pass


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "[2001:db8::1]"])
@pytest.mark.parametrize("port", [0, 7443])
def test_an_address_that_is_not_this_machines_gets_a_sentence(host: str, port: int) -> None:
    with pytest.raises(PortInUse, match="no address of this machine"):
        choose_port(host, port)


def test_any_port_has_a_free_neighbour() -> None:
    port = choose_port("127.0.0.1", 0)
    assert is_free("127.0.0.1", port)
    assert is_free("127.0.0.1", port + 1)


@pytest.mark.parametrize(("host", "found"), [("0.0.0.0", "127.0.0.1"), ("[::]", "[::1]"), ("10.0.0.2", "10.0.0.2")])
def test_the_hubs_own_machine_finds_it(host: str, found: str) -> None:
    assert reachable(host) == found
