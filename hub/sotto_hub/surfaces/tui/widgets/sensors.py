"""Single sensors, to be closed or opened one by one: the private mode between listening and muted."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sotto_hub.surfaces.sensors import SENSORS, sensor_word
from sotto_hub.surfaces.tui.widgets.key_line import key_content


class Sensors(ModalScreen[str | None]):
    """Which sensor shall change; `None`: none. `closed`: what the devices have reported, sensor by sensor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(place), f"choose('{sensor}')", sensor) for place, sensor in enumerate(SENSORS, 1)),
        Binding("escape,q,n,s", "dismiss", "back"),
    ]

    DEFAULT_CSS = """
    Sensors { align: center middle; background: $background 60%; }
    Sensors > Vertical {
        width: 56; max-width: 100%; height: auto; max-height: 100%;
        background: $panel; border-left: thick $primary; padding: 1 2;
    }
    Sensors .question { text-style: bold; padding: 0 0 1 0; }
    Sensors .detail { color: $quiet; padding: 1 0; }
    """

    def __init__(self, closed: Mapping[str, bool]) -> None:
        super().__init__()
        self._reported = closed

    def compose(self) -> ComposeResult:
        """A line a sensor, and the keys."""
        with Vertical():
            yield Static(Content("Close or open one sensor on all devices"), classes="question")
            for place, sensor in enumerate(SENSORS, 1):
                yield Static(_line(place, sensor, self._reported.get(sensor, False)))
            yield Static(Content("The others stay as they are. m mutes everything."), classes="detail")
            yield Static(key_content((("1 2 3", "close or open"), ("esc", "back"))))

    def action_choose(self, sensor: str) -> None:
        """Closes with the choice."""
        self.dismiss(sensor)


def _line(place: int, sensor: str, closed: bool) -> Content:
    state = ("○ closed", "$warning") if closed else ("● not closed", "$success")
    return Content.assemble((f"{place}", "bold $primary"), f"  {sensor_word(sensor):<13} ", state)
