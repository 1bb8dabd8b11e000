"""The tables of a memory file and the named steps that bring an older file up to them.

Stands between `database` (an open file) and `store` (rows). Every step has a name and is recorded in the file in the
transaction that takes it; a file with a step that is not known here was written by a newer version and is left alone.

    memories        one row a memory; `number` counts them and is never used again
    memories_fts    the full-text index: it holds words, not texts, and triggers keep it in step with the rows
    chores          what must still be done to the file: due while it was noted more often than done
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from sotto_memory.errors import MemoryStoreError

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


def steps() -> Mapping[str, Callable[["Database"], None]]:
    """All steps by name, in the order in which they are taken. A published step is never changed."""
    return {"0001_memories": _0001_memories}


def migrations() -> "Migrations":
    """The steps as sqlite-utils takes and records them."""
    from sqlite_utils import Migrations  # heavy: only when a file is opened

    known = Migrations(MIGRATION_SET)
    for name, step in steps().items():
        known(name=name)(step)
    return known


def refuse_newer(applied: Iterable[str]) -> None:
    """Refuses a file on which steps were taken that are not known here."""
    unknown = sorted(set(applied) - set(steps()))
    if unknown:
        sentence = f"The memory was written by a newer version of Sotto ({', '.join(unknown)}). Update Sotto first."
        raise MemoryStoreError("store_newer", sentence)
