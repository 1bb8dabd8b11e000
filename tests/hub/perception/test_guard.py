"""The guard: what is dropped, what passes, and the reason that is counted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.perception.hear.guard import judge, unlooped
from sotto_hub.records import Word


def said(text: str) -> tuple[Word, ...]:
    """Words of a line, a tenth of a second each."""
    return tuple(Word(text=word, start_ns=at, end_ns=at + 1) for at, word in enumerate(text.split()))


def text_of(words: tuple[Word, ...]) -> str:
    """The line of words."""
    return " ".join(word.text for word in words)


@pytest.mark.parametrize(
    ("line", "voice", "kept", "reason"),
    [
        ("", 0.9, "", "no_words"),
        ("Thanks for watching!", 0.1, "", "phantom"),
        ("Thank you.", 0.8, "Thank you.", ""),
        ("call the dentist", 0.1, "call the dentist", ""),
        ("no no no", 0.9, "no no no", ""),
        ("so " * 6, 0.9, "so", "loop"),
        ("I went home I went home I went home again", 0.9, "I went home again", "loop"),
        ("very very good", 0.9, "very very good", ""),
    ],
)
def test_verdicts(line: str, voice: float, kept: str, reason: str) -> None:
    verdict = judge(said(line), voice)
    assert (text_of(verdict.words), verdict.reason) == (kept, reason)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=40))
def test_the_guard_only_takes_away(names: list[str]) -> None:
    words = said(" ".join(names))
    kept = unlooped(words)
    assert [word.start_ns for word in kept] == sorted({word.start_ns for word in kept})
    assert {word.text for word in kept} == {word.text for word in words}
