"""Memories: commitments by the time they are due, then the others, newest first."""

from typing import Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from sotto_hub.surfaces.tui.hanging import Row, fitting, row
from sotto_hub.surfaces.tui.local_time import due, due_words, is_over
from sotto_hub.surfaces.tui.rows import Kept
from sotto_hub.surfaces.tui.screen_state import Screen
from sotto_hub.surfaces.tui.widgets.sheet import Sheet

SIGN_CELLS: Final = 2
MAX_WHEN_CELLS: Final = 20


def memory_rows(screen: Screen, width: int, height: int) -> list[Row]:
    """A sign, when it is due or what kind it is, and the words (pure). What fits whole, then how many more."""
    memories = screen.memories
    whens = [_when(k, screen) for k in memories]
    cells = min(max((cell_len(w) for w, _ in whens), default=0) + 2, MAX_WHEN_CELLS)
    rows = [_row(k, when, cells) for k, when in zip(memories, whens, strict=True)]
    fit = fitting(rows, width, height)
    if fit < len(rows):
        fit = fitting(rows, width, height - 1)
        more = f"{len(rows) - fit} more: sotto memory list"
        rows = [*rows[:fit], row(("", "dim", SIGN_CELLS), words=more, role="dim")]
    return rows or [row(words="Nothing kept yet.", role="dim")]


def _row(kept: Kept, when: tuple[str, str], cells: int) -> Row:
    sign, role = ("□", "words") if kept.is_open_commitment else ("✓" if kept.status == "done" else "·", "dim")
    pinned = " (pinned)" if kept.pinned else ""
    return row((sign, role, SIGN_CELLS), (*when, cells), words=kept.text + pinned)


def _when(kept: Kept, screen: Screen) -> tuple[str, str]:
    """When an open commitment is due, or what kind of memory it is, and the role of that cell."""
    if not kept.is_open_commitment:
        return (f"{kept.kind}, {kept.status}" if kept.status else kept.kind), "dim"
    when = due(kept.due, screen.where)
    if when is None:
        return "no date", "dim"
    over = screen.now_ns and is_over(when, screen.now_ns, screen.where)
    return due_words(when, screen.now_ns, screen.where) + (" !" if over else ""), "warn" if over else "key"


class Memories(VerticalScroll, can_focus=False):
    """What is kept, within the room there is."""

    DEFAULT_CSS = """
    Memories { height: auto; padding: 0 1 0 2; scrollbar-size: 0 0; }
    """

    def compose(self) -> ComposeResult:
        """One sheet."""
        yield Sheet(id="kept")

    def on_mount(self) -> None:
        """Nothing is known yet."""
        self._shown = Screen()
        self._room = 0

    def show(self, screen: Screen, room: int) -> None:
        """Shows the memories that fit whole into so many lines; 0: into the height that the layout gives."""
        self._shown, self._room = screen, room
        self._fit()

    def on_resize(self) -> None:
        """Fits again."""
        self._fit()

    def _fit(self) -> None:
        region = self.scrollable_content_region
        height = self._room or region.height
        self.query_one("#kept", Sheet).show(memory_rows(self._shown, region.width, height))
