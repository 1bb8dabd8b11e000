"""The QR code as it stands in a terminal: every module is where it belongs, with light all around."""

import segno

from sotto_hub.surfaces.qr import QUIET, half_blocks, qr_lines

LINK = "sotto://192.168.1.20:7443/482913-7KQ2M4TDX9PAB3CE"
LIGHT = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


def drawn(lines: list[str]) -> list[list[bool]]:
    """The rows of modules that a camera sees: light or not."""
    return [[LIGHT[cell][half] for cell in line] for line in lines for half in (0, 1)]


def test_every_module_is_drawn_once() -> None:
    matrix = segno.make(LINK, error="m", micro=False).matrix
    rows = drawn(qr_lines(LINK))
    inner = [row[QUIET:-QUIET] for row in rows[QUIET : QUIET + len(matrix)]]
    assert inner == [[not module for module in row] for row in matrix]


def test_light_is_all_around() -> None:
    rows = drawn(qr_lines(LINK))
    assert all(all(row) for row in rows[:QUIET])
    assert all(all(row[:QUIET]) and all(row[-QUIET:]) for row in rows[:-1])
    assert all(all(row) for row in rows[-1 - QUIET : -1])


def test_it_fits_into_a_terminal() -> None:
    lines = qr_lines(LINK)
    assert len({len(line) for line in lines}) == 1
    assert len(lines) <= 22
    assert len(lines[0]) <= 40


def test_one_module_with_its_quiet() -> None:
    assert half_blocks([[True]]) == ["█████", "██▀██".replace("▀", "▄"), "▀▀▀▀▀"]
