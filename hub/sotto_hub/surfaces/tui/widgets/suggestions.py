"""Suggestions as cards with their reason: the chosen one open, with its keys; answered ones in one line."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from sotto_hub.surfaces.tui.hanging import BLANK, NO_BREAK, Piece, Row, fitting, lines, row
from sotto_hub.surfaces.tui.local_time import clock
from sotto_hub.surfaces.tui.rows import Card, Verdict
from sotto_hub.surfaces.tui.screen_state import Screen
from sotto_hub.surfaces.tui.widgets.sheet import Sheet

SIGNS: Final = {
    Verdict.ACCEPTED: "✓",
    Verdict.EDITED: "✓",
    Verdict.LATER: "↻",
    Verdict.DISMISSED: "–",
    Verdict.NEVER: "⊘",
}
TIME_CELLS: Final = 7
MAX_OTHERS: Final = 6
MAX_EVIDENCE: Final = 4
KEYS: Final = (("a", "accept"), ("d", "dismiss"), ("l", "later"), ("n", "never"), ("w", "why"))


def card_rows(screen: Screen, card: Card) -> list[Row]:
    """The chosen suggestion: words, reason, what it rests on when asked, and the keys that answer it (pure)."""
    margin = ("", "dim", TIME_CELLS)
    rows = [row((clock(card.at_ns, screen.where), "dim", TIME_CELLS), words=card.text, role="strong")]
    if card.reason:
        rows.append(row(margin, words=card.reason, role="dim"))
    if screen.unfolded == card.id:
        rows += _evidence_rows(screen, card)
    return [*rows, _keys_row()]


def _evidence_rows(screen: Screen, card: Card) -> list[Row]:
    margin = ("", "dim", TIME_CELLS)
    evidence = screen.evidence(card)
    rows = [
        row(margin, (clock(e.at_ns, screen.where) if e.at_ns else "", "dim", TIME_CELLS), words=e.text)
        for e in evidence[:MAX_EVIDENCE]
    ]
    more = len(evidence) - MAX_EVIDENCE
    if more > 0:
        rows.append(row(margin, words=f"and {more} more", role="dim"))
    return rows or [row(margin, words="It names nothing that it rests on.", role="dim")]


def _keys_row() -> Row:
    pieces: list[Piece] = []
    for key, name in KEYS:
        gap = "" if key == KEYS[-1][0] else "\u2002"  # a space that does not break
        pieces += [Piece(text=f"{key}{NO_BREAK}", role="key"), Piece(text=f"{name}{gap}", role="dim")]
    return Row(cells=((Piece(text="", role="dim"), TIME_CELLS),), words=tuple(pieces))


def other_rows(screen: Screen) -> list[Row]:
    """Other open suggestions, then the answered ones, newest first (pure)."""
    where = screen.where
    waiting = [c for c in screen.open_cards if c.id != screen.chosen]
    rows = [row((clock(c.at_ns, where), "dim", TIME_CELLS), words=c.text) for c in waiting]
    done = screen.answered_cards
    rows += [
        row(
            (clock(c.at_ns, where), "dim", TIME_CELLS),
            words=f"{SIGNS[c.verdict]} {c.verdict.value}: {c.text}",
            role="dim",
        )
        for c in done
    ]
    return rows


class Suggestions(VerticalScroll, can_focus=False):
    """The card that keys act on, and the others below it."""

    DEFAULT_CSS = """
    Suggestions { height: auto; padding: 0 1; scrollbar-size: 0 0; }
    Suggestions #card { border-left: thick $primary; background: $surface; }
    Suggestions #card.-none { display: none; }
    Suggestions #others { padding: 0 0 0 1; }
    """

    def compose(self) -> ComposeResult:
        """The chosen card above the others."""
        yield Sheet(id="card")
        yield Sheet(id="others")

    def show(self, screen: Screen, room: int) -> None:
        """Shows the chosen suggestion, and of the others what fits whole into so many lines with it."""
        chosen = screen.chosen_card
        width = self.scrollable_content_region.width
        rows = card_rows(screen, chosen) if chosen else []
        card = self.query_one("#card", Sheet)
        card.set_class(chosen is None, "-none")
        card.show(rows)
        left = room - len(lines(rows, width - 1)) - (1 if chosen else 0)
        self.query_one("#others", Sheet).show(_others(screen, width - 1, left))


def _others(screen: Screen, width: int, height: int) -> list[Row]:
    """What fits below the chosen one; where nothing does, at least how many more wait."""
    if not screen.cards:
        return [row(words="Nothing to suggest. Silence is the default.", role="dim")]
    others = other_rows(screen)
    fit = others[: min(fitting(others, width, height), MAX_OTHERS)]
    waiting = len(screen.open_cards)
    if waiting > 1 and len(fit) < waiting - 1:
        return [row(words=f"{waiting - 1} more: ↑ ↓", role="dim")]
    return [BLANK, *fit] if waiting and fit else fit
