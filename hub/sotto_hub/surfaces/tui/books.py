"""The ledger as rows of the screen: a line a stream, its sums in columns, what was lost and why below (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sotto_hub.surfaces.duration import HOUR_NS, say_exactly
from sotto_hub.surfaces.ledger import Entry, conclusion, entries, judgement
from sotto_hub.surfaces.tui.hanging import BLANK, Row, row
from sotto_hub.surfaces.tui.plain import plain
from sotto_proto.v1 import companion_pb2 as pb

COLUMNS: Final = ("captured", "committed", "silent", "muted", "lost")
NUMBER_CELLS: Final = 12
SENSOR_CELLS: Final = 12
SIGN_CELLS: Final = 2
MARGIN: Final = (("", "dim", SIGN_CELLS), ("", "dim", SENSOR_CELLS))
_HOUR_MS: Final = HOUR_NS // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The ledger at one time. `trouble`: why it is not the newest; empty when it is."""

    entries: tuple[Entry, ...] = ()
    trouble: str = ""
    known: bool = False

    @property
    def exact(self) -> bool:
        """Whether all of it balances."""
        return all(each.exact for each in self.entries)


def books(rows: Sequence[pb.LedgerRow], names: Mapping[str, str]) -> Books:
    """The ledger as the hub has it now. Every text in it is plain."""
    plain_names = {row.device_id: plain(names.get(row.device_id, row.device_id)) for row in rows}
    return Books(entries=tuple(entries(rows, plain_names)), known=True)


def verdict(shown: Books) -> tuple[str, str]:
    """What the whole comes to, and the role of that sentence."""
    if shown.trouble:
        return shown.trouble, "bad"
    if not shown.known:
        return "Asking the hub.", "dim"
    if not shown.entries:
        return "Nothing was captured yet.", "dim"
    return (f"✓ {conclusion(shown.entries)}", "good") if shown.exact else (f"✕ {conclusion(shown.entries)}", "bad")


def book_rows(shown: Books) -> list[Row]:
    """A heading a device and boot, then its streams."""
    rows: list[Row] = []
    for heading, streams in groupby(shown.entries, lambda e: f"{e.device}, boot {e.boot}"):
        cells = [*MARGIN, *((_right(name), "dim", NUMBER_CELLS) for name in COLUMNS)]
        rows += [*([BLANK] if rows else []), row(words=heading, role="strong"), row(*cells)]
        rows += [line for each in streams for line in _entry_rows(each)]
    return rows


def _entry_rows(each: Entry) -> Iterator[Row]:
    long = each.captured_ms >= _HOUR_MS
    spans = [each.captured_ms, *(each.parts[name] for name in COLUMNS[1:])]
    roles = ["words", "words", "words", "words", "warn" if each.parts["lost"] else "words"]
    numbers = [
        (_right(say_exactly(ms, long=long)), role, NUMBER_CELLS) for ms, role in zip(spans, roles, strict=True)
    ]
    sign = ("✓", "good", SIGN_CELLS) if each.exact else ("✕", "bad", SIGN_CELLS)
    yield row(sign, (each.sensor, "key", SENSOR_CELLS), *numbers)
    for words, ms in each.reasons.items():
        yield row(*MARGIN, words=f"lost {say_exactly(ms, long=long)}: {plain(words)}", role="warn")
    if waiting := each.parts.get("waiting", 0):
        yield row(*MARGIN, words=f"and {say_exactly(waiting, long=long)} received, not yet decided", role="dim")
    if not each.exact:
        yield row(*MARGIN, words=judgement(each), role="bad")


def _right(text: str) -> str:
    """The text at the right end of its cell, a space before the next."""
    return text.rjust(NUMBER_CELLS - 1)
