"""Promises, requests, appointments and reminders in English talk (pure).

Precision before recall: a commitment needs a time, or the explicit words "I promise" or "remind me". Patterns run
over `Reading.plain`, where each time expression is a mark.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sotto_hub.language.english.clauses import PAST, Reading, around, best_time, hedged, questioned, told
from sotto_hub.language.records import Finding, FindingKind, When

REMIND: Final = re.compile(
    r"\bremind me (?:again )?(?:<\d+> )*(?:to|about|of|that)\b"
    r"|\b(?:i must|do not let me|i should) (?:not )?forget (?:to|about)\b"
    r"|\b(?:please )?do not forget to\b|\bi (?:need|have) to remember to\b"
)
UNWANTED: Final = re.compile(r"\b(?:not|never|no need)(?: (?:you|have|need|want|to))* $")
"""Right before "remind me": no reminder is asked for."""
PROMISED: Final = re.compile(
    r"\bi (?:promise|swear|give you my word)(?: you)?(?: that)? (?:i will|we will|to|i am going to)\b"
)
WILL: Final = re.compile(
    r"\bi (?:will|shall|am going to)(?: also| then| definitely| certainly| gladly)? (?!not\b|never\b|skip\b|"
    r"pass\b|miss\b|"
    r"stay\b|wait\b|rather\b|see if\b|see what\b|be (?!there|back|home|at|in|with)|have to think|think\b|go "
    r"home\b)\w+"
    r"|\bwe (?:will|shall|are going to) (?!not\b|never\b|be\b|see\b)(?:\w+ ){1,3}you\b"
    r"|\blet me (?!see\b|think\b|know\b|go\b|in\b|out\b|guess\b|look\b|check\b|tell\b|ask\b|just\b|help\b)\w+"
    r"|\byou will (?:have|get|receive)\b|\bi owe you\b"
)
MUST: Final = re.compile(r"\bi (?:have to|need to|must|got to)\b (?!not\b)\w+|\bi am supposed to\b")
GIVES: Final = (
    r"bring|send|lend|give|call|phone|ring|pick|drive|come|visit|fix|repair|help|show|take|pay|return|deliver|drop|"
    r"collect|meet|write|cook|make|bake|buy|print|mail|email"
)
OTHERS: Final = re.compile(
    rf"\b(?!i |we |you |it |that |this |who |what )\w+ (?:will|promised to|is going to|are going to) (?:{GIVES})\b"
    r"(?=.*\b(?:us|me|you|our|my|your)\b)"
)
RETOLD: Final = re.compile(
    r"^(?!.*\balways\b).*\b(?:said|says|wrote|told (?:me|us)) (?:that )?(?:he|she|they) (?:will|is going)\b"
)
NEED: Final = re.compile(r"\bi need (?:the|your|an?|it|them|that|this|those)\b")
REQUEST: Final = re.compile(
    r"\b(?:can|could|will|would) you (?:please |maybe |also )?(?!hear\b|see\b|believe\b|imagine\b|remember\b|"
    r"feel\b|smell\b|"
    r"understand\b|like\b|not\b|be\b|have\b|say\b)\w+"
    r"|\bplease (?!do not\b|never\b|not\b|sit\b|remember\b|leave me\b|wait\b|mind\b)\w+"
    r"|\bi need you to\b|\b(?:you have to|you need to|you must|make sure to|do not be late)\b"
)
MOVE: Final = re.compile(
    r"\b(?:can|could|shall|let) (?:we|us|you) (?:please )?(?:move|reschedule|postpone|push|shift|change)\b"
    r"|\b(?:was|is|has been|got) (?:moved|rescheduled|postponed|pushed|changed) to\b|\bnot \w+ <\d+>.*<\d+>"
    r"|\binstead of (?:on )?<\d+>|\b(?:earlier|later) (?:so|than|and)\b"
    r"|\bi (?:am )?(?:so )?(?:forgot|sorry i forgot)\b"
)
COMING: Final = re.compile(
    r"\b(?:is|are) coming\b(?! from)|\b(?:comes|arrives?|meets|lands|flies|visits)\b(?! from)|\bcome back for\b"
    r"|\b(?:is|are) (?:arriving|visiting|landing|picking)\b|\bwill (?:arrive|come|visit)\b"
    r"|\bwants? to see (?:me|us|you)\b|\bwill be (?:ready|delivered|finished|picked up)\b"
    r"|\b(?:is|are) (?:due|delivered|picked up)\b|\b(?:my|our|your) \w+ (?:starts|begins)\b"
)
DOING: Final = re.compile(
    r"\b(?:i am|we are) (?:seeing|meeting|visiting|having|flying|leaving|travelling|traveling|picking|hosting|"
    r"driving|"
    r"playing|taking|starting|moving|going to (?:the|a|an|my|our|see|meet|visit))\b"
)
OCCASION: Final = (
    r"dinner|lunch|breakfast|supper|brunch|appointment|meeting|party|birthday|wedding|funeral|concert|flight|"
    r"test|exam|"
    r"check up|checkup|drill|lesson|class|practice|rehearsal|training|game|match|interview|visit|delivery|conference|"
    r"seminar|workshop|surgery|operation|scan|vaccination|haircut|massage|recital|performance|play|movie|picnic|"
    r"barbecue|reception|presentation|demo|review|call|deadline|hearing|viewing|inspection|tour|trip|reunion|choir|"
    r"orchestra|yoga|therapy|session|ceremony|graduation|baptism|date|reservation|booking|train|ferry|bus|plane"
)
ON: Final = re.compile(
    rf"(?<!until )(?<!before )(?<!after )(?<!at )(?<!during )(?<!no )\b(?:{OCCASION})s?\b(?! menu| room)"
)
IS_ON: Final = re.compile(rf"\b(?:{OCCASION})s?(?: \w+){{0,5}} is <\d+>")
MEET: Final = re.compile(
    r"\b(?:let us meet|meet (?:me|you|us|him|her|them)|see you|we meet)\b|\b(?:i|we) have (?:an?|the|my|our)\b"
)
HAVE: Final = re.compile(
    rf"\b(?:there is|there will be|(?:i|we|you) have|have got) (?:\w+ ){{1,4}}?(?:{OCCASION})s?\b"
)
NOT_SO: Final = re.compile(
    r"\b(?:cancelled|canceled|called off|never|do not(?! worry)|will not|is not|are not|am not|was|were|had|"
    r"(?:is|are) off(?! to))\b"
)

TURN: Final = re.compile(r"\b(?:no|yes|but|so|and|because|then|okay|ok|sure)\b")
"""Words at which another turn, or another thought, may begin."""

Rule = Callable[[Reading], Finding | None]


def commitment(read: Reading) -> Finding | None:
    """The commitment that an utterance makes, if it makes one; the most explicit form wins."""
    if unwanted(read):
        return None
    rules: tuple[Rule, ...] = (reminder, explicit_promise, request, promise, other_promise, event)
    return next((found for rule in rules if (found := rule(read))), None)


def made(read: Reading, kind: FindingKind, match: re.Match[str], when: When | None, confidence: float) -> Finding:
    """A finding in the utterance's own words."""
    return Finding(
        kind=kind,
        what=around(read, read.token(len(read.plain[: match.start()].split()))),
        evidence=(read.said.id,),
        when=when,
        confidence=confidence,
        moved=bool(MOVE.search(read.plain)),
        denied=tuple(w.day for w in read.denied() if w.day),
    )


