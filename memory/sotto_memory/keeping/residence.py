"""Reads where somebody lives and works, and that somebody does so no longer (pure).

Stands under `claims`. Every reader takes the plain line, the text as it was written, and who says it.
"""

import re
from typing import Final

from sotto_memory.keeping import values
from sotto_memory.keeping.claimed import ADVERBS, Claim, made
from sotto_memory.keeping.nouns import owner_of
from sotto_memory.wording import relations
from sotto_memory.wording.words import words

PERSON: Final = r"(?P<who>i|we|(?:my|our) (?:new )?\w+|\w+(?: \w+)??)"

_HOME: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:(?:lives?|(?:am|are|is){ADVERBS} (?:living|based)){ADVERBS} (?:in|at|on)"
    rf"|(?:(?:have|has){ADVERBS} )?(?:(?:moved|relocated){ADVERBS}(?: house| home| back)* (?:to|into)"
    r"|settled(?: down)? in)) (?P<value>.+)"
)
_AT_HOME: Final = re.compile(
    rf"(?P<owner>my|our|[\w' ]+'s)(?: new)? (?:home|flat|house) is{ADVERBS} in (?P<value>.+)"
    r"|(?P<there>[\w ]+) is where (?P<who>i|we|\w+) (?:live|lives)(?: now)?"
)
_WORK: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:works?|(?:am|are|is){ADVERBS} (?:working|employed)"
    rf"|(?:(?:have|has){ADVERBS} )?(?:(?:just )?started(?: working| work| a new job| a job| my new job)?"
    rf"|(?:got|found|taken|have|has) (?:a|my) new job)){ADVERBS} (?:at|for|by|with(?= the| a )) (?P<value>.+)"
)
_JOB: Final = re.compile(
    rf"(?P<owner>my|our|[\w' ]+'s) (?:new |current )?(?:(?:job|workplace) is{ADVERBS} (?:at|with)"
    rf"|employer is{ADVERBS}) (?P<value>.+)"
)
_NO_MORE: Final = re.compile(
    rf"{PERSON} (?:(?P<no>no longer) (?:lives?|works?)|(?:do|does) not{ADVERBS} (?:live|work)) (?:in|at|for|on)"
    r" (?P<value>.+?)(?P<anymore> anymore)?(?: now)?"
)


def person(text: str, me: str) -> str:
    """Whose name in a slot "i", "my sister" or "anna" has; empty when nobody's."""
    return me if text in ("i", "we", "my", "our", "me") else owner_of(text, me)


def no_more(line: str, text: str, me: str) -> Claim | None:
    """Reads "I no longer live in Bonn", "Anna does not work at Ikea any more"."""
    match = _NO_MORE.fullmatch(line)
    if match is None or not (match["no"] or match["anymore"]) or not (owner := person(match["who"], me)):
        return None
    value = values.trimmed(match["value"])
    lives = re.search(r"\blives?\b", line[: match.start("value")])
    return made(_home(owner, value) if lives else f"{owner}/work", value, ends=True) if value else None


def lives(line: str, text: str, me: str) -> Claim | None:
    """Reads "I live in Oslo", "Anna has moved to Rome"."""
    match = _HOME.fullmatch(line)
    return _at(match["who"], match["value"], text, me) if match else None


def at_home(line: str, text: str, me: str) -> Claim | None:
    """Reads "my home is in Oslo", "Oslo is where I live"."""
    match = _AT_HOME.fullmatch(line)
    return _at(match["owner"] or match["who"], match["value"] or match["there"], text, me) if match else None


def works(line: str, text: str, me: str) -> Claim | None:
    """Reads "I work at Ikea", "my new job is at Ikea"."""
    match = _WORK.fullmatch(line)
    who = match["who"] if match else ""
    match = match or _JOB.fullmatch(line)
    owner = person(who or match["owner"], me) if match else ""
    value = values.workplace(match["value"]) if match and owner else ""
    return made(f"{owner}/work", value) if value else None


def _at(who: str, where: str, text: str, me: str) -> Claim | None:
    owner = person(who, me)
    value = values.place(where, text) if owner else ""
    return made(_home(owner, value), value) if value else None


def _home(owner: str, value: str) -> str:
    """Town, country and street are three answers, all true at once."""
    tokens = words(value)
    if tokens and tokens[-1] in relations.COUNTRIES:
        return f"{owner}/home/country" if len(tokens) <= 2 else f"{owner}/home"
    street = any(token in relations.STREETS for token in tokens[1:]) or any(token.isdecimal() for token in tokens)
    return f"{owner}/home/address" if street else f"{owner}/home"
