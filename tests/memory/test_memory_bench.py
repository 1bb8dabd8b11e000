"""The benches of the memory measure what they say: losses are seen, answers judged, lives repeat, pictures whole."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sotto_memory import Hit, Kind, Memory, MemoryRecord, Recalled, database, new_memory
from tests.bench.memory_parts import filling, peers, plots, texts
from tests.bench.memory_parts.diary import is_right
from tests.bench.memory_parts.diary_fresh import FRESH
from tests.bench.memory_parts.diary_life import Question, Sort, life
from tests.bench.memory_parts.diary_seen import SEEN
from tests.bench.memory_parts.diary_unseen import UNSEEN
from tests.bench.memory_parts.diary_words import PEOPLE, POOLS, STRANGERS, Phrases
from tests.bench.memory_parts.hashing import DIMENSIONS, HashingEmbedder
from tests.bench.memory_parts.planted import distractors, facts
from tests.bench.memory_parts.survival import Expected, unsound
from tests.bench.memory_parts.writer import KEY, NOW_NS, Write, Writer
from tests.bench.shared_data import ROOT

SIZES = {1_000: {"adds_per_s": 900.0, "rss_mb": 40.0}, 100_000: {"adds_per_s": 450.0, "rss_mb": 300.0}}


def record(text: str) -> MemoryRecord:
    return new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS)


def recalled(text: str, *, known: bool = True) -> Recalled:
    return Recalled(hits=(Hit(record=record(text), score=1.0, why=""),), certainty=1.0, known=known)


def all_phrases(phrases: Phrases) -> set[str]:
    forms = [t.told + t.changed + t.asked + t.asked_then + t.own for t in phrases.topics]
    return {*phrases.besides, *phrases.junk, *phrases.never, *phrases.never_of, *(f for some in forms for f in some)}


@pytest.mark.parametrize(
    "pair", [(FRESH, SEEN), (FRESH, UNSEEN), (SEEN, UNSEEN)], ids=lambda pair: "-".join(one.name for one in pair)
)
def test_no_two_diaries_share_a_phrasing_not_even_in_other_dress(pair: tuple[Phrases, Phrases]) -> None:
    one, other = ({re.sub(r"[^a-z{} ]", "", form.lower()) for form in all_phrases(phrases)} for phrases in pair)
    assert min(len(one), len(other)) > 100
    assert one & other == set()


def test_no_value_is_part_of_another_or_of_a_name() -> None:
    for values in POOLS.values():
        names = [name.lower() for name in (*values, *PEOPLE, *STRANGERS)]
        assert not [value for value in values if sum(value.lower() in name for name in names) != 1]


@pytest.mark.parametrize("phrases", [SEEN, UNSEEN, FRESH], ids=lambda phrases: phrases.name)
def test_a_life_is_the_same_again_and_asks_all_that_it_should(phrases: Phrases) -> None:
    month = life(phrases, 1)
    assert month == life(phrases, 1) != life(phrases, 2)
    assert [line.at for line in month.lines] == sorted(line.at for line in month.lines)
    assert {line.sort for line in month.lines} >= {Sort.FACT, Sort.BESIDES, Sort.JUNK}
    assert sum(question.then for question in month.questions) >= 10
    assert sum(question.changed for question in month.questions) >= 10
    assert sum(not question.answer for question in month.questions) >= 30
    assert all(question.answer not in question.wrong for question in month.questions if question.answer)
    said = " ".join(line.text.lower() for line in month.lines)
    assert all(question.answer.lower() in said for question in month.questions), "what is asked for was told"


def test_nobody_spoke_of_the_strangers_that_are_asked_about() -> None:
    month = life(SEEN, 1)
    asked = " ".join(question.text for question in month.questions)
    assert all(name in asked for name in STRANGERS)
    assert not any(name.lower() in line.text.lower() for name in STRANGERS for line in month.lines)


def test_an_answer_is_judged_by_its_value_and_by_what_is_said_to_be_known() -> None:
    asked = Question(text="Where do I live?", answer="Graz", wrong=("Oslo",))
    assert is_right(asked, recalled("i moved to graz"))
    assert not is_right(asked, recalled("I live in Oslo"))
    assert not is_right(asked, recalled("I moved from Oslo to Graz")), "it says both"
    assert not is_right(asked, recalled("I live in Graz", known=False))
    assert not is_right(asked, Recalled(hits=(), certainty=0.0, known=False))
    never = Question(text="What is my shoe size?", answer="")
    assert is_right(never, recalled("I live in Graz", known=False))
    assert not is_right(never, recalled("I live in Graz"))


def test_a_lost_write_is_seen(tmp_path: Path) -> None:
    expected = Expected()
    with Memory.open(tmp_path / "memory.db", key=KEY) as memory:
        writer = Writer(memory, "anna", 1)
        for number in range(60):
            write = writer.next(number)
            writer.do(write)
            expected.take([write.said("begun"), write.said("kept")])
        assert expected.writes == 60
        assert expected.lost(memory) == []
        kept = next(i for i in expected.words if i not in expected.erased | expected.closed)
        memory.put(replace(memory.get(kept) or record(""), text="other words"))
        assert expected.lost(memory) == [f"{kept} is not as it was kept"]
        expected.shared["shared 1"] = {"an utterance that nobody heard"}
        assert "shared 1 lost evidence" in expected.lost(memory)
    assert unsound(tmp_path / "memory.db") == []


def test_of_a_write_that_was_not_acknowledged_nothing_is_expected(tmp_path: Path) -> None:
    expected = Expected()
    expected.take([json.dumps(["begun", "add", "a", "words"])])
    with Memory.open(tmp_path / "memory.db", key=KEY) as memory:
        assert expected.lost(memory) == []
        expected.take([json.dumps(["begun", "add", "b", "words"]), json.dumps(["kept", "add", "b", "words"])])
        assert expected.lost(memory) == ["b is not as it was kept"]


def test_an_erasure_whose_bytes_must_wait_is_no_loss(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        writer = Writer(memory, "anna", 1)
        for name in ("a", "b"):
            writer.do(Write("add", name, f"{name} is kept"))
        reader = database.open_database(tmp_path / "memory.db", None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM memories").fetchall()
        memory._store.db.execute("PRAGMA busy_timeout = 20")
        writer.do(Write("erase", "a"))
        reader.rollback()
        reader.close()
        assert writer.mine == ["b"], "it is not written to any more"
        assert [one.id for one in memory.each()] == ["b"]


def test_texts_and_vectors_are_the_same_again() -> None:
    some = list(texts.lines(200, 1))
    assert some == list(texts.lines(200, 1))
    assert len(set(some)) == 200
    assert texts.questions(5, 1) == texts.questions(5, 1)
    rows = HashingEmbedder().embed(["the kettle", "the kettle", "other words", ""])
    assert rows.shape == (4, DIMENSIONS)
    assert rows[0] @ rows[1] == pytest.approx(1.0, abs=1e-5)
    assert rows[0] @ rows[2] < 0.5


def test_no_distractor_is_a_planted_fact() -> None:
    planted = facts(1)
    assert len({one.question for one in planted}) == len(planted) == 200
    assert not {one.text for one in planted} & set(distractors(2_000, 1))


def test_percentiles_and_ratios() -> None:
    took = filling.percentiles([float(n) for n in range(1, 101)])
    assert took == {"search_p50_ms": 50.5, "search_p99_ms": 99.0}
    mine = {"inserts_per_s": 1_000.0, "search_p50_ms": 5.0, "rss_mb": 50.0, "disk_mb": 10.0}
    theirs = {"inserts_per_s": 100.0, "search_p50_ms": 20.0, "rss_mb": 25.0, "disk_mb": 0.0}
    assert peers.ratios(mine, theirs) == {"insert_ratio": 10.0, "search_p50_ratio": 4.0, "rss_ratio": 0.5}


def test_the_pictures_are_whole_and_hold_the_numbers(tmp_path: Path) -> None:
    written = plots.write(tmp_path, SIZES)
    assert [path.name for path in written] == ["inserts.svg", "rss.svg"], "what was not measured is not drawn"
    for path in written:
        picture = ElementTree.fromstring(path.read_text())
        assert picture.tag.endswith("svg")
        assert "100,000" in (picture.findtext("{http://www.w3.org/2000/svg}desc") or "")
        assert "prefers-color-scheme: dark" in path.read_text()


def test_the_peers_are_pinned_and_name_no_address() -> None:
    text = (ROOT / "tests/bench/peers/requirements.lock").read_text()
    pins = re.findall(r"^([\w.-]+)==", text, re.M)
    assert {"chromadb", "langgraph", "mem0ai", "qdrant-client"} <= set(pins)
    assert len(re.findall(r"^    --hash=sha256:", text, re.M)) >= len(pins)
    assert "://" not in text
