"""Writes docs/MEMORY_API.md from the docstrings of `sotto_memory`: `python -m tests.architecture.reference`."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from types import FunctionType

import sotto_memory

PAGE = Path(__file__).parents[2] / "docs" / "MEMORY_API.md"
HEAD = """# The API of sotto_memory

Made from the docstrings by `python -m tests.architecture.reference`; a test holds it to them. What a memory is and
how it fades: [MEMORY.md](MEMORY.md). Times are Unix nanoseconds, and no function reads a clock.
"""


def page() -> str:
    """The whole page."""
    names = sorted(sotto_memory.__all__, key=lambda name: (name != "Memory", name))
    return "\n".join([HEAD, *(line for name in names for line in entry(name, getattr(sotto_memory, name)))])


def entry(name: str, thing: object) -> Iterator[str]:
    """One exported name with its members."""
    if isinstance(thing, FunctionType):
        yield from described(f"## `{name}{signature(thing)}`", thing)
        return
    assert isinstance(thing, type)
    yield from described(f"## `{name}`", thing)
    if issubclass(thing, Enum):
        yield f"Members: {', '.join(f'`{member.value}`' for member in thing)}.\n"
    elif is_dataclass(thing):
        yield f"Fields: {', '.join(f'`{field}`' for field in thing.__dataclass_fields__)}.\n"
    for method, function in vars(thing).items():
        if not method.startswith("_") and (shown := plain(function)) and not issubclass(thing, Enum):
            what = result(shown) if isinstance(function, property) else signature(shown)
            yield from described(f"### `{name}.{method}{what}`", shown)


def plain(member: object) -> FunctionType | None:
    """The function behind a method, a class method or a property."""
    if isinstance(member, classmethod | staticmethod):
        member = member.__func__
    if isinstance(member, property):
        member = member.fget
    return member if isinstance(member, FunctionType) else None


def signature(function: FunctionType) -> str:
    """The parameters as they are written, without `self` and `cls`."""
    whole = inspect.signature(function)
    own = [one for one in whole.parameters.values() if one.name not in ("self", "cls")]
    text = str(whole.replace(parameters=own)).replace("'", "").replace("datetime.timezone.utc", "UTC")
    return re.sub(r"<(\w+\.\w+): \w+>", r"\1", re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", text))


def result(function: FunctionType) -> str:
    """What a property holds."""
    return signature(function).replace("() -> ", ": ")


def described(title: str, thing: object) -> Iterator[str]:
    """A title and what the docstring says."""
    yield title
    yield f"{inspect.getdoc(thing) or ''}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
