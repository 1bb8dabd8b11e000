"""What a statement claims: which question it answers with one value (pure, immutable)."""

from dataclasses import dataclass
from typing import Final

from sotto_memory.keeping import values
from sotto_memory.limits import SHORT_CHARS

ADVERBS: Final = r"(?: (?:now|just|currently|recently|finally|still|both|actually|all))*"
"""Words that may stand anywhere in a claim and change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That the question `slot` is answered by `value` (in figures and small letters); `ends`: no longer."""

    slot: str
    value: tuple[str, ...]
    ends: bool = False


def made(slot: str, value: str, *, ends: bool = False) -> Claim | None:
    """The claim of a slot and a value in plain words, None when either is nothing that can be kept."""
    normal = values.normal(value)
    return Claim(slot=slot, value=normal, ends=ends) if normal and len(slot) <= SHORT_CHARS else None
