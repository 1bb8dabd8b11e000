"""What holds now of a statement that says first what does so no longer (pure).

So "I used to live in Rome but now I live in Oslo" says where I live.

Stands under `claims`, before its readers, which want one thing said at a time.
"""

import re
from typing import Final

from sotto_memory.keeping.claimed import ADVERBS
from sotto_memory.wording import relations

_WHO: Final = r"(?P<who>i|we|(?:my|our) \w+|the [\w ]+?|\w+(?: \w+)??|(?:my|our|\w+'s) [\w ]+?)"
_LEFT: Final = re.compile(
    rf"{_WHO}(?: have| has)? (?P<verb>used to (?:live|work)|no longer (?:lives?|works?)"
    rf"|(?:do|does) not{ADVERBS} (?:live|work)|(?:am|are|is) (?:not|no longer)(?= (?:in|at|with)\b)|lived|worked"
    r"|moved house|(?:changed|switched) jobs|(?:quit|left) (?:my|his|her|their) job)"
    r"(?: (?:in|at|for|on|near|with(?= [\w ]*?anymore)|there|here)\b[^,]*?| [\w ]*?anymore)?"
    r"(?: ,)?(?: but| and)?(?: now| these days)? (?P<then>i|we|he|she|they)"
    r" (?P<now>(?:now |just |have |has |currently )*(?:am|is|are|lives?|works?|moved|relocated|started|got)\b.+)"
)
_USED_TO_BE: Final = re.compile(
    rf"{_WHO} (?:used to be|was) (?P<was>[^,]+?)(?: ,)?(?: but| and)?(?: now| these days)*"
    r" (?:it|he|she|they) (?:is|are)(?P<now> .+)"
)
_GONE: Final = re.compile(
    r"(?P<gone>[\w' ]+?) (?:has |have |is |are )?(?:left|quit|retired|resigned|died|gone|passed away|stepped down"
    r"|stopped|went|moved|was fired|got fired|been fired|closed|changed)"
    r"(?: (?:the |my |our |to |on|away|abroad|out|last |from )?[\w' ]*?)?(?: ,)?(?: and| so)*(?: now)?"
    r" (?P<anew>(?:my|our|the) new [\w ]+? (?:is|has) .+|(?:my|our) \w+ is .+ now)"
)
_ONE: Final = rf"(?P<who>i|we|(?:my|our) \w+|\w+(?: \w+)??){ADVERBS}(?: have| has)?{ADVERBS}"
_MOVED: Final = re.compile(
    rf"{_ONE} moved(?P<house> (?:house|home|flats?|apartments?|places?))?{ADVERBS}(?: ,)?(?: and)?"
    r" (?:(?P<it>it)|(?:the|our|my|his|her) new (?:place|flat|house|home|apartment|one|address)) is(?: now)?"
    r" (?P<now>(?:in|at) .+)"
)
_THEN: Final = re.compile(
    rf"{_ONE} (?:left|quit) [\w' ]+?(?: ,)? (?:and|then)(?: now| then)?"
    r" (?P<now>(?:now )?(?:works?|started|am working|is working)(?: now)? (?:at|for) .+)"
)
_HEDGED: Final = re.compile(relations.SPOILS)
_THERE: Final = re.compile(r"^(?:am|is|are)(?P<aside>(?: now| currently)*) (?P<at>in|at|with|for)\b")


def latest(line: str) -> str:
    """The part of a statement that holds now, with who it is about; the whole where it has no such turn."""
    if match := _USED_TO_BE.fullmatch(line):
        return f"{match['who']} is{match['now']}"
    if (match := _GONE.fullmatch(line)) and not _HEDGED.search(match["gone"]):
        return match["anew"]
    if (match := _MOVED.fullmatch(line)) and (match["house"] or not match["it"]):
        return f"{match['who']} lives {match['now']}"
    if match := _THEN.fullmatch(line):
        return f"{match['who']} {match['now']}"
    match = _LEFT.fullmatch(line)
    if match is None or (match["who"] in ("i", "we")) is not (match["then"] in ("i", "we")):
        return line
    at_home = " live" in f" {match['verb']}"
    verb = "lives" if at_home else "works"
    now = _THERE.sub(lambda there: f"{verb}{there['aside']} {there['at']}", match["now"])
    return f"{match['who']} {now}"
