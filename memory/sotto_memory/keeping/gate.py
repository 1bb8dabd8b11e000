"""Whether a text is worth keeping (pure): kept, put up for review, or refused, with a stable word for the reason.

Stands at the way in, before `likeness`. Recognised speech has no punctuation and no case, so the gate goes by words
alone: it takes out what people say without telling anything, and asks whether what is left states something. What
stands in a question's dress ("did I tell you Anna has moved") or has one behind it ("..., doesn't she") is told too.

    no_content      nothing but words that say little       greeting       "good morning everyone"
    filler          "um yeah okay"                           small_talk     "thanks a lot", "cold today, isn't it"
    question        it asks                                  repeated_words "the the the the"
    moment          "I'll get these", "my bus is here": over when it is said; for review when it names three things
    half_sentence   it was cut off; for review when it names something
    unclear_subject "he likes it", and nobody says who       too_short      one word; both for review
    order           "give me your hand"; for review when it names three things
    fragment        few words without a verb; for review
    unsure          less sure than `SURE_FROM`; for review
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from sotto_memory.keeping.claims import claim
from sotto_memory.records import Kind, MemoryRecord, Source
from sotto_memory.wording import small_talk as talk
from sotto_memory.wording.words import words

SURE_FROM: Final = 0.5
"""Confidence from which a memory is kept without review."""
PHRASED_WORDS: Final = 60
"""Longer texts are not looked through for phrases of small talk."""
ORDER_WORDS: Final = 3
"""An order or a remark that names so many things may be a rule of the house or a plan, and is put up for review."""
FRAGMENT_WORDS: Final = 5
"""So few words without a verb are a scrap of talk."""
UNSURE: Final = "unsure"

_STRICT: Final = frozenset({Kind.FACT, Kind.PREFERENCE, Kind.PERSON, Kind.PLACE, Kind.INSIGHT, Kind.ROUTINE})
_SPOKEN: Final = frozenset({Source.WEARER, Source.OTHER, Source.UNKNOWN})
"""Sources whose texts are talk. The others write of a subject in keywords: "allergic to nuts"."""
_NAMES_ALONE: Final = frozenset({Kind.PERSON, Kind.PLACE})
"""Kinds whose text may be a name and nothing else."""
_WHOLE_WORDS: Final = 2
"""What is told inside a question has at least so many words."""
_STATED: Final = re.compile(r"(?:please |always )?(?:remember|note|keep in mind|(?:do not|dont|never) forget)\b")


class Verdict(StrEnum):
    """What is to become of a text."""

    KEEP = "keep"
    DOUBTFUL = "doubtful"
    JUNK = "junk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict and its reason; no reason for what is kept."""

    verdict: Verdict
    reason: str = ""


_KEEP: Final = Judged(verdict=Verdict.KEEP)


def judge(record: MemoryRecord) -> Judged:
    """Whether this is worth keeping. What the wearer states as a thing to remember is, unless it is empty."""
    said = plain_words(record.text)
    if not said:
        signs = any(unicodedata.category(one) == "So" for one in record.text)
        return _KEEP if signs and record.kind is not Kind.FACT else _junk("no_content")
    if _is_stated(record, said):
        return _unsure(record)
    if reason := _telling_nothing(said):
        return _junk(reason)
    return _judged_strictly(record, said) if record.kind in _STRICT else _unsure(record)


def doubt_left(known: MemoryRecord, told: MemoryRecord, confidence: float) -> str:
    """The doubt about `known` after it was told again, now believed with `confidence`.

    A telling without doubt settles a doubt of the gate; a contradiction waits for the wearer.
    """
    if known.doubt.startswith("contradicts") or not known.doubt:
        return known.doubt
    heard_well = known.doubt == UNSURE and confidence >= SURE_FROM
    return "" if heard_well or not told.doubt else known.doubt


def plain_words(text: str) -> list[str]:
    """The words as a recogniser would write them: small letters, no apostrophes.

    Where another word would come of it ("we're", "we'll", "she'd"), the two words are written out.
    """
    whole = talk.SHORTENED.sub(lambda found: f"{found[1]} {talk.LONG_FORMS[found[2].casefold()]}", text)
    return words(re.sub(r"(?<=\w)['’‘ʼ](?=\w)", "", whole))


def _is_stated(record: MemoryRecord, said: list[str]) -> bool:
    if record.source is not Source.WEARER:
        return record.pinned
    return record.pinned or "remember" in record.details or bool(_STATED.match(" ".join(said)))


def _telling_nothing(said: list[str]) -> str:
    """The reason why a text tells nothing whatever its kind, empty when it may tell something."""
    if set(said) <= talk.FILLERS:
        return "filler"
    if len(said) >= 3 and max(Counter(said).values()) * 2 > len(said):
        return "repeated_words"
    if len(said) > PHRASED_WORDS:
        return ""
    line = " ".join(said)
    without_greetings = talk.GREETINGS.sub(" ", line)
    left = talk.SMALL_TALK.sub(" ", without_greetings)
    if left == line or _content(left.split()):
        return ""
    return "greeting" if not _content(without_greetings.split()) else "small_talk"


def _judged_strictly(record: MemoryRecord, said: list[str]) -> Judged:
    told = _told_in_passing(said)
    if not told and _asks(record.text, said):
        return _junk("question")
    return _judged_statement(record, told or said)


def _told_in_passing(said: list[str]) -> list[str]:
    """What is told behind "did I tell you" or before "isn't she", empty when nothing is."""
    line = " ".join(said)
    told = talk.TAGS.sub("", talk.NEWS.sub("", line, count=1)).split()
    if len(told) == len(said) or len(told) < _WHOLE_WORDS or _cut_off(told) or talk.ASKING.match(" ".join(told)):
        return []
    return told if told[0] not in talk.NO_SUBJECT and (_has_verb(told) or line.startswith(" ".join(told))) else []


