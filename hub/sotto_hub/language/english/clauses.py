"""An utterance with its times cut out, and what makes a clause not to be taken at its word (pure).

`Reading.plain` is the utterance with each time expression replaced by a mark (`<0>`), so that patterns need not know
how a time is said: "the plumber comes <0> to fix the sink". Jokes cannot be told from promises here; hypotheticals,
quotations, negations and questions can, mostly.
"""

import re
from dataclasses import dataclass
from typing import Final

from sotto_hub.language.english.times import Mention, mentions
from sotto_hub.language.english.tokens import Token, tokens, vocabulary
from sotto_hub.language.records import Said, When

QUOTED: Final = re.compile(
    r"\b(?!i )\w+ (?:always |never |often |just |once )?(?:says?|said|told|tells?|shouted|asked|yelled|"
    r"whispered|wrote|"
    r"announced|sang|claimed|joked|mumbled)\b"
)
SUPPOSED: Final = re.compile(
    r"\b(?:if|unless|imagine|suppose|wish|would|might|maybe|perhaps|pretend|dreamed|dreamt)\b"
)
ASKED: Final = re.compile(
    r"^(?:should|shall|do(?! not)|did|does|what|who|where|why|how|when|is|are|was|were|have|has)\b"
    r"|\b(?:do you want|would you like|shall we|should we|should i|shall i)\b"
)
PAST: Final = re.compile(
    r"\b(?:yesterday|used to|last (?:night|week|month|year|time)|years? ago|weeks? ago|days? ago)\b"
)
NEGATED_TIME: Final = re.compile(r"\b(?:not|never|no)(?: \w+){0,2} <(\d+)>|\binstead of (?:on )?<(\d+)>")
MARK: Final = re.compile(r"<(\d+)>")
FILLERS: Final = vocabulary("yes yeah sure ok okay so and but well oh then now also hey um uh right anyway no")
LEAD_INS: Final = re.compile(
    r"^(?:before i forget|by the way|one more thing|of course|all right|alright|no problem|you know|i think|i guess|"
    r"to be honest|just so you know|please remember(?: that)?|remember(?: that)?|(?:please )?do not forget that)\b"
)
LONG: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One utterance, its words, its times, and `plain`: the words with the times cut out."""

    said: Said
    words: tuple[Token, ...]
    times: tuple[Mention, ...]
    plain: str

    def token(self, place: int) -> int:
        """The token at which the n-th word of `plain` begins (a time counts as one word of `plain`)."""
        ends = {m.start: m.end for m in self.times}
        i = 0
        for _ in range(place):
            i = ends.get(i, i + 1)
        return i

    def standing(self) -> list[tuple[int, Mention]]:
        """The times that are meant, with their numbers: not "not on thursday", not "instead of saturday"."""
        denied = {int(n) for m in NEGATED_TIME.finditer(self.plain) for n in m.groups() if n}
        return [(n, m) for n, m in enumerate(self.times) if n not in denied and m.lead != "from"]

    def denied(self) -> list[When]:
        """The times that the utterance says no longer hold."""
        standing = {n for n, _ in self.standing()}
        return [m.when for n, m in enumerate(self.times) if n not in standing]


def reading(said: Said) -> Reading:
    """An utterance, ready for patterns."""
    words, times = tokens(said.text), mentions(said.text, said.at)
    starts = {m.start: n for n, m in enumerate(times)}
    inside = {i for m in times for i in range(m.start, m.end)}
    plain = [
        f"<{starts[i]}>" if i in starts else t.word for i, t in enumerate(words) if i in starts or i not in inside
    ]
    return Reading(said=said, words=words, times=times, plain=" ".join(plain))


def best_time(read: Reading, trigger_at: int) -> When | None:
    """The time that belongs to the trigger at a place of `plain`: to the minute first, then near it."""
    places = {int(m.group(1)): m.start() for m in MARK.finditer(read.plain)}
    open_ended = [(n, m) for n, m in read.standing() if not until(m)] or read.standing()
    ranked = sorted(
        open_ended,
        key=lambda nm: (nm[1].when.at is None, places[nm[0]] < trigger_at, abs(places[nm[0]] - trigger_at)),
    )
    return ranked[0][1].when if ranked else None


def until(mention: Mention) -> bool:
    """So: "until sunday" says how long, not when."""
    return mention.lead in ("until", "till")


def hedged(plain: str, trigger_at: int) -> bool:
    """True when the words before the trigger make it somebody else's words or a supposition."""
    before = " ".join(plain[:trigger_at].split()[-12:])
    return bool(QUOTED.search(before) or SUPPOSED.search(before))


def questioned(plain: str) -> bool:
    """True for a question or a proposal that nobody has taken up."""
    bare = plain
    while bare.split(" ", 1)[0] in FILLERS and " " in bare:
        bare = bare.split(" ", 1)[1]
    return bool(ASKED.search(bare))


def told(text: str) -> str:
    """The words of an utterance without the fillers before it: what is quoted back."""
    text = text.strip()
    while True:
        first, _, rest = text.partition(" ")
        if rest and first.lower().strip(",.!") in FILLERS:
            text = rest.lstrip()
        elif (lead := LEAD_INS.match(text.lower())) and len(text) > lead.end() + 1:
            text = text[lead.end() :].lstrip(" ,.")
        else:
            return text.rstrip(" .,")


def around(read: Reading, start: int) -> str:
    """The utterance in its own words; of a long one, the part from shortly before the trigger at token `start`."""
    if len(read.words) <= LONG:
        return told(read.said.text)
    first = max(0, min(start, *(m.start for m in read.times)) - 2) if read.times else max(0, start - 2)
    last = min(len(read.words), max(first + LONG, *(m.end for m in read.times), 0))
    last = min(last, first + 2 * LONG)
    return told(read.said.text[read.words[first].start : read.words[last - 1].end])
