"""Reads what is said of a thing that has one value: "my dentist is Dr Berg", "the key is under the mat" (pure).

Stands under `claims`. Every reader takes the plain line, the text as it was written, and who says it.
"""

import re
from collections.abc import Callable
from typing import Final

from sotto_memory.keeping import values
from sotto_memory.keeping.claimed import ADVERBS, Claim, made
from sotto_memory.keeping.nouns import Noun, Sort, noun
from sotto_memory.keeping.residence import PERSON, person
from sotto_memory.wording import relations

_NOUN: Final = r"(?P<noun>(?:(?:my|our|the)\b|\w+(?: \w+)?'s? )[\w' ]*?)"
_CHANGES: Final = r"(?:moved|changed|switched|rescheduled|postponed|set|reset|updated)"
_IS: Final = re.compile(
    rf"{_NOUN} (?P<is>is|are|will be|takes place|starts|begins|lies|hangs"
    rf"|(?:(?:has|have|was|were)(?: now| just)?(?: been)?(?: now| just)? )?{_CHANGES} to){ADVERBS} (?P<value>.+)"
)
_CALLED: Final = re.compile(rf"{_NOUN} (?:is|are){ADVERBS} (?:called|named) (?P<value>.+)")
_GOT: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:have|has|got|found)(?: got| found)? an? (?P<new>new )?(?P<noun>\w+(?: \w+)?)"
    r"(?P<tells> (?:called|named)| ,(?: (?:it|he|she|(?:his|her|its|the) name) is)?(?: now)?) (?P<value>.+)"
)
_PUT: Final = re.compile(
    rf"(?:i|we){ADVERBS}(?: have)?{ADVERBS} (?:put|left|hid|hidden|keep|store|stored|moved)"
    r" (?P<noun>(?:my|our|the) [\w ]+?) (?P<value>(?:in|on|under|behind|inside|beside|next to|at|to)\b.+)"
)
_REACH: Final = re.compile(
    r"(?:you can (?:reach|call|phone|ring)|call|phone|ring) (?P<who>[\w' ]+?) (?:at|on|under) (?P<value>.+)"
    r"|(?P<reached>[\w' ]+?) can be (?:reached|called) (?:at|on|under) (?P<number>.+)"
)
_TURNED: Final = re.compile(
    rf"(?P<value>[\w' ]+?) (?:is|became|has become){ADVERBS} (?P<noun>(?:my|our|\w+'s) [\w ]+?)(?: now| these days)*"
)
_CHANGED: Final = re.compile(
    rf"(?:i|we){ADVERBS}(?: have)?{ADVERBS} (?:changed|switched|updated|reset|set)"
    r" (?P<noun>(?:my|our|the|\w+'s) [\w' ]+?)"
    r" (?:(?:from [\w' ]+ )?to|, (?:it|the new one) is(?: now)?) (?P<value>.+)"
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
_SINGLE: Final = frozenset({Sort.ROLE, Sort.FAVOURITE, Sort.CODE, Sort.ATTRIBUTE})
_VERBS: Final = {
    "is": frozenset(Sort),
    "are": frozenset(Sort),
    "will be": frozenset({Sort.EVENT}),
    "takes place": frozenset({Sort.EVENT}),
    "starts": frozenset({Sort.EVENT}),
    "begins": frozenset({Sort.EVENT}),
    "lies": frozenset({Sort.THING}),
    "hangs": frozenset({Sort.THING}),
}
"""Which nouns may stand before a verb; whatever else the pattern reads is "has been changed to"."""
_VALUES: Final[dict[Sort, Callable[[str, str], str]]] = {
    Sort.ROLE: values.name,
    Sort.FAVOURITE: lambda value, _: values.thing(value),
    Sort.ATTRIBUTE: lambda value, _: values.thing(value),
    Sort.CODE: lambda value, _: values.code(value),
}


def is_so(line: str, text: str, me: str) -> Claim | None:
    """Reads "my dentist is Dr Berg", "the meeting has been moved to five"."""
    match = _IS.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    if match is None or found is None:
        return None
    value, verb = match["value"], match["is"]
    if found.sort not in _VERBS.get(verb, _SINGLE | {Sort.EVENT}):
        return None
    changed = verb not in _VERBS and found.sort is Sort.EVENT
    return _valued(found, _preposed(value) if changed else value, text)


def called(line: str, text: str, me: str) -> Claim | None:
    """Reads "my dog is called Rex", "my boss is called Eva"."""
    match = _CALLED.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    return _of_name(found, match["value"], text) if match and found else None


def got(line: str, text: str, me: str) -> Claim | None:
    """Reads "Anna has a new number, it is 5512", "I have a new dentist called Dr Berg"."""
    match = _GOT.fullmatch(line)
    owner = person(match["who"], me) if match else ""
    if match is None or not owner or not (match["new"] or match["tells"] in (" called", " named")):
        return None
    found = noun(f"my {match['noun']}", owner)
    if found is None or found.sort not in (Sort.CODE, Sort.FAVOURITE):
        return _of_name(found, match["value"], text) if found else None
    return _valued(found, match["value"], text) if match["new"] else None


def put(line: str, text: str, me: str) -> Claim | None:
    """Reads "I put the spare key in the drawer"."""
    match = _PUT.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    if match is None or found is None or found.sort is not Sort.THING:
        return None
    return _valued(found, re.sub("^to ", "in ", match["value"]), text)


def reached(line: str, text: str, me: str) -> Claim | None:
    """Reads "you can reach Anna at 5512"."""
    match = _REACH.fullmatch(line)
    owner = person(match["who"] or match["reached"], me) if match else ""
    value = values.code(match["value"] or match["number"]) if match and owner else ""
    figures = "".join(values.normal(value)).isdecimal() if value else False
    return made(f"{owner}/phone-number", value) if figures else None


def turned(line: str, text: str, me: str) -> Claim | None:
    """Reads "Dr Berg is my dentist now", "green is my favourite colour"."""
    match = _TURNED.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    if match is None or found is None or found.sort not in (Sort.ROLE, Sort.FAVOURITE):
        return None
    return _valued(found, match["value"], text)


def changed(line: str, text: str, me: str) -> Claim | None:
    """Reads "I changed the alarm code to 4471", "I switched to Dr Berg as my dentist"."""
    if match := _THEIRS.fullmatch(line):
        owner = person(match["who"], me)
        found = noun(f"my {match['noun']}", owner) if owner else None
    else:
        match = _CHANGED.fullmatch(line) or _SWITCHED.fullmatch(line)
        found = noun(match["noun"], me) if match else None
    if match is None or found is None or found.sort not in _SINGLE:
        return None
    return _valued(found, match["value"], text)


def not_mine(line: str, text: str, me: str) -> Claim | None:
    """Reads "Dr Berg is no longer my dentist", "my boss is not Eva any more"."""
    match = _NOT_MY.fullmatch(line)
    if match and (found := noun(match["noun"] or match["also"], me)) and found.sort in _SINGLE:
        return made(found.slot, match["value"], ends=True)
    match = _MY_NOT.fullmatch(line)
    if match and (found := noun(match["noun"], me)) and found.sort in _SINGLE:
        return made(found.slot, match["value"] or match["also"], ends=True)
    return None


def _valued(found: Noun, value: str, text: str) -> Claim | None:
    """The claim of a noun and a value that suits it."""
    if found.sort is Sort.EVENT:
        side, value = values.facet(value)
        return made(f"{found.slot}/{side}", value) if side else None
    if found.sort is Sort.THING:
        value = values.where(value)
        return made(f"{found.slot}/place", value) if value else None
    read = _VALUES.get(found.sort)
    value = values.date(value) if found.words[-1] == "birthday" else read(value, text) if read else ""
    return made(found.slot, value) if value else None


def _of_name(found: Noun, value: str, text: str) -> Claim | None:
    if found.words[-1] in relations.PETS:
        return _valued(Noun(owner=f"{found.owner}/{found.words[-1]}", words=("name",)), value, text)
    return _valued(found, value, text) if found.sort is Sort.ROLE else None


def _preposed(value: str) -> str:
    """Makes "moved to four" "at four", and "moved to Friday" "on Friday"."""
    at_time = values.facet(f"at {value}")[0] == "time"
    return f"on {value}" if not at_time and values.facet(f"on {value}")[0] == "day" else f"at {value}"