def _judged_statement(record: MemoryRecord, said: list[str]) -> Judged:
    content = [one for one in said if one not in talk.WEAK_EVERYWHERE]
    # What answers a question with one value, like "put the car keys in the bowl", is more than an order.
    passing = _said_in_passing(said, content)
    if passing and (passing != _doubtful("order") or claim(record) is None):
        return passing
    if not content and talk.HABITS.match(" ".join(said)) and not set(said) <= talk.WEAK:
        return _unsure(record)
    pointing = not record.subject and _points_at_nobody(said)
    if not content and not (pointing and said[0] in talk.PEOPLE and len(said) > 2):
        return _junk("no_content")
    if pointing and claim(record) is None:
        return _doubtful("unclear_subject")
    return _of_few_words(record, said) or _unsure(record)


def _said_in_passing(said: list[str], content: list[str]) -> Judged | None:
    """The verdict on an order, a remark of the moment or a sentence cut off; None when it is none of them."""
    line = " ".join(said)
    if _orders(line, said):
        if len(content) < ORDER_WORDS:
            return _junk("order")
        return None if talk.LASTING.search(line) else _doubtful("order")  # "keep the bins in on Monday": a rule
    if talk.REQUESTS.search(line) or (talk.MOMENTS.search(line) and not talk.LASTING.search(line)):
        return _junk("moment") if len(content) < ORDER_WORDS else _doubtful("moment")
    if _cut_off(_without_hesitation(said)):
        return _doubtful("half_sentence") if content else _junk("half_sentence")
    return None


def _of_few_words(record: MemoryRecord, said: list[str]) -> Judged | None:
    """The doubt about a text that may be a scrap of talk, None when it may stand by itself."""
    written = record.subject and record.source not in _SPOKEN and len(said) > 1
    if record.kind in _NAMES_ALONE or written:
        return None
    if len(said) - sum(one in talk.FILLERS for one in said) <= 1:
        return _doubtful("too_short")
    scrap = len(said) <= FRAGMENT_WORDS and not _says_something(said) and not _notes_something(said)
    return _doubtful("fragment") if scrap else None


def _says_something(said: list[str]) -> bool:
    """Whether anything in it looks like a verb."""
    if said[0] in talk.SUBORDINATE:
        return False
    return _has_verb(said) or any(one not in talk.EXCLAIMED and talk.IN_S.fullmatch(one) for one in said)


def _has_verb(said: list[str]) -> bool:
    """Whether it has a word that can only be a verb: of a list, behind "I", before "me", or with "ed"."""
    behind = [two for one, two in pairwise(said) if one in talk.SPEAKERS]
    before = [one for one, two in pairwise(said[1:]) if two in talk.DONE_TO and one not in talk.NO_SUBJECT]
    doing = [one for one in said if one in talk.DOING or (len(one) > 3 and one.endswith("ed"))]
    return any(one not in talk.FILLERS for one in (*behind, *before, *doing))


def _notes_something(said: list[str]) -> bool:
    """Whether a few words without a verb are a note: a thing with its number or day, or "no nuts for Finn"."""
    named = [one for one in said if one not in talk.WEAK_EVERYWHERE and not talk.NUMBERS.fullmatch(one)]
    numbered = any(talk.NUMBERS.fullmatch(one) for one in said)
    return (numbered and len(named) > 1) or (not {"no", "never", "always"}.isdisjoint(said) and len(named) > 1)


def _asks(text: str, said: list[str]) -> bool:
    return text.rstrip().endswith("?") or bool(talk.ASKING.match(" ".join(said)))


def _orders(line: str, said: list[str]) -> bool:
    if talk.ORDERS.match(line):
        return not talk.LEFT_OUT.match(line)
    first, second = said[0], said[1] if len(said) > 1 else ""
    bare = first not in talk.NEVER_ORDERED and not first.endswith(("ed", "s", "ing"))
    return bare and second in {"it", "me", "us", "them"}


def _without_hesitation(said: list[str]) -> list[str]:
    """Without the words somebody stops talking on: "we could, um, maybe"."""
    end = len(said)
    while end > 1 and said[end - 1] in talk.HESITATIONS:
        end -= 1
    return said[:end]


def _cut_off(said: list[str]) -> bool:
    if len(said) < 2 or talk.WHOLE_ENDINGS.search(" ".join(said)):
        return False
    if said[-1] in talk.DANGLING_AFTER_VERBS:
        return said[-2] not in talk.BEING
    return said[-1] in talk.DANGLING


def _points_at_nobody(said: list[str]) -> bool:
    supposed = talk.SUPPOSING.sub("", " ".join(said)).split()
    first, *rest = [one for one in supposed if one not in talk.FILLERS] or said
    line = " ".join((first, *rest))
    if talk.POINTING_AHEAD.match(line):
        return False
    if talk.ADDRESSED.match(line):
        return True
    if first in talk.POINTING_IF_ALONE:
        doing = talk.POINTED_VERBS | talk.DOING
        return len(rest) == 1 or (bool(rest) and (rest[0] in doing or rest[0].endswith(talk.POINTED_ENDINGS)))
    return first in talk.POINTING


def _content(said: list[str]) -> list[str]:
    return [one for one in said if one not in talk.WEAK]


def _unsure(record: MemoryRecord) -> Judged:
    return _doubtful(UNSURE) if record.confidence < SURE_FROM else _KEEP


def _junk(reason: str) -> Judged:
    return Judged(verdict=Verdict.JUNK, reason=reason)


def _doubtful(reason: str) -> Judged:
    return Judged(verdict=Verdict.DOUBTFUL, reason=reason)
