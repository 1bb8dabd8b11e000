"""Reads how old somebody is and what car somebody drives: both replace what was true before (pure).

Stands under `claims`. Every reader takes the plain line, the text as it was written, and who says it.
"""

import re
from typing import Final

from sotto_memory.keeping.claimed import ADVERBS, Claim, made
from sotto_memory.keeping.residence import PERSON, person
from sotto_memory.wording.plain import in_figures
from sotto_memory.wording.strays import MAKES

_WHEN: Final = r"(?: (?:today|yesterday|recently|(?:last|this) \w+|on \w+day|in \w+))?"
_AGE: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:(?:am|is){ADVERBS} (?P<is>[\w -]+?)(?: years? old{ADVERBS}| (?:now|already))"
    rf"|(?:have |has )?(?:just |recently )?(?:turned|turns) (?P<turned>[\w -]+?){_WHEN})"
)
_OLDEST: Final = 120
_CAR: Final = r"(?:(?!and\b)[\w-]+ ){0,3}?"
_DRIVES: Final = re.compile(rf"{PERSON}{ADVERBS} (?:drives?|(?:am|is){ADVERBS} driving) an? (?P<value>{_CAR}[\w-]+)")
_SOLD: Final = re.compile(
    rf"{PERSON}(?: have| has)?{ADVERBS} (?:sold (?:my|his|her|our|their|the) {_CAR}(?P<old>[\w-]+)(?: ,)?(?: and)?"
    rf"(?: (?:has|have|now))* (?:bought|got|has|drives?|leased)(?: (?:him|her|my)self)?"
    rf"|(?:traded(?: in)?|swapped|exchanged) (?:my|his|her|our|their|the) {_CAR}(?P<swapped>[\w-]+)(?: in)? for)"
    rf" an? (?P<value>{_CAR}[\w-]+)"
)


def aged(line: str, text: str, me: str) -> Claim | None:
    """Reads "Mila is seven years old", "my son turned eight"."""
    match = _AGE.fullmatch(line)
    owner = person(match["who"], me) if match else ""
    if match is None or not owner:
        return None
    figures = in_figures((match["is"] or match["turned"]).replace("-", " ").split())
    fits = len(figures) == 1 and figures[0].isdecimal() and 0 < int(figures[0][:4]) <= _OLDEST
    return made(f"{owner}/age", figures[0]) if fits else None


def drives(line: str, text: str, me: str) -> Claim | None:
    """Reads "Paul drives a Volvo", "Paul sold his Volvo and bought a white Skoda"."""
    match = _SOLD.fullmatch(line)
    if match and not {match["old"] or match["swapped"]} <= MAKES | {"car", "van"}:
        return None
    match = match or _DRIVES.fullmatch(line)
    owner = person(match["who"], me) if match else ""
    tokens = match["value"].split() if match and owner else []
    first = next((i for i, token in enumerate(tokens) if token in MAKES), None)
    return made(f"{owner}/car", " ".join(tokens[first:])) if first is not None else None
