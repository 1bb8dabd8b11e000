"""The bytes of an erasure: owed with the transaction that erases, gone when the file is rewritten, not forgotten."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from sotto_hub.errors import HomeError
from sotto_hub.records import Suggestion
from sotto_hub.store.database import open_database
from sotto_hub.store.scrubbing import is_owed, owe, scrub
from sotto_hub.store.suggestions import SuggestionShelf
from sotto_hub.store.transcript import Transcript
from sotto_hub.store.writing import writing

KEY = bytes(32)
OFFER = Suggestion(id="s", at_ns=1, kind="k", text="call Anna", reason="because", evidence=())


def test_a_reader_keeps_it_owed_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    with closing(open_database(path, KEY)) as db, closing(sqlcipher.connect(str(path))) as reader:
        SuggestionShelf(db).add(OFFER)
        db.execute("pragma busy_timeout = 1").fetchall()
        reader.execute(f"pragma key = \"x'{KEY.hex()}'\"")
        reader.execute("begin")
        reader.execute("select * from suggestions").fetchall()
        SuggestionShelf(db).erase(["s"])
        assert SuggestionShelf(db).count() == 0
        with pytest.raises(HomeError, match=r"not yet gone.*erase_waiting"):
            Transcript(db).scrub()
        reader.execute("rollback")
        Transcript(db).scrub()
        assert not is_owed(db)


def test_nothing_owed_is_nothing_done(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", KEY)) as db:
        under_way = db.execute("select name from sqlite_master")
        under_way.fetchone()
        scrub(db)
        with writing(db):
            owe(db)
        with pytest.raises(HomeError, match="store_write"):
            scrub(db)


def test_it_is_still_owed_after_a_restart(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", KEY)) as db, writing(db):
        owe(db)
    with closing(open_database(tmp_path / "hub.db", KEY)) as db:
        assert is_owed(db)
        scrub(db)
        assert not is_owed(db)


def test_a_span_is_refused_even_where_the_disk_cannot_be_told(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "hub.db", KEY)) as db:
        transcript = Transcript(db)
        db.execute("create temp trigger full before insert on withheld begin delete from nowhere; end")
        with pytest.raises(HomeError):
            transcript.refuse(1, 5)
        assert transcript.is_withheld(2, 3)
        db.execute("drop trigger full")
        transcript.refuse(7, 8)
        assert Transcript(db).is_withheld(2, 3)
