"""The data folder: private when it is the hub's own, left as it is when it is somebody else's."""

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


@pytest.mark.parametrize("mark", ["keys", "hub.db", "sotto.toml", "models"])
def test_an_old_home_becomes_private_again(tmp_path: Path, mark: str) -> None:
    (tmp_path / "keys").mkdir()
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


def test_data_without_keys_is_not_started_anew(tmp_path: Path) -> None:
    (tmp_path / "hub.db").touch()
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
