"""How people in the simulated diary speak: what a set of phrasings is made of, and the words that fill them.

There are three sets that share no phrasing: `diary_seen` and `diary_unseen` for development, `diary_fresh` for the
held-out run. The last draws most of its values from pools of its own.
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
        "town": listed(
            "Norwich Bristol Exeter Swansea Dundee Cardiff Stockport Ipswich Grimsby Whitby Denver Omaha Boise "
            "Memphis Austin Savannah Spokane Tacoma Duluth Kaunas Gdansk Bologna Toulouse Nantes Malaga Coimbra"
        ),
        "employer": listed(
            "Hartley and Sons,Lumen Robotics,the fire station,the post office,Bexley Council,Copperfield Insurance,"
            "Tidewater Logistics,the cathedral shop,Pinnacle Software,Marsh Lane Surgery,Orbit Airways,Dunmore Steel,"
            "the youth hostel,Velvet Records,Saffron Catering,Greystone Bank,Cloudberry Games,the aquarium,"
            "Thistle Hotels,Beacon Charity",
            between=",",
        ),
        "gp": listed(
            "Dr Patel,Dr Morgan,Dr Chowdhury,Dr Fitzgerald,Dr Nakamura,Dr Whitlock,Dr Adeyemi,Dr Kowalski,Dr Ramirez",
            between=",",
        ),
        "gym": listed(
            "Ironworks,Sweatbox,the YMCA,Body Temple,Peak Fitness,the leisure centre,Muscle Barn,Flexhouse,"
            "Titan Strength,Blue Lagoon,Planet Squat,Riverside Sports,Gravity Hall,Urban Lift,Fit Factory",
            between=",",
        ),
        "boss": listed(
            "Mrs Abernathy,Mr Oyelaran,Gareth,Priya,Denise,Svetlana,Mr Pemberton,Fiona,Rajesh,Ms Delacroix,Brandon,"
            "Mrs Kaplan,Tobias,Ingrid,Mr Whitaker,Chantal,Desmond,Yolanda",
            between=",",
        ),
        "car": listed(
            "Skoda Fabia,Ford Focus,Honda Jazz,Toyota Yaris,Fiat Panda,Volvo estate,Renault Clio,Tesla,Subaru,Mazda,"
            "Nissan Leaf,Vauxhall Corsa,Kia Picanto,Dacia Duster,Citroen Berlingo,Jeep,Peugeot,Lexus",
            between=",",
        ),
        "school": listed(
            "Hillcrest Primary,St Jude's,Maple Grove Elementary,Ashdown Infants,Fairview Middle School,Kingsmead,"
            "Willowbrook,Holy Cross,Thornbury Grammar,Lakeside Montessori,Parkfield,Stanhope Road,Bluebell Lane,"
            "Westfield Academy,Queen Anne's,Meadowbank",
            between=",",
        ),
        "passphrase": listed(
            "tulipjam55 foggyhill8 crabapple21 paperboat70 tinrobot16 velvetmoose4 lemonade93 duckpond62"
        ),
        "spot": listed(
            "the Red Lion,the bandstand,the church hall,the boathouse,the clock tower,the food court,the old mill,"
            "the community centre,the tea rooms,the vicarage",
            between=",",
        ),
        "drink": listed(
            "a flat white,an oat latte,builder's tea,a double espresso,hot chocolate,a chai,an americano,a matcha,"
            "a cortado,lemon squash",
            between=",",
        ),
        "nook": listed(
            "under the sink,behind the telly,on top of the fridge,in the glove box,by the back door,"
            "in the airing cupboard,next to the microwave,under the stairs,beside the washing machine",
            between=",",
        ),
        "hour": listed(
            "half past five,six o'clock,quarter to seven,twenty past six,ten to eight,half past eight,"
            "five past seven,quarter past nine",
            between=",",
        ),
        "book": listed(
            "Middlemarch,Dracula,Moby Dick,Jane Eyre,Wolf Hall,Frankenstein,Ivanhoe,Don Quixote,Catch-22,Bleak House",
            between=",",
        ),
        "bunny": listed(
            "Thumper Cinnamon Domino Marble Pickle Snowball Toffee Widget Bramble Tufty Cocoa Sprout Buttons Duchess"
        ),
        "takeaway": listed(
            "pad thai,chicken korma,doner kebab,fish tacos,singapore noodles,lamb biryani,katsu curry,beef burritos,"
            "sweet and sour pork,peking duck,spring rolls,tikka masala,jerk chicken,sushi,poke bowls",
            between=",",
        ),
        "sweetheart": listed(
            "Bryony Callum Imogen Rashid Freya Declan Nadia Oscar Harriet Mateo Yuki Leila Rowan Sanjay Tamsin Kofi"
        ),
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
