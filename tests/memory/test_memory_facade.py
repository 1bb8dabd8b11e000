"""What the memory does for its users: keep, merge, use, supersede, rest; and the example of its own docstring."""

import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sotto_memory
from sotto_memory import (
    Kind,
    Memory,
    MemoryInputError,
    MemoryMissingError,
    MemoryRecord,
    Source,
    Use,
    new_memory,
    retrievability,
)
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.keeping.likeness import normalised
from sotto_memory.strength import FADED_BELOW, belongs_in_archive, used

NOW_NS = 1_800_000_000 * 10**9
YEAR_NS = 365 * NS_PER_DAY


def made(text: str = "Anna likes tea", kind: Kind = Kind.FACT, now_ns: int = NOW_NS, **fields: Any) -> MemoryRecord:
    return replace(new_memory(kind=kind, text=text, now_ns=now_ns), **fields)


def test_the_example_of_the_docstring_runs_as_written() -> None:
    lines = (sotto_memory.__doc__ or "").splitlines()
    example = textwrap.dedent("\n".join(line for line in lines if line.startswith("    ") or not line))
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=True)
    found = "Likes green tea in the morning | says “tea”, “morning”; strength 67%"
    assert done.stdout.splitlines() == [found, "True", "True 1"]


def test_the_example_of_the_page_prints_what_the_page_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "MEMORY.md").read_text(encoding="utf-8")
    example = page.split("```python\n")[1].split("```")[0]
    assert len(example.strip().splitlines()) <= 15
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=True)
    assert done.stdout == page.split("```\n")[2].split("```")[0]


def test_the_library_needs_nothing_else_of_ours_and_starts_light() -> None:
    heavy = ("grpc", "sotto_proto", "sotto_hub", "sotto_device", "sqlite_utils", "sqlcipher3", "ulid", "numpy")
    code = f"import sys, sotto_memory; print([name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_kept_listed_counted(memory: Memory) -> None:
    tea = memory.add(made())
    walk = memory.add(made("A walk", Kind.EPISODE, NOW_NS + 1))
    assert memory.get(tea.id) == tea
    assert memory.get("nobody") is None
    assert memory.list() == [walk, tea]
    assert memory.list(kinds=(Kind.FACT, Kind.PLACE)) == [tea]
    assert memory.list(limit=1) == [walk]
    assert memory.count() == 2


def test_each_reads_all_that_list_does_one_at_a_time(memory: Memory) -> None:
    kept = [memory.add(made(f"fact number {n}", now_ns=NOW_NS + n)) for n in range(5)]
    each = memory.each()
    assert next(each) == kept[0]
    assert [kept[0], *each] == kept
    assert sorted(memory.each(), key=lambda r: r.id) == sorted(memory.list(include_past=True), key=lambda r: r.id)


def test_unknown_ids_are_one_sentence(memory: Memory) -> None:
    kept = memory.add(made())
    calls: list[Callable[[], object]] = [
        lambda: memory.put(made()),
        lambda: memory.use("nobody", NOW_NS),
        lambda: memory.supersede("nobody", kept.id, NOW_NS),
        lambda: memory.supersede(kept.id, "nobody", NOW_NS),
    ]
    for call in calls:
        with pytest.raises(MemoryMissingError, match="unknown_memory"):
            call()
    with pytest.raises(MemoryInputError, match="id_characters"):
        memory.get("\ud800")


@pytest.mark.parametrize("text", ["anna  LIKES tea", " Anna likes tea.", "Anna\nlikes tea!", "Ａnna likes tea"])
def test_the_same_words_are_kept_once_and_rest_on_both(memory: Memory, text: str) -> None:
    first = memory.add(made(evidence=("u1",)))
    again = memory.add(made(text, evidence=("u2", "u1")))
    assert (again.id, again.text, again.evidence) == (first.id, first.text, ("u1", "u2"))
    assert memory.count() == 1
    assert memory.get(first.id) == again


DIFFERENT: list[dict[str, Any]] = [
    {"kind": Kind.PREFERENCE},
    {"subject": "Anna"},
    {"source": Source.WEARER},
    {"details": {"due": "2027-02-01"}},
    {"text": "Anna likes tea?"},
]


@pytest.mark.parametrize("difference", DIFFERENT, ids=lambda difference: next(iter(difference)))
def test_what_says_more_is_kept_apart(memory: Memory, difference: dict[str, Any]) -> None:
    memory.add(made(evidence=("u1",)))
    memory.add(made(**{"evidence": ("u2",)} | difference))
    assert memory.count() == 2


def test_the_same_telling_twice_changes_nothing(memory: Memory) -> None:
    first = memory.add(made(kind=Kind.COMMITMENT, evidence=("u1",), details={"status": "open"}))
    done = memory.put(replace(first, details={"status": "done"}))
    assert memory.add(made(kind=Kind.COMMITMENT, evidence=("u1",), details={"status": "open"})) == done
    assert memory.add(first) == done
    assert memory.count() == 1


def test_what_is_told_again_later_lasts_longer(memory: Memory) -> None:
    first = memory.add(made(evidence=("u1",)))
    memory.rest(NOW_NS + YEAR_NS)
    again = memory.add(made(evidence=("u2",), now_ns=NOW_NS + YEAR_NS))
    assert again.stability_days > first.stability_days
    assert (again.archived, again.uses) == (False, 1)


def test_an_id_is_used_once(memory: Memory) -> None:
    memory.add(made(id="one"))
    with pytest.raises(MemoryInputError, match="id_taken"):
        memory.add(made("Something else", id="one"))
    assert memory.count() == 1


