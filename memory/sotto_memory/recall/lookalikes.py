"""Whether a memory that holds no slot may still tell the one value that a question asks for (pure).

Stands beside `certainty`. "Carla can't stand cat hair" has the words of "What is Carla's cat called?" and no answer:
what is asked for is said to be somebody's, lived in or worked at, or the row only looks alike.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sotto_memory.keeping.nouns import SHARED, WEARER
from sotto_memory.wording import relations
from sotto_memory.wording.words import root, words

_RELATIONS: Final = {
    "home": r"\b(?:live|lives|living|lived|moved|home|flat|house|based|settled|from|in)\b",
    "work": r"\b(?:works?|working|worked|job|employed|employer|career|started|joined|hired)\b.*"
    r" (?:at|for|in|as|with|by|of)\b",
}
"""How else it may be said that somebody lives or works somewhere."""
_HAS: Final = r"(?:has|have|had|got|owns?|drives?|goes|go|went|attends?|attended|studies|studied|uses?|bought|chose)"
_SAID_SO: Final = {"phone-number": r"(?:number|phone|mobile)", "mobile-number": r"(?:number|phone|mobile)"}


def may_tell(text: str, subject: str, slots: Sequence[str]) -> bool:
    """Whether a text, by or about `subject`, may tell the value of any of these slots."""
    line = " ".join(text.casefold().replace("’", "'").split())
    by = " ".join(words(subject))
    asked = slots[0].partition("/")[0] if slots else ""
    return any(_found(slot, by, line) for slot in slots if slot.startswith(f"{asked}/"))


def _found(slot: str, by: str, line: str) -> bool:
    owner, name = _parted(slot)
    said, mine = _patterns(owner, name)
    return bool(said.search(line)) or (by == owner and bool(mine.search(line)))


def _parted(slot: str) -> tuple[str, str]:
    """Whose, and what: without the sides of a home or an event."""
    owner, _, name = slot.partition("/")
    kept = [part for part in name.split("/") if part not in ("time", "day", "place", "address", "country")]
    kept = [part.removesuffix("-name") for part in kept or name.split("/")]
    kept = kept[:-1] if len(kept) > 1 and kept[-1] == "name" else kept
    return (owner, kept[0]) if len(kept) == 1 else (kept[-2], kept[-1])


def _any_of(word: str) -> str:
    """A word and those that mean the same, as a pattern of their beginnings."""
    same = [other for other, one in relations.SAME_NOUN.items() if one == word]
    return f"(?:{'|'.join(re.escape(root(one)) for one in (word, *same))})"


@lru_cache(maxsize=256)
def _patterns(owner: str, name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How it is said of the owner, and how the owner says it."""
    own = r"(?:my|our|i|we|i'm|we're|i've)"
    who = own if owner == WEARER else _any_of(owner)
    if name in _RELATIONS:
        return re.compile(rf"\b{who}\b.*{_RELATIONS[name]}"), re.compile(_RELATIONS[name])
    thing = _SAID_SO.get(name) or rf"\b{_any_of(name.rsplit('-', maxsplit=1)[-1])}"
    mine = rf"\b(?:my|our)\b(?: [\w']+){{0,3}} {thing}|\b(?:i|we|i've) (?:\w+ )?{_HAS}\b.*{thing}"
    if owner == SHARED:
        first = root(name.split("-", maxsplit=1)[0])
        return re.compile(rf"\b{re.escape(first)}.*{thing}|{thing}.*\b{re.escape(first)}|{thing}"), re.compile(mine)
    if owner == WEARER:
        return re.compile(mine), re.compile(mine)
    theirs = rf"\b{who}'?s(?: [\w']+){{0,3}} {thing}|\b{who} (?:\w+ )?{_HAS}\b.*{thing}"
    theirs += rf"|{thing}.* (?:of|for|is|was) {who}\b"
    return re.compile(theirs), re.compile(mine)
