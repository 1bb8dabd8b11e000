"""The answer to a question: it grows as it comes, and ends with what it rests on."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from sotto_hub.surfaces.tui.asking import Asking, Phase
from sotto_hub.surfaces.tui.hanging import Row, row
from sotto_hub.surfaces.tui.local_time import day_and_clock
from sotto_hub.surfaces.tui.screen_state import Screen
from sotto_hub.surfaces.tui.widgets.sheet import Sheet

SIGN_CELLS: Final = 3
WHEN_CELLS: Final = 20


def answer_rows(asking: Asking, screen: Screen) -> list[Row]:
    """Question, answer, citations (pure)."""
    rows = [row(("?", "key", SIGN_CELLS), words=asking.question, role="strong")]
    if asking.text:
        rows.append(row(("", "dim", SIGN_CELLS), words=asking.text + (" …" if asking.phase is Phase.ASKED else "")))
    if asking.note:
        rows.append(row(("", "dim", SIGN_CELLS), words=asking.note, role="warn"))
    rows += [
        row(
            ("", "dim", SIGN_CELLS),
            (day_and_clock(c.at_ns, screen.where) if c.at_ns else "", "dim", WHEN_CELLS),
            words=f"“{c.text}”",
            role="dim",
        )
        for c in asking.told_apart
    ]
    return rows


class AnswerPanel(VerticalScroll, can_focus=False):
    """Hidden until something is asked; escape hides it again."""

    DEFAULT_CSS = """
    AnswerPanel { height: auto; max-height: 50%; padding: 0 1 0 2; background: $surface;
        scrollbar-size-vertical: 1; border-title-background: $surface; }
    AnswerPanel.-none { display: none; }
    """

    def compose(self) -> ComposeResult:
        """One sheet."""
        yield Sheet(id="answer")

    def on_mount(self) -> None:
        """Nothing was asked yet."""
        self.add_class("-none")

    def show(self, asking: Asking | None, screen: Screen) -> None:
        """Shows the answer, or hides."""
        self.set_class(asking is None, "-none")
        self.query_one("#answer", Sheet).show(answer_rows(asking, screen) if asking else [])
