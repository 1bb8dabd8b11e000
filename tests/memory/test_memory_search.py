"""Finding by words: what is found, in which order, and the reason that is given."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_memory import Kind, Memory, MemoryInputError, MemoryRecord, new_memory
from sotto_memory.decay import NS_PER_DAY
from sotto_memory.recall.query import QUERY_TERMS, terms
from sotto_memory.recall.search import SWAY, swayed
from sotto_memory.recall.tuning import Tuning
from sotto_memory.wording.words import STOP_WORDS

NOW_NS = 1_800_000_000 * 10**9
TEXTS = (
    "Anna is allergic to walnuts",
    "The dentist is next to the station",
    "Promised to call the dentist on Friday",
    "Will plays the cello in Bergen",
    "Likes green tea, never coffee",
)


@pytest.fixture
def full(memory: Memory) -> Memory:
    for text in TEXTS:
        memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS))
    return memory


def found(memory: Memory, query: str, limit: int = 10) -> list[str]:
    return [hit.record.text for hit in memory.search(query, now_ns=NOW_NS, limit=limit)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("When did I promise to call the dentist?", TEXTS[2]),
        ("ANNA", TEXTS[0]),
        ("what about the walnut allergies", TEXTS[0]),  # porter: walnut(s)
        ("who is Will?", TEXTS[3]),
        ("coffee-tea", TEXTS[4]),
    ],
)
def test_the_best_comes_first(full: Memory, query: str, first: str) -> None:
    assert found(full, query)[0] == first


def test_subjects_are_found(memory: Memory) -> None:
    memory.add(new_memory(kind=Kind.PERSON, text="plays chess on Sundays", subject="Zoë", now_ns=NOW_NS))
    assert found(memory, "Zoe") == found(memory, "ZOË") == ["plays chess on Sundays"]


@pytest.mark.parametrize("query", ["", "   ", "?!", "👻", "zebra", "\x00", "\ud800"])
def test_nothing_to_find_finds_nothing(full: Memory, query: str) -> None:
    assert found(full, query) == []


HOSTILE = (
    '"',
    '" OR text:*',
    "NEAR(a b)",
    "text : dentist",
    "dentist*",
    "^dentist",
    "a AND NOT b",
    "'; DROP TABLE memories",
)


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_is_words_never_syntax(full: Memory, query: str) -> None:
    found(full, query)
    assert full.count() == len(TEXTS)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_makes_sound_terms(query: str) -> None:
    words = [term.word for term in terms(query, Tuning())]
    assert len(words) == len(set(words)) <= QUERY_TERMS
    assert '"' not in "".join(words)


def test_any_query_can_be_asked(full: Memory) -> None:
    for code in (*range(0x300), *range(0x2000, 0x2070), 0xFEFF, 0x1F600):
        found(full, f"{chr(code)} dentist{chr(code)}friday {chr(code)}")


def test_stop_words_count_only_when_there_is_nothing_else() -> None:
    assert [term.word for term in terms("What is the name of my dentist?", Tuning())] == ["name", "dentist"]
    assert [term.word for term in terms("who is it", Tuning())] == ["who", "is", "it"]
    assert not {"will", "may", "mark"} & STOP_WORDS


def test_a_huge_query_is_refused(full: Memory) -> None:
    with pytest.raises(MemoryInputError, match="query_long"):
        found(full, "word " * 200_000)


def test_every_hit_says_why(full: Memory) -> None:
    hit = full.search("Friday dentist calls", now_ns=NOW_NS)[0]
    assert hit.why == "says “call”, “dentist”, “Friday”; strength 100%"
    full.put(replace(hit.record, pinned=True))
    assert full.search("friday", now_ns=NOW_NS)[0].why == "says “Friday”; strength 100%; pinned"


def test_the_past_is_found_on_request_and_says_so(full: Memory) -> None:
    old, new = (full.search(word, now_ns=NOW_NS)[0].record for word in ("walnuts", "cello"))
    full.supersede(old.id, new.id, NOW_NS)
    full.put(replace(new, last_use_ns=NOW_NS - 300 * NS_PER_DAY))
    assert found(full, "walnuts cello") == []
    whys = [hit.why for hit in full.search("walnuts cello", now_ns=NOW_NS, include_past=True)]
    assert sorted(why.rsplit("; ", 1)[1] for why in whys) == ["from the archive", "no longer current"]


def test_limits_are_kept(full: Memory) -> None:
    assert len(found(full, "dentist", limit=1)) == 1
    assert found(full, "dentist", limit=0) == []


def test_changed_words_are_found_and_old_ones_are_not(full: Memory) -> None:
    record = full.search("cello", now_ns=NOW_NS)[0].record
    full.put(replace(record, text="Will plays the trombone"))
    assert found(full, "cello") == []
    assert found(full, "trombone") == ["Will plays the trombone"]


def test_finding_is_not_using(full: Memory) -> None:
    before = full.list()
    found(full, "dentist")
    assert full.list() == before


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 50), st.floats(0, 1), st.floats(0, 1))
def test_strength_never_dominates_relevance(relevance: float, weak: float, strong: float) -> None:
    lower, upper = swayed(relevance, 0), swayed(relevance, 1)
    assert lower == pytest.approx(relevance * (1 - SWAY))
    assert upper == pytest.approx(relevance * (1 + SWAY))
    assert (swayed(relevance, weak) <= swayed(relevance, strong)) or weak > strong


def test_a_faded_answer_comes_before_a_fresh_passing_mention(memory: Memory) -> None:
    faded = new_memory(kind=Kind.EPISODE, text="Bought a violin in Cremona", now_ns=NOW_NS - 200 * NS_PER_DAY)
    memory.add(faded)
    memory.add(new_memory(kind=Kind.EPISODE, text="Somebody said Cremona while we ate soup", now_ns=NOW_NS))
    for text in ("rain all day", "a long walk", "cake with Tom"):
        memory.add(new_memory(kind=Kind.EPISODE, text=text, now_ns=NOW_NS))
    assert memory.search("violin Cremona", now_ns=NOW_NS)[0].record == faded


def test_the_newest_of_many_equals_is_among_the_few(memory: Memory) -> None:
    def walk(day: int) -> MemoryRecord:
        return new_memory(kind=Kind.EPISODE, text="walked dog", subject=f"{day:03}", now_ns=NOW_NS + day * NS_PER_DAY)

    for day in range(120):
        memory.add(walk(day))
    assert [hit.record.subject for hit in memory.search("dog", now_ns=NOW_NS + 120 * NS_PER_DAY, limit=3)] == [
        "119",
        "118",
        "117",
    ]