def unwanted(read: Reading) -> bool:
    """So: "do not remind me to …", "you do not have to remind me of …"."""
    match = REMIND.search(read.plain)
    return bool(match and UNWANTED.search(read.plain[: match.start()]))


def reminder(read: Reading) -> Finding | None:
    """So: "Remind me to …", with or without a time."""
    match = REMIND.search(read.plain)
    if match is None or hedged(read.plain, match.start()):
        return None
    found = made(read, FindingKind.REMINDER, match, best_time(read, match.end()), 0.9)
    rest = told_after(read, match)
    return replace(found, what=rest) if rest else None


def told_after(read: Reading, match: re.Match[str]) -> str:
    """The words of the utterance after a trigger, or nothing."""
    first = read.token(len(read.plain[: match.end()].split()))
    return told(read.said.text[read.words[first].start :]) if first < len(read.words) else ""


def explicit_promise(read: Reading) -> Finding | None:
    """So: "I promise to …", with or without a time."""
    match = PROMISED.search(read.plain)
    if match is None or hedged(read.plain, match.start()) or read.plain[match.end() :].startswith((" not", " never")):
        return None
    return made(read, FindingKind.PROMISE, match, best_time(read, match.end()), 0.9)


def promise(read: Reading) -> Finding | None:
    """So: "I will …" with a time; "I have to …" with a minute or a deadline."""
    if (match := WILL.search(read.plain)) and sound(read, match) and (when := best_time(read, match.end())):
        return made(read, FindingKind.PROMISE, match, when, 0.7)
    match = MUST.search(read.plain)
    if match is None or not sound(read, match) or (when := best_time(read, match.end())) is None:
        return None
    return made(read, FindingKind.PROMISE, match, when, 0.6) if when.at or (when.deadline and when.day) else None


