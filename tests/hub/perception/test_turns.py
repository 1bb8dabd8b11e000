"""Turns: where words are cut."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.perception.hear.turns import split
from sotto_hub.records import Word

MS = 1_000_000


def spoken(*spans: tuple[int, int]) -> list[Word]:
    """Words with times in milliseconds."""
    return [Word(text=f"w{at}", start_ns=start * MS, end_ns=end * MS) for at, (start, end) in enumerate(spans)]


def test_a_long_pause_begins_a_new_turn() -> None:
    turns = split(spoken((0, 100), (150, 300), (700, 800), (1_100, 1_200)), 400 * MS)
    assert [[word.text for word in turn] for turn in turns] == [["w0", "w1"], ["w2", "w3"]]


def test_no_words_no_turns() -> None:
    assert split([], 400 * MS) == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 500)), max_size=20), st.integers(1, 1_000))
def test_no_word_is_lost_and_no_turn_holds_a_pause(gaps: list[tuple[int, int]], pause: int) -> None:
    spans, at = [], 0
    for gap, length in gaps:
        spans.append((at + gap, at + gap + length))
        at += gap + length
    words = spoken(*spans)
    turns = split(words, pause * MS)
    assert [word for turn in turns for word in turn] == words
    for turn in turns:
        assert all(b.start_ns - a.end_ns < pause * MS for a, b in pairwise(turn))
    for one, other in pairwise(turns):
        assert other[0].start_ns - one[-1].end_ns >= pause * MS
