"""The tables of a memory file and the named steps that bring an older file up to them.

Stands between `database` (an open file) and `store` (rows). Every step has a name and is recorded in the file in the
transaction that takes it; a file with a step that is not known here was written by a newer version and is left alone.

    memories        one row a memory; `number` counts them and is never used again
    arrivals        rows on their way into `memories`, see `arrivals`; empty whenever something is read
    memories_fts    the full-text index: it holds words, not texts, and triggers keep it in step with the rows
    links           which memory rests on which evidence, kept in step by triggers
    vectors         float16 vectors of memories, by embedder; gone with the memory, and when its words change
    vector_changes  numbers of memories whose vectors changed, the newest ten thousand: by them others keep in step
    refusals        how many texts were not worth keeping, by reason: numbers, never words
    chores          what must still be done to the file: due while it was noted more often than done
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Final

from sotto_memory.errors import MemoryStoreError
from sotto_memory.rows import from_row, made_columns

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

MIGRATION_SET: Final = "sotto_memory"

_MEMORIES: Final = """
CREATE TABLE memories (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    subject TEXT NOT NULL,
    source TEXT NOT NULL,
    evidence TEXT NOT NULL,
    valid_from_ns INTEGER,
    valid_until_ns INTEGER,
    recorded_ns INTEGER NOT NULL,
    superseded_ns INTEGER,
    confidence REAL NOT NULL,
    importance REAL NOT NULL,
    pinned INTEGER NOT NULL,
    label TEXT NOT NULL,
    archived INTEGER NOT NULL,
    stability_days REAL NOT NULL,
    difficulty REAL NOT NULL,
    last_use_ns INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    details TEXT NOT NULL,
    extra TEXT NOT NULL,
    fingerprint TEXT NOT NULL
) STRICT
"""
_INDEXES: Final = (
    "CREATE INDEX memories_by_fingerprint ON memories (fingerprint)",
    "CREATE INDEX memories_by_time ON memories (recorded_ns, number)",
)
_FULL_TEXT: Final = """
CREATE VIRTUAL TABLE memories_fts USING fts5 (
    text, subject, content='memories', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2'
)
"""
_FORGET_WORDS: Final = "INSERT INTO memories_fts (memories_fts, rank) VALUES ('secure-delete', 1)"
"""Words of a changed row leave the index at once, not with the next merge."""
_IN: Final = "INSERT INTO memories_fts (rowid, text, subject) VALUES (new.number, new.text, new.subject);"
_OUT: Final = (
    "INSERT INTO memories_fts (memories_fts, rowid, text, subject)"
    " VALUES ('delete', old.number, old.text, old.subject);"
)
_TRIGGERS: Final = (
    f"CREATE TRIGGER memories_in AFTER INSERT ON memories BEGIN {_IN} END",
    f"CREATE TRIGGER memories_out AFTER DELETE ON memories BEGIN {_OUT} END",
    f"CREATE TRIGGER memories_change AFTER UPDATE OF text, subject ON memories BEGIN {_OUT} {_IN} END",
)
_CHORES: Final = (
    "CREATE TABLE chores (name TEXT PRIMARY KEY, noted INTEGER NOT NULL, done INTEGER NOT NULL) STRICT, WITHOUT ROWID"
)


def _0001_memories(db: "Database") -> None:
    for statement in (_MEMORIES, *_INDEXES, _FULL_TEXT, _FORGET_WORDS, *_TRIGGERS, _CHORES):
        db.execute(statement)


_NEW_COLUMNS: Final = (
    "slot TEXT NOT NULL DEFAULT ''",
    "doubt TEXT NOT NULL DEFAULT ''",
    "binned_ns INTEGER",
    "history TEXT NOT NULL DEFAULT '[]'",
    "quotes TEXT NOT NULL DEFAULT '{}'",
    "gist INTEGER NOT NULL DEFAULT 0",
    "setting TEXT NOT NULL DEFAULT ''",
)
_NEW_INDEXES: Final = (
    "CREATE INDEX memories_by_gist ON memories (gist)",
    "CREATE INDEX memories_by_slot ON memories (slot) WHERE slot <> ''",
    "CREATE INDEX memories_by_event ON memories (coalesce(valid_from_ns, recorded_ns))",
    "CREATE INDEX memories_by_subject ON memories (subject COLLATE NOCASE) WHERE subject <> ''",
    "CREATE INDEX memories_in_doubt ON memories (number) WHERE doubt <> ''",
)
_ARRIVALS: Final = """
CREATE TABLE arrivals (
    number INTEGER PRIMARY KEY,
    id TEXT, kind TEXT, text TEXT, subject TEXT, source TEXT, evidence TEXT, valid_from_ns INTEGER,
    valid_until_ns INTEGER, recorded_ns INTEGER, superseded_ns INTEGER, confidence REAL, importance REAL,
    pinned INTEGER, label TEXT, archived INTEGER, stability_days REAL, difficulty REAL, last_use_ns INTEGER,
    uses INTEGER, details TEXT, extra TEXT, slot TEXT, doubt TEXT, binned_ns INTEGER, history TEXT, quotes TEXT,
    gist INTEGER, setting TEXT
) STRICT
"""
_INDEX_WITH_SETTING: Final = """
CREATE VIRTUAL TABLE memories_fts USING fts5 (
    text, subject, setting, content='memories', content_rowid='number',
    tokenize='porter unicode61 remove_diacritics 2'
)
"""
_WORDS_IN: Final = (
    "INSERT INTO memories_fts (rowid, text, subject, setting)"
    " VALUES (new.number, new.text, new.subject, new.setting);"
)
_WORDS_OUT: Final = (
    "INSERT INTO memories_fts (memories_fts, rowid, text, subject, setting)"
    " VALUES ('delete', old.number, old.text, old.subject, old.setting);"
)
_LINK: Final = "INSERT OR IGNORE INTO links SELECT value, new.number FROM json_each(new.evidence);"
_UNLINK: Final = "DELETE FROM links WHERE number = old.number;"
_NO_VECTOR: Final = "DELETE FROM vectors WHERE number = old.number;"
_VECTOR_CHANGED: Final = "INSERT INTO vector_changes (number) VALUES"
_NEW_TABLES: Final = (
    "CREATE TABLE links (evidence TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (evidence, number))"
    " STRICT, WITHOUT ROWID",
    "CREATE INDEX links_by_number ON links (number)",
    "CREATE TABLE vectors (number INTEGER PRIMARY KEY, embedder TEXT NOT NULL, vector BLOB NOT NULL) STRICT",
    "CREATE INDEX vectors_by_embedder ON vectors (embedder, number)",
    "CREATE TABLE vector_changes (change INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL) STRICT",
    _ARRIVALS,
    "CREATE TABLE refusals (reason TEXT PRIMARY KEY, refused INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO links SELECT DISTINCT value, number FROM memories, json_each(evidence)",
)
_NEW_TRIGGERS: Final = (
    f"CREATE TRIGGER memories_in AFTER INSERT ON memories BEGIN {_WORDS_IN} END",
    f"CREATE TRIGGER memories_out AFTER DELETE ON memories BEGIN {_WORDS_OUT} {_UNLINK} {_NO_VECTOR} END",
    f"CREATE TRIGGER memories_change AFTER UPDATE OF text, subject, setting ON memories"
    f" WHEN (old.text, old.subject, old.setting) IS NOT (new.text, new.subject, new.setting)"
    f" BEGIN {_WORDS_OUT} {_WORDS_IN} END",
    f"CREATE TRIGGER memories_reworded AFTER UPDATE OF text ON memories WHEN old.text <> new.text"
    f" BEGIN {_NO_VECTOR} END",
    f"CREATE TRIGGER memories_rest AFTER INSERT ON memories WHEN new.evidence <> '[]' BEGIN {_LINK} END",
    f"CREATE TRIGGER memories_rest_anew AFTER UPDATE OF evidence ON memories WHEN old.evidence <> new.evidence"
    f" BEGIN {_UNLINK} {_LINK} END",
    f"CREATE TRIGGER vectors_in AFTER INSERT ON vectors BEGIN {_VECTOR_CHANGED} (new.number); END",
    f"CREATE TRIGGER vectors_change AFTER UPDATE ON vectors BEGIN {_VECTOR_CHANGED} (new.number); END",
    f"CREATE TRIGGER vectors_out AFTER DELETE ON vectors BEGIN {_VECTOR_CHANGED} (old.number); END",
    "CREATE TRIGGER vector_changes_bound AFTER INSERT ON vector_changes WHEN new.change % 1000 = 0"
    " BEGIN DELETE FROM vector_changes WHERE change <= new.change - 10000; END",
)


def _0002_truth(db: "Database", zone: tzinfo) -> None:
    """Slots, review, bin, history and quotes; links, vectors, and an index that knows days and places."""
    for name in ("in", "out", "change"):
        db.execute(f"DROP TRIGGER memories_{name}")
    db.execute("DROP TABLE memories_fts")
    db.execute("DROP INDEX memories_by_fingerprint")
    db.execute("ALTER TABLE memories DROP COLUMN fingerprint")
    for column in _NEW_COLUMNS:
        db.execute(f"ALTER TABLE memories ADD COLUMN {column}")
    for row in list(db.query("SELECT * FROM memories")):
        values = made_columns(from_row(row), zone) | {"number": row["number"]}
        db.execute("UPDATE memories SET gist = :gist, setting = :setting WHERE number = :number", values)
    for statement in (*_NEW_INDEXES, *_NEW_TABLES, _INDEX_WITH_SETTING, _FORGET_WORDS, *_NEW_TRIGGERS):
        db.execute(statement)
    db.execute("INSERT INTO memories_fts (memories_fts) VALUES ('rebuild')")


def steps(zone: tzinfo = UTC) -> Mapping[str, Callable[["Database"], None]]:
    """All steps by name, in the order in which they are taken. A published step is never changed."""
    return {"0001_memories": _0001_memories, "0002_truth": partial(_0002_truth, zone=zone)}


def migrations(zone: tzinfo = UTC) -> "Migrations":
    """The steps as sqlite-utils takes and records them. `zone`: where the wearer's days begin."""
    from sqlite_utils import Migrations  # heavy: only when a file is opened

    known = Migrations(MIGRATION_SET)
    for name, step in steps(zone).items():
        known(name=name)(step)
    return known


def refuse_newer(applied: Iterable[str]) -> None:
    """Refuses a file on which steps were taken that are not known here."""
    unknown = sorted(set(applied) - set(steps()))
    if unknown:
        sentence = f"The memory was written by a newer version of Sotto ({', '.join(unknown)}). Update Sotto first."
        raise MemoryStoreError("store_newer", sentence)
