"""What the words of a question say about the answer, and how telling a sentence is (pure, English)."""

import re
from typing import Final

from sotto_memory.wording.words import STOP_WORDS, root, words

_MORE_THAT_SAY_LITTLE: Final = """
after again against all also because before being below between both doing don down during each few further having
herself himself into itself more myself no nor not now off once only other ourselves out over own same themselves
through too under until up very while yourself
"""
SAYING_LITTLE: Final = STOP_WORDS | frozenset(_MORE_THAT_SAY_LITTLE.split())
"""Words by which nothing is looked for, unless a question has no others."""

_FRAME: Final = """
anything called described describe describes else ever everything get gets getting got gotten kind kinds long many
mention mentioned mentions much name named names often said say says share shared shares something sort sorts tell
tells thing things told type types way will
"""
FRAME: Final = frozenset(_FRAME.split())
"""Words that frame a question more than they say what it is about; they count, but little."""

_ASKS_WHEN: Final = re.compile(
    r"^\W*(?:when|what (?:date|day|month|year|time)|which (?:date|day|month|year)|how long)\b"
    r"|\b(?:in|on) (?:what|which) (?:date|day|month|year)\b",
    re.IGNORECASE,
)
_ASKS_WORK: Final = re.compile(
    r"\bwhat (?:do|does|did) (?:[^\W_]+ ){1,3}(?:do|work as)(?: (?:for (?:a living|work)|now|these days))?\W*$",
    re.IGNORECASE,
)
_TELLS_WORK: Final = re.compile(
    r"\b(?:works?|worked|working|job|teaches|taught|runs|retired|employed|trained|studies|studied"
    r"|(?:is|was|am|became|'s|'m) (?:now )?an?)\b",
    re.IGNORECASE,
)
_TELLS_WHEN: Final = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|weekend|recently|the other day|in may|(?:19|20)\d\d"
    r"|(?:last|next|this) (?:night|week|month|year|weekend|morning|afternoon|evening)\w*"
    r"|(?:last|next|this) (?:summer|winter|spring|fall|autumn)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|june|july|august|september|october|november|december"
    r"|(?:a|two|three|four|five|six|few|couple of|\d+) (?:days?|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
_WEARER: Final = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|ours)\b", re.IGNORECASE)
_OWN: Final = frozenset(("i", "me", "my", "mine", "myself", "we", "us", "our", "ours"))
_THEIRS: Final = frozenset(("you", "your", "yours"))
_APART: Final = re.compile(r"[^a-z]+")
_SENTENCE: Final = re.compile(r"[^.!?]+[.!?]*")


def asks_when(question: str) -> bool:
    """Whether a question asks for a time."""
    return bool(_ASKS_WHEN.search(question))


def asks_work(question: str) -> bool:
    """Whether a question asks what somebody does: "what does my mother do"."""
    return bool(_ASKS_WORK.search(question))


def tells_work(text: str) -> bool:
    """Whether a text may tell what somebody does."""
    return bool(_TELLS_WORK.search(text))


def tells_when(text: str) -> bool:
    """Whether a text names a time."""
    return bool(_TELLS_WHEN.search(text))


def speaks_of_self(text: str) -> bool:
    """Whether the speaker of a text is in it."""
    return bool(_WEARER.search(text))


def self_talk(text: str) -> float:
    """-1..1: how much more a text is about its speaker than about who is spoken to."""
    said = _APART.split(text.lower())
    own, other = sum(map(_OWN.__contains__, said)), sum(map(_THEIRS.__contains__, said))
    return (own - other) / (own + other + 1)


def asking_share(text: str) -> float:
    """0..1: the share of a text's words that stand in questions. Speech without marks asks nothing."""
    if "?" not in text:
        return 0.0
    parts = [(len(part.split()), part.rstrip().endswith("?")) for part in _SENTENCE.findall(text)]
    return sum(count for count, asks in parts if asks) / max(1, sum(count for count, _ in parts))


def word_count(text: str) -> int:
    """How many words a text has, roughly."""
    return len(text.split())


def telling(text: str) -> list[str]:
    """The words of a text by which more of the kind may be looked for, each once."""
    return [one for one in dict.fromkeys(words(text)) if len(one) > 2 and one not in SAYING_LITTLE | FRAME]


def roots(text: str) -> frozenset[str]:
    """The roots of the words of a text."""
    return frozenset(map(root, words(text)))
