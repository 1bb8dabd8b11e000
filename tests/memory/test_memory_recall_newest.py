"""What changed without a slot to say so: of statements that answer equally well, the newest leads."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sotto_memory import Kind, Memory, Source, new_memory
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.recall.newest import Statement, leading

NOW_NS = int(datetime(2027, 4, 1, tzinfo=UTC).timestamp()) * 10**9


def told(memory: Memory, text: str, days_ago: int, source: Source = Source.WEARER, kind: Kind = Kind.FACT) -> None:
    at_ns = NOW_NS - days_ago * NS_PER_DAY
    memory.add(new_memory(kind=kind, text=text, now_ns=at_ns, valid_from_ns=at_ns, source=source))


def first(memory: Memory, question: str, as_of_ns: int | None = None) -> str:
    return memory.recall(question, now_ns=NOW_NS, as_of_ns=as_of_ns).hits[0].record.text


CHANGES = (
    ("tried the choir on Hill Street and we sing there weekly", "sing with the choir at Saint Mark now"),
    ("the choir sings on Monday evenings from now on for me", "the choir sings on Thursday evenings for me"),
)


@pytest.mark.parametrize("told_first", [True, False], ids=["in order", "kept the other way round"])
@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_the_newest_of_equals_leads(memory: Memory, old: str, new: str, told_first: bool) -> None:
    for text, days_ago in ((old, 60), (new, 5)) if told_first else ((new, 5), (old, 60)):
        told(memory, text, days_ago)
    told(memory, "bread and butter", 1)
    assert first(memory, "where does the choir sing") == new
    assert first(memory, "where does the choir sing", NOW_NS - 30 * NS_PER_DAY) == old


def test_a_statement_that_covers_less_does_not_lead_for_being_newer(memory: Memory) -> None:
    told(memory, "the allotment key hangs in the shed behind the house", 50)
    told(memory, "the shed needs paint", 2)
    assert "hangs" in first(memory, "where is the allotment key, in the shed?")


def test_what_happened_is_not_replaced_by_what_happens(memory: Memory) -> None:
    told(memory, "we sang with the choir in the old church and everybody cried", 50, kind=Kind.EPISODE)
    told(memory, "choir", 2, kind=Kind.EPISODE)
    assert "church" in first(memory, "when did we sing with the choir in the church")


def statement(number: int, *, at: int = 0, covered: float = 1.0, kind: str = "fact", **more: bool) -> Statement:
    flags = {"of_whom": True, "fits_time": True} | more
    return Statement(number=number, kind=kind, at_ns=at, score=10.0 - number, covered=covered, **flags)


def test_who_leads() -> None:
    old, new = statement(1, at=1), statement(2, at=2)
    assert leading([]) is None
    assert leading([old]) is None
    assert leading([old, new]) == new
    assert leading([new, old]) is None
    assert leading([old, statement(2, at=2, covered=0.8)]) is None
    assert leading([old, replace(new, score=old.score * 0.5)]) is None
    assert leading([old, statement(2, at=2, of_whom=False)]) is None
    assert leading([old, statement(2, at=2, fits_time=False)]) is None
    assert leading([old, statement(2, at=2, kind="episode")]) is None
    assert leading([statement(1, at=1, kind="episode"), new]) is None
    assert leading([statement(1, at=9, of_whom=False), old, new]) == new
