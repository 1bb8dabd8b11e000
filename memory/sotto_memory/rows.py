"""A record as one row of the table `memories`, and back (pure).

Stands inside `store`. Lists and mappings are kept as JSON text; everything else as SQLite's own types. Two columns
are made from the record for the indexes alone: `gist`, equal for memories that say the same, and `setting`, the words
of its day and place.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import tzinfo
from typing import Any, Final

from sotto_memory.errors import MemoryInputError, MemoryStoreError
from sotto_memory.keeping.likeness import gist
from sotto_memory.recall.setting import setting
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.uses import Use, UseNote

COLUMNS: Final = tuple(field.name for field in fields(MemoryRecord))
"""Every field of a record has a column of the same name."""
ROW: Final = (*COLUMNS, "gist", "setting")
"""All columns of a row but its number."""


def to_row(record: MemoryRecord, zone: tzinfo) -> dict[str, Any]:
    """The row of a record, by column. `zone`: where the wearer's days begin."""
    row = {name: getattr(record, name) for name in COLUMNS}
    return (
        row
        | {
            "kind": record.kind.value,
            "source": record.source.value,
            "evidence": _json(list(record.evidence)),
            "details": _json(dict(record.details)),
            "extra": _json(dict(record.extra)),
            "quotes": _json(dict(record.quotes)),
            "history": _json([[note.at_ns, note.use] for note in record.history]),
        }
        | made_columns(record, zone)
    )


def made_columns(record: MemoryRecord, zone: tzinfo) -> dict[str, Any]:
    """The columns that are made for the indexes."""
    return {"gist": gist(record), "setting": setting(record, zone)}


def from_row(row: Mapping[str, Any]) -> MemoryRecord:
    """The record of a row; other columns of the row are passed over. Raises MemoryStoreError for what is none."""
    try:
        return _record(row)
    except (ValueError, TypeError, MemoryInputError):
        sentence = "A memory in the file is damaged. Bring back a copy, or import an export."
        raise MemoryStoreError("store_damaged", sentence) from None  # what caused it may quote the row


def _record(row: Mapping[str, Any]) -> MemoryRecord:
    given = {name: row[name] for name in COLUMNS}
    return MemoryRecord(
        **given
        | {
            "kind": Kind(row["kind"]),
            "source": Source(row["source"]),
            "evidence": tuple(_read(row["evidence"])),
            "pinned": bool(row["pinned"]),
            "archived": bool(row["archived"]),
            "details": _read(row["details"]),
            "extra": _read(row["extra"]),
            "quotes": _read(row["quotes"]),
            "history": tuple(UseNote(at_ns=at_ns, use=Use(use)) for at_ns, use in _read(row["history"])),
        }
    )


_ENCODE: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode  # made once: it is half the work
_NOTHING: Final = {list: "[]", dict: "{}"}


def _json(value: list[Any] | dict[str, Any]) -> str:
    return _ENCODE(value) if value else _NOTHING[type(value)]


def _read(text: str) -> Any:
    """What `_json` wrote. Most of it is empty, and not worth a parser."""
    if text == "[]":
        return []
    return {} if text == "{}" else json.loads(text)