def sound(read: Reading, match: re.Match[str]) -> bool:
    """True when the words around a trigger are neither supposed, quoted nor asked."""
    begins = max((m.end() for m in TURN.finditer(read.plain[: match.start()])), default=0)
    return not hedged(read.plain, match.start()) and not questioned(read.plain[begins:])


def other_promise(read: Reading) -> Finding | None:
    """So: "She will lend us …" with a time: somebody else's promise, retold."""
    match = OTHERS.search(read.plain)
    retold = bool(match and RETOLD.search(read.plain[: match.end()]))
    when = best_time(read, match.end()) if match and (retold or sound(read, match)) else None
    return made(read, FindingKind.OTHER_PROMISE, match, when, 0.6) if match and when else None


def request(read: Reading) -> Finding | None:
    """So: "Can you … by friday", "please send it to me before noon": asked of somebody, with a time."""
    match = REQUEST.search(read.plain) or NEED.search(read.plain)
    if match is None or hedged(read.plain, match.start()):
        return None
    when = best_time(read, match.end())
    if match.re is NEED and not (when and when.deadline):
        return None
    if when is None or when.words.startswith("after") or (COMING.search(read.plain) and when.at):
        return None
    return made(read, FindingKind.REQUEST, match, when, 0.7)


def event(read: Reading) -> Finding | None:
    """Somebody comes, an appointment, a meal, a meeting: with a day and, for a bare noun, a minute."""
    move = MOVE.search(read.plain)
    if PAST.search(read.plain) or (questioned(read.plain) and not move):
        return None
    forms = (
        (COMING, False, 0.8),
        (DOING, False, 0.7),
        (HAVE, False, 0.7),
        (IS_ON, False, 0.7),
        (ON, True, 0.7),
        (MEET, True, 0.7),
    )
    for pattern, to_the_minute, confidence in forms:
        for match in pattern.finditer(read.plain):
            when = best_time(read, match.end())
            if when and takes_place(read, match) and (when.at or (when.day and not to_the_minute)):
                return made(read, FindingKind.EVENT, match, when, confidence)
    return None


def takes_place(read: Reading, match: re.Match[str]) -> bool:
    """True when the clause of the trigger does not take itself back."""
    before = read.plain[: match.start()].split()[-4:]
    after = read.plain[match.end() :].split()[:4]
    denied = NOT_SO.search(" ".join(before + after)) or "not" in before[-2:]
    supposed = hedged(read.plain, match.start()) and " said" not in read.plain[: match.start()]
    return not supposed and (not denied or bool(read.denied()))
