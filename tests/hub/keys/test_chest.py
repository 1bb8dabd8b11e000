"""The keys on the disk: made, taken over from plain files, locked anew, and refused in one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as Absent
from keyring.backends.null import Keyring as Nothing

from sotto_hub.errors import HomeError, UsageError
from sotto_hub.keys.asking import Asking, taken_from
from sotto_hub.keys.chest import PARTS, Chest
from sotto_hub.keys.vault import Place
from tests.hub.keys.conftest import UseKeyring
from tests.hub.keys.scripted_keyring import Forgetful, Kept, Refusing

SECRETS = {name: name.encode() * 3 for name in PARTS}
HORSE = Asking(told="correct horse", told_new="correct horse")


def made(folder: Path, wanted: str = "file", asking: Asking | None = None) -> dict[str, bytes]:
    return Chest(folder, wanted, asking).open(lambda: dict(SECRETS), len)


def opened(folder: Path, wanted: str = "auto", asking: Asking | None = None) -> dict[str, bytes]:
    def never() -> dict[str, bytes]:
        raise AssertionError("made anew")

    return Chest(folder, wanted, asking).open(never, len)


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_in_a_file(tmp_path: Path) -> None:
    assert made(tmp_path / "keys") == opened(tmp_path / "keys") == SECRETS
    assert files(tmp_path / "keys") == {"vault": 0o600, "master.key": 0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_in_the_keyring(tmp_path: Path, ring: Kept) -> None:
    assert made(tmp_path / "keys", "auto") == opened(tmp_path / "keys") == SECRETS
    assert files(tmp_path / "keys") == {"vault": 0o600}
    assert len(ring.entries()) == 1


@pytest.mark.parametrize("backend", [Absent, Nothing, Refusing, Forgetful])
def test_without_a_keyring_that_keeps_they_lie_in_a_file(
    tmp_path: Path, use_keyring: UseKeyring, backend: type[KeyringBackend]
) -> None:
    use_keyring(backend)
    made(tmp_path / "auto", "auto")
    assert set(files(tmp_path / "auto")) == {"vault", "master.key"}
    with pytest.raises(HomeError, match="keyring") as refused:
        made(tmp_path / "keys", "keyring")
    assert refused.value.code == "keyring"
    assert not (tmp_path / "keys" / "vault").exists()


def test_a_keyring_that_closed_is_one_sentence(tmp_path: Path, ring: Kept, use_keyring: UseKeyring) -> None:
    made(tmp_path / "keys", "keyring")
    use_keyring(Refusing)
    with pytest.raises(HomeError, match="unlock it"):
        opened(tmp_path / "keys")
    use_keyring(Kept)
    assert opened(tmp_path / "keys") == SECRETS


def test_a_home_that_was_copied_to_another_account_is_one_sentence(tmp_path: Path, ring: Kept) -> None:
    made(tmp_path / "keys", "keyring")
    (tmp_path / "ring.json").unlink()
    with pytest.raises(HomeError, match="another account"):
        opened(tmp_path / "keys")


def test_behind_a_passphrase(tmp_path: Path) -> None:
    assert made(tmp_path / "keys", "passphrase", HORSE) == SECRETS
    assert files(tmp_path / "keys") == {"vault": 0o600}
    assert opened(tmp_path / "keys", asking=Asking(told="correct horse")) == SECRETS
    with pytest.raises(HomeError, match="does not open") as refused:
        opened(tmp_path / "keys", asking=Asking(told="battery staple"))
    assert (refused.value.code, refused.value.exit_status) == ("passphrase", 3)
    with pytest.raises(HomeError, match="SOTTO_PASSPHRASE") as refused:
        opened(tmp_path / "keys")
    assert refused.value.code == "passphrase_needed"


def test_plain_keys_of_an_older_hub_move_into_the_vault(tmp_path: Path) -> None:
    for name in (*PARTS, "hub.key", "hub.pem"):
        (tmp_path / name).write_bytes(SECRETS.get(name, b"leaf"))
    assert opened(tmp_path, "file") == SECRETS
    assert set(files(tmp_path)) == {"vault", "master.key"}


def test_a_move_that_was_broken_off_is_finished(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "database.key").write_bytes(SECRETS["database.key"])
    assert opened(tmp_path) == SECRETS
    assert set(files(tmp_path)) == {"vault", "master.key"}


def test_a_plain_key_of_another_hub_is_left_alone(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "database.key").write_bytes(b"of another")
    assert opened(tmp_path) == SECRETS
    assert (tmp_path / "database.key").exists()


@pytest.mark.parametrize("before", ["file", "keyring", "passphrase"])
@pytest.mark.parametrize("after", ["file", "keyring", "passphrase"])
def test_the_lock_can_be_changed(tmp_path: Path, ring: Kept, before: str, after: str) -> None:
    made(tmp_path / "keys", before, HORSE)
    chest = Chest(tmp_path / "keys", "auto", Asking(told="correct horse", told_new="battery staple"))
    if before == after != "passphrase":
        with pytest.raises(UsageError, match="already"):
            chest.relock(Place(after))
        return
    chest.relock(Place(after))
    assert chest.place() is Place(after)
    assert opened(tmp_path / "keys", asking=Asking(told="battery staple")) == SECRETS
    assert ("master.key" in files(tmp_path / "keys")) is (after == "file")
    assert len(ring.entries()) == (after == "keyring")
    if after == "passphrase":
        with pytest.raises(HomeError, match="does not open"):
            opened(tmp_path / "keys", asking=Asking(told="correct horse"))


def test_settings_that_want_another_lock_are_told(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(HomeError, match="sotto-hub lock --with passphrase") as refused:
        opened(tmp_path, "passphrase")
    assert refused.value.code == "keys_place"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"version": 2}', b"\xff", b'{"version": 1, "lock": 3}'])
def test_a_damaged_vault_is_one_sentence_and_left_alone(tmp_path: Path, content: bytes) -> None:
    made(tmp_path)
    (tmp_path / "vault").write_bytes(content)
    with pytest.raises(HomeError, match="damaged"):
        opened(tmp_path)
    assert (tmp_path / "vault").read_bytes() == content


def test_a_master_key_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "master.key").unlink()
    with pytest.raises(HomeError, match="cannot be read"):
        opened(tmp_path)


def test_a_change_that_dies_at_any_instant_leaves_a_lock_that_opens(tmp_path: Path) -> None:
    """Each leaves the old lock or the new one, and no master key that belongs to neither."""
    command = [sys.executable, "-m", "tests.hub.keys.interrupted", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert int(done.stdout) >= 10


def test_the_environment_tells_once() -> None:
    environment = {"SOTTO_PASSPHRASE": "old one!", "SOTTO_NEW_PASSPHRASE": "new one!", "HOME": "/"}
    asking = taken_from(environment)
    assert environment == {"HOME": "/"}
    assert (asking.current().text, asking.new(first=False).text) == ("old one!", "new one!")
    assert "one" not in repr(asking)
    first = taken_from({"SOTTO_PASSPHRASE": "the first"})
    assert first.new(first=True).text == "the first"
    with pytest.raises(HomeError, match="SOTTO_NEW_PASSPHRASE"):
        first.new(first=False)
