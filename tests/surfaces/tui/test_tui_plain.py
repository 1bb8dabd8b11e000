"""Whatever was heard, it cannot do anything to the terminal."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.surfaces.tui.plain import MAX_CHARACTERS, plain


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("the coffee is ready", "the coffee is ready"),
        ("  two\n\nlines\tand a tab ", "two lines and a tab"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("\u202ereversed\u202c", "reversed"),
        ("شكرا جزيلا", "شكرا جزيلا"),
        ("👩\u200d👧 mother", "👩\u200d👧 mother"),
        ("line\u2028break", "line break"),
        ("", ""),
    ],
)
def test_plain(heard: str, shown: str) -> None:
    assert plain(heard) == shown


def test_a_very_long_text_is_cut_and_says_so() -> None:
    assert len(plain("a" * (MAX_CHARACTERS + 1))) == MAX_CHARACTERS + 1
    assert plain("a" * (MAX_CHARACTERS + 1)).endswith("…")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_nothing_controls_the_terminal(heard: str) -> None:
    shown = plain(heard)
    assert not any(unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs", "Co", "Cn"} for c in shown)
    assert plain(shown) == shown
