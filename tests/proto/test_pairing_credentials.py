"""Credentials on disk: private, whole, and refused with a sentence when they are not."""

from pathlib import Path

import pytest

from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import Unpaired

CREDENTIALS = Credentials(
    key=b"-----BEGIN PRIVATE KEY-----\n-key-\n-----END PRIVATE KEY-----\n",
    certificate=b"-----BEGIN CERTIFICATE-----\n-cert-\n-----END CERTIFICATE-----\n",
    authority=b"-ca-",
    sealing_key=bytes(32),
    hub_id="HUB",
    peer_id="device-1",
    address="127.0.0.1:7443",
)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    CREDENTIALS.save(tmp_path / "home")
    assert load_credentials(tmp_path / "home") == CREDENTIALS


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    CREDENTIALS.save(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    names = {path.name for path in folder.iterdir()}
    assert names == {"identity.pem", "authority.pem", "sealing.key", "link.json"}


def test_keys_do_not_show_in_logs() -> None:
    assert "-key-" not in repr(CREDENTIALS)


def test_an_empty_folder_is_not_paired(tmp_path: Path) -> None:
    with pytest.raises(Unpaired, match="pair this peer first") as caught:
        load_credentials(tmp_path)
    assert caught.value.code == "unpaired"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("link.json", b"{"),
        ("link.json", b"[]"),
        ("link.json", b"{}"),
        ("sealing.key", b"short"),
        ("identity.pem", CREDENTIALS.key),
        ("identity.pem", CREDENTIALS.certificate),
    ],
)
def test_broken_credentials_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    CREDENTIALS.save(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unpaired, match="pair this peer again") as caught:
        load_credentials(tmp_path)
    assert caught.value.code == "credentials"


def test_saving_again_replaces_all(tmp_path: Path) -> None:
    CREDENTIALS.save(tmp_path)
    CREDENTIALS.save(tmp_path)
    assert load_credentials(tmp_path) == CREDENTIALS


def test_a_renewal_changes_one_file_and_a_move_another(tmp_path: Path) -> None:
    CREDENTIALS.save(tmp_path)
    fresh = CREDENTIALS.with_identity(CREDENTIALS.key + b"2", CREDENTIALS.certificate + b"2")
    fresh.save_identity(tmp_path)
    assert load_credentials(tmp_path) == fresh
    fresh.at("10.0.0.2:7443").save_address(tmp_path)
    assert load_credentials(tmp_path) == fresh.at("10.0.0.2:7443")


def test_credentials_of_an_older_version_are_read_and_replaced(tmp_path: Path) -> None:
    CREDENTIALS.save(tmp_path)
    (tmp_path / "identity.pem").unlink()
    (tmp_path / "key.pem").write_bytes(CREDENTIALS.key)
    (tmp_path / "cert.pem").write_bytes(CREDENTIALS.certificate)
    assert load_credentials(tmp_path) == CREDENTIALS
    CREDENTIALS.save(tmp_path)
    assert not (tmp_path / "key.pem").exists()
    assert load_credentials(tmp_path) == CREDENTIALS
