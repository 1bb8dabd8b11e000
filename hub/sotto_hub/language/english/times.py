"""Time expressions in recognised speech, without punctuation or case, resolved against local time (pure).

A small grammar of our own: pieces (`days`, `clock`) are matched word by word, neighbours are joined ("on friday" +
"at eight" + "in the morning"), and the whole is settled on a day and, when said, a minute. Libraries read "we" as
Wednesday and "may" as May and miss "half past four"; here a number, a relative word or a full weekday must be said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sotto_hub.language.english.apart import day_apart
from sotto_hub.language.english.clock import match_after, match_clock, match_misheard, match_part
from sotto_hub.language.english.days import match_day
from sotto_hub.language.english.hits import Hit
from sotto_hub.language.english.tokens import Token, tokens, vocabulary
from sotto_hub.language.records import When

PREPOSITIONS: Final = frozenset({"on", "by", "before", "until", "till", "this", "from", "at", "over", "during"})
JOINTS: Final = frozenset({"on", "at", "around", "about", "in", "the", "this"})
RECURRING: Final = frozenset({"every", "each", "last", "since", "ago", "past", "usual"})
DEADLINES: Final = frozenset({"by", "before", "until", "till"})
MORNING: Final = vocabulary(
    "breakfast wake waking alarm flight flies plane train bus school airport sunrise jog jogging"
)
EVENING: Final = vocabulary(
    "dinner supper party movie movies cinema film concert choir theatre theater drinks drink pub bar opera "
    "gig evening tonight dance dancing rehearsal band restaurant fireworks"
)
LATE_PARTS: Final = ("afternoon", "evening", "night", "tonight", "after lunch", "after work", "after dinner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A time expression and the tokens it takes, from `start` up to `end`."""

    start: int
    end: int
    when: When
    lead: str = ""


def mentions(text: str, at: datetime) -> tuple[Mention, ...]:
    """All time expressions of a text, in order. `at` is aware: the local time the text was said."""
    said = tokens(text)
    words = [t.word for t in said]
    runs = list(groups(words, at.date()))
    return tuple(settle(run, said, text, at, day_apart(run, runs, words)) for run in runs)


def groups(words: Sequence[str], today: date) -> Iterator[tuple[Hit, ...]]:
    """Runs of neighbouring pieces that form one expression; recurring and past ones are left out."""
    i = 0
    while i < len(words):
        run = run_at(words, i, today)
        if run and telling(run) and not recurring(words, run[0].start):
            yield run
        i = run[-1].end if run else i + 1


def run_at(words: Sequence[str], i: int, today: date) -> tuple[Hit, ...]:
    """The pieces that follow each other from place `i`, at most one joining word apart."""
    run: list[Hit] = []
    while hit := fresh(run, words, i, today) or (
        fresh(run, words, i + 1, today) if run and i < len(words) and words[i] in JOINTS else None
    ):
        run.append(hit)
        i = hit.end
    return tuple(run)


def fresh(run: Sequence[Hit], words: Sequence[str], i: int, today: date) -> Hit | None:
    """The piece at place `i`, unless the run already has one of its sort."""
    hit = match_after(words, i) or match_clock(words, i) or match_day(words, i, today) or match_part(words, i)
    if hit is None and run and (run[-1].day or run[-1].part) and run[-1].end == i:
        hit = match_misheard(words, i)
    if hit is None:
        return None
    clash = any(
        (hit.day and h.day) or (hit.hour is not None and h.hour is not None) or (hit.part and h.part) for h in run
    )
    return None if clash else hit


def telling(run: Sequence[Hit]) -> bool:
    """A bare "morning" or "after work" is no time; "this evening", a day or a clock is."""
    return any(not h.part or h.day or h.leading.startswith("this") for h in run)


def recurring(words: Sequence[str], start: int) -> bool:
    """So: "every friday", "last night": not a time to come."""
    return start > 0 and words[start - 1] in RECURRING


def settle(run: Sequence[Hit], said: Sequence[Token], text: str, at: datetime, apart: Sequence[Hit] = ()) -> Mention:
    """One expression with its day and minute decided; `apart` is its day, where that was said elsewhere."""
    start, end = run[0].start, run[-1].end
    lead = run[0].leading or (said[start - 1].word if start and said[start - 1].word in PREPOSITIONS else "")
    if not run[0].leading and lead:
        start -= 1
    words = text[said[start].start : said[end - 1].end]
    pieces = (*run, *apart)
    when = When(words=words, deadline=lead in DEADLINES, part=next((h.part for h in pieces if h.part), ""))
    cues = {t.word for t in said}
    return Mention(start=start, end=end, when=decided(pieces, when, cues, at), lead=lead)


def decided(run: Sequence[Hit], when: When, cues: set[str], at: datetime) -> When:
    """The day and, if a clock was said, the minute."""
    if after := next((h.after for h in run if h.after), None):
        moment = (at.astimezone(UTC) + after).astimezone(at.tzinfo).replace(microsecond=0)
        return replace(when, day=moment.date(), at=moment)
    named = next((h for h in run if h.day), None)
    day = named.day if named else None
    clock = next((h for h in run if h.hour is not None), None)
    if clock is None:
        here = any(h.leading.startswith("this") for h in run)
        if named and named.weekly and day == at.date() and not when.part:
            day = at.date() + timedelta(days=7)
        return replace(when, day=day or (at.date() if here else None))
    return on_clock(when, named, clock, cues, at)


def on_clock(when: When, named: Hit | None, clock: Hit, cues: set[str], at: datetime) -> When:
    """The minute: half of the day by what was said, by what it is about, and by what is still to come."""
    assert clock.hour is not None
    hour = hour_of_day(clock.hour, clock.half, when.part, cues)
    midnight = clock.hour == 0 or (hour == 0 and clock.half == "am") or (clock.hour == 12 and hour == 0)
    on = (named and named.day) or at.date()
    moment = local(on + timedelta(days=1 if midnight else 0), hour, clock.minute, at)
    if moment > at:
        return replace(when, day=moment.date(), at=moment)
    open_half = not clock.half and not when.part and hour < 12
    if on == at.date() and open_half and local(on, hour + 12, clock.minute, at) > at:
        return replace(when, day=on, at=local(on, hour + 12, clock.minute, at))
    if named is None:
        moment = local(on + timedelta(days=1), hour, clock.minute, at)
    elif on == at.date() and named.weekly:
        moment = local(on + timedelta(days=7), hour, clock.minute, at)
    return replace(when, day=moment.date(), at=moment)


def local(day: date, hour: int, minute: int, at: datetime) -> datetime:
    """An aware local time on a day (the zone settles what a clock change skips)."""
    return datetime.combine(day, time(hour, minute), tzinfo=at.tzinfo)


def hour_of_day(hour: int, half: str, part: str, cues: set[str]) -> int:
    """The hour 0..23 meant by an hour as said: dinner at seven is 19, a meeting at ten is 10, bare three is 15."""
    if hour == 0 or hour > 12:
        return hour
    if half:
        return hour % 12 + (12 if half == "pm" else 0)
    if part in LATE_PARTS:
        return 0 if hour == 12 and part in ("night", "tonight") else hour % 12 + 12
    if part:
        return hour if hour == 12 else hour % 12
    if 5 <= hour <= 11 and not cues.isdisjoint(MORNING + EVENING):
        return hour if cues.isdisjoint(EVENING) else hour + 12
    return hour + 12 if hour <= 7 else hour
