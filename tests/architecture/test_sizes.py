"""Rooms stay small: modules, functions, types and docstrings."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("proto/sotto_proto", "memory/sotto_memory", "device/sotto_device", "hub/sotto_hub")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    return sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py") if "_pb2" not in p.name)


def functions(tree: ast.Module) -> Iterator[Function]:
    return (n for n in ast.walk(tree) if isinstance(n, Function))


def length(node: Function) -> int:
    """Lines from `def` to the last one, without the docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    doc = node.body[0] if ast.get_docstring(node) is not None else None
    return lines - ((doc.end_lineno or 0) - doc.lineno + 1 if doc else 0)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_module_is_small_and_says_where_it_stands(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 400
    assert not tree.body or ast.get_docstring(tree), "a module opens with a docstring"
    too_long = [f"{n.name}: {length(n)}" for n in functions(tree) if length(n) > 60]
    assert not too_long


def test_functions_are_short() -> None:
    lengths = sorted(length(n) for p in modules() for n in functions(ast.parse(p.read_text())))
    assert statistics.median(lengths) <= 6
    assert lengths[int(0.95 * len(lengths))] <= 40


def test_public_functions_are_documented() -> None:
    nodes = [n for p in modules() for n in functions(ast.parse(p.read_text())) if not n.name.startswith("_")]
    documented = sum(ast.get_docstring(n) is not None for n in nodes)
    assert documented >= 0.8 * len(nodes), f"{documented} of {len(nodes)}"


def test_nothing_is_left_open() -> None:
    marks = ("TODO", "FIXME", "NotImplementedError", "except Exception: pass")
    found = [f"{p.name}: {m}" for p in modules() for m in marks if m in p.read_text()]
    assert not found


def test_ignored_types_name_their_code() -> None:
    lines = [(p.name, line) for p in modules() for line in p.read_text().splitlines() if "# type: ignore" in line]
    assert not [line for line in lines if "# type: ignore[" not in line[1]]
