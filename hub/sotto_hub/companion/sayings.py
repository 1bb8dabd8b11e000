"""What was heard that names a person, says some words or was said in a span of time: as memories are chosen (pure).

Stands beside `erasing`. A name or words are compared as the memory's library does it: without case and accents, a
name as words in a row, words in any order and with their common endings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sotto_hub.records import Suggestion, Utterance
from sotto_memory.selecting import folded, names, says_all

_APART: Final = "\x00"
"""Between two texts: no name reaches over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which memories: by one of these. `span`: from and to, Unix nanoseconds, the end not included."""

    id: str | None = None
    person: str | None = None
    span: tuple[int, int] | None = None
    query: str | None = None
    bin: bool = False


def words_meant(what: Selection) -> Callable[[str], bool] | None:
    """Whether a text is meant by the name or the words of a selection; `None` when it is made of neither.

    Raises `MemoryInputError` for a name or words that say nothing.
    """
    if what.person is not None:
        says = names(what.person)
    elif what.query is not None:
        says = says_all(what.query)
    else:
        return None
    return lambda text: says(folded(text))


def said_by(utterance: Utterance, what: Selection) -> str:
    """The text in which an utterance is looked for: its words, and for a person also who says them."""
    return f"{utterance.text}{_APART}{utterance.speaker or ''}" if what.person is not None else utterance.text


def offered_by(suggestion: Suggestion) -> str:
    """The text in which a suggestion is looked for: what it offers, and why."""
    return f"{suggestion.text}{_APART}{suggestion.reason}"
