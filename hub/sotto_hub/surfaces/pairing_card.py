"""What `sotto pair` shows while a code lives: the digits large, the QR beside them, and what to type (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sotto_hub.surfaces.digits import grouped, large

Paint = Callable[[str], str]
GAP: Final = 3
"""Cells between the QR and the words beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingCard:
    """One live code. `address`: HOST:PORT for others; `until`: a time of day; `may`: what a client may do."""

    digits: str = field(repr=False)
    address: str
    fingerprint: str
    until: str
    client: bool
    local: bool
    may: str = ""
    link: str = field(default="", repr=False)

    @property
    def command(self) -> str:
        """What is typed on the other machine."""
        return f"{'sotto' if self.client else 'sotto-device'} pair"


def facts(card: PairingCard) -> list[str]:
    """What stands below the digits: for whom, where, whose, how long."""
    kind = "a client" if card.client else "a device"
    rows = [
        ("code", f"{grouped(card.digits)}, for {kind}"),
        ("may", card.may),
        ("valid", f"once, until {card.until}"),
    ]
    rows += [("address", card.address), ("key", card.fingerprint)]
    return [f"{name:<8} {value}" for name, value in rows if value]


def steps(card: PairingCard) -> list[str]:
    """What to do on the other side."""
    typed = f"  {card.command} {card.address} {card.digits}"
    if card.local:
        alone = "The hub listens on this machine only; for others, start it with --listen 0.0.0.0:7443."
        return ["type on this machine:", typed, alone]
    where = "other machine" if card.client else "device"
    return [f"type on the {where}:", typed, f"  {card.command} {card.digits}   (in the same network)"]


def card_lines(card: PairingCard, qr: Sequence[str], width: int, paint: Paint = str) -> list[str]:
    """The whole card for a terminal so many cells wide: words beside the QR where there is room, else below.

    `paint`: gives the QR its own two colours, for a light terminal would turn it inside out.
    """
    words = [*large(card.digits), "", *facts(card)]
    side = max((len(line) for line in qr), default=0)
    if not qr or side + GAP + max(map(len, words)) > width:
        return ["", *map(paint, qr), *([""] if qr else []), *words, "", *steps(card)]
    top = (len(qr) - len(words)) // 2
    beside = [""] * max(top, 0) + words
    height = max(len(qr), len(beside))
    left = [*map(paint, qr), *[" " * side] * (height - len(qr))]
    right = [*beside, *[""] * (height - len(beside))]
    pairs = zip(left, right, strict=True)
    return [*(f"{a}{' ' * GAP}{b}" if b else a for a, b in pairs), *steps(card)]


def white_on_black(line: str) -> str:
    """A line in these two colours on any terminal (ECMA-48)."""
    return f"\x1b[97;40m{line}\x1b[0m"


def plain_lines(card: PairingCard) -> list[str]:
    """The same where nobody looks: no drawing."""
    link = [f"{'link':<8} {card.link}"] if card.link and not card.local else []
    return [*facts(card), *link, *steps(card)]
