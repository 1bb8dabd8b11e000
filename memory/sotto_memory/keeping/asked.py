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
    r"|until|back|again|nowadays|right|currently|today|yesterday|earlier|previously|anyway|by)\b.*)?"
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
_TOLD: Final = re.compile(
    r"(?:(?:please|hey|sorry|so|and|but) )*(?:(?:(?:do|can|could|would|will) you )?(?:please )?(?:still )?"
    r"(?:know|remember|recall|tell me|remind me(?: of)?|say)|i (?:forgot|wonder|need to know)|any idea)(?: again)?"
    r" (?P<word>what|who|where|when) (?P<rest>.+)"
)
_TOLD_HOME: Final = re.compile(rf"{_WHO}{_ASIDE} (?P<verb>live|work)s?(?: (?:in|at|for))?{_AT}")
_TOLD_IS: Final = re.compile(rf"(?P<noun>.+?) (?P<is>is|are|was|were)(?P<called> called| named)?{_AT}")
_GOES: Final = re.compile(
    rf"(?:what|which) (?P<noun>\w+) {_DO} {_WHO}{_ASIDE} (?:go(?:ing)? to|at|with|in|use|using|have|see|attend"
    rf"|belong to|study(?:ing)? at){_ASIDE}{_AT}"
)
_HAVE_AS: Final = re.compile(
    rf"(?:who|what) (?:do|did|does) {_WHO}{_ASIDE} have (?:as|for) (?:a|an|my|his|her) (?P<noun>\w+){_AT}"
)
_NUMBER: Final = re.compile(
    rf"(?:on |at |under )?(?:what|which) (?:phone |mobile )?number (?:can|do|could|should) i"
    rf" (?:reach|call|phone|ring|have for) (?P<who>(?:my )?\w+(?: \w+)??)(?: on| at| under)?{_AT}"
)
_MARRIED: Final = re.compile(rf"who (?:is|was) {_WHO}{_ASIDE} married to{_AT}")
_HAPPENS: Final = re.compile(
    rf"(?P<word>when|what time|what day|which day|where) (?:does|do|did|will|is|are)"
    rf" (?P<noun>(?:(?:my|our|the) )?[\w ]+?)"
    rf" (?:leave|leaving|depart|start|starting|begin|take place|taking place|meet){_AT}"
)
_WE_HAVE: Final = re.compile(
    rf"(?P<word>when|what time|what day|which day|where) (?:do|did|is|are) (?:i|we){_ASIDE}"
    rf" (?:have|having) (?P<noun>[\w ]+?){_AT}"
)
_ALONE: Final = rf"\w+ (?:\w+ )?(?:{'|'.join(sorted(relations.EVENTS))})"
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
    rf"(?: be)? (?:now )?(?P<noun>(?:my|our|the|\w+(?: \w+)?'s?|\w+s(?= )) [\w' ]+?|{_ALONE})"
    rf"(?: (?:called|be|again|on))?{_AT}"
)
_CALLED: Final = re.compile(
    rf"what (?:is|was) (?P<noun>(?:my|our|\w+(?: \w+)?'s?|\w+s) (?:new )?\w+) (?:called|named){_AT}"
)
_TELL: Final = re.compile(
    r"(?:(?:do|can|could|would) you (?:know|remember|tell me|remind me of|give me)|tell me|remind me of|give me"
    r"|i need)"
    rf" (?:what |who |where |when )?(?P<noun>(?:my|our|the|\w+'s?) [\w' ]+?)(?: is| are| was)?{_AT}"
)
_OLD: Final = re.compile(rf"how old (?:is|am|are|was|were) (?P<who>i|we|(?:my|our) \w+|\w+(?: \w+)??){_ASIDE}{_AT}")
_DRIVES: Final = re.compile(
    rf"(?:what|which)(?: (?:kind of|sort of|make of))?(?: car| vehicle)? {_DO} {_WHO}{_ASIDE}"
    rf" (?:drive|driving){_ASIDE}{_AT}"
    rf"|(?:what|which) (?:kind of |sort of |make of )?car {_DO} (?P<has>i|we|(?:my|our) \w+|\w+(?: \w+)?)"
    rf"{_ASIDE} (?:have|own){_AT}"
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
    line = _plainly(_FORMER.sub(r"\1 ", line))
    found = next((slots for reader in _READERS if (slots := reader(line))), ())
    return tuple(dict.fromkeys(found))


def _plainly(line: str) -> str:
    """A question within a request as a question: "remind me where Anna lives" asks "where does Anna live"."""
    match = _TOLD.fullmatch(line)
    if match is None:
        return re.sub(r"^(?:please|sorry|hey) ", "", line)
    word, rest = match["word"], match["rest"]
    if lives := _TOLD_HOME.fullmatch(rest):
        return f"{word} does {lives['who']} {lives['verb']}"
    if told := _TOLD_IS.fullmatch(rest):
        return f"{word} {told['is']} {told['noun']}{told['called'] or ''}"
    return f"{word} {rest}"


def _goes(line: str) -> tuple[str, ...]:
    match = _GOES.fullmatch(line) or _HAVE_AS.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    if match is None or not owner:
        return ()
    if match["noun"] in ("company", "firm", "employer"):
        return (f"{owner}/work",)
    found = noun(f"my {match['noun']}", owner)
    return _slots(found, ()) if found and found.sort in (Sort.ROLE, Sort.ATTRIBUTE) else ()


def _married(line: str) -> tuple[str, ...]:
    match = _MARRIED.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    return tuple(f"{owner}/{role}" for role in ("husband", "wife", "spouse")) if owner else ()


def _happens(line: str) -> tuple[str, ...]:
    match = _HAPPENS.fullmatch(line) or _WE_HAVE.fullmatch(line)
    found = noun(match["noun"], WEARER) or noun(f"the {match['noun']}", WEARER) if match else None
    if match is None or found is None or found.sort is not Sort.EVENT:
        return ()
    return _slots(found, _SIDES[match["word"]])


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


def _old(line: str) -> tuple[str, ...]:
    match = _OLD.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    return (f"{owner}/age",) if owner else ()


def _drives(line: str) -> tuple[str, ...]:
    match = _DRIVES.fullmatch(line)
    owner = _owner(match["who"] or match["has"]) if match else ""
    return (f"{owner}/car",) if owner else ()


def _reach(line: str) -> tuple[str, ...]:
    match = _REACH.fullmatch(line) or _NUMBER.fullmatch(line)
    owner = _owner(match["who"]) if match else ""
    return (f"{owner}/phone-number", f"{owner}/mobile-number") if owner else ()


def _put(line: str) -> tuple[str, ...]:
    match = _PUT.fullmatch(line)
    return _slots(noun(match["noun"], WEARER), ("place",)) if match else ()


def _is(line: str) -> tuple[str, ...]:
    match = _CALLED.fullmatch(line) or _IS.fullmatch(line)
    found = _asked_noun(match["noun"]) if match else None
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


def _asked_noun(text: str) -> Noun | None:
    """The noun of a phrase; recognisers leave the apostrophe out: "toms number"."""
    found = noun(text, WEARER)
    whose, _, rest = text.partition(" ")
    if found is None and whose.endswith("s") and "'" not in whose:
        found = noun(f"{whose[:-1]}'s {rest}", WEARER)
        return found if found and found.sort is not Sort.OPEN else None
    return found


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


_READERS: Final = (
    _home,
    _work,
    _old,
    _drives,
    _goes,
    _married,
    _happens,
    _liked,
    _favourite,
    _reach,
    _put,
    _is,
    _tell,
)
