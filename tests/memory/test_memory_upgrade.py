"""A file that an older version wrote is brought up to date: all of it is kept, found, faded and erased as before."""

import json
from pathlib import Path
from typing import Any

import pytest

from sotto_memory import Kind, Memory, MemoryStoreError, Source, database
from sotto_memory.database import writing
from sotto_memory.schema import MIGRATION_SET, steps
from tests.memory.bytes_left import leaks

NOW_NS = 1_800_000_000 * 10**9
DAY_NS = 86_400 * 10**9

FACT: dict[str, Any] = {
    "id": "m1",
    "kind": "fact",
    "text": "Anna is allergic to quixotwzk",
    "subject": "Anna",
    "source": "other",
    "evidence": '["u1","u2"]',
    "valid_from_ns": NOW_NS - 10 * DAY_NS,
    "valid_until_ns": None,
    "recorded_ns": NOW_NS,
    "superseded_ns": None,
    "confidence": 0.75,
    "importance": 0.5,
    "pinned": 1,
    "label": "health",
    "archived": 0,
    "stability_days": 3.25,
    "difficulty": 5.5,
    "last_use_ns": NOW_NS,
    "uses": 4,
    "details": '{"place":"Bergen"}',
    "extra": '{"mood":[1,null]}',
    "fingerprint": "fingerprint-zyvrjanth",
}
ROWS: tuple[dict[str, Any], ...] = (
    FACT,
    FACT | {"id": "m2", "text": "Nuts are to be avoided", "evidence": '["m1"]', "kind": "insight", "pinned": 0},
    FACT
    | {"id": "m3", "text": "Lived in Oslo", "superseded_ns": NOW_NS, "valid_until_ns": NOW_NS, "archived": 1}
    | {"details": '{"superseded_by":"m1"}', "evidence": '["u1"]', "source": "wearer"},
)


def old_file(path: Path, key: bytes | None, rows: tuple[dict[str, Any], ...] = ROWS) -> None:
    """A file on which only the first step was taken, with memories in it, as the first version left it."""
    from sqlite_utils import Migrations

    first = Migrations(MIGRATION_SET)
    name, step = next(iter(steps().items()))
    first(name=name)(step)
    database._prepare_file(path)
    db = database._connect(path, key)
    for setting in database._SETTINGS:
        db.execute(setting).fetchall()
    with writing(db):
        first.apply(db)
        for row in rows:
            columns = ", ".join(row)
            places = ", ".join(f":{one}" for one in row)
            db.execute(f"INSERT INTO memories ({columns}) VALUES ({places})", dict(row))
        db.execute("INSERT INTO chores VALUES ('scrub', 2, 2)")
    db.close()


def fields(row: dict[str, Any]) -> dict[str, Any]:
    """What the row says, as the export writes it."""
    read = {name: json.loads(row[name]) for name in ("evidence", "details")}
    truths = {name: bool(row[name]) for name in ("pinned", "archived")}
    known = {name: value for name, value in row.items() if name not in {"fingerprint", "extra"}}
    extra: dict[str, Any] = json.loads(row["extra"])
    return known | read | truths | extra


def test_all_of_an_old_file_is_kept(path: Path, key: bytes | None) -> None:
    old_file(path, key)
    for _ in range(2):
        with Memory.open(path, key=key) as memory:
            exported = [json.loads(line) for line in memory.export_lines()][1:]
            new: dict[str, Any] = {"slot": "", "doubt": "", "binned_ns": None, "history": [], "quotes": {}}
            assert exported == [fields(row) | new for row in ROWS]
            assert memory.index_holds()


def test_an_old_file_is_found_by_words_days_and_places(path: Path, key: bytes | None) -> None:
    old_file(path, key)
    with Memory.open(path, key=key) as memory:
        found = {
            query: [hit.record.id for hit in memory.search(query, now_ns=NOW_NS, include_past=True)]
            for query in ("allergic", "Anna", "Bergen", "Oslo")
        }
        assert (found["allergic"][0], found["Oslo"][0]) == ("m1", "m3")
        assert {"m1", "m2"} <= set(found["Anna"]) & set(found["Bergen"])
        matched = "SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'setting: january'"
        assert len(memory._store.rows(matched)) == 3, "the days of old memories are indexed too"


def test_an_old_file_goes_on_as_if_it_were_new(path: Path) -> None:
    old_file(path, None)
    with Memory.open(path, key=None) as memory:
        before = memory.get("m1")
        assert before is not None
        assert (before.kind, before.source, before.confidence) == (Kind.FACT, Source.OTHER, 0.75)
        assert memory.use("m1", NOW_NS + 30 * DAY_NS).stability_days > 3.25
        memory.rest(NOW_NS + 3_000 * DAY_NS)
        assert memory.prune(NOW_NS + 3_000 * DAY_NS).ids == ("m2",)
        assert memory.unprune() == ("m2",)
        assert [record.id for record in memory.about_person("Anna")] == ["m1", "m2", "m3"]


def test_an_old_file_is_erased_to_the_last_byte(path: Path, key: bytes | None) -> None:
    old_file(path, key)
    canaries = ["quixotwzk", "zyvrjanth"]
    assert leaks(path, key, canaries) == canaries
    with Memory.open(path, key=key) as memory:
        assert memory.erase(["m1"]) == ("m1", "m2"), "links of old memories are known"
        assert [(record.id, record.details) for record in memory.list(include_past=True)] == [("m3", {})]
        assert leaks(path, key, canaries) == []


def test_what_rests_on_old_evidence_is_known(path: Path) -> None:
    old_file(path, None)
    with Memory.open(path, key=None) as memory:
        assert memory.erase_resting_on(["u1"]) == (("m3",), ("m1",))


def test_an_upgrade_that_fails_leaves_the_old_file_as_it_was(path: Path, key: bytes | None) -> None:
    broken = FACT | {"id": "m9", "details": '{"a":'}
    old_file(path, key, (*ROWS, broken))
    before = path.read_bytes()
    with pytest.raises(MemoryStoreError, match="store_damaged"):
        Memory.open(path, key=key)
    assert path.read_bytes() == before


def test_two_programs_may_bring_the_same_file_up_to_date(path: Path) -> None:
    import subprocess
    import sys

    old_file(path, None)
    code = "import sys, pathlib, sotto_memory as s; print(s.Memory.open(pathlib.Path(sys.argv[1]), key=None).count())"
    programs = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [program.communicate(timeout=60) for program in programs] == [(b"3\n", b"")] * 3
