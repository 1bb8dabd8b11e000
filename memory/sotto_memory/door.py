"""The facade's door: every argument of every public method is looked at once, by its name (pure).

Stands between callers and `memory`. A parameter's name says what it must be, the same in every method; one that may
be None has None as its default. Bounds are not the door's matter: they are checked where they are known. Whoever adds
a parameter adds its name here: `guarded` refuses a class with one that it does not know.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from functools import wraps
from inspect import Parameter, signature
from types import FunctionType
from typing import Any, Final, NoReturn, TypeVar

from sotto_memory.errors import MemoryInputError
from sotto_memory.limits import check_time
from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.uses import Use

Room = TypeVar("Room", bound=type)
Check = Callable[[str, Any], Any]
"""Takes a name and a value; returns the value as the method gets it, or raises MemoryInputError."""


def guarded(room: Room) -> Room:
    """Puts the door before every public method of a class."""
    for name, value in list(vars(room).items()):
        if name.startswith("_"):
            continue
        if isinstance(value, FunctionType):
            setattr(room, name, _behind(value))
        elif isinstance(value, classmethod):
            setattr(room, name, classmethod(_behind(value.__func__)))
    return room


def _behind(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method with its arguments checked; one that takes none stays as it is."""
    others = list(signature(method).parameters.values())[1:]
    if not others:
        return method
    checks = {one.name: _check_of(one) for one in others}
    in_order = [(name, checks[name]) for name in checks]

    @wraps(method)
    def checked(this: Any, *given: Any, **named: Any) -> Any:
        first = [check(name, value) for (name, check), value in zip(in_order, given, strict=False)]
        rest = {name: checks[name](name, value) if name in checks else value for name, value in named.items()}
        return method(this, *first, *given[len(first) :], **rest)

    return checked


def _check_of(parameter: Parameter) -> Check:
    check = _CHECKS[parameter.name]
    if parameter.default is not None:
        return check
    return lambda name, value: value if value is None else check(name, value)


def _a(kind: type | tuple[type, ...], words: str, code: str = "field_type") -> Check:
    """A check for one type, or one of several."""

    def check(name: str, value: Any) -> Any:
        if not isinstance(value, kind):
            _refuse(name, words, code)
        return value

    return check


def _refuse(name: str, words: str, code: str = "field_type") -> NoReturn:
    raise MemoryInputError(code, f"The {name.removesuffix('_ns')} must be {words}.")


def _time(name: str, value: Any) -> Any:
    check_time(name, value)
    return value


def _several(kind: type, words: str) -> Check:
    """A check for a list, or whatever else can be gone through once, of values of one type."""

    def check(name: str, values: Any) -> Any:
        if isinstance(values, str | bytes):
            raise MemoryInputError("ids_text", f"The {name} must come as a list, not as one text.")
        found = tuple(_iterable(name, values, words))
        if not all(isinstance(one, kind) for one in found):
            _refuse(name, words)
        return found

    return check


def _iterable(name: str, values: Any, words: str) -> Iterable[Any]:
    if not isinstance(values, Iterable):
        _refuse(name, words)
    return values


def _lines(name: str, values: Any) -> Any:
    """Lines may be more than memory should hold: each is looked at when its turn comes."""
    return _each_line(name, _iterable(name, values, _LINES))


def _each_line(name: str, lines: Iterable[Any]) -> Iterator[str]:
    for line in lines:
        if not isinstance(line, str):
            _refuse(name, _LINES)
        yield line


def _vectors(name: str, value: Any) -> Any:
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for one in value):
        _refuse(name, "vectors by the id of their memory")
    return value


def _path(name: str, value: Any) -> Any:
    path = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(path, str) or not path:
        _refuse(name, "the path of a file", "path_type")
    if "\x00" in path or any("\ud800" <= one <= "\udfff" for one in path):
        raise MemoryInputError("path_characters", "The path of a memory must be text without the character NUL.")
    return value


def _embedder(name: str, value: Any) -> Any:
    if not (isinstance(getattr(value, "name", None), str) and callable(getattr(value, "embed", None))):
        _refuse(name, "an embedder, with a name and an `embed`")
    return value


def _patience(name: str, value: Any) -> Any:
    if not isinstance(value, int | float) or not value <= _PATIENCE_MAX_S:
        _refuse(name, f"a number of seconds, {_PATIENCE_MAX_S:,} at most")
    return value


def _as_it_is(name: str, value: Any) -> Any:
    """What the method itself checks: a key, a vector."""
    return value


_LINES: Final = "lines of text"
_PATIENCE_MAX_S: Final = 86_400
_TEXT: Final = _a(str, "a text")
_WHOLE: Final = _a(int, "a whole number")
_YES_NO: Final = _a(bool, "True or False")
_IDS: Final = _several(str, "a list of ids")
_ZONE: Final = _a(tzinfo, "a tzinfo, as zoneinfo.ZoneInfo makes one of a name", "zone_type")
_CHECKS: Final[Mapping[str, Check]] = (
    dict.fromkeys(("memory_id", "by_id", "text", "query", "name", "embedder_name"), _TEXT)
    | dict.fromkeys(("now_ns", "from_ns", "to_ns", "as_of_ns", "known_at_ns"), _time)
    | dict.fromkeys(("limit", "cap"), _WHOLE)
    | dict.fromkeys(("include_past", "dry_run"), _YES_NO)
    | dict.fromkeys(("ids", "evidence_ids"), _IDS)
    | dict.fromkeys(("key", "vector"), _as_it_is)
    | {
        "path": _path,
        "zone": _ZONE,
        "embedder": _embedder,
        "patience_s": _patience,
        "record": _a(MemoryRecord, "a MemoryRecord"),
        "use": _a(Use, "a Use"),
        "kinds": _several(Kind, "a list of Kinds"),
        "lines": _lines,
        "vectors": _vectors,
    }
)
