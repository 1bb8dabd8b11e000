"""Whose thing, and which: "my sister's phone number" is `wearer/sister/phone-number` (pure).

Stands under `claims`. Owners are "wearer", "the" for what is shared ("the alarm code", and what the wearer calls
"ours"), a person by name, and somebody's kin: "wearer/sister", "anna/boss".
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sotto_memory.wording import relations, strays

WEARER: Final = "wearer"
SHARED: Final = "the"

_LONGEST: Final = 4
"""Most words of one noun."""
_OF: Final = re.compile(r"^(?:the|my|our) (?P<noun>[\w' ]+?) (?:of|for|to) (?P<owner>(?:the |my |our )?[\w' ]+)$")
_BARE: Final = frozenset({"code", "combination", "login", "number", "plate", "password", "passcode", "passphrase"})
"""Nouns of which there are many; alone they name none."""
_JOB_TITLE: Final = "job title"
_BARE_SHARED: Final = _BARE | {"username"}


_EACH: Final = frozenset(
    {"every", "each", "such", "the", "my", "our", "his", "her", "their", "your", "its", "last", "first"}
)
"""What stands before one event of many."""


_PERSONAL: Final = "|".join(sorted(relations.ROLES))
LOOSE: Final = (
    r"(?!my |our |the |new )[^\W\d_]{2,}[^\W\d_su]s (?:new )?"
    rf"(?:(?:phone |mobile )?number|birthday|e ?mail(?: address)?|address|{_PERSONAL})"
)
"""A name with its apostrophe left out, and what a person has one of."""


class Sort(StrEnum):
    """What kind of value a noun has."""

    ROLE = "role"
    FAVOURITE = "favourite"
    CODE = "code"
    ATTRIBUTE = "attribute"
    EVENT = "event"
    THING = "thing"
    OPEN = "open"
    """Not known to hold one value at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A thing and its owner, in plain words."""

    owner: str
    words: tuple[str, ...]

    @property
    def slot(self) -> str:
        """The name of the question that it answers."""
        return f"{self.owner}/{'-'.join(self.words)}"

    @property
    def sort(self) -> Sort:
        """What kind of value it has."""
        return next((sort for sort, holds in _SORTS.items() if holds(self)), Sort.OPEN)


def noun(text: str, me: str) -> Noun | None:
    """The noun of a phrase in plain words. `me`: who says "my", empty when nobody knows."""
    if text.startswith("new ") or _is_event_alone(text.split()):
        text = f"the {text}"  # "choir practice", "new number for Tom"
    if match := _OF.fullmatch(text):
        return _of(match["noun"], match["owner"], me)
    *owners, last = re.split(r"'s? ", text)
    if not owners:
        return _plural_owner(text, me) or _named_owner(text, me) or _own(text, me)
    owner = owner_of(owners[0], me) if len(owners) <= 2 else ""
    if not owner and len(owners) == 1:
        return _own(f"{owners[0]} {last}", me)  # "my locker's code" is my locker code
    if len(owners) == 2:
        owner = f"{owner}/{_kin(owners[1])}" if owner and _kin(owners[1]) else ""
    return _made(owner, last.split())


def owner_of(text: str, me: str) -> str:
    """Who "my sister", "anna", "uncle bob" is; empty when it is nobody's name."""
    text = text.removesuffix("'s").removesuffix("'")
    first, _, rest = text.partition(" ")
    if first in ("my", "our"):
        return f"{me}/{_kin(rest)}" if me and _kin(rest) else ""
    tokens = text.split()
    if not 1 <= len(tokens) <= 2 or relations.NOBODY.intersection(tokens) or first in ("a", "an", "the"):
        return ""
    return text if all(token.isalpha() for token in tokens) else ""


def _is_event_alone(tokens: list[str]) -> bool:
    """Whether these are the words of an event that needs no article: "choir practice"."""
    if not 2 <= len(tokens) <= 3 or tokens[-1] not in relations.EVENTS or not all(map(str.isalpha, tokens)):
        return False
    return tokens[0] not in _EACH and not (relations.NOBODY | relations.NO_PLACE).intersection(tokens)


