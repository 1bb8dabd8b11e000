"""Reads that a thing with one value has another one now: "they changed the door code to 4471" (pure).

Stands under `claims`, beside `holdings`. Every reader takes the plain line, the text as it was written, and who says
it.
"""

import re
from typing import Final

from sotto_memory.keeping.claimed import ADVERBS, Claim, made
from sotto_memory.keeping.holdings import NOUN, SINGLE, THE_NEW, preposed, valued
from sotto_memory.keeping.nouns import Noun, Sort, noun
from sotto_memory.keeping.residence import PERSON, person

_CHANGED: Final = re.compile(
    rf"(?:i|we|they){ADVERBS}(?: have)?{ADVERBS} (?:changed|switched|updated|reset|set|moved|replaced)"
    r" (?P<noun>(?:my|our|the|\w+'s) [\w' ]+?)"
    rf" (?:(?:from [\w' ]+ )?to|(?:, )?{THE_NEW}) (?P<value>.+)"
)
_HAS_CHANGED: Final = re.compile(rf"{NOUN}(?: has| have| was)?(?: been)? changed (?:, )?{THE_NEW} (?P<value>.+)")
_SWAPPED: Final = re.compile(
    rf"{PERSON}{ADVERBS}(?: have| has)?{ADVERBS} (?:changed|switched) (?P<noun>\w+)s (?:, )?(?:and )?"
    r"(?:(?:i|we|he|she) (?:am|are|is|go|goes)(?: now)?(?: (?:at|with|to))?|it is(?: now)?|my new one is)"
    r" (?P<value>.+)"
)
_DIGITS: Final = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_HERE: Final = re.compile(
    r"(?:here is|this is|save|note down|write down|take down|note) (?P<noun>(?:my|\w+'s) [\w ]*?"
    r"(?:number|code|pin|password|address|email))(?: ,)?"
    rf" (?:is )?(?P<value>(?=.*(?:\d|\b(?:at|{_DIGITS})\b)).+)"
)
_REPLACED: Final = re.compile(
    r"(?P<value>[\w' ]+?)(?: has)? (?:replaced [\w' ]+?|(?:taken|took) over(?: from [\w' ]+?)?)"
    r" as (?P<noun>(?:my|our|\w+'s) (?:new )?\w+)(?: now)?"
)
_THEIRS: Final = re.compile(
    rf"{PERSON}(?: has)?{ADVERBS} (?:changed|switched|updated) (?:his|her|their) (?P<noun>[\w ]+?) to (?P<value>.+)"
)
_SWITCHED: Final = re.compile(
    rf"(?:i|we){ADVERBS}(?: have)?{ADVERBS} (?:changed|switched|moved) to (?P<value>.+?)"
    r" as (?P<noun>(?:my|our) [\w ]+?)(?: now)?"
)
_NOT_MY: Final = re.compile(
    r"(?P<value>[\w' ]+?) is (?:no longer (?P<noun>(?:my|our|the|\w+'s) [\w' ]+?)"
    r"|not (?P<also>(?:my|our|the|\w+'s) [\w' ]+?) anymore)(?: now)?"
)
_MY_NOT: Final = re.compile(
    r"(?P<noun>(?:my|our|the|\w+'s) [\w' ]+?) is (?:no longer (?P<value>[\w' ]+)|not (?P<also>[\w' ]+?) anymore)"
)


def changed(line: str, text: str, me: str) -> Claim | None:
    """Reads "they changed the alarm code to 4471", "our landlord has changed, it is Mrs Obi now"."""
    match = _THEIRS.fullmatch(line)
    if match is None:
        match = next((one for each in _OWN_CHANGES if (one := each.fullmatch(line))), None)
        return _anew(noun(match["noun"], me), match["value"], text) if match else None
    return _anew(_theirs(match, me), match["value"], text)


def swapped(line: str, text: str, me: str) -> Claim | None:
    """Reads "I switched dentists, it is Dr Berg now"."""
    match = _SWAPPED.fullmatch(line)
    found = _theirs(match, me) if match else None
    return _anew(found, match["value"], text) if match and found and found.sort is not Sort.EVENT else None


def replaced(line: str, text: str, me: str) -> Claim | None:
    """Reads "Eva replaced Martin as my boss"."""
    match = _REPLACED.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    return valued(found, match["value"], text) if match and found and found.sort is Sort.ROLE else None


def _theirs(match: re.Match[str], me: str) -> Noun | None:
    owner = person(match["who"], me)
    return noun(f"my {match['noun']}", owner) if owner else None


def _anew(found: Noun | None, value: str, text: str) -> Claim | None:
    if found is None or found.sort not in SINGLE | {Sort.EVENT}:
        return None
    return valued(found, preposed(value) if found.sort is Sort.EVENT else value, text)


def not_mine(line: str, text: str, me: str) -> Claim | None:
    """Reads "Dr Berg is no longer my dentist", "my boss is not Eva any more"."""
    match = _NOT_MY.fullmatch(line)
    if match and (found := noun(match["noun"] or match["also"], me)) and found.sort in SINGLE:
        return made(found.slot, match["value"], ends=True)
    match = _MY_NOT.fullmatch(line)
    if match and (found := noun(match["noun"], me)) and found.sort in SINGLE:
        return made(found.slot, match["value"] or match["also"], ends=True)
    return None


_OWN_CHANGES: Final = (_CHANGED, _SWITCHED, _HAS_CHANGED, _HERE)
