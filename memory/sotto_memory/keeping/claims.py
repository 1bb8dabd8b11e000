"""Reads which question a statement answers with one value: "I live in Oslo" is `wearer/home`, "oslo" (pure).

Stands before `truth`: of two memories with one slot and different values, one at a time is true. A wrong claim closes
a true memory, so whatever is hedged, manifold, passing or in doubt makes none. `asked` reads the same slots in
questions, as the wearer asks them.
"""

import re
from typing import Final

from sotto_memory.keeping import ages, changes, holdings, residence, values
from sotto_memory.keeping.asked import asked
from sotto_memory.keeping.claimed import Claim
from sotto_memory.keeping.nouns import WEARER
from sotto_memory.keeping.turns import latest
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.wording import relations
from sotto_memory.wording.plain import plain
from sotto_memory.wording.words import words

__all__ = ["Claim", "asked", "claim", "read"]

LONGEST_CHARS: Final = 300
"""A longer statement says more than one thing."""

_KINDS: Final = frozenset({Kind.FACT, Kind.PREFERENCE, Kind.PERSON, Kind.PLACE})
_MAY_CLAIM: Final = re.compile(
    r"\b(?:liv(?:e|es|ing)|moved|relocated|settled|works?|working|employed|job|started|changed|switched|updated|is|are"
    r"|will be|has|have|got|found|takes|starts|begins|lies|hangs|put|left|hid|keep|store[sd]?|was|were|became|reset"
    r"|set|turn(?:s|ed)|drives?|driving|sold|bought|traded|swapped|reach|call|phone|ring|reached|moves|replaced|took|taken|quit|left|lost|gave"
    r"|stopped|resigned|fired|laid|become|promoted|goes?|going|joined|leaves|departs|meets|been|save|note|write|take)\b|\b(?:it|he|she)s\b|n['’]t\b|['’](?:[ms]|[rv]e)\b",
    re.IGNORECASE,
)
_SPOILS: Final = re.compile(relations.SPOILS)
_GOES_ON: Final = re.compile(r" and (?:i|my|we|our|he|she|it|the|this|that|they|is|then|you)\b")
_ABOUT_SUBJECT: Final = re.compile(r"^(?:(?:he|she|they) |(?=(?:lives|works|moved|has moved|is living|is working) ))")
_READERS: Final = (
    residence.no_more,
    residence.quits,
    changes.not_mine,
    residence.lives,
    residence.at_home,
    residence.works,
    residence.titled,
    residence.belongs,
    changes.changed,
    changes.swapped,
    changes.replaced,
    holdings.called,
    holdings.got,
    holdings.put,
    holdings.reached,
    holdings.is_so,
    holdings.turned,
    ages.aged,
    ages.drives,
)


def claim(record: MemoryRecord) -> Claim | None:
    """What a memory claims, None when it claims nothing that one value answers. A slot that it has already stays."""
    found = read(record.text, me=me(record), subject=record.subject) if record.kind in _KINDS else None
    if record.slot and (found is None or found.slot != record.slot):
        return Claim(slot=record.slot, value=values.normal(record.text))
    return found


def me(record: MemoryRecord) -> str:
    """Who "I" is in a memory: the wearer, its subject, or nobody that is known."""
    return WEARER if record.source is Source.WEARER else " ".join(words(record.subject))


def read(text: str, *, me: str = WEARER, subject: str = "") -> Claim | None:
    """The claim of a statement by `me` ("wearer", a name, or empty) about `subject`, should it say "he" or "she"."""
    if len(text) > LONGEST_CHARS or not _MAY_CLAIM.search(text):
        return None
    line = plain(text)
    line = latest(_by_name(line, " ".join(words(subject))))
    if not line or _SPOILS.search(line) or _GOES_ON.search(line):
        return None
    return next((found for reader in _READERS if (found := reader(line, text, me))), None)


def _by_name(line: str, name: str) -> str:
    """The statement with its "she", or with nobody before its verb, as the subject's."""
    if not name:
        return line
    line = _ABOUT_SUBJECT.sub(f"{name} ", line)
    return re.sub(r"^(?:his|her|their)\b", f"{name}'s", line)
