"""Where the wearer asks: one line, entered with `/`, left with escape."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class AskBox(Horizontal):
    """One line to ask in. Posts `Asked`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave", show=False)]

    DEFAULT_CSS = """
    AskBox { height: 1; padding: 0 2; background: $surface; }
    AskBox Static { width: 2; color: $primary; text-style: bold; }
    AskBox Input { width: 1fr; border: none; height: 1; padding: 0; background: $surface; }
    AskBox Input:focus { border: none; background: $surface; background-tint: transparent; }
    """

    class Asked(Message):
        """A question was asked."""

        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    def compose(self) -> ComposeResult:
        """A prompt and a field."""
        yield Static("›")
        yield Input(placeholder="/ asks: what was said, promised, decided?", compact=True, select_on_focus=False)

    def enter(self) -> None:
        """Puts the cursor into the field."""
        self.query_one(Input).focus()

    def action_leave(self) -> None:
        """Gives the keys back to the screen; what was typed stays."""
        self.screen.set_focus(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Passes the question on and empties the field."""
        event.stop()
        question = event.value.strip()
        self.action_leave()
        if question:
            event.input.value = ""
            self.post_message(self.Asked(question))
