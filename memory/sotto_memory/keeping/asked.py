"""Reads which slots a question asks for, in the wearer's own view (pure).

Stands beside `claims`, before the search: a memory whose slot is asked for is the very answer.
"""

import re
from typing import Final

from sotto_memory.keeping.nouns import SHARED, WEARER, Noun, Sort, noun, owner_of
from sotto_memory.wording import relations
from sotto_memory.wording.plain import plain_question

QUESTION_CHARS: Final = 300

_WHO: Final = r"(?P<who>i|we|(?:my|our) \w+|\w+(?: \w+)?)"
_DO: Final = r"(?:do|does|did|am|is|are|was|were|have|has|had)"
_ASIDE: Final = r"(?: (?:now|currently|still|actually|used to|use to|been))*"
_AT: Final = (
    r"(?: (?:in|at|on|for(?! (?:the|my|our) )|during|before|after|since|last|this|two|three|a|now|then|these|when"
    r"|until|back)\b.*)?"
)
"""When, or with what else: passed over."""
_HOME: Final = re.compile(
    rf"(?:where|(?:in )?(?:which|what) (?:city|town|village|country|place|street))(?: exactly)? {_DO} {_WHO}{_ASIDE}"
    rf" (?:live|lived|living|based|reside|move to|moved to){_ASIDE}(?: in)?{_AT}"
)
_WORK: Final = re.compile(
    rf"(?:where|who|(?:for |at )?(?:which|what) (?:company|firm|place|employer))(?: exactly)? {_DO} {_WHO}{_ASIDE}"
    rf" (?:work|worked|working|employed){_ASIDE}(?: for| at| by)?{_AT}"
)
_LIKED: Final = re.compile(rf"(?:what|which) (?P<noun>\w+) (?:do|does|did) {_WHO} (?:like|love) (?:best|most)")
_FAVOURITE: Final = re.compile(r"(?:what|which) (?P<noun>\w+) is (?P<owner>my|\w+'s) favourite")
_REACH: Final = re.compile(rf"how (?:can|do|could) i (?:reach|call|phone|ring) (?P<who>(?:my )?\w+(?: \w+)??){_AT}")
_PUT: Final = re.compile(
    rf"where (?:did|do|have|can) (?:i|we){_ASIDE} (?:put|leave|left|keep|store|stored|find)"
    rf" (?P<noun>(?:my|our|the) [\w ]+?){_AT}"
)
_IS: Final = re.compile(
    rf"(?:on |at )?(?P<word>what time|what day of the week|what day|which day|what date|what|who|which|when|where)"
    rf"(?:'s| is| are| was| were| will| has been)"
    rf"(?: be)? (?:now )?(?P<noun>(?:my|our|the|\w+(?: \w+)?'s?) [\w' ]+?)(?: (?:called|be|again))?{_AT}"
)
_CALLED: Final = re.compile(
    rf"what (?:is|was) (?P<noun>(?:my|our|\w+(?: \w+)?'s?) (?:new )?\w+) (?:called|named){_AT}"
)
_TELL: Final = re.compile(
    r"(?:(?:do|can|could|would) you (?:know|remember|tell me|remind me of|give me)|tell me|remind me of|give me"
    r"|i need)"
    rf" (?:what |who |where |when )?(?P<noun>(?:my|our|the|\w+'s?) [\w' ]+?)(?: is| are| was)?{_AT}"
)
_FORMER: Final = re.compile(r"(\b(?:my|our)|'s) (?:old|former|previous|ex|last|first)(?= (?!name|week|month|year))")
"""What was so before has the slot of what is so now: the view decides which is meant."""
_SIDES: Final = {
    "when": ("time", "day"),
    "what time": ("time", "day"),
    "what day": ("day", "time"),
    "what day of the week": ("day", "time"),
    "which day": ("day", "time"),
    "what date": ("day", "time"),
    "where": ("place",),
}


def asked(question: str) -> tuple[str, ...]:
    """The slots whose memory answers a question, the likeliest first; none when it asks for no single value."""
    if len(question) > QUESTION_CHARS:
        return ()
    line = plain_question(question)
    line = re.sub(r"^(what|who|where|when)s\b", r"\1 is", line)
    line = _FORMER.sub(r"\1 ", line)
    found = next((slots for reader in _READERS if (slots := reader(line))), ())
    return tuple(dict.fromkeys(found))


def _home(line: str) -> tuple[str, ...]:
    match = _HOME.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    return tuple(f"{owner}/home{side}" for side in ("", "/address", "/country")) if owner else ()


def _work(line: str) -> tuple[str, ...]:
    match = _WORK.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    return (f"{owner}/work",) if owner else ()


def _owner(who: str) -> str:
    return WEARER if who in ("i", "we") else owner_of(who, WEARER)


def _liked(line: str) -> tuple[str, ...]:
    match = _LIKED.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    if match is None or not owner:
        return ()
    word = relations.SAME_NOUN.get(match["noun"], match["noun"])
    return (f"{owner}/favourite-{word}",)


def _favourite(line: str) -> tuple[str, ...]:
    match = _FAVOURITE.fullmatch(line)
    return _slots(noun(f"{match['owner']} favourite {match['noun']}", WEARER), ()) if match else ()


def _reach(line: str) -> tuple[str, ...]:
    match = _REACH.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    return (f"{owner}/phone-number", f"{owner}/mobile-number") if owner else ()


def _put(line: str) -> tuple[str, ...]:
    match = _PUT.fullmatch(line)
    return _slots(noun(match["noun"], WEARER), ("place",)) if match else ()


def _is(line: str) -> tuple[str, ...]:
    match = _CALLED.fullmatch(line) or _IS.fullmatch(line)
    found = noun(match["noun"], WEARER) if match else None
    if match is None or found is None:
        return ()
    if found.words[-1] in relations.PETS and match.re is _CALLED:
        return (f"{found.owner}/{found.words[-1]}/name",)
    if found.words in (("home",), ("home", "town")):
        return tuple(f"{found.owner}/home{side}" for side in ("", "/address", "/country"))
    if found.words[-1] in ("job", "employer", "workplace") and len(found.words) == 1:
        return (f"{found.owner}/work", *_slots(found, ()))
    word = match["word"] if match.re is _IS else "what"
    sides = _SIDES.get(word, ()) if found.words[-1] != "birthday" else ()
    return _slots(found, sides)


def _tell(line: str) -> tuple[str, ...]:
    match = _TELL.fullmatch(line)
    found = noun(match["noun"], WEARER) if match else None
    return _slots(found, ()) if found and found.sort is not Sort.OPEN else ()


def _slots(found: Noun | None, sides: tuple[str, ...]) -> tuple[str, ...]:
    """The slots of a noun, its sides first; what is shared may have been called one's own, and the other way."""
    if found is None:
        return ()
    other = {WEARER: SHARED, SHARED: WEARER}.get(found.owner)
    names = [found.slot] + ([f"{other}/{found.slot.partition('/')[2]}"] if other else [])
    return tuple(f"{name}/{side}" for name in names for side in sides) if sides else tuple(names)


_READERS: Final = (_home, _work, _liked, _favourite, _reach, _put, _is, _tell)
