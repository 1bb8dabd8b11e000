"""Lines with columns and hanging words: between the records of the screen and the sheet that paints them (pure).

A row is a few short cells on the left and words on the right; words that need more than one line hang under
themselves, never under the cells. Widths are terminal cells, so that wide characters and emoji stay aligned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, chop_cells

MIN_WORDS: Final = 10
"""Cells that words need beside the left columns; where there is less, they go below them."""

NO_BREAK: Final = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text with one role: `words`, `dim`, `strong`, `live`, `mark`, `good`, `warn`, `bad`, `key`."""

    text: str
    role: str = "words"


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells with their widths, then words. An empty row is a blank line."""

    cells: tuple[tuple[Piece, int], ...] = ()
    words: tuple[Piece, ...] = ()


BLANK: Final = Row()


def row(*cells: tuple[str, str, int], words: str = "", role: str = "words") -> Row:
    """A row from `(text, role, width)` cells and words of one role."""
    return Row(
        cells=tuple((Piece(text=text, role=kind), width) for text, kind, width in cells),
        words=(Piece(text=words, role=role),) if words else (),
    )


def lines(rows: Sequence[Row], width: int) -> list[Line]:
    """All lines of the rows at this width in cells, at least one a row."""
    return [line for each in rows for line in row_lines(each, width)]


def fitting(rows: Sequence[Row], width: int, height: int) -> int:
    """How many of the rows, from the first, fit whole into so many lines."""
    used = 0
    for count, each in enumerate(rows):
        used += len(row_lines(each, width))
        if used > height:
            return count
    return len(rows)


def row_lines(each: Row, width: int) -> tuple[Line, ...]:
    """The lines of one row."""
    if width <= 0:
        return ((),)
    indent = sum(wide for _, wide in each.cells)
    if width - indent < MIN_WORDS and each.words:
        cells = _cells(each, width)
        return (*((cells,) if any(p.text.strip() for p in cells) else ()), *wrap(each.words, width))
    wrapped = wrap(each.words, width - indent) if each.words else ((),)
    hang = (Piece(text=" " * indent, role="dim"),) if indent else ()
    return tuple((*(_cells(each, width) if n == 0 else hang), *line) for n, line in enumerate(wrapped))


def _cells(each: Row, width: int) -> Line:
    left: list[Piece] = []
    for piece, wide in each.cells:
        room = min(wide, width - sum(cell_len(p.text) for p in left))
        left.append(Piece(text=pad(piece.text, max(room, 0)), role=piece.role))
    return tuple(left)


def pad(text: str, width: int) -> str:
    """The text in exactly so many cells; what does not fit is cut with an ellipsis, and a space always follows."""
    if not text or width <= 0:
        return " " * max(width, 0)
    room = width - 1
    if cell_len(text) > room:
        text = (chop_cells(text, room - 1)[0] if room > 1 else "") + "…"
    return text + " " * max(0, width - cell_len(text))


def wrap(pieces: Sequence[Piece], width: int) -> tuple[Line, ...]:
    """Words over lines of at most `width` cells, broken at spaces; a longer word is broken where it must be.

    A no-break space at the end of a word ties it to the next, across pieces.
    """
    done: list[Line] = []
    line: list[Piece] = []
    used = 0
    for unit in _units(pieces, width):
        wide = sum(cell_len(p.text) for p in unit)
        if line and used + 1 + wide > width:
            done.append(tuple(line))
            line, used = [], 0
        if line:
            line.append(Piece(text=" ", role=unit[0].role))
            used += 1
        line += unit
        used += wide
    return tuple(_joined(each) for each in (*done, tuple(line)))


def _units(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """What must not be broken: words, and words that a no-break space ties to the next one."""
    units: list[list[Piece]] = []
    tied = False
    for text, role in _words(pieces, width):
        piece = Piece(text=text.replace(NO_BREAK, " "), role=role)
        if tied:
            units[-1].append(piece)
        else:
            units.append([piece])
        tied = text.endswith(NO_BREAK)
    return units


def _words(pieces: Sequence[Piece], width: int) -> list[tuple[str, str]]:
    return [
        (part, piece.role)
        for piece in pieces
        for word in piece.text.split(" ")
        if word
        for part in (chop_cells(word, max(width, 2)) if cell_len(word) > width else [word])
    ]


def _joined(line: Sequence[Piece]) -> Line:
    """Neighbours of one role as one piece: whole phrases, so that scripts that join their letters keep joined."""
    joined: list[Piece] = []
    for piece in line:
        if joined and joined[-1].role == piece.role:
            joined[-1] = Piece(text=joined[-1].text + piece.text, role=piece.role)
        else:
            joined.append(piece)
    return tuple(joined)
