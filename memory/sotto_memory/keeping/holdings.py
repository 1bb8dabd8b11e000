"""Reads what is said of a thing that has one value: "my dentist is Dr Berg", "the key is under the mat" (pure).

Stands under `claims`. Every reader takes the plain line, the text as it was written, and who says it.
"""

import re
from collections.abc import Callable
from typing import Final

from sotto_memory.keeping import values
from sotto_memory.keeping.claimed import ADVERBS, Claim, made
from sotto_memory.keeping.nouns import LOOSE, Noun, Sort, noun
from sotto_memory.keeping.residence import PERSON, person
from sotto_memory.wording import relations

_ALONE: Final = rf"\w+ (?:\w+ )?(?:{'|'.join(sorted(relations.EVENTS))})"
NOUN: Final = rf"(?P<noun>(?:(?:my|our|the|new)\b|\w+(?: \w+)?'s? )[\w' ]*?|{_ALONE}|{LOOSE})"
_PASSING: Final = r"(?: (?:now|these days|nowadays|currently|at the moment|right now))*"
_CHANGES: Final = (
    r"(?:(?:moved|pushed)(?: back| forward| up)?|changed|switched|rescheduled|postponed|set|reset|updated|shifted"
    r"|delayed|put off|brought forward)"
)
THE_NEW: Final = r"(?:it|he|she|(?:his|her|its|the) name|the new (?:one|\w+)) is(?: now)?(?: called)?"
_IS: Final = re.compile(
    rf"{NOUN}{_PASSING} (?P<is>is|are|will be|(?:now )?(?:takes place|starts|begins|leaves|departs|meets|lies|hangs)"
    rf"|(?:(?:has|have|was|were|got)(?: now| just)?(?: been)?(?: now| just)? )?{_CHANGES} to){ADVERBS} (?P<value>.+)"
)
_CALLED: Final = re.compile(rf"{NOUN} (?:is|are){ADVERBS} (?:called|named) (?P<value>.+)")
_GOT: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:have|has|got|found|joined)(?: got| found| joined)?(?: (?:him|her|my)self| ourselves)? an?"
    rf" (?P<new>new )?(?P<noun>\w+(?: \w+)?)"
    rf"(?P<tells> (?:called|named)| ,(?: {THE_NEW})?(?: now)?| {THE_NEW}) (?P<value>.+)"
)
_PUT: Final = re.compile(
    rf"(?:i|we){ADVERBS}(?: have)?{ADVERBS} (?:put|left|hid|hidden|keep|store|stored|moved)"
    r" (?P<noun>(?:my|our|the) [\w ]+?) (?P<value>(?:in|on|under|behind|inside|beside|next to|at|to)\b.+)"
)
_REACH: Final = re.compile(
    r"(?:you can(?: now)? )?(?:reach|call|phone|ring) (?P<who>[\w' ]+?)(?: now)? (?:at|on|under) (?P<value>.+)"
    r"|(?P<reached>[\w' ]+?) can(?: now)? be (?:reached|called)(?: now)? (?:at|on|under) (?P<number>.+)"
)
_TURNED: Final = re.compile(
    rf"(?P<value>[\w' ]+?) (?:is|became|has become){ADVERBS} (?P<noun>(?:my|our|\w+'s) [\w ]+?)(?: now| these days)*"
)
_HALL: Final = re.compile(r"(?:now )?(?:room|hall|gate|platform|building|office|the|my|our|\w+'s)\b")
"""How a place begins to which an event is moved."""
_NUMBER_DIGITS: Final = 4
"""Fewer are a time: "call me at nine"."""
SINGLE: Final = frozenset({Sort.ROLE, Sort.FAVOURITE, Sort.CODE, Sort.ATTRIBUTE})
_VERBS: Final = {
    "is": frozenset(Sort),
    "are": frozenset(Sort),
    "will be": frozenset({Sort.EVENT}),
    "takes place": frozenset({Sort.EVENT}),
    "starts": frozenset({Sort.EVENT}),
    "begins": frozenset({Sort.EVENT}),
    "leaves": frozenset({Sort.EVENT}),
    "departs": frozenset({Sort.EVENT}),
    "meets": frozenset({Sort.EVENT}),
    "lies": frozenset({Sort.THING}),
    "hangs": frozenset({Sort.THING}),
}
"""Which nouns may stand before a verb; whatever else the pattern reads is "has been changed to"."""
_VALUES: Final[dict[Sort, Callable[[str, str], str]]] = {
    Sort.ROLE: values.name,
    Sort.ATTRIBUTE: lambda value, _: values.thing(value),
    Sort.CODE: lambda value, _: values.code(value),
}


