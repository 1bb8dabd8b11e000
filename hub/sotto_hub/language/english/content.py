"""Which English words carry content (pure): what titles, matching and searching go by."""

from collections.abc import Iterable
from typing import Final

from sotto_hub.language.english.numbers import ORDINALS, TENS, UNITS
from sotto_hub.language.english.tokens import stem, tokens, vocabulary

FUNCTION: Final = vocabulary(
    "a an the and or but so because if when while that this these those it its he she they we i you me him her "
    "them us "
    "my your his our their mine yours to of in on at by for from with into onto over under about as than then is are "
    "was were be been being am do does did doing have has had having will would shall should can could may "
    "might must "
    "not no yes sure ok okay please thanks thank well oh just also too very really quite some any all every "
    "each there "
    "here what which who whom whose where why how before after until till during again ever never now later "
    "soon still "
    "let lets get got go going one ones thing things kind up down out off back more most much many little lot way "
    "earlier instead already nobody somebody someone something anything everything promise remind remember "
    "forget hello "
    "hi hey goodbye bye good morning afternoon evening night day today tomorrow tonight yesterday week weekend month "
    "monday tuesday wednesday thursday friday saturday sunday noon midnight clock o'clock half quarter past "
    "next last "
    "time times date hour hours minute minutes self note else besides because usual usually like"
)
NUMBERS: Final = frozenset(UNITS) | frozenset(TENS) | frozenset(ORDINALS)
ASKING: Final = frozenset({"tell", "know", "say", "said", "called", "happen", "happened", "appointment"})


def stems(text: str) -> tuple[str, ...]:
    """Content words of a text, lightly stemmed, in order, each once; words of time and number are left out."""
    kept = (t.word for t in tokens(text) if t.word not in FUNCTION and t.word not in NUMBERS and not t.word.isdigit())
    return tuple(dict.fromkeys(stem(w) for w in kept))


def shared(a: Iterable[str], b: Iterable[str]) -> int:
    """How many stems two texts have in common."""
    return len(set(a) & set(b))
