"""Reads where somebody lives and works, and that somebody does so no longer (pure).

Stands under `claims`. Every reader takes the plain line, the text as it was written, and who says it.
"""

import re
from typing import Final

from sotto_memory.keeping import towns, values
from sotto_memory.keeping.claimed import ADVERBS, Claim, made
from sotto_memory.keeping.nouns import owner_of
from sotto_memory.keeping.passing import passes
from sotto_memory.wording import relations
from sotto_memory.wording.words import words

PERSON: Final = r"(?P<who>i|we|(?:my|our) (?:new )?\w+|\w+(?: \w+)??)"

_WHEN: Final = r"(?: (?:(?:last|this) \w+|yesterday|today|recently|\w+ \w+ ago|(?:in|on) \w+|(?:at|over) the \w+))?"
_HOME: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:(?:lives?|(?:am|are|is){ADVERBS} (?:living|based)"
    rf"){ADVERBS} (?:in|at|on)|(?:have|has){ADVERBS} been living{ADVERBS} (?:in|at)"
    r"|(?:am|are|is) at home in|(?:am|are|is) in(?= [\w ]+ (?:these days|nowadays)$)"
    rf"|(?:(?:have|has){ADVERBS} )?(?:(?:moved|relocated){ADVERBS}(?: house| home| back| over)*"
    r"(?: from (?!(?P<same>[\w ]+) to (?P=same)\b)(?P<left>[\w ]+?))?"
    rf"{_WHEN} (?P<moved>to|into)|settled(?: down)? in)) (?P<value>.+)"
)
_AT_HOME: Final = re.compile(
    rf"(?P<owner>my|our|[\w' ]+'s)(?: new)? (?:home|flat|house|apartment|(?<=new )place) is{ADVERBS} in (?P<value>.+)"
    r"|(?P<there>[\w ]+) is where (?P<who>i|we|\w+) (?:live|lives)(?: now)?"
)
_WORK: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:works?|(?:am|are|is){ADVERBS} (?:working|employed)|(?:have|has){ADVERBS} been working"
    rf"|(?:(?:have|has){ADVERBS} )?(?:(?:just )?started(?: working| work| a new job| a job| my new job)?"
    rf"|(?:got|found|taken|took|have|has)(?: got)? (?:a|my|his|her)(?: new)? job))"
    rf"{ADVERBS} (?:at|for|by|with(?= the| a )|(?<=job )with) (?P<value>.+)"
)
_JOB: Final = re.compile(
    rf"(?P<owner>my|our|[\w' ]+'s) (?:new |current )?(?:(?:job|workplace) is{ADVERBS} (?:at|with)"
    rf"|employer is{ADVERBS}) (?P<value>.+)"
)
_QUIT: Final = re.compile(
    rf"{PERSON}(?: have| has)?{ADVERBS} (?:(?:quit|left|lost|gave up|given up) (?:my|his|her|their) (?:old )?job"
    r" (?:at|with)"
    r"|(?:stopped|quit) working (?:at|with|for(?! the (?:day|night|week|moment|time)))"
    r"|got (?:fired|laid off) (?:from|by)|resigned from)"
    r" (?P<value>.+)"
)
_TITLE: Final = re.compile(
    rf"{PERSON}(?: have| has)?{ADVERBS} (?:(?:am|is)(?= .*(?:now|these days)\b)|became|become"
    r"|(?:been |got |gotten )?promoted to) (?P<value>.+)"
)
_BELONGS: Final = re.compile(
    rf"{PERSON}{ADVERBS} (?:goes?|(?:am|is) going){ADVERBS} to (?P<value>[\w' ]*\b"
    rf"(?P<noun>{'|'.join(sorted(relations.INSTITUTIONS))})\b.*)"
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


def quits(line: str, text: str, me: str) -> Claim | None:
    """Reads "I quit my job at Acme"."""
    match = _QUIT.fullmatch(line)
    owner = person(match["who"], me) if match else ""
    value = values.workplace(match["value"]) if match and owner else ""
    return made(f"{owner}/work", value, ends=True) if value else None


def titled(line: str, text: str, me: str) -> Claim | None:
    """Reads "I am head of sales now", "Mira was promoted to head nurse"."""
    match = _TITLE.fullmatch(line)
    owner = person(match["who"], me) if match else ""
    value = values.title(match["value"]) if match and owner else ""
    return made(f"{owner}/job-title", value) if value else None


def belongs(line: str, text: str, me: str) -> Claim | None:
    """Reads "Jonas goes to Elm Park School now"."""
    match = _BELONGS.fullmatch(line)
    owner = person(match["who"], me) if match else ""
    value = values.institution(match["value"], match["noun"]) if match and owner else ""
    return made(f"{owner}/{match['noun']}", value) if match and value else None


def lives(line: str, text: str, me: str) -> Claim | None:
    """Reads "I live in Oslo", "Anna has moved to Rome"."""
    match = _HOME.fullmatch(line)
    if match is None or _limited(line, match) or (match["left"] and not towns.town(match["left"], text)):
        return None
    value = match["value"] if not match["moved"] else towns.town(match["value"], text)
    return _at(match["who"], value, text, me)


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
    if match is None or not owner or _limited(line, match):
        return None
    value = values.workplace(match["value"], at=line[: match.start("value")].endswith(" at "))
    return made(f"{owner}/work", value) if value else None


def _limited(line: str, match: re.Match[str]) -> bool:
    before = line[: match.start("value")]
    state = not re.search(r"\b(?:moved|relocated|settled|started|got|found|taken|took)\b", before)
    return passes(match["value"], state=state, so_far=" been " in before)


def _at(who: str, where: str, text: str, me: str) -> Claim | None:
    owner = person(who, me)
    value = towns.place(where, text) if owner else ""
    return made(_home(owner, value), value) if value else None


def _home(owner: str, value: str) -> str:
    """Town, country and street are three answers, all true at once."""
    tokens = words(value)
    if tokens and tokens[-1] in relations.COUNTRIES:
        return f"{owner}/home/country" if len(tokens) <= 2 else f"{owner}/home"
    street = any(token in relations.STREETS for token in tokens[1:]) or any(token.isdecimal() for token in tokens)
    return f"{owner}/home/address" if street else f"{owner}/home"
