"""Every public method with a wrong type for every parameter: one sentence with a stable code, or a sane answer."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sotto_memory import (
    Kind,
    Memory,
    MemoryInputError,
    MemoryRecord,
    SottoMemoryError,
    Use,
    UseNote,
    new_memory,
)
from sotto_memory.door import guarded

NOW_NS = 1_800_000_000 * 10**9
STRANGE: tuple[Any, ...] = (
    *(None, True, 5, -1, 5.5, float("nan"), 1j, 10**30),
    *("good", "", "nul \x00", "half \udc80", b"bytes", object(), Use.SHOWN),
    *([], [5], ["a", None], {}, {5: 5}, {"a": "b"}, ((),), np.float32(3), Kind),
)
OTHERS: Mapping[str, Any] = {
    "memory_id": "kept",
    "by_id": "other",
    "text": "a boat",
    "query": "blue boat",
    "name": "Anna",
    "ids": ["kept"],
    "evidence_ids": ["u1"],
    "embedder_name": "e",
    "vectors": {},
    "lines": [],
    "key": None,
    "path": Path("tried.db"),
    "zone": UTC,
    "now_ns": NOW_NS,
    "from_ns": NOW_NS,
    "to_ns": NOW_NS,
}
"""What the parameters that are not tried get, where they have no default."""


def record() -> MemoryRecord:
    return new_memory(kind=Kind.FACT, text="The boat is blue", now_ns=NOW_NS, id="new")


def tried() -> Iterator[tuple[str, str]]:
    for name, method in vars(Memory).items():
        if not name.startswith("_") and (callable(method) or isinstance(method, classmethod)):
            yield from ((name, one) for one in signature(getattr(Memory, name)).parameters if one != "self")


TRIED = list(tried())


def given(method: str, parameter: str, value: Any) -> dict[str, Any]:
    others = signature(getattr(Memory, method)).parameters.values()
    needed = (one.name for one in others if one.name != "self" and one.default is Parameter.empty)
    known = {**OTHERS, "record": record()}
    return {**{one: known[one] for one in needed}, parameter: value}


def outcome(call: Any) -> Any:
    """What a call answers, iterators to their end; or the refusal."""
    try:
        answer = call()
        return list(answer) if isinstance(answer, Iterator) else answer
    except SottoMemoryError as refusal:
        return refusal


def test_every_method_is_tried() -> None:
    assert {"open", "add", "search", "prune", "show", "set_zone", "list", "import_lines"} <= {one for one, _ in TRIED}
    assert len(TRIED) > 50


@pytest.mark.parametrize(("method", "parameter"), TRIED, ids=str)
def test_a_wrong_type_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, parameter: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with Memory.open(Path("memory.db"), key=None) as memory:
        for memory_id in ("kept", "other"):
            memory.add(new_memory(kind=Kind.FACT, text=f"{memory_id}, a blue boat", now_ns=NOW_NS, id=memory_id))
        memory.keep_vectors("e", {"kept": np.ones(4, np.float32)})
        for value in STRANGE:
            arguments = given(method, parameter, value)
            answer = outcome(lambda arguments=arguments: getattr(memory, method)(**arguments))
            if isinstance(answer, Memory):
                answer.close()
            elif isinstance(answer, SottoMemoryError):
                assert (answer.sentence[-1], len(answer.sentence) < 200) == (".", True)
        assert all(isinstance(one, MemoryRecord) for one in memory.list(include_past=True)), "all can still be read"
        assert isinstance(outcome(lambda: memory.search("blue boat", now_ns=NOW_NS)), list)
        assert memory.index_holds()


@pytest.mark.parametrize("field", signature(MemoryRecord).parameters)
def test_a_record_with_a_wrong_field_is_refused_or_kept_whole(memory: Memory, field: str) -> None:
    made: dict[str, Any] = {"kind": Kind.FACT, "text": "a boat", "now_ns": NOW_NS, "id": "a"}
    for n, value in enumerate((*STRANGE, (UseNote(at_ns=1, use="bogus"),))):  # type: ignore[arg-type]
        fields = {**made, "id": f"m{n}", "text": f"boat {n}", field: value}
        kept = outcome(lambda fields=fields: memory.add(new_memory(**fields)))
        if isinstance(kept, MemoryRecord):
            again = memory.get(kept.id)
            assert isinstance(again, MemoryRecord)
        else:
            assert isinstance(kept, MemoryInputError)


ONES: list[tuple[str, Mapping[str, Any], str]] = [
    ("get", {"memory_id": None}, "field_type"),
    ("search", {"query": None, "now_ns": NOW_NS}, "field_type"),
    ("search", {"query": "boat", "now_ns": None}, "time_type"),
    ("search", {"query": "boat", "now_ns": NOW_NS, "limit": "5"}, "field_type"),
    ("search", {"query": "boat", "now_ns": NOW_NS, "as_of_ns": "monday"}, "time_type"),
    ("search", {"query": "boat", "now_ns": NOW_NS, "vector": "xyz"}, "vector_values"),
    ("offer", {"record": None}, "field_type"),
    ("add", {"record": {"text": "boat"}}, "field_type"),
    ("use", {"memory_id": "kept", "now_ns": NOW_NS, "use": "good"}, "field_type"),
    ("list", {"limit": "5"}, "field_type"),
    ("list", {"kinds": "fact"}, "ids_text"),
    ("list", {"kinds": ["fact"]}, "field_type"),
    ("prune", {"now_ns": NOW_NS, "cap": "3"}, "field_type"),
    ("prune", {"now_ns": NOW_NS, "dry_run": "no"}, "field_type"),
    ("erase", {"ids": [5]}, "field_type"),
    ("erase", {"ids": 5}, "field_type"),
    ("erase_person", {"name": None}, "field_type"),
    ("erase_query", {"query": 5}, "field_type"),
    ("import_lines", {"lines": [b"{}"]}, "field_type"),
    ("keep_vectors", {"embedder_name": "e", "vectors": [1]}, "field_type"),
    ("set_zone", {"zone": "Europe/Oslo"}, "zone_type"),
    ("show", {"memory_id": "kept", "now_ns": NOW_NS, "zone": "Europe/Oslo"}, "zone_type"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), ONES)
def test_the_code_says_what_was_wrong(memory: Memory, method: str, arguments: Mapping[str, Any], code: str) -> None:
    memory.add(record())
    with pytest.raises(MemoryInputError) as refusal:
        getattr(memory, method)(**arguments)
    assert refusal.value.code == code


def test_positions_are_looked_at_too(memory: Memory) -> None:
    call: Any = memory.supersede
    with pytest.raises(MemoryInputError, match=r"The by_id must be a text\. \[field_type\]"):
        call("a", 5, NOW_NS)
    with pytest.raises(TypeError, match="unexpected keyword"):
        call("a", "b", NOW_NS, because="so")


PATHS: list[tuple[Any, str]] = [
    ("nul \x00.db", "path_characters"),
    ("half \udc80.db", "path_characters"),
    (None, "path_type"),
    (b"bytes.db", "path_type"),
    ("", "path_type"),
    (5, "path_type"),
]


@pytest.mark.parametrize(("path", "code"), PATHS)
def test_a_path_that_is_none_is_one_sentence(path: Any, code: str) -> None:
    with pytest.raises(MemoryInputError) as refusal:
        Memory.open(path, key=None)
    assert refusal.value.code == code


def test_a_zone_by_its_name_is_refused_before_a_file_is_made(path: Path) -> None:
    named: Any = "Europe/Oslo"
    with pytest.raises(MemoryInputError, match=r"ZoneInfo.*\[zone_type\]"):
        Memory.open(path, key=None, zone=named)
    assert not path.exists()


@pytest.mark.parametrize("importance", ["high", None, float("nan"), 2])
def test_importance_that_is_none_is_one_sentence(importance: Any) -> None:
    with pytest.raises(MemoryInputError):
        new_memory(kind=Kind.FACT, text="a boat", now_ns=NOW_NS, importance=importance)


def test_a_parameter_that_the_door_does_not_know_is_no_way_in() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        guarded(type("Room", (), {"enter": lambda self, nonsense: nonsense}))
