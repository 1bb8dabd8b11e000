"""A day and a clock that are said apart but mean one time (pure): "tomorrow i have a meeting at nine".

Only within one clause, and only where nothing else could be meant: "see you tomorrow i will call you at nine" and
"remind me at nine to pack for tomorrow" each name two times.
"""

from collections.abc import Sequence
from typing import Final

from sotto_hub.language.english.hits import Hit
from sotto_hub.language.english.tokens import vocabulary

BREAKS: Final = frozenset(vocabulary("but so because if or and then when while until till yes no not okay ok"))
"""Words at which another clause may begin."""
OPENERS: Final = BREAKS | frozenset(vocabulary("yeah sure well oh now also hey um uh right anyway because"))
SUBJECTS: Final = frozenset(vocabulary("i we you he she they it"))
BOUND: Final = frozenset(vocabulary("for about of from than until till by before not instead since after over"))
"""Before a day: it belongs to what was said before it, not to a clock further on."""
AHEAD: Final = 12
BEHIND: Final = 4


def day_apart(run: Sequence[Hit], runs: Sequence[Sequence[Hit]], words: Sequence[str]) -> tuple[Hit, ...]:
    """The pieces of the one day that a lone clock belongs to, or nothing."""
    if not lone_clock(run):
        return ()
    days = [other for other in runs if any(hit.day for hit in other)]
    if len(days) != 1 or not all(hit.hour is None and hit.after is None for hit in days[0]):
        return ()
    return tuple(days[0]) if belong(days[0], run, words) else ()


def lone_clock(run: Sequence[Hit]) -> bool:
    """True for a time of day without a day, and not led by "this evening"."""
    named = any(hit.day or hit.after or hit.leading.startswith("this") for hit in run)
    return not named and any(hit.hour is not None for hit in run)


def belong(day: Sequence[Hit], clock: Sequence[Hit], words: Sequence[str]) -> bool:
    """True when day and clock stand in one clause."""
    start = day[0].start
    if start and words[start - 1] in BOUND:
        return False
    if day[-1].end <= clock[0].start:
        between = words[day[-1].end : clock[0].start]
        return len(between) <= AHEAD and unbroken(between) and (opens(words, start) or SUBJECTS.isdisjoint(between))
    between = words[clock[-1].end : start]
    return len(between) <= BEHIND and unbroken(between) and {"to", "that", *SUBJECTS}.isdisjoint(between)


def unbroken(between: Sequence[str]) -> bool:
    """True when no other clause begins; "and it" goes on with the same matter."""
    text = " ".join(between).replace("and it ", "it ")
    return BREAKS.isdisjoint(text.split())


def opens(words: Sequence[str], start: int) -> bool:
    """True when the day at `start` begins a clause: "tomorrow …", "so on friday …"."""
    first = start - 1 if start and words[start - 1] in ("on", "this") else start
    return first == 0 or words[first - 1] in OPENERS
