"""Taking up what was just asked or arranged (pure): "sure", "thursday at ten works", "i can do it"."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sotto_hub.language.english.clauses import Reading, best_time, reading, told
from sotto_hub.language.english.content import shared, stems
from sotto_hub.language.records import Finding, FindingKind, Said

YES: Final = re.compile(
    r"^(?:oh |well |and )?(?:yes|yeah|sure|okay|ok|of course|all right|alright|fine|great|perfect|no problem|"
    r"certainly|absolutely|gladly|understood|deal|will do)\b|\bi can do (?:it|that)\b"
    r"|\bsounds (?:good|great|lovely|perfect|fine)\b"
)
FITS: Final = re.compile(
    r"<\d+>(?: that| it| this)? (?:works|fits|suits|(?:is|will be|would be) (?:fine|perfect|good|great|ok|okay|hard|"
    r"possible|wonderful|lovely)|sounds)\b"
)
WISHED: Final = re.compile(
    r"\bi (?:would like|want|need|wanted|was hoping) "
    r"(?:to (?:see|book|make|get|schedule|arrange|reserve|visit|have)|an?)\b"
)
PROPOSED: Final = re.compile(
    r"\b(?:would you like to|do you want to|how about|what about|shall we|should we|can we|could we|are you free|"
    r"do you have time)\b"
)
NEAR: Final = timedelta(seconds=90)


def taken_up(read: Reading, earlier: Sequence[Finding], own: Finding | None) -> Finding | None:
    """An acceptance of the latest matching request or arrangement among `earlier` (oldest first), or nothing.

    `own` is what the utterance says by itself. Its time, where it has one, goes with the acceptance.
    """
    for asked in reversed(earlier):
        if answers(read, asked, own):
            when = own.when if own and own.when and own.when.due else best_time(read, 0)
            fresh = bool(when and when.due and (asked.when is None or when.due != asked.when.due))
            return Finding(
                kind=FindingKind.ACCEPTANCE,
                what=told(read.said.text) if fresh and own else asked.what,
                evidence=(*asked.evidence, read.said.id),
                when=when if fresh else asked.when,
                confidence=0.85,
            )
    return None


def answers(read: Reading, asked: Finding, own: Finding | None) -> bool:
    """True when the utterance takes up `asked`: same time and fitting words, a yes, or the same matter."""
    when = best_time(read, 0)
    same_time = bool(when and asked.when and when.due and when.due == asked.when.due)
    if same_time and (FITS.search(read.plain) or YES.search(read.plain)):
        return True
    if asked.kind is not FindingKind.REQUEST:
        return False
    if own is None:
        return bool(YES.search(read.plain)) and when is None
    return own.kind is FindingKind.PROMISE and shared(stems(own.what), stems(asked.what)) > 0


def arranged(read: Reading, before: Sequence[Said]) -> Finding | None:
    """So: "i would like to see the dentist" … "tuesday at four is perfect": an appointment in two breaths."""
    when = best_time(read, 0)
    if when is None or when.at is None or not FITS.search(read.plain):
        return agreed(read, before[-1]) if before else None
    for said in reversed(before):
        if said.at >= read.said.at - NEAR and (wish := WISHED.search(said.text.lower())):
            what = f"{told(said.text[wish.start() :])}, {told(read.said.text)}"
            return Finding(kind=FindingKind.EVENT, what=what, evidence=(said.id, read.said.id), when=when)
    return agreed(read, before[-1]) if before else None


def agreed(read: Reading, last: Said) -> Finding | None:
    """So: "shall we go to the lake on sunday", "yes, good idea"; or the same time, said back as fitting."""
    earlier = reading(last)
    when = best_time(earlier, 0)
    if when is None or not when.due or last.at < read.said.at - NEAR:
        return None
    mine = best_time(read, 0)
    fitting = bool(FITS.search(read.plain)) and mine is not None and mine.due == when.due
    yes = bool(PROPOSED.search(earlier.plain) and YES.search(read.plain)) and (mine is None or mine.due == when.due)
    if not fitting and not yes:
        return None
    return Finding(kind=FindingKind.EVENT, what=told(last.text), evidence=(last.id, read.said.id), when=when)
