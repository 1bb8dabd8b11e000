"""A record as one row of the table `memories`, and back (pure).

Stands inside `store`. Lists and mappings are kept as JSON text; everything else as SQLite's own types.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from sotto_memory.likeness import fingerprint
from sotto_memory.records import Kind, MemoryRecord, Source

COLUMNS: Final = tuple(field.name for field in fields(MemoryRecord))
"""Every field of a record has a column of the same name."""


def to_row(record: MemoryRecord) -> dict[str, Any]:
    """The row of a record, by column."""
    row = {name: getattr(record, name) for name in COLUMNS}
    return row | {
        "kind": record.kind.value,
        "source": record.source.value,
        "evidence": _json(list(record.evidence)),
        "details": _json(dict(record.details)),
        "extra": _json(dict(record.extra)),
        "fingerprint": fingerprint(record),
    }


def from_row(row: Mapping[str, Any]) -> MemoryRecord:
    """The record of a row; other columns of the row are passed over."""
    given = {name: row[name] for name in COLUMNS}
    return MemoryRecord(
        **given
        | {
            "kind": Kind(row["kind"]),
            "source": Source(row["source"]),
            "evidence": tuple(json.loads(row["evidence"])),
            "pinned": bool(row["pinned"]),
            "archived": bool(row["archived"]),
            "details": json.loads(row["details"]),
            "extra": json.loads(row["extra"]),
        }
    )


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
