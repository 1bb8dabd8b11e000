"""The ledger over the whole screen, asked for again and again while it is open."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from sotto_hub.errors import HubError
from sotto_hub.surfaces.tui.books import Books, book_rows, verdict
from sotto_hub.surfaces.tui.hanging import row
from sotto_hub.surfaces.tui.widgets.key_line import key_content
from sotto_hub.surfaces.tui.widgets.sheet import Sheet

EXPLAINED: Final = "captured = committed + silent + muted + lost   (seconds, or h:mm:ss)"


class LedgerView(ModalScreen[None]):
    """What became of every captured millisecond. `fetch` asks the hub, every so many seconds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,L", "dismiss", "back"),
        Binding("up,k", "scroll('up')", "up"),
        Binding("down,j", "scroll('down')", "down"),
        Binding("pageup", "scroll('page_up')", "older", priority=True),
        Binding("pagedown", "scroll('page_down')", "newer", priority=True),
    ]

    DEFAULT_CSS = """
    LedgerView { align: center middle; background: $background; }
    LedgerView > Vertical { width: 100%; max-width: 84; height: 100%; padding: 1 2; }
    LedgerView #explained { color: $quiet; padding: 0 0 1 0; }
    LedgerView #verdict { padding: 0 0 1 0; }
    LedgerView VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, fetch: Callable[[], Awaitable[Books]], every_s: float) -> None:
        super().__init__()
        self._fetch = fetch
        self._every_s = every_s
        self.shown = Books()

    def compose(self) -> ComposeResult:
        """The verdict, the books, the keys."""
        with Vertical():
            yield Sheet(id="verdict")
            with VerticalScroll(can_focus=False):
                yield Sheet(id="books")
            yield Static(EXPLAINED, id="explained")
            yield Static(key_content((("↑ ↓", "scroll"), ("esc", "back"))))

    def on_mount(self) -> None:
        """Begins to ask."""
        self._show(self.shown)
        self.run_worker(self._follow(), name="ledger")

    async def _follow(self) -> None:
        while True:
            try:
                self._show(await self._fetch())
            except HubError as error:
                trouble = f"{error.sentence[:1].upper()}{error.sentence[1:]}; this is how it stood last."
                self._show(replace(self.shown, trouble=trouble))
            await asyncio.sleep(self._every_s)

    def _show(self, books: Books) -> None:
        self.shown = books
        words, role = verdict(books)
        self.query_one("#verdict", Sheet).show([row(words=words, role=role)])
        self.query_one("#books", Sheet).show(book_rows(books))

    def action_scroll(self, how: str) -> None:
        """Scrolls."""
        view = self.query_one(VerticalScroll)
        moves = {"up": view.scroll_up, "down": view.scroll_down, "page_up": view.scroll_page_up}
        moves.get(how, view.scroll_page_down)(animate=False)
