"""The one thing that may be said to the hub (pure): "off the record", which takes the last minutes back.

Spoken words are data, never orders (P7). This is the exception that can only erase: it can be said by anybody in the
room, so that a bystander may say it too, and it can never act, set, keep or send anything. What is taken for it is an
utterance that says nothing else: the phrase, with a few words around it that make it a request. What tells of it,
asks about it, or denies it ("he told me off the record that", "was that off the record", "this is not off the
record") is talk.
"""

import re
from dataclasses import dataclass
from typing import Final

from sotto_hub.language.english.tokens import stem, tokens

MINUTE_NS: Final = 60_000_000_000
MARK: Final = "@"
AROUND: Final = 10
"""With more words than this around the phrase it is a sentence about something."""

_POLITE: Final = (
    r"(?:ok|okay|so|and|but|well|oh|um|uh|er|no|yes|yeah|hey|right|now|sotto|please|sorry|actually|"
    r"wait|just|all right)"
)
_OF_US: Final = r"(?:i|we|you)(?: have)?(?: just)? (?:said|talked about|discussed)"
_SPAN: Final = r"(?:all of )?the last (?:\w+ )?(?:minutes?|bit|part)"
_THING: Final = (
    rf"(?:(?:(?:all (?:of )?)?(?:this|that|it|these|those)|everything|{_SPAN})(?: {_OF_US})?|what {_OF_US})"
)
_WISH: Final = r"(?:i (?:want|need|would like)(?: you)? to|let us|we|i)"
_PUT: Final = r"(?:keep|take|make|put|leave|go|get|strike|speak|talk)"
_IS: Final = r"(?:is|are|was|were|stays?|goes|will be|has to be|have to be|should be|must be|needs to be|be)"
_ENTIRELY: Final = r"(?:strictly|completely|entirely|totally|all|just)"
_CLOSE: Final = r"(?: (?:please|thanks|thank you|ok|okay|all right|now|then|sotto))*"
_REQUEST: Final = re.compile(
    rf"(?:{_POLITE} )*(?:(?:{_WISH} )?{_PUT} (?:{_THING} )?|(?:we|i) (?:are|am) |{_THING} (?:{_IS} )?)?"
    rf"(?:{_ENTIRELY} )?{MARK}{_CLOSE}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenControl:
    """The phrase, and how many minutes it takes back. An empty phrase: nothing can be said to the hub."""

    phrase: str = ""
    minutes: int = 5

    def span(self, text: str, end_ns: int) -> tuple[int, int] | None:
        """The span that an utterance with these words, ended at `end_ns`, takes back; mostly none."""
        return (end_ns - self.minutes * MINUTE_NS, end_ns) if takes_back(text, self.phrase) else None


def takes_back(text: str, phrase: str) -> bool:
    """Whether an utterance is the spoken request to take the last minutes back. An empty phrase: never.

    Recognisers spell as they like: the words of the phrase are compared without case, endings and doubled letters, so
    that "of the records" is "off the record" too.
    """
    words, wanted = [token.word for token in tokens(text)], [_sound(token.word) for token in tokens(phrase)]
    if not wanted or len(words) > len(wanted) + AROUND:
        return False
    sounds = [_sound(word) for word in words]
    places = [at for at in range(len(words)) if sounds[at : at + len(wanted)] == wanted]
    return any(_REQUEST.fullmatch(" ".join([*words[:at], MARK, *words[at + len(wanted) :]])) for at in places)


def _sound(word: str) -> str:
    """What is compared of a word of the phrase."""
    return re.sub(r"(.)\1+", r"\1", stem(word))
