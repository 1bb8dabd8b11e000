"""The footer: the keys that do something now."""

from typing import Final

from textual.content import Content
from textual.widgets import Static

Keys = tuple[tuple[str, str], ...]
GAP: Final = 3
TYPING: Final = (("enter", "ask"), ("esc", "back"))


def fitting_keys(keys: Keys, width: int) -> Keys:
    """The keys that fit whole on a line (pure): the last one, which leaves, stays longest."""
    while len(keys) > 1 and sum(len(k) + 1 + len(n) + GAP for k, n in keys) - GAP > width:
        keys = (*keys[:-2], keys[-1])
    return keys


def key_content(keys: Keys) -> Content:
    """Keys and what they do, on one line (pure)."""
    parts = [Content.assemble((key, "bold $primary"), (f" {name}", "$quiet")) for key, name in keys]
    return Content(" " * GAP).join(parts)


class KeyLine(Static):
    """One line of keys."""

    DEFAULT_CSS = """
    KeyLine { height: 1; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def show(self, *, muted: bool, typing: bool, answered: bool, choice: bool) -> None:
        """The keys for now: `m` says what it would do."""
        mute = [("m", "unmute")] if muted else [("m", "mute"), ("M", "10 min")]
        choose = [("↑ ↓", "choose")] if choice else []
        close = [("esc", "close")] if answered else []
        more = [("L", "ledger"), ("s", "sensors")]
        keys = (*mute, ("/", "ask"), ("o", "off the record"), *choose, *close, *more, ("q", "quit"))
        self.update(key_content(TYPING if typing else fitting_keys(keys, self.content_size.width)))