def test_a_superseded_memory_is_not_joined_again(memory: Memory) -> None:
    old, new = memory.add(made()), memory.add(made("Anna likes coffee"))
    memory.supersede(old.id, new.id, NOW_NS + 5)
    told = memory.add(made(now_ns=NOW_NS + 9))
    assert told.id != old.id
    assert memory.list() == [told, new]


def test_use_strengthens_with_the_spacing_effect(memory: Memory) -> None:
    tea = memory.add(made())
    at_once = memory.use(tea.id, NOW_NS + 1)
    assert (at_once.stability_days, at_once.uses) == (tea.stability_days, 1)
    later = memory.use(tea.id, NOW_NS + 10 * NS_PER_DAY)
    assert later.stability_days > tea.stability_days
    assert memory.get(tea.id) == later
    lapsed = memory.use(tea.id, NOW_NS + 30 * NS_PER_DAY, use=Use.CORRECTED)
    assert lapsed.stability_days < later.stability_days


def test_a_clock_that_went_back_makes_nothing_older() -> None:
    tea = made()
    early = used(tea, 0, Use.SHOWN)
    assert early.last_use_ns == NOW_NS
    assert retrievability(early, 0) == 1.0


def test_superseding_closes_when_it_was_known_and_when_it_was_true(memory: Memory) -> None:
    old = memory.add(made("Anna is fond of Bergen", valid_from_ns=100))
    new = memory.add(made("Anna is fond of Oslo", valid_from_ns=500))
    closed = memory.supersede(old.id, new.id, NOW_NS + 7)
    assert (closed.superseded_ns, closed.valid_from_ns, closed.valid_until_ns) == (NOW_NS + 7, 100, 500)
    assert closed.details["superseded_by"] == new.id
    assert memory.list() == [new]
    assert memory.list(include_past=True) == [new, closed]
    assert memory.supersede(old.id, new.id, NOW_NS + 99) == closed


@pytest.mark.parametrize(
    ("old", "new_from_ns", "until_ns"),
    [({}, None, NOW_NS + 7), ({"valid_from_ns": 900}, 500, 900), ({"valid_until_ns": 300}, 500, 300)],
)
def test_validity_is_closed_soundly(
    memory: Memory, old: dict[str, Any], new_from_ns: int | None, until_ns: int
) -> None:
    first = memory.add(made("Anna is fond of Bergen", **old))
    second = memory.add(made("Anna is fond of Oslo", valid_from_ns=new_from_ns))
    assert memory.supersede(first.id, second.id, NOW_NS + 7).valid_until_ns == until_ns


def test_nothing_takes_its_own_place(memory: Memory) -> None:
    tea = memory.add(made())
    with pytest.raises(MemoryInputError, match="supersede_self"):
        memory.supersede(tea.id, tea.id, NOW_NS)


def test_rest_puts_away_what_has_faded_and_nothing_else(memory: Memory) -> None:
    passing = memory.add(made("A walk", Kind.EPISODE, source=Source.WEARER))
    heard = memory.add(made("Tom has a boat", source=Source.OTHER))
    stated = memory.add(made("I am allergic to nuts", source=Source.WEARER))
    pinned = memory.add(made("A wedding", Kind.EPISODE, pinned=True))
    promise = memory.add(made("Renew the passport", Kind.COMMITMENT, details={"status": "open"}))
    done = memory.add(made("Water the plants", Kind.COMMITMENT, details={"status": "done"}))
    fresh = memory.add(made("Lunch", Kind.EPISODE, NOW_NS + 299 * NS_PER_DAY))
    assert memory.rest(NOW_NS + 300 * NS_PER_DAY).archived == 3
    assert {r.id for r in memory.list()} == {stated.id, pinned.id, promise.id, fresh.id}
    assert {r.id for r in memory.list(include_past=True) if r.archived} == {passing.id, heard.id, done.id}
    assert memory.search("boat", now_ns=NOW_NS + YEAR_NS) == []
    assert memory.search("boat", now_ns=NOW_NS + YEAR_NS, include_past=True)[0].record.text == "Tom has a boat"


def test_use_brings_back_from_the_archive(memory: Memory) -> None:
    walk = memory.add(made("A walk", Kind.EPISODE))
    memory.rest(NOW_NS + YEAR_NS)
    assert memory.list() == []
    memory.use(walk.id, NOW_NS + YEAR_NS)
    assert memory.rest(NOW_NS + YEAR_NS).archived == 0
    assert [r.id for r in memory.list()] == [walk.id]


def test_strength_is_that_of_the_curve_and_pinned_does_not_fade() -> None:
    tea = made(stability_days=10.0)
    assert retrievability(tea, NOW_NS) == 1.0
    assert retrievability(tea, NOW_NS + 10 * NS_PER_DAY) == pytest.approx(0.9)
    assert retrievability(replace(tea, pinned=True), NOW_NS + 100 * YEAR_NS) == 1.0


def test_the_threshold_lies_where_it_is_said_to_lie() -> None:
    walk = made("A walk", Kind.EPISODE)
    assert not belongs_in_archive(walk, NOW_NS + 208 * NS_PER_DAY)
    assert belongs_in_archive(walk, NOW_NS + 209 * NS_PER_DAY)
    assert retrievability(walk, NOW_NS + 209 * NS_PER_DAY) < FADED_BELOW


def test_normalised_words() -> None:
    assert normalised("  The ŒUVRE\n is  Straße . ") == "the œuvre is strasse"
    assert normalised("...") == ""
