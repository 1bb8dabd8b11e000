"""Cost against size as pictures: plain SVG, both axes logarithmic, readable on light and on dark paper."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 40, 40
STYLE: Final = """
  text { font: 12px system-ui, sans-serif; fill: #57606a; }
  .title { font-size: 14px; font-weight: 600; }
  .grid { stroke: #8c959f; stroke-opacity: .3; }
  .line { fill: none; stroke-width: 2; }
  .a { stroke: #0a6fc2; } .b { stroke: #c4570c; }
  .dot.a { fill: #0a6fc2; } .dot.b { fill: #c4570c; }
  @media (prefers-color-scheme: dark) {
    text { fill: #b4bcc6; }
    .a { stroke: #58a6ff; } .b { stroke: #ff9b50; }
    .dot.a { fill: #58a6ff; } .dot.b { fill: #ff9b50; }
  }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a plot: its name, and what was measured at each size."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One picture: up to two lines over the number of memories."""

    file: str
    title: str
    lines: tuple[Line, ...]


WANTED: Final = (
    ("inserts.svg", "Durable inserts a second", (("adds_per_s", "words"), ("inserts_per_s", "with vectors"))),
    ("search.svg", "Search, milliseconds", (("search_p50_ms", "p50"), ("search_p99_ms", "p99"))),
    ("disk.svg", "On the disk, MB", (("disk_mb", "one file"),)),
    ("rss.svg", "Resident memory, MB", (("rss_mb", "whole process"),)),
)


def plots(measured: Mapping[int, Mapping[str, object]]) -> list[Plot]:
    """The four pictures of what was measured at some sizes (pure)."""
    return [
        Plot(file=file, title=title, lines=tuple(_line(name, figure, measured) for figure, name in lines))
        for file, title, lines in WANTED
    ]


def _line(name: str, figure: str, measured: Mapping[int, Mapping[str, object]]) -> Line:
    found = ((size, one.get(figure)) for size, one in sorted(measured.items()))
    known = ((float(size), float(value)) for size, value in found if isinstance(value, int | float) and value > 0)
    alone = figure == "inserts_per_s"  # at a million there are no vectors
    return Line(name=name, points=tuple(point for point in known if not (alone and point[0] > 100_000)))


def write(folder: Path, measured: Mapping[int, Mapping[str, object]]) -> list[Path]:
    """Writes the pictures; returns where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [plot for plot in plots(measured) if any(line.points for line in plot.lines)]
    for plot in pictures:
        (folder / plot.file).write_text(drawn(plot), encoding="utf-8")
    return [folder / plot.file for plot in pictures]


def drawn(plot: Plot) -> str:
    """The picture as SVG (pure). What it shows is in its description too, as numbers."""
    sizes = _decades([x for line in plot.lines for x, _ in line.points])
    values = _decades([y for line in plot.lines for _, y in line.points])
    parts = [*_grid(sizes, values), *(_curve(line, "ab"[i], sizes, values) for i, line in enumerate(plot.lines))]
    numbers = "; ".join(
        f"{line.name}: " + ", ".join(f"{x:,.0f} {y:g}" for x, y in line.points) for line in plot.lines
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(plot.title)} against the number of memories</title>\n<desc>{escape(numbers)}</desc>\n"
        f"<style>{STYLE}</style>\n"
        f'<text class="title" x="{LEFT}" y="20">{escape(plot.title)}</text>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _decades(values: Sequence[float]) -> list[int]:
    """The powers of ten that hold all values, two at least."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) - 1e-9)
    return list(range(low, max(high, low + 1) + 1))


def _x(size: float, sizes: Sequence[int]) -> float:
    share = (math.log10(size) - sizes[0]) / (sizes[-1] - sizes[0])
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float, values: Sequence[int]) -> float:
    share = (math.log10(value) - values[0]) / (values[-1] - values[0])
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _grid(sizes: Sequence[int], values: Sequence[int]) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    across = [
        f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{_y(10**p, values)}" y2="{_y(10**p, values)}"/>'
        f'<text x="{LEFT - 8}" y="{_y(10**p, values) + 4}" text-anchor="end">{10**p:,g}</text>'
        for p in values
    ]
    upright = [
        f'<line class="grid" y1="{TOP}" y2="{bottom}" x1="{_x(10**p, sizes)}" x2="{_x(10**p, sizes)}"/>'
        f'<text x="{_x(10**p, sizes)}" y="{bottom + 18}" text-anchor="middle">{10**p:,}</text>'
        for p in sizes
    ]
    return across + upright


def _curve(line: Line, colour: str, sizes: Sequence[int], values: Sequence[int]) -> str:
    places = [(_x(x, sizes), _y(y, values)) for x, y in line.points]
    if not places:
        return ""
    dots = "".join(f'<circle class="dot {colour}" cx="{x}" cy="{y}" r="3"/>' for x, y in places)
    joined = " ".join(f"{x},{y}" for x, y in places)
    x, y = places[-1]
    label = f'<text x="{x + 10}" y="{y + 4}">{escape(line.name)}: {line.points[-1][1]:,g}</text>'
    return f'<polyline class="line {colour}" points="{joined}"/>{dots}{label}'
