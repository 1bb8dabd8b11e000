"""Draws a QR code in half blocks: two rows of modules in one line of text, light on the terminal's dark."""

from typing import Final

QUIET: Final = 2
"""Modules of light around it. Four are the rule; phones read two, and a terminal has few lines."""

_BLOCKS: Final = {(True, True): " ", (False, True): "▀", (True, False): "▄", (False, False): "█"}
"""By whether the upper and the lower module are dark. What is drawn is the light, for most terminals are dark."""


def qr_lines(text: str) -> list[str]:
    """The code of a text as lines of equal width. Level M: a seventh may be smudged."""
    import segno

    return half_blocks([[bool(module) for module in row] for row in segno.make(text, error="m", micro=False).matrix])


def half_blocks(dark: list[list[bool]]) -> list[str]:
    """A square of modules with light around it, two rows a line (pure)."""
    side = len(dark) + 2 * QUIET
    light = [[False] * side for _ in range(QUIET)]
    rows = [*light, *([False] * QUIET + row + [False] * QUIET for row in dark), *light]
    if len(rows) % 2:
        rows.append([True] * side)  # below the last row nothing is drawn
    return [
        "".join(_BLOCKS[pair] for pair in zip(*two, strict=True)) for two in zip(rows[::2], rows[1::2], strict=True)
    ]
