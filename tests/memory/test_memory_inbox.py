"""The review inbox: what is doubtful waits unseen, is accepted as the wearer's word, or goes to the last byte."""

from pathlib import Path
from typing import Any

import pytest

from sotto_memory import (
    Kind,
    Memory,
    MemoryInputError,
    MemoryMissingError,
    MemoryRecord,
    Offered,
    Outcome,
    Source,
    Use,
    new_memory,
)
from sotto_memory.decay import NS_PER_DAY

NOW_NS = 1_800_000_000 * 10**9
LATER_NS = NOW_NS + 3 * NS_PER_DAY


def offer(memory: Memory, text: str, **fields: Any) -> Offered:
    return memory.offer(new_memory(kind=Kind.FACT, text=text, **{"now_ns": NOW_NS} | fields))


def waiting(memory: Memory, text: str, **fields: Any) -> MemoryRecord:
    offered = offer(memory, text, **fields)
    assert (offered.outcome, offered.record is not None) == (Outcome.DOUBTFUL, True)
    assert offered.record
    return offered.record


def test_what_waits_is_listed_newest_first_and_found_by_nobody(memory: Memory) -> None:
    kept = memory.add(new_memory(kind=Kind.FACT, text="Anna plays the xylophone", now_ns=NOW_NS))
    first = waiting(memory, "my xylophone teacher is called the")
    second = waiting(memory, "he has a xylophone")
    assert memory.inbox() == [second, first]
    assert [one.doubt for one in memory.inbox()] == ["unclear_subject", "half_sentence"]
    assert [hit.record.id for hit in memory.search("xylophone", now_ns=NOW_NS)] == [kept.id]
    past = memory.search("xylophone", now_ns=NOW_NS, include_past=True)
    assert [hit.record.id for hit in past] == [kept.id]
    assert memory.list() == [kept]
    assert memory.count() == 3


def test_what_is_accepted_is_the_wearers_word_since_then(memory: Memory) -> None:
    heard = waiting(memory, "Tom has a boat", confidence=0.2)
    accepted = memory.accept(heard.id, LATER_NS)
    assert (accepted.doubt, accepted.confidence, accepted.text) == ("", 1.0, heard.text)
    assert (accepted.recorded_ns, accepted.at_ns) == (LATER_NS, NOW_NS)
    assert [note.use for note in accepted.history] == [Use.CONFIRMED]
    assert accepted.stability_days > heard.stability_days
    assert memory.inbox() == []
    assert memory.list() == [accepted] == [memory.get(heard.id)]


def test_what_is_rejected_is_gone_to_the_last_byte(path: Path) -> None:
    with Memory.open(path, key=None) as memory:
        heard = waiting(memory, "he owns a xylophone", evidence=("u1",), quotes={"u1": "xylophone indeed"})
        memory.add(new_memory(kind=Kind.INSIGHT, text="He plays the xylophone", now_ns=NOW_NS, evidence=(heard.id,)))
        assert len(memory.reject(heard.id)) == 2
        assert memory.count() == 0
    assert not any(b"xylophone" in file.read_bytes() for file in path.parent.iterdir())


def test_only_what_waits_can_be_accepted_or_rejected(memory: Memory) -> None:
    kept = memory.add(new_memory(kind=Kind.FACT, text="Anna likes tea", now_ns=NOW_NS))
    with pytest.raises(MemoryInputError, match="not_waiting"):
        memory.reject(kept.id)
    with pytest.raises(MemoryInputError, match="not_waiting"):
        memory.accept(kept.id, NOW_NS)
    with pytest.raises(MemoryMissingError):
        memory.accept("nobody", NOW_NS)
    assert memory.get(kept.id) == kept


def test_a_clear_telling_settles_a_doubt(memory: Memory) -> None:
    heard = waiting(memory, "Tom has a boat", confidence=0.3, evidence=("u1",))
    clear = offer(memory, "Tom has a boat", confidence=0.9, evidence=("u2",))
    assert (clear.outcome, clear.record and clear.record.id) == (Outcome.JOINED, heard.id)
    assert memory.inbox() == []
    assert memory.list()[0].confidence == pytest.approx(0.93)


def test_two_unsure_tellings_may_be_enough(memory: Memory) -> None:
    waiting(memory, "Tom has a boat", confidence=0.3, evidence=("u1",))
    waiting(memory, "Tom has a boat", confidence=0.1, evidence=("u1",))
    second = offer(memory, "Tom has a boat", confidence=0.3, evidence=("u2",))
    assert (second.outcome, memory.inbox()) == (Outcome.JOINED, [])
    assert memory.list()[0].confidence == pytest.approx(0.51)


def test_half_a_sentence_stays_half_however_often_it_is_said(memory: Memory) -> None:
    waiting(memory, "my sister works at", evidence=("u1",))
    again = waiting(memory, "my sister works at", evidence=("u2",))
    assert (again.evidence, memory.count()) == (("u1", "u2"), 1)


def test_a_doubtful_telling_of_what_is_known_casts_no_doubt(memory: Memory) -> None:
    known = memory.add(new_memory(kind=Kind.FACT, text="Tom has a boat", now_ns=NOW_NS, evidence=("u1",)))
    told = offer(memory, "Tom has a boat", confidence=0.1, evidence=("u2",))
    assert (told.outcome, told.record and told.record.doubt) == (Outcome.JOINED, "")
    assert memory.list()[0].id == known.id


def test_what_contradicts_the_wearer_waits_and_closes_the_other_when_accepted(memory: Memory) -> None:
    own = memory.add(new_memory(kind=Kind.FACT, text="My dentist is Dr Berg", now_ns=NOW_NS, source=Source.WEARER))
    rumour = waiting(
        memory, "my dentist is Dr Holm", now_ns=NOW_NS + 1, source=Source.INFERRED, slot=own.slot, evidence=("u9",)
    )
    assert rumour.doubt == f"contradicts {own.id}"
    assert memory.list() == [memory.get(own.id)]
    again = waiting(
        memory, "my dentist is Dr Holm", now_ns=NOW_NS + 2, source=Source.INFERRED, slot=own.slot, evidence=("u10",)
    )
    assert (again.id, again.doubt) == (rumour.id, rumour.doubt), "being told again settles no contradiction"
    accepted = memory.accept(rumour.id, LATER_NS)
    assert (accepted.doubt, accepted.current) == ("", True)
    past = memory.get(own.id)
    assert past
    assert (past.current, past.superseded_ns) == (False, LATER_NS)
    assert memory.list() == [accepted]


def test_an_accepted_word_stands_even_against_a_correction(memory: Memory) -> None:
    first = memory.add(new_memory(kind=Kind.FACT, text="My dentist is Dr Berg", now_ns=NOW_NS, source=Source.WEARER))
    right = memory.correct(first.id, "My dentist is Dr Lund", NOW_NS + 1)
    rumour = waiting(memory, "My dentist is Dr Holm", source=Source.INFERRED, slot=right.slot)
    assert memory.accept(rumour.id, LATER_NS).doubt == ""
    assert [one.text for one in memory.list()] == ["My dentist is Dr Holm"]
