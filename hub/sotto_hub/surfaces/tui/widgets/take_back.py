"""How much is taken back off the record: a choice of minutes, and the yes without which nothing goes."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sotto_hub.surfaces.tui.widgets.key_line import key_content

MINUTES: Final = (1, 5, 10, 30, 60)
USUAL: Final = 2
MINUTE_NS: Final = 60_000_000_000
GONE: Final = "Words, memories and suggestions of that time are erased for good. This cannot be undone."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What the wearer wants gone, and whether every byte shall be searched for it afterwards."""

    last_ns: int
    verify: bool


class TakeBack(ModalScreen[TakenBack | None]):
    """Asks; only `y` is yes, everything else that closes it is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n,escape,q", "answer(False)", "no"),
        Binding("left,down,h,j", "move(-1)", "less"),
        Binding("right,up,l,k", "move(1)", "more"),
        *(Binding(str(place), f"choose({place})", str(place)) for place in range(1, len(MINUTES) + 1)),
        Binding("v", "verify", "verify"),
    ]

    DEFAULT_CSS = """
    TakeBack { align: center middle; background: $background 60%; }
    TakeBack > Vertical {
        width: 62; max-width: 100%; height: auto; max-height: 100%;
        background: $panel; border-left: thick $warning; padding: 1 2;
    }
    TakeBack .question { text-style: bold; padding: 0 0 1 0; }
    TakeBack #minutes, TakeBack #search { padding: 0 0 1 0; }
    TakeBack .detail { color: $quiet; padding: 0 0 1 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.chosen = USUAL
        self.verify = False

    def compose(self) -> ComposeResult:
        """The question, the choice, what it means, and the keys."""
        with Vertical():
            yield Static(Content("Take back what was said, off the record?"), classes="question")
            yield Static(id="minutes")
            yield Static(Content(GONE), classes="detail")
            yield Static(id="search")
            yield Static(key_content((("← →", "how much"), ("y", "yes, take it back"), ("n", "no"))))

    def on_mount(self) -> None:
        """Shows the usual choice."""
        self._show()

    def action_choose(self, place: int) -> None:
        """The choice at this place, counted from one."""
        self.chosen = place - 1
        self._show()

    def action_move(self, step: int) -> None:
        """The next choice, up to either end."""
        self.chosen = min(max(self.chosen + step, 0), len(MINUTES) - 1)
        self._show()

    def action_verify(self) -> None:
        """Turns the search on or off."""
        self.verify = not self.verify
        self._show()

    def action_answer(self, yes: bool) -> None:
        """Closes with the answer."""
        taken = TakenBack(last_ns=MINUTES[self.chosen] * MINUTE_NS, verify=self.verify)
        self.dismiss(taken if yes else None)

    def _show(self) -> None:
        words = [_choice(minutes, place == self.chosen) for place, minutes in enumerate(MINUTES)]
        self.query_one("#minutes", Static).update(Content.assemble("the last ", *words, "minutes"))
        box = "[×]" if self.verify else "[ ]"
        search = Content.assemble(("v", "bold $primary"), f" {box} ", ("then search every byte for it", "$quiet"))
        self.query_one("#search", Static).update(search)


def _choice(minutes: int, chosen: bool) -> tuple[str, str]:
    return (f"[{minutes}] ", "bold $warning") if chosen else (f" {minutes}  ", "$quiet")
