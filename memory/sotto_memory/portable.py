"""Memories as lines that any program can read: sotto-memory/1 (docs/MEMORY_FORMAT.md says every field).

Stands beside `store`. Records to lines and back is pure; bringing lines in is one transaction: all of them or none.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final, NoReturn

from sotto_memory.errors import MemoryInputError
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.store import Store
from sotto_memory.uses import Use, UseNote

FORMAT: Final = "sotto-memory/1"
LINE_CHARS: Final = 1_000_000
"""Longest line that is read."""

_FIELDS: Final = tuple(field for field in fields(MemoryRecord) if field.name != "extra")
_NAMES: Final = tuple(field.name for field in _FIELDS)
_REQUIRED: Final = tuple(f.name for f in _FIELDS if f.default is MISSING and f.default_factory is MISSING)
_TYPES: Final = {
    str: "id kind text subject source label slot doubt",
    int: "recorded_ns last_use_ns uses valid_from_ns valid_until_ns superseded_ns binned_ns",
    float: "confidence importance stability_days difficulty",
    bool: "pinned archived",
    list: "evidence",
    dict: "details quotes",
    tuple: "history",
}
_TYPE_OF: Final = {name: kind for kind, names in _TYPES.items() for name in names.split()}
_MAY_BE_NULL: Final = frozenset({"valid_from_ns", "valid_until_ns", "superseded_ns", "binned_ns"})
_IN_WORDS: Final = {str: "a text", int: "an integer", float: "a number", bool: "true or false"} | {
    list: "a list of texts",
    dict: "an object of texts",
    tuple: f"a list of pairs of a time and one of {', '.join(Use)}",
}
_LINE_ENDS: Final = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}
"""Written as escapes: characters that some readers take for the end of a line, or that act on a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many memories came in, and how many were there already."""

    added: int
    unchanged: int


def to_lines(records: Sequence[MemoryRecord]) -> Iterator[str]:
    """The header, then one line a memory, without line ends."""
    yield _line({"format": FORMAT, "memories": len(records)})
    for record in records:
        known = {name: getattr(record, name) for name in _NAMES}
        unknown = {name: value for name, value in record.extra.items() if name not in known}
        yield _line(known | _plain(record) | unknown)


def from_lines(lines: Iterable[str]) -> list[MemoryRecord]:
    """The records of a whole export. Empty lines are passed over. Raises MemoryInputError, naming the line."""
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip("\ufeff \t\r\n"))
    promised = _promised(numbered)
    records: dict[str, MemoryRecord] = {}
    for number, line in numbered:
        record = _record(number, line)
        if record.id in records:
            _refuse("import_repeated", number, "the id of an earlier line comes again")
        records[record.id] = record
    if promised is not None and promised != len(records):
        sentence = (
            f"The first line promises {promised:,} memories, but {len(records):,} came. Nothing was brought in."
        )
        raise MemoryInputError("import_incomplete", sentence)
    return list(records.values())


def bring_in(store: Store, lines: Iterable[str]) -> Imported:
    """Keeps every memory whose id is not here yet; one that is here stays as it is. All or nothing."""
    records = from_lines(lines)
    with store.writing():
        new = [record for record in records if store.get(record.id) is None]
        for record in new:
            store.insert(record)
    return Imported(added=len(new), unchanged=len(records) - len(new))


def _plain(record: MemoryRecord) -> dict[str, Any]:
    """The fields that JSON writes otherwise than records hold them."""
    history = [[note.at_ns, note.use] for note in record.history]
    return {"details": dict(record.details), "quotes": dict(record.quotes), "history": history}


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS)


def _promised(numbered: Iterator[tuple[int, str]]) -> int | None:
    """Reads the header; returns how many memories it promises, if it does."""
    number, line = next(numbered, (1, "{}"))
    header = _object(number, line)
    written = header.get("format")
    if written != FORMAT:
        raise MemoryInputError(*_other_format(written))
    promised = header.get("memories")
    return promised if isinstance(promised, int) else None


def _other_format(written: object) -> tuple[str, str]:
    if isinstance(written, str) and written.startswith("sotto-memory/"):
        return "import_newer", f"These memories are in a format that is not known here; this Sotto reads {FORMAT}."
    return "import_header", f'These are no memories of Sotto: the first line must be {{"format": "{FORMAT}"}}.'


def _record(number: int, line: str) -> MemoryRecord:
    given = _object(number, line)
    missing = [name for name in _REQUIRED if name not in given]
    if missing:
        _refuse("import_field", number, f"{missing[0]} is missing")
    known = {name: _value(number, name, given[name]) for name in _NAMES if name in given}
    extra = {name: value for name, value in given.items() if name not in _TYPE_OF}
    try:
        return MemoryRecord(**known, extra=extra)
    except MemoryInputError as problem:
        raise MemoryInputError(
            problem.code, f"Line {number}: {problem.sentence} Nothing was brought in."
        ) from problem


def _object(number: int, line: str) -> dict[str, Any]:
    if len(line) > LINE_CHARS:
        _refuse("import_line", number, f"it has {len(line):,} characters; {LINE_CHARS:,} is the most")
    try:
        value = json.loads(line.strip("\ufeff \t\r\n"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        _refuse("import_line", number, "it is not JSON")
    if not isinstance(value, dict):
        _refuse("import_line", number, "it is not a JSON object")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _value(number: int, name: str, value: Any) -> Any:
    """One field, checked for its type and turned into what a record holds."""
    wanted = _TYPE_OF[name]
    if not (_is(wanted, value) or (value is None and name in _MAY_BE_NULL)):
        _refuse("import_field", number, f"{name} must be {_IN_WORDS[wanted]}")
    if name in {"kind", "source"}:
        return _member(number, name, value)
    if wanted is tuple:
        return tuple(UseNote(at_ns=at_ns, use=Use(use)) for at_ns, use in value)
    return tuple(value) if wanted is list else value


def _is(wanted: type, value: Any) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is list:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if wanted is dict:
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if wanted is tuple:
        return isinstance(value, list) and all(map(_is_use, value))
    return type(value) is wanted


def _is_use(value: Any) -> bool:
    return isinstance(value, list) and [type(one) for one in value] == [int, str] and value[1] in set(Use)


def _member(number: int, name: str, value: str) -> Kind | Source:
    members = Kind if name == "kind" else Source
    try:
        return members(value)
    except ValueError:
        _refuse("import_field", number, f"{name} must be one of {', '.join(members)}")


def _refuse(code: str, number: int, what: str) -> NoReturn:
    raise MemoryInputError(code, f"Line {number} cannot be read: {what}. Nothing was brought in.")
