"""Other words that mean nearly the same as a word of a question (pure, English).

Stands before the full-text index, whose stemmer knows endings but neither "went" for "go" nor "mum" for "mother". The
groups are common ones, taken from no list of questions.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

_IRREGULAR: Final = """
become became; begin began begun; bite bit bitten; blow blew blown; break broke broken; bring brought; build built;
buy bought; catch caught; choose chose chosen choice; come came; deal dealt; dig dug; draw drew drawn; dream dreamt;
drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found;
fly flew flown flight; forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; give gave given;
go went gone; grow grew grown growth; hang hung; hear heard; hide hid hidden; hold held; keep kept;
know knew known knowledge; lead led; leave left; lend lent; lose lost loss; make made; mean meant; meet met; pay paid;
ride rode ridden; ring rang rung; rise rose risen; run ran; see saw seen; sell sold sale; send sent;
shake shook shaken; shoot shot; show shown; shrink shrank; sing sang sung song; sink sank; sit sat; sleep slept;
speak spoke spoken speech; spend spent; stand stood; steal stole stolen; stick stuck; strike struck;
swear swore sworn; swim swam swum;
take took taken; teach taught; tear tore torn; think thought; throw threw thrown; understand understood;
wake woke woken; wear wore worn; win won; write wrote written; child children; foot feet; tooth teeth; man men;
woman women; person people; wife wives; life lives
"""
_NEARLY_THE_SAME: Final = """
kid child children; mom mother mum mommy; dad father daddy; grandma grandmother granny; grandpa grandfather;
wife husband spouse; movie film; picture photo pic photograph; job work career; car vehicle auto; house home;
dog puppy pup doggy; cat kitty kitten; gf girlfriend; bf boyfriend; vacation holiday trip travel; begin start;
assist help; ill sick; kid son daughter; friend buddy pal; bike bicycle cycle; tv television; phone telephone;
doctor physician; shop store; big large; gift present; happy glad; scared afraid; country nation; city town;
purchase buy bought; receive get; attend go join went; marry marriage wedding; die death dead; injury injure hurt;
education educate study school; cook recipe; decide decision; adopt adoption; inspire inspiration; donate donation;
create creation; success succeed; compete competition contest; perform performance; celebrate celebration;
explore exploration; retire retirement; promote promotion; relax relaxation; meditate meditation;
graduate graduation; invite invitation; move relocate; hobby interest activity; exercise workout; pet animal;
company business firm; money financial finance; family fam; birthday bday;
recommend recommendation suggest suggestion; advise advice; prefer favorite favourite; like love enjoy;
meal dinner lunch food
"""


def variants(word: str) -> tuple[str, ...]:
    """The variants of a word, or of what would be its singular, in alphabetic order."""
    known = _groups()
    return tuple(sorted((known.get(word, frozenset()) | known.get(_singular(word), frozenset())) - {word}))


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for group in _lines():
        for word in group:
            known.setdefault(word, set()).update(group)
    return MappingProxyType({word: frozenset(group - {word}) for word, group in known.items()})


def _lines() -> Iterator[list[str]]:
    return (line.split() for line in f"{_IRREGULAR};{_NEARLY_THE_SAME}".split(";"))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s")
