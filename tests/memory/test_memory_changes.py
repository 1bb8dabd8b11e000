"""Facts that change, as people say it: a second list of sentences, and what a question about the one before finds."""

from collections.abc import Sequence

import pytest

from sotto_memory import Kind, Memory, Source, new_memory
from sotto_memory.keeping.claims import asked, read
from sotto_memory.keeping.turns import latest
from sotto_memory.recall.lookalikes import may_tell
from tests.memory.claim_changes import CHANGE_QUESTIONS, CHANGES, NO_CHANGES
from tests.memory.claim_strays import CHANGED, LAST_CHANGED, LAST_STRAYS, STRAYS
from tests.memory.test_memory_search import NOW_NS

DAY_NS = 86_400 * 10**9
TUNED, HELD_BACK = 0, 1


@pytest.mark.parametrize("half", [TUNED, HELD_BACK])
def test_changes_are_read_and_hardly_any_wrongly(half: int) -> None:
    """Measured when the rules stood: 30 of 31 and 29 of 31 read; 0 and 1 wrong; questions 20 and 19 of 21."""
    right, wrong = 0, sum(read(text) is not None for text in NO_CHANGES[half::2])
    for text, slot, value in CHANGES[half::2]:
        found = read(text)
        fits = found is not None and (found.slot, found.ends) == (slot, value[:1] == "-")
        fits = fits and found is not None and set(found.value) >= set(value.lstrip("-").split())
        right, wrong = right + fits, wrong + (found is not None and not fits)
    assert right >= 29
    assert wrong <= half
    questions = CHANGE_QUESTIONS[half::2]
    assert sum((asked(text) or ("",))[0] == slot for text, slot in questions) >= len(questions) - 2


@pytest.mark.parametrize(
    ("strays", "changed", "most_read", "least_right"),
    [
        (STRAYS[TUNED::2], CHANGED[TUNED::2], 0, 30),
        (STRAYS[HELD_BACK::2], CHANGED[HELD_BACK::2], 0, 28),
        (LAST_STRAYS, LAST_CHANGED, 1, 28),
    ],
)
def test_what_passes_claims_nothing_and_what_changed_is_read(
    strays: Sequence[str], changed: Sequence[tuple[str, str, str]], most_read: int, least_right: int
) -> None:
    """Measured: the tuned half and the half held back as below; of the last list, when it was new, 6 and 26 of 30."""
    right = 0
    for text, slot, value in changed:
        found = read(text)
        right += (found.slot if found else "", set(value.split()) <= set(found.value if found else ())) == (
            slot,
            True,
        )
    assert sum(read(text) is not None for text in strays) <= most_read
    assert right >= least_right


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I moved to LA", "la"),
        ("We moved to the Netherlands", "netherlands"),
        ("I moved to GitHub", ""),
        ("Tom moved from Windows to Linux", ""),
        ("we moved to HR", ""),
        ("Tom moved from Bonn to Bath", "bath"),
        ("I've been living in Ulm for two years", "ulm"),
        ("I'm living in Ulm for two years", ""),
        ("We moved to Perth in March", "perth"),
        ("We live in Perth in March", ""),
        ("I live in Winter Park", "winter park"),
        ("we moved to the city of Mainz", "mainz"),
        ("I work at the harbour office", "harbour office"),
        ("I work at the office", ""),
        ("I work for Full Circle", "full circle"),
        ("I work at full speed", ""),
        ("my boss is Charity", "charity"),
        ("my boss is humility", ""),
        ("my boss is Dr English", "dr english"),
        ("my boss is English", ""),
        ("Paul drives a white Skoda", "skoda"),
        ("Paul drives a hard bargain", ""),
        ("guests number is 4410", ""),
    ],
)
def test_where_the_line_is_drawn(text: str, value: str) -> None:
    found = read(text)
    assert " ".join(found.value if found else ()) == value


def test_an_age_and_a_car_are_asked_for() -> None:
    assert asked("How old is Mila now?") == ("mila/age",)
    assert asked("what car does my brother drive") == ("wearer/brother/car",)


def test_what_is_over_is_cut_off_what_holds_now() -> None:
    assert latest("i used to live in rome but now i live in siena") == "i live in siena"
    assert latest("tom does not work at acme anymore , he is at zenith now") == "tom works at zenith now"
    assert latest("my dentist used to be dr hart but now it is dr mori") == "my dentist is dr mori"
    assert latest("i used to live in rome but she lives in siena") == "i used to live in rome but she lives in siena"


def test_the_value_before_another_is_the_one_that_it_followed(memory: Memory) -> None:
    for day, town in enumerate(("Bonn", "Graz", "Oslo")):
        text = f"I live in {town}"
        at_ns = NOW_NS + day * DAY_NS
        memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=at_ns, source=Source.WEARER))

    def first(question: str) -> str:
        return memory.recall(question, now_ns=NOW_NS + 9 * DAY_NS).hits[0].record.text

    assert first("Where am I living these days?") == "I live in Oslo"
    assert first("Where did I live before Oslo?") == "I live in Graz"
    assert first("where did i live before i moved to graz") == "I live in Bonn"


@pytest.mark.parametrize(
    ("text", "subject", "slot", "may"),
    [
        ("Carla can't stand cat hair", "", "carla/cat/name", False),
        ("Carla's old cat sleeps a lot", "", "carla/cat/name", True),
        ("Carla has a black cat", "", "carla/cat/name", True),
        ("my cat sleeps a lot", "Carla", "carla/cat/name", True),
        ("my cat sleeps a lot", "Jonas", "carla/cat/name", False),
        ("I work for Harbour Bank", "", "wearer/bank", False),
        ("my bank is near the station", "", "wearer/bank", True),
        ("Martin likes hard work", "", "martin/work", False),
        ("Martin has worked on and off at the harbour", "", "martin/work", True),
        ("David works at Acme", "", "martin/work", False),
        ("my mum got a phone", "", "wearer/mother/phone-number", True),
        ("the alarm went off", "", "the/alarm-code", False),
    ],
)
def test_what_only_looks_like_an_answer_cannot_tell_it(text: str, subject: str, slot: str, may: bool) -> None:
    assert may_tell(text, subject, (slot,)) is may


def test_another_persons_value_answers_nothing(memory: Memory) -> None:
    for text in (
        "David works at Acme",
        "Martin likes hard work",
        "Jonas's cat is named Tiger",
        "Carla hates cat hair",
    ):
        memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS, source=Source.WEARER))
    for question in ("Where does Martin work?", "What is Carla's cat called?", "Where does Jonas work?"):
        assert not memory.recall(question, now_ns=NOW_NS).known, question
    assert memory.recall("Where does David work?", now_ns=NOW_NS).known
