"""How people in the simulated diary speak: what a set of phrasings is made of, and the words that fill them.

There are two sets that share no phrasing: `diary_seen` for development, `diary_unseen` for the held-out run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final

from tests.bench.memory_parts.texts import listed

WEARER: Final = "wearer"
PERSON: Final = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One thing that has one value at a time, of the wearer or of a person, and how it is spoken of.

    `{v}` is the value, `{who}` the person, `{when}` a time in words. `own`: as the person says it themselves.
    """

    name: str
    of: str
    pool: str
    told: tuple[str, ...]
    changed: tuple[str, ...]
    asked: tuple[str, ...]
    asked_then: tuple[str, ...]
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One set of phrasings: topics, things that are worth keeping besides, junk, dresses, and unanswerable questions.

    A dress puts the same statement (`{said}`) into other words that add nothing.
    """

    name: str
    topics: tuple[Topic, ...]
    besides: tuple[str, ...]
    junk: tuple[str, ...]
    dresses: tuple[str, ...]
    never: tuple[str, ...]
    never_of: tuple[str, ...]


PEOPLE: Final = listed("Anna Tom Lena David Mira Jonas Carla Peter Sofia Martin")
STRANGERS: Final = listed("Zelda Igor Beatrix Quentin Ophelia Ramona Waldemar Xenia")
POOLS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "city": listed(
            "Berlin Hamburg Bremen Leipzig Munich Vienna Graz Zurich Basel Oslo Bergen Lisbon Porto Madrid Seville "
            "Dublin Cork Leeds York Prague Brno Warsaw Krakow Turin Milan Ghent Antwerp Utrecht Delft Aarhus"
        ),
        "firm": listed(
            "Brightline,Novatec,the city library,Kestrel Foods,Harbour Bank,the university hospital,Oakfield School,"
            "Blue Anchor,Mercury Rail,Tallgrass,Fernway,the opera house,Silverton Press,Polar Shipping,Redwood Labs,"
            "Quarry Lane Dental,the town hall,Windmill Bakery,Northgate Energy,Juniper Studio",
            between=",",
        ),
        "doctor": listed(
            "Dr Berg,Dr Lindqvist,Dr Okafor,Dr Hansen,Dr Moretti,Dr Novak,Dr Silva,Dr Keller,Dr Yamada,Dr Petrov,"
            "Dr Walsh,Dr Laurent,Dr Costa,Dr Eriksen,Dr Fontaine",
            between=",",
        ),
        "password": listed(
            "bluewhale42,greentea77,oldcastle19,redkite88,snowfox31,sunflower5,nightowl64,ironbridge3,applepie90,"
            "stonebridge12",
            between=",",
        ),
        "colour": listed("green blue orange purple yellow turquoise crimson silver"),
        "weekday": listed("Monday Tuesday Wednesday Thursday Friday"),
        "hiding": listed(
            "blue drawer,biscuit tin,flower pot,shoe cabinet,tool box,letter box,bird house,sugar bowl,coat pocket,"
            "piano stool",
            between=",",
        ),
        "dish": listed(
            "lasagne goulash paella risotto ramen moussaka pierogi couscous tiramisu pavlova baklava gnocchi tempura "
            "fondue ratatouille ceviche bibimbap falafel borscht gazpacho strudel carbonara schnitzel laksa"
        ),
        "pet": listed(
            "Biscuit Pepper Mango Shadow Noodle Pixel Clover Ziggy Truffle Waffles Olive Pretzel Bandit Cosmo Dexter "
            "Fudge Hazel Jasper Maple Nutmeg Peanut Rocket Scout Tiger"
        ),
        "tea": listed("jasmine rooibos peppermint assam chamomile darjeeling oolong earl-grey"),
    }
)

NUMBERS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType({"phone": (3, 4), "code": (4,)})
"""What is a number has groups of so many digits."""


def value_of(pool: str, chance: Random, taken: set[str]) -> str | None:
    """A value that nothing else in this life has; None when there is none left. Numbers are made up."""
    if pool in NUMBERS:
        return _number(NUMBERS[pool], chance, taken)
    left = [value for value in POOLS[pool] if value not in taken]
    if not left:
        return None
    taken.add(drawn := chance.choice(left))
    return drawn


def _number(digits: tuple[int, ...], chance: Random, taken: set[str]) -> str:
    while True:
        drawn = " ".join(str(chance.randrange(2 * 10 ** (n - 1), 10**n)) for n in digits)
        if drawn not in taken:
            taken.add(drawn)
            return drawn