def _kin(text: str) -> str:
    tokens = [relations.SAME_NOUN.get(word, word) for word in text.split() if word not in relations.PASSED_OVER]
    return tokens[0] if len(tokens) == 1 and tokens[0] in relations.KIN | relations.PETS else ""


def _own(text: str, me: str) -> Noun | None:
    whose, _, rest = text.partition(" ")
    owner = {"my": me, "our": SHARED if me == WEARER else me, "the": SHARED}.get(whose, "")
    return _made(owner, rest.split())


def _plural_owner(text: str, me: str) -> Noun | None:
    """Recognisers leave the apostrophe out: "my sisters phone number"."""
    whose, *tokens = text.split() or [""]
    if whose not in ("my", "our") or len(tokens) < 2 or not tokens[0].endswith("s"):
        return None
    return _made(owner_of(f"my {tokens[0][:-1]}", me), tokens[1:])


def _named_owner(text: str, me: str) -> Noun | None:
    """Such as "annas number": only what belongs to one person shows that it is a name."""
    if not re.fullmatch(rf"(?:new )?{LOOSE}", text):
        return None
    whose, *tokens = text.split()
    return None if whose in strays.GUESTS else _made(owner_of(whose[:-1], me), tokens)


def _of(thing: str, owner: str, me: str) -> Noun | None:
    """Such as "the code for the alarm" is the alarm code, "the number of my dentist" the dentist's number."""
    whose, _, rest = owner.partition(" ")
    if whose == "the":
        return _made(SHARED, [*rest.split(), *thing.split()])
    if found := owner_of(owner, me):
        return _made(found, thing.split())
    if "'s " in owner:
        return noun(f"{owner}'s {thing}", me)
    return _own(f"{owner} {thing}", me) if whose in ("my", "our") else None


def _made(owner: str, tokens: list[str]) -> Noun | None:
    while tokens and tokens[0] in relations.PASSED_OVER:
        tokens = tokens[1:]
    words = [relations.SAME_NOUN.get(word, word) for word in tokens]
    if not owner or not words or len(words) > _LONGEST or relations.NOT_THIS_ONE.intersection(words):
        return None
    if not all(re.fullmatch(r"[^\W_]+", word) for word in words):
        return None
    phrase = " ".join(words)
    if phrase != "number" or owner != SHARED:
        phrase = relations.PHRASES.get(phrase, phrase)
    return _named(Noun(owner=owner, words=tuple(phrase.split())))


def _named(one: Noun) -> Noun:
    """Takes "my dentist's name" as asking who my dentist is."""
    owner, _, role = one.owner.rpartition("/")
    return Noun(owner=owner, words=(role,)) if one.words == ("name",) and role in relations.ROLES and owner else one


def _is_role(one: Noun) -> bool:
    return one.words[-1] in relations.ROLES and len(one.words) <= 2


def _is_favourite(one: Noun) -> bool:
    last = one.words[-1]
    plural = last.endswith("s") and not last.endswith("ss") and last != "series"
    return one.words[0] == "favourite" and len(one.words) > 1 and last != "thing" and not plural


def _is_code(one: Noun) -> bool:
    bare = _BARE_SHARED if one.owner == SHARED else _BARE
    return one.words[-1] in relations.CODES and not (len(one.words) == 1 and one.words[0] in bare)


def _is_attribute(one: Noun) -> bool:
    phrase = " ".join(one.words)
    sized = one.words[-1] in ("size", "type", "group")
    of_many = "/" in one.owner and one.owner.rpartition("/")[2] not in relations.PETS
    if one.owner == SHARED or (phrase == "name" and of_many):
        return False
    return phrase in relations.SIZED if sized else phrase in relations.ATTRIBUTES or phrase == _JOB_TITLE


def _is_event(one: Noun) -> bool:
    return one.words[-1] in relations.EVENTS and len(one.words) <= 3


def _is_thing(one: Noun) -> bool:
    return one.words[-1] in relations.THINGS and len(one.words) <= 3


_SORTS: Final = {
    Sort.FAVOURITE: _is_favourite,
    Sort.ROLE: _is_role,
    Sort.CODE: _is_code,
    Sort.ATTRIBUTE: _is_attribute,
    Sort.EVENT: _is_event,
    Sort.THING: _is_thing,
}
