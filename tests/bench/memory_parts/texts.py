"""Sentences of a made-up life, as many as one likes: seeded, pure, the same on every machine.

The store benches fill memories with them. Words are drawn as in speech, a few of them very often and a long tail
hardly ever, so that an index meets both.
"""

from collections.abc import Iterator
from functools import cache
from itertools import accumulate, product
from random import Random
from typing import Final


def listed(text: str, between: str | None = None) -> tuple[str, ...]:
    """The items of a list that is written in one line."""
    return tuple(text.split(between))


PEOPLE: Final = listed(
    "Anna Ben Cleo David Elif Farid Greta Hanno Ines Jonas Karim Lena Mira Nils Olga Pedro Rosa Samir Tilda "
    "Uwe Vera Wanda Yusuf Zora Arne Birgit Carlos Dora Emil Frida Gustav Heidi Ivo Jutta Klaus Lotte Marek "
    "Nora Otto Paula",
)
THINGS: Final = listed(
    "ladder kettle bicycle passport printer umbrella drill sofa guitar tent camera blanket suitcase lamp "
    "radio bookshelf teapot boiler carpet freezer heater hammer jacket keyboard mattress mirror notebook "
    "oven parcel piano projector rucksack saddle scarf scooter sewing-machine stroller telescope toaster "
    "trailer trumpet tyre vase wardrobe watch",
)
LOOKS: Final = listed(
    "old new red blue broken heavy borrowed wooden small spare green dusty expensive rusty shiny second",
)
DEEDS: Final = listed(
    "borrowed repaired sold lost found painted cleaned packed measured returned carried photographed "
    "ordered wrapped collected unpacked tested cancelled described forgot",
)
ROOMS: Final = listed(
    "in the kitchen,at the office,on the balcony,in the cellar,at the station,by the lake,in the workshop,"
    "at the market,in the garden,behind the garage,at the library,in the attic,on the ferry,at the bakery,"
    "near the school",
    between=",",
)
TIMES: Final = listed(
    "on Monday,on Tuesday,on Wednesday,on Thursday,on Friday,before lunch,after work,late at night,"
    "in the morning,during the storm,right after the meeting,while it rained",
    between=",",
)
ENDS: Final = listed(
    "because of the {rare},for the {rare} evening,with the help of {other},since {other} had asked for it,"
    "and thought of {rare},although {other} did not agree,to make room for the {rare},"
    "with {other} and the {rare} people",
    between=",",
)
SYLLABLES: Final = listed(
    "ba be bo da de do fa fi ga go ka ki la le lo ma me mo na ni no pa pe ra re ri sa so ta te to va vi za",
)
TAIL_WORDS: Final = 20_000


@cache
def _tail() -> tuple[list[str], list[float]]:
    """Words nobody uses, and the running sum of how often they are drawn (Zipf)."""
    stems = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]
    endings = ("n", "r", "sk", "lt", "mm", "x")
    chance = Random(0)
    every = [stem + chance.choice(endings) for stem in chance.sample(stems, TAIL_WORDS)]
    return every, list(accumulate(1 / (rank + 10) for rank in range(len(every))))


def lines(count: int, seed: int) -> Iterator[str]:
    """So many sentences of twelve to twenty words. Two of them are hardly ever equal."""
    chance = Random(seed)
    for _ in range(count):
        yield _line(chance)


def _line(chance: Random) -> str:
    pick = chance.choice
    words, running = _tail()
    rare, second = chance.choices(words, cum_weights=running, k=2)
    end = pick(ENDS).format(rare=rare, other=pick(PEOPLE))
    return f"{pick(PEOPLE)} {pick(DEEDS)} the {pick(LOOKS)} {second} {pick(THINGS)} {pick(ROOMS)} {pick(TIMES)} {end}"


def questions(count: int, seed: int) -> list[str]:
    """Questions as people ask them about such sentences: some words frequent, most with a rarer one."""
    chance = Random(seed)
    words, running = _tail()
    asked = (
        "When did {who} have the {look} {thing} {room}?",
        "What happened to the {rare} {thing} of {who}?",
        "Who {deed} the {rare} {thing} {time}?",
        "Why was {who} {room} with the {thing}?",
        "What did {who} say about the {rare} people?",
    )
    return [
        chance.choice(asked).format(
            who=chance.choice(PEOPLE),
            look=chance.choice(LOOKS),
            thing=chance.choice(THINGS),
            room=chance.choice(ROOMS),
            time=chance.choice(TIMES),
            deed=chance.choice(DEEDS),
            rare=chance.choices(words, cum_weights=running)[0],
        )
        for _ in range(count)
    ]
