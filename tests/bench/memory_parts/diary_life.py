"""Thirty days of a made-up life: what becomes true when, what is said of it, and what is asked in the end (pure).

Seeded: the same seed and phrasings make the same life. Every value exists once, so that an answer can be told by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from tests.bench.memory_parts.diary_words import PEOPLE, STRANGERS, WEARER, Phrases, Topic, value_of
from tests.bench.memory_parts.texts import THINGS

ZONE: Final = ZoneInfo("Europe/Berlin")
BEGIN: Final = datetime(2027, 3, 3, tzinfo=ZONE)
DAYS: Final = 30
BESIDES_A_DAY: Final = 8
JUNK_A_DAY: Final = 14
MENTIONS_A_DAY: Final = 8
PERSON_TOPICS: Final = 12
SPOKEN_LIKE: Final = 0.5
TOLD_BY_THEMSELVES: Final = 0.2


class Sort(StrEnum):
    """What a line is, which the library is not told."""

    FACT = "fact"
    CORRECTION = "correction"
    BESIDES = "besides"
    JUNK = "junk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing said. `speaker` is empty for the wearer. `question` finds what a correction corrects."""

    at: datetime
    text: str
    sort: Sort
    speaker: str = ""
    question: str = ""


@dataclass(slots=True, kw_only=True)
class Thread:
    """One topic of one person through the month: its values, since when each was true, and when each was told.

    `speaker`: who tells of it all the month; empty for the wearer. (That the word of others does not close the
    wearer's is a rule with tests of its own, and no matter of recall.)
    """

    topic: Topic
    who: str
    speaker: str = ""
    values: list[tuple[datetime, str]] = field(default_factory=list)
    tellings: list[tuple[datetime, str]] = field(default_factory=list)

    def at(self, moment: datetime) -> str | None:
        """The value that was true then."""
        return next((value for since, value in reversed(self.values) if since <= moment), None)

    def told_by(self, moment: datetime) -> str | None:
        """The value that had been told last by then: a wrong one until it was corrected."""
        return next((value for at, value in reversed(self.tellings) if at <= moment), None)

    def say(self, forms: tuple[str, ...], chance: Random, *, value: str = "", when: str = "") -> str:
        """One of these forms in full."""
        said = chance.choice(forms).format(who=self.who, v=value, when=when)
        return " ".join(said.replace(" ?", "?").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked in the end. `answer` is empty where nothing was ever told; `wrong` are other values of the topic.

    `as_of`: the time is given beside the question, not in its words.
    """

    text: str
    answer: str
    changed: bool = False
    then: bool = False
    wrong: tuple[str, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All that was said, in order, and all that is asked."""

    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    end: datetime


def life(phrases: Phrases, seed: int) -> Life:
    """The month that a seed makes."""
    chance = Random(f"{phrases.name} {seed}")
    threads = _threads(phrases, chance)
    end = BEGIN + timedelta(days=DAYS)
    said = [line for thread in threads for line in _told(thread, phrases, chance)]
    said += list(_noise(phrases, chance))
    said += list(_mentions(threads, phrases, chance))
    asked = [question for thread in threads for question in _asked(thread, end, chance)]
    asked += list(_never(threads, phrases, chance))
    return Life(lines=tuple(sorted(said, key=lambda line: line.at)), questions=tuple(asked), end=end)


def _threads(phrases: Phrases, chance: Random) -> list[Thread]:
    """All topics of the wearer, and some of each person's."""
    own = [Thread(topic=topic, who="") for topic in phrases.topics if topic.of == WEARER]
    every = [Thread(topic=t, who=who) for t in phrases.topics if t.of != WEARER for who in PEOPLE[:-2]]
    threads = own + chance.sample(every, PERSON_TOPICS)
    taken: set[str] = set()
    for thread in threads:
        thread.speaker = thread.who if chance.random() < TOLD_BY_THEMSELVES else ""
        days = sorted(chance.sample(range(1, DAYS - 1, 4), chance.choice((0, 1, 1, 2, 3))))
        for day in (0, *(day + 1 for day in days)):
            value = value_of(thread.topic.pool, chance, taken)
            if value is not None:
                thread.tellings.append((_moment(day, chance), value))
        thread.values = list(thread.tellings)
    return [thread for thread in threads if thread.tellings]


def _moment(day: int, chance: Random) -> datetime:
    return BEGIN + timedelta(days=day, hours=8, seconds=chance.randrange(12 * 3600))


def _told(thread: Thread, phrases: Phrases, chance: Random) -> Iterator[Line]:
    """The first telling, then each change. One change in six is the wearer's correction of what was kept."""
    for number, (at, value) in enumerate(thread.tellings):
        if number and not thread.speaker and chance.random() < 1 / 6:
            question = thread.say(thread.topic.asked, chance)
            text = thread.say(thread.topic.told, chance, value=value)
            _make_right(thread, number)
            yield Line(at=at, text=text, sort=Sort.CORRECTION, question=question)
        else:
            yield _line(thread, value, at, phrases, chance)


def _make_right(thread: Thread, number: int) -> None:
    """What is corrected was never true: the right value has been so since the wrong one was told."""
    thread.values[number] = (thread.values[number - 1][0], thread.values[number][1])


def _line(thread: Thread, value: str, at: datetime, phrases: Phrases, chance: Random) -> Line:
    """The value as news where it is new, else as something known."""
    news = thread.told_by(at) != thread.told_by(at - timedelta(seconds=1)) and at > thread.tellings[0][0]
    forms = thread.topic.own if thread.speaker else thread.topic.changed if news else thread.topic.told
    said = thread.say(forms, chance, value=value)
    return Line(at=at, text=_dressed(said, phrases, chance), sort=Sort.FACT, speaker=thread.speaker)


def _dressed(said: str, phrases: Phrases, chance: Random) -> str:
    """As a recogniser writes it (no case, no stops), or as a person would."""
    text = chance.choice(phrases.dresses).format(said=said)
    if chance.random() < SPOKEN_LIKE:
        return "".join(c for c in text.lower() if c.isalnum() or c in " '-")
    return text[:1].upper() + text[1:]


def _noise(phrases: Phrases, chance: Random) -> Iterator[Line]:
    for day in range(DAYS):
        for _ in range(BESIDES_A_DAY):
            text = chance.choice(phrases.besides).format(
                who=chance.choice(PEOPLE),
                thing=chance.choice(THINGS),
                v=chance.choice(("walnuts", "cat hair", "shellfish", "birch pollen", "wasp stings")),
                dish=chance.choice(("soup", "pancakes", "dumplings", "fried fish", "pizza")),
                city=chance.choice(("Rome", "Paris", "Athens", "Tallinn", "Riga")),
                colour=chance.choice(("grey", "pink", "white", "brown")),
                number=chance.randrange(20, 900),
            )
            yield Line(at=_moment(day, chance), text=_dressed(text, phrases, chance), sort=Sort.BESIDES)
        for text in chance.choices(phrases.junk, k=JUNK_A_DAY):
            speaker = chance.choice(("", "", chance.choice(PEOPLE)))
            spoken = text if chance.random() < SPOKEN_LIKE else f"{text[:1].upper()}{text[1:]}."
            yield Line(at=_moment(day, chance), text=spoken, sort=Sort.JUNK, speaker=speaker)


def _mentions(threads: list[Thread], phrases: Phrases, chance: Random) -> Iterator[Line]:
    """What is true is said again and again."""
    for day in range(1, DAYS):
        for thread in chance.choices(threads, k=MENTIONS_A_DAY):
            at = _moment(day, chance)
            value = _settled(thread, at)
            if value is not None and value == thread.told_by(at):
                yield _line(thread, value, at, phrases, chance)


def _settled(thread: Thread, at: datetime) -> str | None:
    """The value that was true a day before, and a day after."""
    lasting = {thread.at(at - timedelta(days=1)), thread.at(at), thread.at(at + timedelta(days=1))}
    return lasting.pop() if len(lasting) == 1 else None


def _asked(thread: Thread, end: datetime, chance: Random) -> Iterator[Question]:
    values = tuple(value for _, value in thread.values)
    changed = len({since for since, _ in thread.values}) > 1
    now = thread.at(end) or ""
    yield Question(
        text=thread.say(thread.topic.asked, chance),
        answer=now,
        changed=len(values) > 1,
        wrong=tuple(value for value in values if value != now),
    )
    if changed:
        yield from _asked_then(thread, end, values, chance)


def _asked_then(thread: Thread, end: datetime, values: tuple[str, ...], chance: Random) -> Iterator[Question]:
    """Two questions about days on which nothing changed: one says the day, one is asked as of it."""
    days = [day for day in range(2, DAYS - 1) if _settled(thread, BEGIN + timedelta(days=day, hours=12))]
    past = [day for day in days if thread.at(BEGIN + timedelta(days=day, hours=12)) != thread.at(end)]
    for in_words in (True, False) if past else ():
        day = chance.choice(past)
        moment = BEGIN + timedelta(days=day, hours=12)
        then = thread.at(moment) or ""
        yield Question(
            text=thread.say(thread.topic.asked_then, chance, when=_spoken(moment, end, chance) if in_words else ""),
            answer=then,
            then=True,
            wrong=tuple(value for value in values if value != then),
            as_of=None if in_words else moment,
        )


def _spoken(moment: datetime, end: datetime, chance: Random) -> str:
    """A day in words: how long ago it was, or its date."""
    days = (end.date() - moment.date()).days
    return chance.choice((f"{days} days ago", f"on {moment.day} {moment:%B}", f"on {moment:%B} {moment.day}"))


def _never(threads: list[Thread], phrases: Phrases, chance: Random) -> Iterator[Question]:
    """Nothing was said of it: things nobody spoke of, topics of others than those it was told of, and strangers."""
    texts = list(phrases.never)
    texts += [chance.choice(phrases.never_of).format(who=who) for who in PEOPLE]
    told = {(id(thread.topic), thread.who) for thread in threads}
    untold = [(t, who) for t in phrases.topics if t.of != WEARER for who in PEOPLE if (id(t), who) not in told]
    pairs = chance.sample(untold, 10) + [(chance.choice(untold)[0], who) for who in STRANGERS]
    texts += [chance.choice(topic.asked).format(who=who) for topic, who in pairs]
    yield from (Question(text=text, answer="") for text in texts)
