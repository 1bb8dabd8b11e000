"""The top of the screen: the honest switch, the devices, the time of the hub, and one sentence below."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from sotto_hub.surfaces.tui.switch import Switch, Tone

_TONES = tuple(f"-{tone.value}" for tone in Tone)


class StatusLine(Vertical):
    """Switch, devices and time on one line; a sentence on the next."""

    DEFAULT_CSS = """
    StatusLine { height: auto; background: $surface; padding: 0 1; }
    StatusLine Horizontal { height: auto; max-height: 3; }
    StatusLine #switch { width: auto; padding: 0 1; text-style: bold; color: $background; background: $secondary; }
    StatusLine #switch.-good { background: $success; }
    StatusLine #switch.-warn { background: $warning; }
    StatusLine #switch.-bad { background: $error; }
    StatusLine #switch:nocolor { text-style: bold reverse; }
    StatusLine #devices { width: 1fr; padding: 0 2; color: $foreground; }
    StatusLine #clock { width: auto; color: $quiet; }
    StatusLine #notice { height: auto; max-height: 3; color: $quiet; padding: 0 1; }
    StatusLine #notice.-good { color: $success; }
    StatusLine #notice.-warn { color: $warning; }
    StatusLine #notice.-bad { color: $error; }
    """

    def compose(self) -> ComposeResult:
        """Two lines."""
        with Horizontal():
            yield Static(id="switch")
            yield Static(id="devices")
            yield Static(id="clock")
        yield Static(id="notice")

    def show_switch(self, switch: Switch, when: str) -> None:
        """The switch, and the time beside it."""
        self._put("#switch", f"{switch.sign} {switch.label}", switch.tone)
        self.query_one("#devices", Static).update(Content(switch.detail))
        self.query_one("#clock", Static).update(Content(when))

    def show_notice(self, sentence: str, tone: Tone) -> None:
        """The sentence."""
        self._put("#notice", sentence, tone)

    def _put(self, selector: str, text: str, tone: Tone) -> None:
        widget = self.query_one(selector, Static)
        widget.remove_class(*_TONES).add_class(f"-{tone.value}")
        widget.update(Content(text))
