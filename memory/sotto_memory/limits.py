"""What a record may hold: the bounds of every field, checked before anything is kept (pure).

Stands at the door: `records` calls it for every record that is made, so nothing out of bounds reaches the store.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sotto_memory.errors import MemoryInputError

TEXT_CHARS: Final = 10_000
"""Longest text of one memory."""
SHORT_CHARS: Final = 200
"""Longest id, subject, label, slot, doubt or name of a detail."""
DETAIL_CHARS: Final = 4_000
"""Longest value of one detail, and longest quote."""
LIST_ITEMS: Final = 1_000
"""Most evidence ids of one memory, and most details."""
STABILITY_MAX_DAYS: Final = 1e15
"""Longest stability: no use ever comes near."""
EXTRA_CHARS: Final = 20_000
"""Longest JSON of what a newer version added to one memory."""

_INT64: Final = 2**63
_MOST: Final = 2**31
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters other than tab and line feed, and halves of surrogate pairs."""


def check_text(name: str, text: str) -> None:
    """Refuses an empty text, one that is too long, and characters that are no text."""
    if not text.strip():
        raise MemoryInputError(f"{name}_empty", f"The {name} of a memory must not be empty.")
    check_words(name, text, TEXT_CHARS)


def check_words(name: str, text: str, longest: int = SHORT_CHARS) -> None:
    """Refuses what is too long, control characters and lone surrogates. The sentence never repeats the text."""
    if len(text) > longest:
        raise MemoryInputError(f"{name}_long", f"The {name} has {len(text):,} characters; {longest:,} is the most.")
    if found := _NO_TEXT.search(text):
        character = f"U+{ord(found[0]):04X} at {found.start()}"
        raise MemoryInputError(f"{name}_characters", f"The {name} holds {character}, which is not text.")


def check_ids(name: str, ids: Sequence[str]) -> None:
    """Refuses one text in place of a list, too many ids, and an id that is empty, too long or no text."""
    if isinstance(ids, str):
        raise MemoryInputError("ids_text", f"The ids in {name} must come as a list, not as one text.")
    if not isinstance(ids, Sequence):
        raise MemoryInputError("field_type", f"The ids in {name} must come as a list.")
    if len(ids) > LIST_ITEMS:
        raise MemoryInputError(f"{name}_many", f"The {name} has {len(ids):,} ids; {LIST_ITEMS:,} is the most.")
    for one in ids:
        check_id(name, one)


def check_id(name: str, text: str) -> None:
    """Refuses an id that is empty, too long or no text."""
    if not text.strip():
        raise MemoryInputError(f"{name}_empty", f"An id in {name} must not be empty.")
    check_words(name, text)


def check_texts(name: str, texts: Mapping[str, str]) -> None:
    """Refuses too many texts by name (details, quotes), and names and texts that are too long or no text."""
    if len(texts) > LIST_ITEMS:
        raise MemoryInputError(f"{name}_many", f"There are {len(texts):,} {name}; {LIST_ITEMS:,} is the most.")
    for one, words in texts.items():
        check_id(name, one)
        check_words(name, words, DETAIL_CHARS)


def check_times(**times_ns: int | None) -> None:
    """Refuses times that are no whole number, or do not fit 64 bits of nanoseconds (the years 1677 to 2262)."""
    for name, time_ns in times_ns.items():
        if time_ns is not None:
            check_time(name, time_ns)


def check_time(name: str, time_ns: int) -> None:
    """As `check_times`, for a time that cannot be left out."""
    if not isinstance(time_ns, int):
        raise MemoryInputError("time_type", f"The time {name} must be a whole number of nanoseconds.")
    if not -_INT64 <= time_ns < _INT64:
        raise MemoryInputError("time_range", f"The time {name} does not fit 64 bits of nanoseconds.")


def bounded(limit: int) -> int:
    """How many are wanted, as SQLite can count: none when less than none are."""
    return max(0, min(limit, _MOST))


def check_range(name: str, value: float, lowest: float, highest: float) -> None:
    """Refuses a number outside lowest..highest, and what is no number at all (NaN, a text)."""
    if not isinstance(value, int | float):
        raise MemoryInputError("field_type", f"The {name} must be a number.")
    if not lowest <= value <= highest:
        raise MemoryInputError(f"{name}_range", f"The {name} must be from {lowest:g} to {highest:g}.")
