"""The transcript: what was said, what is being said, and where the senses were off or the words taken back."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from sotto_hub.surfaces.tui.hanging import BLANK, Row, row
from sotto_hub.surfaces.tui.local_time import clock, day_name, local
from sotto_hub.surfaces.tui.rows import Mark, Said, Speaking
from sotto_hub.surfaces.tui.screen_state import Screen
from sotto_hub.surfaces.tui.widgets.sheet import Sheet

PAUSE_NS: Final = 120_000_000_000
"""A pause this long shows as a blank line."""

TIME_CELLS: Final = 7
MAX_SPEAKER_CELLS: Final = 12


def transcript_rows(screen: Screen) -> list[Row]:
    """Time, speaker or nothing, words (pure). The speaker column is there only when somebody is known."""
    where = screen.where
    names = [s.speaker for s in screen.heard if isinstance(s, Said)]
    speaker_cells = min(max((len(n) for n in names), default=0) + 2, MAX_SPEAKER_CELLS) if any(names) else 0
    rows: list[Row] = []
    before: Said | Mark | Speaking | None = None
    for each in (*screen.heard, *sorted(screen.speaking, key=lambda s: s.start_ns)):
        rows += _gap(before, each, where)
        rows.append(_row(each, _time(before, each, where), speaker_cells))
        before = each
    return rows or [row(words=_nothing_yet(screen), role="dim")]


def _nothing_yet(screen: Screen) -> str:
    return "Nothing heard yet." if screen.devices else "Nothing heard yet. Words appear here as they are said."


def _gap(before: Said | Mark | Speaking | None, each: Said | Mark | Speaking, where: tzinfo) -> list[Row]:
    """A blank line after a long pause, and the date where a new day begins."""
    day = local(each.start_ns, where).date()
    if before is None:
        return []
    if local(before.start_ns, where).date() != day:
        return [BLANK, row(("", "dim", TIME_CELLS), words=day_name(day), role="dim"), BLANK]
    return [BLANK] if each.start_ns - before.start_ns > PAUSE_NS else []


def _time(before: Said | Mark | Speaking | None, each: Said | Mark | Speaking, where: tzinfo) -> str:
    """The time, once a minute: what stands below it without one was said in the same minute."""
    now = clock(each.start_ns, where)
    if before is None or isinstance(each, Mark) or each.start_ns - before.start_ns > PAUSE_NS:
        return now
    return "" if clock(before.start_ns, where) == now else now


def _row(each: Said | Mark | Speaking, when: str, speaker_cells: int) -> Row:
    time = (when, "dim", TIME_CELLS)
    speaker = [("", "dim", speaker_cells)] if speaker_cells else []
    match each:
        case Mark():
            return row(time, *speaker, words=f"{each.sign} {each.text}", role="mark")
        case Speaking():
            return row(time, *speaker, words=f"{each.text} …", role="live")
        case Said():
            named: Sequence[tuple[str, str, int]] = [(each.speaker, "key", speaker_cells)] if speaker_cells else []
            return row(time, *named, words=each.text or "…")


class Transcript(VerticalScroll, can_focus=False):
    """Stays at the newest words, unless somebody scrolled up to read."""

    DEFAULT_CSS = """
    Transcript { height: 1fr; padding: 0 1 0 2; scrollbar-size-vertical: 1; }
    """

    def compose(self) -> ComposeResult:
        """One sheet."""
        yield Sheet(id="heard")

    def on_mount(self) -> None:
        """Begins at the end."""
        self.following = True

    def show(self, screen: Screen) -> None:
        """Shows what was heard."""
        self.query_one("#heard", Sheet).show(transcript_rows(screen))
        self._follow()

    def on_resize(self) -> None:
        """Keeps the newest words in view."""
        self._follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls up stops following; whoever comes back to the end follows again."""
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y

    def _follow(self) -> None:
        if self.following:
            self.scroll_end(animate=False, immediate=False)
