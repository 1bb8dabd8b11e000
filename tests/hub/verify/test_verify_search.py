"""The search finds what is there: in every form, in every file, over every edge, on pages that SQL cannot show."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.errors import HomeError
from sotto_hub.store.database import open_database
from sotto_hub.verify.child import look_elsewhere
from sotto_hub.verify.needles import Needles, forms
from sotto_hub.verify.pages import journal_pages, pages
from sotto_hub.verify.searching import CHUNK_BYTES, look

KEY = bytes(range(32))
PHRASES = ["keeps the blue key", "under the third flowerpot", 'the "café" of zoë', "never said by anybody"]


def cut(held: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(held), size):
        yield held[at : at + size]


@pytest.mark.parametrize("form", range(4))
def test_every_form_is_found(form: int) -> None:
    needles = Needles(PHRASES)
    written = list(forms(PHRASES[2]))[form]
    assert needles.search([b"..." + written.upper() + b"..."]) == {2}


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(range(3)), st.binary(max_size=40), st.integers(1, 60))
def test_a_phrase_is_found_wherever_the_stream_is_cut(before: bytes, number: int, after: bytes, size: int) -> None:
    for form in forms(PHRASES[number]):
        assert number in Needles(PHRASES).search(cut(before + form + after, size))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=3_000))
def test_nothing_is_found_where_nothing_is(held: bytes) -> None:
    assert Needles(PHRASES).search([held]) == {n for n, p in enumerate(PHRASES) if p.encode() in held.lower()}


def test_an_empty_stream_and_no_phrases() -> None:
    assert Needles(PHRASES).search([]) == set()
    assert Needles([]).search([b"keeps the blue key"]) == set()


def fill(path: Path) -> None:
    """A database with words that were deleted without scrubbing: they lie on free pages and in the journal."""
    with closing(open_database(path, KEY)) as db:
        db.execute("create table talk (words text)")
        for number in range(40):
            db.execute("insert into talk values (?)", [f"{number} harmless talk of the day " * 20])
        db.execute("insert into talk values (?)", ["Maria KEEPS the blue key"])
        db.execute("pragma secure_delete = off").fetchone()
        db.execute("delete from talk")
        db.execute("insert into talk values (?)", ["it lies under the third flowerpot"])
        db.conn.commit()
        os.link(path.with_name(f"{path.name}-wal"), path.with_name("kept-wal"))
    path.with_name("kept-wal").rename(path.with_name(f"{path.name}-wal"))


def test_pages_and_journal_are_read_in_clear(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    fill(path)
    whole = b"".join(pages(path, KEY)) + b"".join(journal_pages(path.with_name("hub.db-wal"), KEY))
    assert b"under the third flowerpot" in whole
    assert b"Maria KEEPS the blue key" in whole
    assert b"flowerpot" not in path.read_bytes()


def test_a_database_that_does_not_open_proves_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "hub.db")
    with pytest.raises(HomeError, match="hub's key"):
        list(pages(tmp_path / "hub.db", bytes(32)))


def test_a_home_is_searched_to_the_last_byte(tmp_path: Path) -> None:
    fill(tmp_path / "hub.db")
    folder = tmp_path / "models/deep"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_bytes(b"x" * (CHUNK_BYTES - 5) + b"Keeps The Blue Key")
    (tmp_path / "exported.utf16").write_text("UNDER THE THIRD FLOWERPOT", encoding="utf-16")
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to(__file__)
    os.mkfifo(tmp_path / "pipe")
    looked = look(tmp_path, KEY, PHRASES)
    assert looked.found == {
        "models/deep/notes.txt": [0],
        "exported.utf16": [1],
        "hub.db (decrypted)": [0, 1],
    }
    sizes = [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()]
    assert (looked.files, looked.size) == (len(sizes), sum(sizes))


async def test_a_process_of_its_own_finds_the_same(tmp_path: Path) -> None:
    fill(tmp_path / "hub.db")
    looked = await look_elsewhere(tmp_path, KEY, PHRASES)
    assert looked == look(tmp_path, KEY, PHRASES)


async def test_what_hinders_the_search_is_one_sentence(tmp_path: Path) -> None:
    fill(tmp_path / "hub.db")
    with pytest.raises(HomeError, match=r"\[verify\]"):
        await look_elsewhere(tmp_path, bytes(32), PHRASES)
    with pytest.raises(HomeError, match="status 1"):
        await look_elsewhere(tmp_path, b"no key", PHRASES)


async def test_a_search_that_nobody_waits_for_ends(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(8 << 30)
    searching = asyncio.ensure_future(look_elsewhere(tmp_path, KEY, PHRASES))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        searching.cancel()
        await asyncio.gather(searching, return_exceptions=True)
    assert searching.cancelled()


def test_copies_that_a_backup_has_made_are_searched_too(tmp_path: Path) -> None:
    (tmp_path / "tmp/backup-1").mkdir(parents=True)
    fill(tmp_path / "tmp/backup-1/hub.db")
    assert 0 in look(tmp_path, KEY, PHRASES).found["tmp/backup-1/hub.db (decrypted)"]
