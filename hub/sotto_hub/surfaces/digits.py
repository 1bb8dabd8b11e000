"""Six digits, large enough to be read across a room: drawn in half blocks, three lines high (pure)."""

from typing import Final

_GLYPHS: Final = {
    "0": ("█▀▀█", "█  █", "▀▀▀▀"),
    "1": (" ▄█ ", "  █ ", " ▀▀▀"),
    "2": ("▀▀▀█", "█▀▀▀", "▀▀▀▀"),
    "3": ("▀▀▀█", " ▀▀█", "▀▀▀▀"),
    "4": ("█  █", "▀▀▀█", "   ▀"),
    "5": ("█▀▀▀", "▀▀▀█", "▀▀▀▀"),
    "6": ("█▀▀▀", "█▀▀█", "▀▀▀▀"),
    "7": ("▀▀▀█", "   █", "   ▀"),
    "8": ("█▀▀█", "█▀▀█", "▀▀▀▀"),
    "9": ("█▀▀█", "▀▀▀█", "▀▀▀▀"),
}
_GAP: Final = "  "
_MIDDLE: Final = "   "


def large(digits: str) -> list[str]:
    """The digits as three lines, in two groups as they are read aloud. What is no digit is left out."""
    glyphs = [_GLYPHS[digit] for digit in digits if digit in _GLYPHS]
    half = (len(glyphs) + 1) // 2
    return [
        (_GAP.join(g[line] for g in glyphs[:half]) + _MIDDLE + _GAP.join(g[line] for g in glyphs[half:])).rstrip()
        for line in range(3)
    ]


def grouped(digits: str) -> str:
    """The digits in two groups: "482 913"."""
    half = (len(digits) + 1) // 2
    return f"{digits[:half]} {digits[half:]}".strip()