def is_so(line: str, text: str, me: str) -> Claim | None:
    """Reads "my dentist is Dr Berg", "the meeting has been moved to five"."""
    match = _IS.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    if match is None or found is None:
        return None
    value, verb = match["value"], match["is"].removeprefix("now ")
    if found.sort not in _VERBS.get(verb, SINGLE | {Sort.EVENT}):
        return None
    changed = verb not in _VERBS and found.sort is Sort.EVENT
    return valued(found, preposed(value) if changed else value, text)


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
    if found is None or found.sort not in (Sort.CODE, Sort.FAVOURITE, Sort.ATTRIBUTE):
        return _of_name(found, match["value"], text) if found else None
    return valued(found, match["value"], text) if match["new"] else None


def put(line: str, text: str, me: str) -> Claim | None:
    """Reads "I put the spare key in the drawer"."""
    match = _PUT.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    if match is None or found is None or found.sort is not Sort.THING:
        return None
    return valued(found, re.sub("^to ", "in ", match["value"]), text)


def reached(line: str, text: str, me: str) -> Claim | None:
    """Reads "you can reach Anna at 5512"."""
    match = _REACH.fullmatch(line)
    owner = person(match["who"] or match["reached"], me) if match else ""
    value = values.code(match["value"] or match["number"]) if match and owner else ""
    figures = "".join(values.normal(value)) if value else ""
    return made(f"{owner}/phone-number", value) if figures.isdecimal() and len(figures) >= _NUMBER_DIGITS else None


def turned(line: str, text: str, me: str) -> Claim | None:
    """Reads "Dr Berg is my dentist now", "green is my favourite colour"."""
    match = _TURNED.fullmatch(line)
    found = noun(match["noun"], me) if match else None
    if match is None or found is None or found.sort not in (Sort.ROLE, Sort.FAVOURITE):
        return None
    return valued(found, match["value"], text)


def valued(found: Noun, value: str, text: str) -> Claim | None:
    """The claim of a noun and a value that suits it."""
    if found.sort is Sort.EVENT:
        side, value = values.facet(value)
        return made(f"{found.slot}/{side}", value) if side else None
    if found.sort is Sort.THING:
        value = values.where(value)
        return made(f"{found.slot}/place", value) if value else None
    if found.sort is Sort.FAVOURITE:
        value = values.liked(value, found.words[-1])
        return made(found.slot, value) if value else None
    if found.words == ("job", "title"):
        value = values.title(value)
        return made(found.slot, value) if value else None
    read = _VALUES.get(found.sort)
    value = values.date(value) if found.words[-1] == "birthday" else read(value, text) if read else ""
    return made(found.slot, value) if value else None


def _of_name(found: Noun, value: str, text: str) -> Claim | None:
    if found.words[-1] in relations.PETS:
        return valued(Noun(owner=f"{found.owner}/{found.words[-1]}", words=("name",)), value, text)
    return valued(found, value, text) if found.sort is Sort.ROLE else None


def preposed(value: str) -> str:
    """Makes "moved to four" "at four", "moved to Friday" "on Friday"; what is no place either, empty."""
    if values.facet(f"at {value}")[0] == "time":
        return f"at {value}"
    if values.facet(f"on {value}")[0] == "day":
        return f"on {value}"
    return f"at {value}" if _HALL.match(value) else ""
