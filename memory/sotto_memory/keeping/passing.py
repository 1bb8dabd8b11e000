"""Whether a statement says of itself that it holds for a while only, or now and then (pure).

Stands under `residence`: "I am living in Bergen for the summer" does not end that I live in Oslo.
"""

import re
from typing import Final

from sotto_memory.wording.strays import SPANS

_LITTLE: Final = r"(?:(?:the|a|an|my|his|her|our|their|this|next|all|whole|long|late|early|school|of|whole|few) )*"
_STAYS: Final = r"(?:while|bit|time being|project|conference|course|exchange|thesis|internship|stay|festival|fair)"
_FOR_A_WHILE: Final = re.compile(
    rf"\bfor {_LITTLE}(?:\w+ )?(?:{SPANS}s?|{_STAYS})\b|(?<!^)\bwhil(?:e|st)\b|\btemporar(?:y|ily)\b|\bbriefly\b"
    r"|\b(?:un)?till?\b|\bjust visiting\b|\bon (?:holiday|vacation|exchange|secondment|sabbatical)\b"
    rf"|\b(?:half|part|most|some|much|rest|third|quarter) (?:of )?{_LITTLE}{SPANS}s?\b"
)
_NOW_AND_THEN: Final = re.compile(
    rf"(?:^|\b(?:in|over|during|throughout|through|at|on|between|each|every|all|this|only|alternate|most|next))"
    rf" {_LITTLE}{SPANS}s?(?: (?:only|and|to|or|nights?|evenings?|mornings?|days|eve)\b|$| ,)"
    rf"|\b{SPANS}s? (?:to|through|and|till) {SPANS}\b|\bfrom \w+ to\b|\b(?:during|throughout)\b"
    r"|\bbetween \w+ and\b"
    r"|\b(?:seasonally|on and off|off and on|part[- ]time"
    r"|occasionally|every (?:other|now|so|second))\b"
    r"|\b(?:weekends|weekdays|evenings|mornings|nights)\b"
    r"|\b(?:days|weeks|months|nights) (?:an?|per|each|every|out of) "
    r"|\bon an? (?:\w+ )?(?:term|year|semester|basis)\b|\b(?:from|at) times?\b"
)
_SO_LONG: Final = re.compile(
    r" for (?:over |about |nearly )?(?:an? |\w+ )?(?:long )?(?:time|years?|months?|weeks?|ages)\b"
)
_ASIDE: Final = re.compile(
    r" (?:,|because|so|which|who|where|though|although|since|as of|as from|starting|from (?:now|today|tomorrow)"
    r"|from (?:this|next|last) \w+)(?: .*)?$"
)
"""What is said beside it does not limit it."""
_FOR_GOOD: Final = re.compile(r" for (?:good|ever|years|ages)\b")


def passes(value: str, *, state: bool, so_far: bool = False) -> bool:
    """Whether what stands after a verb limits it.

    A `state` (lives, works) is limited by "in winter" as well, which of a change (moved, started) only tells when it
    was. `so_far`: "has been living" for some time, and goes on.
    """
    value = _FOR_GOOD.sub("", _SO_LONG.sub("", value) if so_far else value)
    return bool(_FOR_A_WHILE.search(value) or (state and _NOW_AND_THEN.search(_ASIDE.sub("", value))))
