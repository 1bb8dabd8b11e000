"""Which memories are about a person, of a span of time, or say certain words: to look at, and then to erase.

Stands beside `erase`. Unlike recall, which ranks, this is complete: the archive, the past, the inbox and the bin are
looked through too, and every word that a memory holds counts, not only those in the full-text index. Words are
compared without case, accents and invisible characters. Rather one memory too many than one that is overlooked:
whoever erases can look first.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from sotto_memory.errors import MemoryInputError
from sotto_memory.limits import check_times, check_words
from sotto_memory.wording.words import STOP_WORDS, root

if TYPE_CHECKING:
    from sotto_memory.records import MemoryRecord
    from sotto_memory.store import Store

QUERY_CHARS: Final = 1_000
"""Longest query that is looked for."""

_SPOKEN: Final = ("text", "subject", "slot", "doubt", "label", "id")
_IN_JSON: Final = ("details", "quotes", "extra", "evidence")
_SAYINGS: Final = f"SELECT number, {', '.join((*_SPOKEN, *_IN_JSON))} FROM memories"  # noqa: S608  (our columns)
_CHOSEN: Final = "number IN (SELECT value FROM json_each(:numbers))"
_IN_SPAN: Final = """
(recorded_ns >= :from_ns AND recorded_ns < :to_ns) OR (valid_from_ns >= :from_ns AND valid_from_ns < :to_ns)
OR (kind = 'episode' AND valid_from_ns < :to_ns AND valid_until_ns > :from_ns)
"""
_WORD: Final = re.compile(r"[^\W_]+")
_OWNING: Final = re.compile(r"(?<=\w)['’‘ʼ´`]s\W*$")
_APART: Final = "\x00"
"""Between two fields: no text holds it, and no name reaches over it."""
_BETWEEN: Final = r"(?:[^\w\x00]|_)+"
_NO_SPACES: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts that write words without spaces, or with endings (Thai, Khmer, Japanese, Chinese, Korean …)."""

Says = Callable[[str], bool]


def about_person(store: "Store", name: str) -> list["MemoryRecord"]:
    """Every memory in which the name stands, oldest first. Raises MemoryInputError: person_empty, person_long, …"""
    return _saying(store, names(name))


def saying(store: "Store", query: str) -> list["MemoryRecord"]:
    """Every memory that says all words of the query that count, oldest first. Raises MemoryInputError: query_…"""
    return _saying(store, says_all(query))


def within(store: "Store", from_ns: int, to_ns: int) -> list["MemoryRecord"]:
    """Every memory of a span [from, to) of event time, oldest first. Raises MemoryInputError: time_range, time_order.

    A memory is of the span when it was learnt in it, or when what it tells began in it; an episode also when any of
    it happened in it. What began before and was merely true all along is not.
    """
    check_times(from_ns=from_ns, to_ns=to_ns)
    if to_ns < from_ns:
        raise MemoryInputError("time_order", "A span of time cannot end before it begins.")
    return store.chosen(_IN_SPAN, {"from_ns": from_ns, "to_ns": to_ns})


def names(name: str) -> Says:
    """Whether the words of a name stand one after the other in a folded text (pure).

    "Anna Berg" stands in "ANNA BERG's car" and in "anna_berg"; "Anna" stands in "Anna-Lena", but not in "Annabel".
    "Anna's" asks for Anna.
    """
    check_words("person", name)
    parts = _WORD.findall(_OWNING.sub("", folded(name)))
    if not parts:
        raise MemoryInputError("person_empty", "The name of a person must hold a word.")
    before = "" if _NO_SPACES.match(parts[0][0]) else r"(?<![^\W_])"
    after = "" if _NO_SPACES.match(parts[-1][-1]) else r"(?![^\W_])"
    pattern = re.compile(before + _BETWEEN.join(map(re.escape, parts)) + after)
    return lambda text: pattern.search(text) is not None


def says_all(query: str) -> Says:
    """Whether all words that count stand in a folded text, in any order and with common endings (pure)."""
    check_words("query", query, QUERY_CHARS)
    asked = set(_WORD.findall(folded(query)))
    asked = {word for word in asked if word not in STOP_WORDS} or asked
    if not asked:
        raise MemoryInputError("query_empty", "The query must hold a word.")
    inside = {word for word in asked if _NO_SPACES.search(word)}
    roots = {root(word) for word in asked - inside}
    return lambda text: (
        all(word in text for word in inside) and (not roots or roots <= {root(word) for word in _WORD.findall(text)})
    )


def folded(text: str) -> str:
    """A text without case, accents, compatibility forms and invisible characters (pure)."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", "".join(one for one in apart if not _is_mark(one)))


def leaves(value: Any) -> list[str]:
    """All names and values in what JSON can hold, as texts (pure)."""
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in leaves(one)]
    if isinstance(value, list):
        return [text for one in value for text in leaves(one)]
    return [str(value)]


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0 or unicodedata.category(character) == "Cf"


def _saying(store: "Store", says: Says) -> list["MemoryRecord"]:
    numbers = [row["number"] for row in store.scan(_SAYINGS) if says(_said(row))]
    return store.chosen(_CHOSEN, {"numbers": json.dumps(numbers)})


def _said(row: Mapping[str, Any]) -> str:
    """All words of a row, folded, field by field."""
    fields = [row[name] for name in _SPOKEN]
    for name in _IN_JSON:
        fields += _texts_of(row[name])
    return folded(_APART.join(fields))


def _texts_of(written: str) -> list[str]:
    """The texts in a JSON column. Most are short and plain: only escapes make it worth reading."""
    if written in {"{}", "[]"}:
        return []
    return leaves(json.loads(written)) if "\\" in written else written.split('"')
