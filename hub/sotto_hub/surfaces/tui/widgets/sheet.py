"""A sheet of rows: hanging lines painted in the roles of the theme. Paints only the lines in view."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from sotto_hub.surfaces.tui.hanging import Line, Row, row_lines


class Sheet(Widget):
    """Rows with columns and hanging words. `show` replaces them; the height follows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"sheet--{r}" for r in ("words", "dim", "strong", "live", "mark", "good", "warn", "bad", "key")
    }

    DEFAULT_CSS = """
    Sheet { height: auto; width: 1fr; }
    Sheet > .sheet--words { color: $foreground; }
    Sheet > .sheet--strong { color: $foreground; text-style: bold; }
    Sheet > .sheet--dim { color: $quiet; }
    Sheet > .sheet--live { color: $quiet; text-style: italic; }
    Sheet > .sheet--mark { color: $warning; }
    Sheet > .sheet--good { color: $success; }
    Sheet > .sheet--warn { color: $warning; }
    Sheet > .sheet--bad { color: $error; text-style: bold; }
    Sheet > .sheet--key { color: $primary; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._rows: tuple[Row, ...] = ()
        self._lines: list[Line] = []
        self._lines_width = -1
        self._known: dict[Row, tuple[Line, ...]] = {}
        self._known_width = -1

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Shows these rows instead of what was there."""
        if tuple(rows) == self._rows:
            return
        height = len(self._lines)
        self._rows = tuple(rows)
        self._lines_width = -1
        changed = len(self._laid_out(self.size.width)) != height
        self.refresh(layout=changed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the rows need at this width."""
        return len(self._laid_out(width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All that there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """One line, painted."""
        laid_out = self._laid_out(self.size.width)
        base = self.rich_style
        if y >= len(laid_out):
            return Strip.blank(self.size.width, base)
        segments = [
            Segment(p.text, base + self.get_component_rich_style(f"sheet--{p.role}", partial=True))
            for p in laid_out[y]
        ]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _laid_out(self, width: int) -> list[Line]:
        if width != self._lines_width:
            known = self._known if width == self._known_width else {}
            # only rows that are shown stay known: words that were taken back are not kept here
            self._known = {r: known.get(r) or row_lines(r, width) for r in self._rows} if width > 0 else {}
            self._lines = [line for r in self._rows for line in self._known.get(r, ())]
            self._lines_width = self._known_width = width
        return self._lines
