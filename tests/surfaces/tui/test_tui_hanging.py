"""Rows become lines that fit, hang, and lose nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from sotto_hub.surfaces.tui.hanging import (
    BLANK,
    MIN_WORDS,
    NO_BREAK,
    Line,
    Piece,
    Row,
    fitting,
    lines,
    pad,
    row,
    row_lines,
    wrap,
)
from sotto_hub.surfaces.tui.plain import plain


def text(line: Line) -> str:
    return "".join(p.text for p in line)


def test_words_hang_under_themselves() -> None:
    one = row(("08:00", "dim", 7), words="the weather today will be cold and clear")
    assert [text(line) for line in row_lines(one, 28)] == [
        "08:00  the weather today",
        "       will be cold and",
        "       clear",
    ]


def test_each_piece_keeps_its_role() -> None:
    first = row_lines(row(("08:00", "dim", 7), ("Tom", "key", 5), words="hello", role="live"), 40)[0]
    assert [p.role for p in first] == ["dim", "key", "live"]


def test_with_little_room_the_words_go_below_the_cells() -> None:
    narrow = row(("08:00", "dim", 7), words="now where is the")
    assert [text(line).rstrip() for line in row_lines(narrow, 7 + MIN_WORDS - 1)] == ["08:00", "now where is the"]


def test_empty_cells_leave_no_line_when_words_go_below() -> None:
    assert [text(line) for line in row_lines(row(("", "dim", 7), words="so"), 10)] == ["so"]


def test_a_word_that_is_too_long_is_broken() -> None:
    assert [text(line) for line in wrap((Piece(text="a" * 25),), 10)] == ["a" * 10, "a" * 10, "a" * 5]


def test_tied_words_stay_together() -> None:
    keys = (
        Piece(text=f"a{NO_BREAK}", role="key"),
        Piece(text="accept"),
        Piece(text=f"d{NO_BREAK}"),
        Piece(text="no"),
    )
    assert [text(line) for line in wrap(keys, 9)] == ["a accept", "d no"]


def test_wide_characters_count_as_they_are_shown() -> None:
    assert all(cell_len(text(line)) <= 9 for line in wrap((Piece(text="日本語のとても長い文章"),), 9))


@pytest.mark.parametrize(
    ("given_text", "width", "shown"),
    [("Tom", 6, "Tom   "), ("Alexander", 6, "Alex… "), ("", 3, "   "), ("Tom", 0, ""), ("Tom", 1, "… "[:1])],
)
def test_pad(given_text: str, width: int, shown: str) -> None:
    assert pad(given_text, width)[:width] == shown


def test_an_empty_row_is_a_blank_line() -> None:
    assert lines([BLANK, BLANK], 20) == [(), ()]


def test_only_whole_rows_fit() -> None:
    rows = [row(words="one two three four"), row(words="five")]
    assert [fitting(rows, 9, height) for height in (0, 1, 2, 3, 9)] == [0, 0, 0, 1, 2]


words = st.text(max_size=120).map(plain)


@settings(max_examples=100, deadline=None)
@given(words, st.integers(min_value=2, max_value=60))
def test_nothing_is_wider_than_the_screen_and_nothing_is_lost(said: str, width: int) -> None:
    wrapped = wrap((Piece(text=said),), width)
    assert all(cell_len(text(line)) <= width for line in wrapped)
    assert "".join(text(line) for line in wrapped).replace(" ", "") == said.replace(" ", "").replace(NO_BREAK, "")


@settings(max_examples=50, deadline=None)
@given(words, st.text(max_size=30).map(plain), st.integers(min_value=-1, max_value=60))
def test_rows_fit_at_every_width(said: str, speaker: str, width: int) -> None:
    each = Row(cells=((Piece(text="08:00"), 7), (Piece(text=speaker), 12)), words=(Piece(text=said),))
    assert all(cell_len(text(line)) <= max(width, 2) for line in row_lines(each, width))
