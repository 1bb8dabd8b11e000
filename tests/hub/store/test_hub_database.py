"""The encrypted file: private, migrated by name, refused with a sentence when key and file do not fit."""

from contextlib import closing
from pathlib import Path

import pytest

from sotto_hub.errors import HomeError
from sotto_hub.store.database import open_database
from sotto_hub.store.migrations import STEPS
from sotto_hub.store.notes import Notes

KEY = bytes(range(32))


def test_it_is_made_private_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    with closing(open_database(path, KEY)) as db:
        Notes(db).put("timezone", "Europe/Stockholm")
    assert path.stat().st_mode & 0o777 == 0o600
    with closing(open_database(path, KEY)) as db:
        assert Notes(db).get("timezone") == "Europe/Stockholm"


def test_nothing_in_it_is_in_clear(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    with closing(open_database(path, KEY)) as db:
        Notes(db).put("secret", "a canary sings")
        for file in tmp_path.iterdir():
            assert b"canary" not in file.read_bytes()
            assert b"SQLite format 3" not in file.read_bytes()


def test_another_key_is_refused(tmp_path: Path) -> None:
    open_database(tmp_path / "hub.db", KEY).close()
    with pytest.raises(HomeError, match="key") as caught:
        open_database(tmp_path / "hub.db", bytes(32))
    assert caught.value.code == "store_key"
    assert caught.value.exit_status == 3


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    path.write_bytes(b"this is no database at all " * 400)
    with pytest.raises(HomeError, match="damaged"):
        open_database(path, KEY)


def test_one_changed_byte_is_noticed_before_anything_rests_on_it(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    open_database(path, KEY).close()
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)
    with pytest.raises(HomeError, match="bring it back from a backup") as caught:
        open_database(path, KEY)
    assert caught.value.code == "store_damaged"


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HomeError) as caught:
        open_database(tmp_path, KEY)
    assert caught.value.code == "store_open"


def test_migrations_are_applied_once_and_by_name(tmp_path: Path) -> None:
    for _ in range(2):
        with closing(open_database(tmp_path / "hub.db", KEY)) as db:
            names = [row[0] for row in db.execute("select name from _sqlite_migrations order by id").fetchall()]
            assert names == [step.__name__.removeprefix("_") for step in STEPS]


def test_the_file_of_a_newer_sotto_is_left_alone(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", KEY)) as db:
        row = {"migration_set": "sotto_hub", "name": "m999_future", "applied_at": "then"}
        db.table("_sqlite_migrations").insert(row)
    with pytest.raises(HomeError, match="newer") as caught:
        open_database(tmp_path / "hub.db", KEY)
    assert caught.value.code == "store_newer"
