"""Two hundred facts and a question for each, and what is told beside them about the same people and things (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final

from tests.bench.memory_parts.texts import PEOPLE, THINGS, lines, listed

FACTS: Final = (
    ("{who} keeps the spare key in the {value}", "Where does {who} keep the spare key?"),
    ("the code of {who}'s bicycle lock is {number}", "What is the code of {who}'s bicycle lock?"),
    ("{who} is allergic to {value}", "What is {who} allergic to?"),
    ("{who} learned to play the {value} as a child", "Which instrument did {who} learn to play as a child?"),
    ("{who}'s daughter is called {name}", "What is the name of {who}'s daughter?"),
)
VALUES: Final = (
    "biscuit tin,flower pot,shoe cabinet,tool box,letter box,bird house,sugar bowl,rain barrel",
    "",
    "walnuts,penicillin,strawberries,cat hair,shellfish,wasp stings,birch pollen,latex",
    "oboe,harp,viola,bassoon,accordion,clarinet,banjo,organ",
    "",
)
DAUGHTERS: Final = listed("Smilla Romy Juna Ylva Malin Enya Tuva Liv Solveig Runa Alva Edda Thea Svea Kaja Merle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One fact, what is asked about it, and the word by which its answer is known."""

    text: str
    question: str
    value: str


def facts(seed: int) -> list[Planted]:
    """Forty people, five facts about each."""
    chance = Random(seed)
    return [_fact(who, number, chance) for who, number in product(PEOPLE, range(len(FACTS)))]


def _fact(who: str, number: int, chance: Random) -> Planted:
    text, question = FACTS[number]
    digits, name = f"{chance.randrange(1000, 10_000)}", chance.choice(DAUGHTERS)
    value = chance.choice(VALUES[number].split(","))
    told = text.format(who=who, value=value, number=digits, name=name)
    return Planted(
        text=told, question=question.format(who=who), value=value or (digits if "{number}" in text else name)
    )


NEAR: Final = (
    "{who} asked whether the spare key of the {thing} still fits",
    "{who} changed the lock of the {thing} and wrote the code down",
    "{who} bought a bicycle and a {thing} for {other}",
    "{who} is not fond of the {thing} that {other} keeps",
    "{who} played with the child of {other} near the {thing}",
    "the daughter of {other} and {who} carried the {thing} home",
    "{who} said that {other} learned to use the {thing}",
)


def distractors(count: int, seed: int) -> Iterator[str]:
    """So many other memories. Every fifth speaks of the same people with words of the questions."""
    chance = Random(seed)
    for number, line in enumerate(lines(count, seed)):
        if number % 5:
            yield line
            continue
        who, other = chance.sample(PEOPLE, 2)
        near = chance.choice(NEAR).format(who=who, other=other, thing=chance.choice(THINGS))
        yield f"{near}, {line.partition(' ')[2]}"
