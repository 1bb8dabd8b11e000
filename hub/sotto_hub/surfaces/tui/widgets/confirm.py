"""One question that must be answered before something is taken away."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sotto_hub.surfaces.tui.widgets.key_line import key_content


class Confirm(ModalScreen[bool]):
    """Asks; only `y` is yes, everything else that closes it is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n,escape,q", "answer(False)", "no"),
    ]

    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 60%; }
    Confirm > Vertical {
        width: 56; max-width: 100%; height: auto; max-height: 100%;
        background: $panel; border-left: thick $warning; padding: 1 2;
    }
    Confirm .question { text-style: bold; }
    Confirm .detail { color: $quiet; padding: 0 0 1 0; }
    """

    def __init__(self, question: str, detail: str) -> None:
        super().__init__()
        self._question = question
        self._detail = detail

    def compose(self) -> ComposeResult:
        """The question, what it means, and the keys."""
        with Vertical():
            yield Static(Content(self._question), classes="question")
            yield Static(Content(self._detail), classes="detail")
            yield Static(key_content((("y", "yes, take it back"), ("n", "no"))))

    def action_answer(self, yes: bool) -> None:
        """Closes with the answer."""
        self.dismiss(yes)
