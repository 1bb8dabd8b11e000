"""What may stand as the place where somebody lives, or has moved to (pure).

Stands under `residence`, beside `values`: a value that is no such place makes no claim.
"""

import re
from typing import Final

from sotto_memory.keeping import values
from sotto_memory.wording import calendar, relations, strays

_IN_TOWN: Final = re.compile(
    rf"^(?:(?:an?|our|my|his|her|their|the|some) (?:(?!in\b|of\b)[\w'-]+ ){{0,3}}?{strays.DWELLINGS}"
    r"(?: of (?:my|our|his|her|their) own)?(?: together)? (?:in|at|on)|the (?:city|town|village) of) (?!the\b)"
)
"""Such as "a small flat in", "a care home in": one lives in its town."""
_NO_HOME: Final = frozenset((*calendar.WEEKDAYS, *calendar.MONTHS, "winter", "summer", "autumn")) | strays.FEASTS
_TO_NO_TOWN: Final = (
    strays.TOOLS
    | strays.DEPARTMENTS
    | strays.LANGUAGES
    | strays.DRINKS_AND_HABITS
    | frozenset(calendar.WEEKDAYS)
    | {f"{day}s" for day in calendar.WEEKDAYS}
    | {"department", "team", "desk", "row", "shift", "plan", "half"}
)
_SHORT_PLACES: Final = frozenset({"uk", "us", "usa", "uae", "la", "nyc", "dc", "sf", "eu"})


def place(value: str, text: str) -> str:
    """The value as a place where one lives, else empty."""
    value = "" if values.MANIFOLD.search(value) else _IN_TOWN.sub("", values.trimmed(value))
    value = re.sub(r" with .*$", "", value)
    tokens = value.split()
    if tokens[:1] == ["town"] or "'s " in value:
        return ""
    if tokens[:1] == ["the"] and (len(tokens) > 3 or tokens[-1] not in relations.THE_PLACES):
        return ""
    bare = tokens[1:] if tokens[:1] == ["the"] else tokens
    if not 1 <= len(bare) <= 5 or bare[0] in relations.NO_PLACE or "and" in bare or bare[0].endswith("ing"):
        return ""
    if bare[0] in calendar.WEEKDAYS or (len(bare) == 1 and bare[0] in _NO_HOME):
        return ""
    return (
        value
        if not values.cased(text) or values.capital(bare[0], text) or bare[0].isdecimal() or tokens != bare
        else ""
    )


def town(value: str, text: str) -> str:
    """The value as somewhere that one moves to, to live there; else empty: one moves to Linux as well."""
    bare = values.trimmed(value)
    tokens = _IN_TOWN.sub("", bare).split()
    if _IN_TOWN.match(bare) or not tokens:
        return value if tokens else ""
    if (
        tokens[0] in strays.UNITS | strays.FEASTS
        or _TO_NO_TOWN.intersection((tokens[0], tokens[-1]))
        or len(tokens[-1]) == 1
    ):
        return ""
    street = any(token in relations.STREETS for token in tokens[1:])
    if not street and (values.figures_in(tokens) or re.search(r"(?:ify|soft|script|hub|ware|tube)$", tokens[-1])):
        return ""
    return "" if any(_shaped(token, text) for token in tokens) else value


def _shaped(token: str, text: str) -> bool:
    """Such as "GitHub", "HR": written as no town is, in a text that is not all in capitals."""
    found = re.search(rf"(?<!\w){re.escape(token)}(?!\w)", text, re.IGNORECASE)
    if found is None or text.isupper() or token in _SHORT_PLACES:
        return False
    return any(character.isupper() for character in found[0][1:] if not found[0].startswith("Mc"))
