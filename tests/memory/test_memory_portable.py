"""sotto-memory/1: nothing is lost on the way out and in, twice is once, and half an import is none."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, Source, Use, UseNote, new_memory
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.portable import FORMAT, from_lines, to_lines

NOW_NS = 1_800_000_000 * 10**9
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)
TIMES = st.integers(-(2**62), 2**62)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda x: st.lists(x, max_size=3)
)
RECORDS = st.builds(
    MemoryRecord,
    id=TEXTS,
    kind=st.sampled_from(Kind),
    text=TEXTS,
    recorded_ns=TIMES,
    stability_days=st.floats(0.001, 1e6),
    difficulty=st.floats(1, 10),
    last_use_ns=TIMES,
    uses=st.integers(0, 10**6),
    subject=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    source=st.sampled_from(Source),
    evidence=st.lists(TEXTS, max_size=4).map(tuple),
    superseded_ns=st.none() | TIMES,
    confidence=st.floats(0, 1),
    importance=st.floats(0, 1),
    pinned=st.booleans(),
    archived=st.booleans(),
    slot=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    doubt=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    binned_ns=st.none() | TIMES,
    history=st.lists(st.builds(UseNote, at_ns=TIMES, use=st.sampled_from(Use)), max_size=3).map(tuple),
    details=st.dictionaries(TEXTS, TEXTS, max_size=3),
    extra=st.dictionaries(st.text(max_size=9).map("new_{}".format), JSON, max_size=3),
).map(lambda record: replace(record, quotes={one: f"they said {one}" for one in record.evidence[1:]}))
LIVED = new_memory(
    kind=Kind.COMMITMENT,
    text="Call “Søren” \u2028 on Friday",
    now_ns=NOW_NS,
    id="lived",
    source=Source.WEARER,
    evidence=("u1", "u2"),
    valid_from_ns=-(10**18),
    details={"due": "2027-01-15T10:00:00+01:00", "status": "open"},
)


def line(**changes: object) -> str:
    """A sound line of one memory, with changes; `...` takes a field away."""
    whole = json.loads(list(to_lines([LIVED]))[1]) | changes
    return json.dumps({name: value for name, value in whole.items() if value is not ...})


def header(**more: object) -> str:
    return json.dumps({"format": FORMAT} | more)


@settings(max_examples=80, deadline=None)
@given(st.lists(RECORDS, max_size=4, unique_by=lambda record: record.id))
def test_every_record_survives_the_way_out_and_in(records: list[MemoryRecord]) -> None:
    lines = list(to_lines(records))
    assert from_lines(lines) == records
    assert from_lines("\n".join(lines).splitlines(keepends=True)) == records
    assert list(to_lines(from_lines(lines))) == lines


def test_a_whole_store_moves_with_its_decay(memory: Memory, tmp_path: Path) -> None:
    memory.add(LIVED)
    fact = memory.add(new_memory(kind=Kind.FACT, text="Tea is green", now_ns=NOW_NS))
    memory.use(fact.id, NOW_NS + 3 * NS_PER_DAY)
    memory.supersede(fact.id, LIVED.id, NOW_NS + 4 * NS_PER_DAY)
    memory.add(new_memory(kind=Kind.EPISODE, text="A long walk", now_ns=NOW_NS))
    memory.rest(NOW_NS + 1_000 * NS_PER_DAY)
    lines = list(memory.export_lines())
    with Memory.open(tmp_path / "other.db", key=bytes(32)) as other:
        imported = other.import_lines(lines)
        assert (imported.added, imported.unchanged) == (3, 0)
        assert other.list(include_past=True) == memory.list(include_past=True)
        assert list(other.export_lines()) == lines
        assert other.search("Søren", now_ns=NOW_NS)[0].record == LIVED


def test_twice_is_once_and_never_undoes_what_came_later(memory: Memory) -> None:
    memory.add(LIVED)
    lines = list(memory.export_lines())
    used = memory.use(LIVED.id, NOW_NS + NS_PER_DAY)
    imported = memory.import_lines(lines)
    assert (imported.added, imported.unchanged) == (0, 1)
    assert memory.list() == [used]


def test_kinds_can_be_chosen(memory: Memory) -> None:
    memory.add(LIVED)
    memory.add(new_memory(kind=Kind.FACT, text="Tea is green", now_ns=NOW_NS))
    lines = list(memory.export_lines([Kind.FACT]))
    assert [json.loads(one).get("kind") for one in lines] == [None, "fact"]
    assert json.loads(lines[0]) == {"format": "sotto-memory/1", "memories": 1}


def test_an_export_is_as_of_its_asking(memory: Memory) -> None:
    memory.add(LIVED)
    lines = memory.export_lines()
    memory.erase([LIVED.id])
    assert len(list(lines)) == 2


def test_a_line_is_readable_and_ends_nowhere_within() -> None:
    _, only = to_lines([LIVED])
    assert "“Søren” \\u2028 on" in only
    assert only.splitlines() == [only]
    assert next(iter(json.loads(only))) == "id"


def test_unknown_fields_survive(memory: Memory) -> None:
    memory.import_lines([header(), line(mood={"calm": 0.75}, place=None)])
    exported = json.loads(list(memory.export_lines())[1])
    assert (exported["mood"], exported["place"]) == ({"calm": 0.75}, None)


def test_a_line_written_by_hand_needs_little(memory: Memory) -> None:
    given = {"id": "x", "kind": "fact", "text": "Tea", "recorded_ns": 1, "last_use_ns": 1}
    memory.import_lines(["\ufeff" + header(), "", json.dumps(given | {"stability_days": 2, "difficulty": 5}), "\n"])
    assert memory.list()[0].source is Source.UNKNOWN


BAD: list[tuple[list[str], str]] = [
    ([], "import_header"),
    (["{}"], "import_header"),
    ([line()], "import_header"),
    (["hello"], "import_line"),
    (['{"format": "sotto-memory/2"}'], "import_newer"),
    ([header(memories=9), line()], "import_incomplete"),
    ([header(), line(), line()], "import_repeated"),
    ([header(), line(), header()], "import_field"),
    ([header(), "nonsense"], "import_line"),
    ([header(), "[1]"], "import_line"),
    ([header(), "[" * 100_000], "import_line"),
    ([header(), '{"a": NaN}'], "import_line"),
    ([header(), '{"a": ' + "9" * 5_000 + "}"], "import_line"),
    ([header(), " " * 1_000_001 + "{}"], "import_line"),
    ([header(), line(text=...)], "import_field"),
    ([header(), line(text=5)], "import_field"),
    ([header(), line(text=None)], "import_field"),
    ([header(), line(kind="dream")], "import_field"),
    ([header(), line(source=[])], "import_field"),
    ([header(), line(uses=True)], "import_field"),
    ([header(), line(uses=1.5)], "import_field"),
    ([header(), line(pinned=1)], "import_field"),
    ([header(), line(confidence="high")], "import_field"),
    ([header(), line(evidence="u1")], "import_field"),
    ([header(), line(evidence=[1])], "import_field"),
    ([header(), line(details={"due": 5})], "import_field"),
    ([header(), line(text="")], "text_empty"),
    ([header(), line(text="\ud800")], "text_characters"),
    ([header(), line(text="\u0000")], "text_characters"),
    ([header(), line(text="x" * 20_000)], "text_long"),
    ([header(), line(recorded_ns=10**30)], "time_range"),
    ([header(), line(confidence=1e999)], "import_line"),
    ([header(), line(confidence=10**400)], "confidence_range"),
    ([header(), line(mood="x" * 30_000)], "extra_long"),
]


@pytest.mark.parametrize(("lines", "code"), BAD, ids=[f"{i}-{code}" for i, (_, code) in enumerate(BAD)])
def test_a_bad_import_is_one_sentence_and_changes_nothing(memory: Memory, lines: list[str], code: str) -> None:
    kept = memory.add(replace(LIVED, id="kept", text="kept"))
    sound = [*lines[:1], line(id="sound"), *lines[1:]] if len(lines) > 1 else lines
    for attempt in (lines, sound):
        with pytest.raises(MemoryInputError) as refusal:
            memory.import_lines(attempt)
        assert refusal.value.code == code
        assert len(refusal.value.sentence) < 200
    assert memory.list() == [kept]


def test_the_sentence_names_the_line() -> None:
    with pytest.raises(MemoryInputError, match=r"Line 4 .*kind must be one of episode, fact"):
        from_lines([header(), "", line(), line(id="other", kind="dream")])


DOCS = (Path(__file__).parents[2] / "docs" / "MEMORY_FORMAT.md").read_text()


def test_the_example_in_the_documentation_is_sound(memory: Memory) -> None:
    example = DOCS.split("```json\n")[1].split("```")[0].splitlines()
    assert memory.import_lines(example).added == 1
    assert list(memory.export_lines()) == example


def test_the_documentation_has_a_row_for_every_field_and_member() -> None:
    fields = json.loads(list(to_lines([LIVED]))[1])
    required = {"id", "kind", "text", "recorded_ns", "stability_days", "difficulty", "last_use_ns"}
    for name in fields:
        assert f"| **`{name}`** |" in DOCS if name in required else f"| `{name}` |" in DOCS
    for member in (*Kind, *Source, *Use):
        assert f"`{member.value}`" in DOCS
