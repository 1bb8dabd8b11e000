"""The file: its rights, its key, its journal, its steps, and what is said when it cannot be used."""

import logging
import os
import stat
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest

from sotto_memory import Kind, Memory, MemoryInputError, MemoryStoreError, SottoMemoryError, new_memory
from sotto_memory.database import open_database
from sotto_memory.errors import MemoryBusyError, MemoryMissingError
from sotto_memory.rows import COLUMNS, from_row, to_row
from sotto_memory.schema import steps

NOW_NS = 1_800_000_000 * 10**9
KEY = bytes(range(32))
WORD = b"xylophone"


def fill(path: Path, key: bytes | None, count: int = 1) -> None:
    with Memory.open(path, key=key) as memory:
        for i in range(count):
            memory.add(new_memory(kind=Kind.FACT, text=f"The xylophone number {i} is blue", now_ns=NOW_NS))


def refused(path: Path, key: bytes | None) -> SottoMemoryError:
    with pytest.raises(SottoMemoryError) as refusal:
        Memory.open(path, key=key)
    assert refusal.value.sentence.endswith(".")
    return refusal.value


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_kept_is_there_when_opened_again(path: Path, key: bytes | None) -> None:
    fill(path, key)
    with Memory.open(path, key=key) as memory:
        assert [record.text for record in memory.list()] == ["The xylophone number 0 is blue"]


def test_every_file_is_for_its_owner_alone(path: Path, key: bytes | None) -> None:
    before = os.umask(0)
    try:
        with Memory.open(path, key=key) as memory:
            memory.add(new_memory(kind=Kind.FACT, text="something", now_ns=NOW_NS))
            files = sorted(path.parent.iterdir())
            assert [file.name for file in files] == ["memory.db", "memory.db-shm", "memory.db-wal"]
            assert {rights(file) for file in files} == {0o600}
            assert rights(path.parent) == 0o700
    finally:
        os.umask(before)


def test_wide_rights_are_narrowed(path: Path) -> None:
    fill(path, None)
    path.chmod(0o644)
    with Memory.open(path, key=None):
        assert rights(path) == 0o600


def test_a_sealed_file_shows_nothing(path: Path) -> None:
    with Memory.open(path, key=KEY) as memory:
        memory.add(new_memory(kind=Kind.FACT, text="The xylophone is blue", now_ns=NOW_NS))
        held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert WORD not in held
    assert b"SQLite format" not in held
    fill(path.with_name("clear.db"), None)
    assert WORD in path.with_name("clear.db").read_bytes()


def test_journal_and_deletion_are_set_as_promised(path: Path, key: bytes | None) -> None:
    db = open_database(path, key)
    values = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "secure_delete")}
    assert values == {"journal_mode": "wal", "secure_delete": 1}
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    db.close()


def test_the_steps_have_names_and_are_taken_once(path: Path) -> None:
    for _ in range(2):
        db = open_database(path, None)
        names = [row["name"] for row in db.query("SELECT name FROM _sqlite_migrations ORDER BY id")]
        assert names == list(steps())
        db.close()


def test_every_field_has_its_column(path: Path) -> None:
    db = open_database(path, None)
    assert set(COLUMNS) | {"number", "gist", "setting"} == set(db.table("memories").columns_dict)
    record = new_memory(kind=Kind.PLACE, text="Home", now_ns=NOW_NS, extra={"new": [1, None]}, details={"a": "b"})
    assert from_row(to_row(record, UTC)) == record
    db.close()


@pytest.mark.parametrize("other", [bytes(32), None], ids=["another key", "no key"])
def test_a_wrong_key_is_one_sentence(path: Path, other: bytes | None, capfd: pytest.CaptureFixture[str]) -> None:
    fill(path, KEY)
    assert refused(path, other).code == "store_key"
    assert capfd.readouterr().err == ""
    fill(path, KEY)


def test_a_key_for_a_plain_file_is_said(path: Path) -> None:
    fill(path, None)
    assert refused(path, KEY).code == "store_plain"


def test_a_short_key_is_refused_before_anything_is_made(path: Path) -> None:
    with pytest.raises(MemoryInputError, match="key_length"):
        Memory.open(path, key=b"short")
    assert not path.parent.exists()


def spoil_all(path: Path) -> None:
    path.write_bytes(b"no memory at all " * 1_000)


def spoil_middle(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[4_096:] = b"\xa5" * (len(held) - 4_096)
    path.write_bytes(held)


def cut_short(path: Path) -> None:
    os.truncate(path, 5_000)


@pytest.mark.parametrize(
    ("spoil", "code"), [(spoil_all, "store_key"), (spoil_middle, "store_damaged"), (cut_short, "store_damaged")]
)
def test_a_damaged_file_is_one_sentence(
    path: Path, key: bytes | None, spoil: Callable[[Path], None], code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    fill(path, key, count=50)
    spoil(path)
    with pytest.raises(MemoryStoreError) as refusal, Memory.open(path, key=key) as memory:
        memory.list(include_past=True)
    assert refusal.value.code == code
    assert capfd.readouterr().err == ""


def test_a_newer_file_is_left_alone(path: Path) -> None:
    fill(path, None)
    db = open_database(path, None)
    row = {"migration_set": "sotto_memory", "name": "0999_dreams", "applied_at": ""}
    db.table("_sqlite_migrations").insert(row)
    db.close()
    before = path.read_bytes()
    refusal = refused(path, None)
    assert (refusal.code, "0999_dreams" in refusal.sentence) == ("store_newer", True)
    assert path.read_bytes() == before


def test_a_file_of_another_program_is_left_alone(path: Path) -> None:
    from sqlcipher3 import dbapi2

    path.parent.mkdir()
    connection = dbapi2.connect(str(path))
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    assert refused(path, None).code == "store_foreign"


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refused(tmp_path / "file" / "memory.db", None).code == "store_folder"
    assert refused(tmp_path, None).code == "store_folder"
    assert refused(tmp_path / ("x" * 300), None).code == "store_folder"


def test_an_unwritable_folder_is_one_sentence() -> None:
    assert refused(Path("/proc/sotto/memory.db"), None).code == "store_folder"  # not even root may write there


def test_a_full_disk_is_one_sentence_and_nothing_is_half_kept(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        db = memory._store.db
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(MemoryStoreError, match="store_full"):
            memory.add(new_memory(kind=Kind.FACT, text="lorem ipsum " * 800, now_ns=NOW_NS))
        assert memory.count() == 0
        assert memory.search("lorem", now_ns=NOW_NS) == []
        db.execute("PRAGMA max_page_count = 1000000")
        memory.add(new_memory(kind=Kind.FACT, text="lorem ipsum", now_ns=NOW_NS))
        assert memory.count() == 1


def test_a_closed_memory_says_so(path: Path) -> None:
    memory = Memory.open(path, key=None)
    memory.close()
    memory.close()
    with pytest.raises(MemoryStoreError, match="closed"):
        memory.count()


def test_errors_are_one_tree_with_sentence_and_code() -> None:
    for kind in (MemoryInputError, MemoryStoreError, MemoryBusyError):
        error = kind("some_code", "A sentence.")
        assert isinstance(error, SottoMemoryError)
        assert str(error) == "A sentence. [some_code]"
    assert MemoryMissingError("x").code == "unknown_memory"


def test_nothing_that_is_kept_is_logged(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fill(path, KEY)
    with Memory.open(path, key=KEY) as memory:
        memory.search("xylophone", now_ns=NOW_NS)
        memory.erase([record.id for record in memory.list()])
    assert "xylophone" not in caplog.text
