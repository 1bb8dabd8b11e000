"""Talk that is meant for nobody in the room (pure): radio, announcements, and orders to assistants.

Overheard words are data, never orders. What addresses an assistant, or speaks as a broadcast does, becomes neither a
commitment nor a fact, whoever says it.
"""

import re
from typing import Final

ORDERS: Final = re.compile(
    r"^(?:hey |ok |okay |dear |hello |attention )*(?:assistant|computer|alexa|siri|google|sotto|companion)\b"
    r"|\b(?:all|dear|attention) assist(?:ants|ance)\b|^attention all\b"
    r"|\bassistants? (?:please |now )?(?:remember|forget|order|buy|send|call|delete|open|turn|tell|play|unlock|"
    r"transfer|"
    r"pay|ignore|disregard|remind|add|book|cancel)\b"
    r"|\b(?:ignore|disregard|forget) (?:all |any |your |the |every|what )*(?:previous|earlier|instructions|rules|"
    r"everything)\b"
    r"|^(?:hey |dear |hello |attention )+(?:all )?(?:smart |voice )?(?:devices?|speakers?|wearables?|robots?)\b"
    r"|\b(?:device|computer|robot) (?:please |now )?(?:remind|remember|forget|order|send|delete|transfer|pay)\b"
    r"|\bhey (?:alexa|siri|google)\b|\bsystem prompt\b|\bas an ai\b|\byour owner\b|\byour wearer\b"
)
REGISTER: Final = re.compile(
    r"\b(?:stay (?:with us|tuned)|call (?:us|now)|order (?:now|yours)|half price|percent off|special offer|do "
    r"not miss|"
    r"ladies and gentlemen|dear (?:listeners|viewers|customers|passengers)|breaking news|after the break|"
    r"welcome back to|coming up|brand new (?:show|season|series)|you (?:will|can|could) win|visit our (?:store|shop)|"
    r"(?:in|at) our (?:store|stores|shop|shops)|our (?:big |great |huge |annual )?(?:sale|listeners|viewers|program|"
    r"programme)|everything must go|while stocks last|subscribe|next stop|mind the (?:doors|gap)|sports news|"
    r"the weather (?:today|tomorrow|will)|weather forecast|scientists (?:say|have)|the (?:prime )?minister|"
    r"the president|parliament|the government|police (?:say|said)|meet the press|we will be (?:right )?back|"
    r"tickets are (?:available|on sale)|tonight on|on channel|this is radio|sponsored by|free (?:trial|delivery))\b"
)


def broadcast(plain: str) -> bool:
    """True when the words (lower case, contractions opened) speak to assistants, listeners or customers."""
    return bool(ORDERS.search(plain) or REGISTER.search(plain))
