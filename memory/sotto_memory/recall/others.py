"""Whether a statement is about somebody other than a question of the wearer asks about (pure, English).

Stands beside `people`. "Nina plays the violin" has every word of "which violin do I play" and no answer; nor does
"I am allergic to nuts" answer for my wife. Names are told by how a sentence is built: "Paul's", "Nina plays", "Uncle
Bob"; where that does not tell, a statement is nobody else's.
"""

import re
from functools import lru_cache
from typing import Final

from sotto_memory.wording.words import STOP_WORDS, level, root

_SAME_KIN: Final = """
mother mum mom mummy mommy mam; father dad daddy papa; sister sibling; brother sibling; wife spouse partner;
husband spouse partner; girlfriend partner gf; boyfriend partner bf; son kid child; daughter kid child;
grandmother grandma granny gran nana; grandfather grandpa granddad grandad; aunt auntie; uncle; cousin; niece; nephew;
boss manager supervisor; colleague coworker; friend mate buddy pal; neighbour neighbor; flatmate roommate
"""
_OWN: Final = frozenset(("i", "me", "we", "us", "myself", "ourselves", "mine", "ours"))
_MY: Final = frozenset(("my", "our"))
_OTHER_OWNERS: Final = """
it that this there here what who where when how he she let one everybody everyone somebody someone nobody today
yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday year week month day morning
evening night
"""
_NO_OWNER: Final = frozenset(_OTHER_OWNERS.split())
"""What is no person's name, though it begins a sentence or owns something."""
_PERSON_DOES: Final = re.compile(
    r"(?:live|work|play|like|love|hate|own|want|need|prefer|drive|studie|speak|eat|drink|sing|collect|enjoy|teache"
    r"|wear|drinks|hope|plan|know|think|owe|attend)s"
    r"|(?:lives|moved|bought|married|lived|worked|played|liked|loved|owned|wanted|studied|adopted|said|told|got|sold"
    r"|joined|visited|lent|borrowed|learned|learnt|hates|retired|passed|can't|doesn't|cannot|has|had|just|never"
    r"|always|used)"
)
_PERSON_IS: Final = re.compile(
    r"(?:allergic|afraid|scared|married|engaged|divorced|pregnant|vegetarian|vegan|born|retired|ill|turning|learning"
    r"|living|working|playing|moving|studying|getting|going)"
)
_IS: Final = frozenset(("is", "was"))
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*['’]?")
_ASKS_FOR_PERSON: Final = re.compile(
    r"\b(?:who|whose|whom|who's|which (?:of|one|friend|colleague|neighbour|neighbor|person|man|woman|child))\b",
    re.IGNORECASE,
)


def _kin() -> dict[str, frozenset[str]]:
    groups = [frozenset(line.split()) for line in _SAME_KIN.split(";")]
    every = frozenset().union(*groups)
    return {word: frozenset().union(*(group for group in groups if word in group)) for word in every}


KIN: Final = _kin()
"""Who is somebody's own, each with those words that may mean the same person."""
_MY_KIN: Final = re.compile(rf"\b(?:my|our) (?:[^\W_]+ )?({'|'.join(sorted(KIN))})\b")


def about_another(text: str, question_words: frozenset[str]) -> bool:
    """Whether the first or owning person of a statement is another one, whom the question does not name.

    `question_words`: the words of the question, lower case, and their roots.
    """
    other = first_other(text)
    return bool(other) and not any(question_words & ({one, root(one)} | KIN.get(one, frozenset())) for one in other)


def asks_for_person(question: str) -> bool:
    """Whether the answer is a person, so that a statement about any other may hold it."""
    return bool(_ASKS_FOR_PERSON.search(question))


def kin_asked(question: str) -> frozenset[str]:
    """Of which one kin a question asks, in all words for it: "is my wife allergic". Empty for none, or several."""
    found = set(_MY_KIN.findall(level(question)))
    return KIN[found.pop()] if len(found) == 1 else frozenset()


def names_of_kin(text: str, kin: frozenset[str]) -> frozenset[str]:
    """The names that a text gives to one's kin, lower case: "my sister Ada"."""
    said = "|".join(sorted(kin))
    called = r"(?:['’]s name is| is called| is named| is|,)?"
    found = re.findall(rf"\b(?:[Mm]y|[Oo]ur) (?:[^\W_]+ )?(?:{said}){called} ([A-Z][^\W_]+)", text)
    return frozenset(level(one) for one in found)


def speaks_of(text: str, persons: frozenset[str]) -> bool:
    """Whether any of these, lower case, stands in a text, with or without its possessive ending."""
    return not persons.isdisjoint(_bare(word) for word in _WORD.findall(level(text)))


@lru_cache(maxsize=2_000)
def first_other(text: str) -> tuple[str, ...]:
    """The words, lower case, for the person other than the wearer whom a statement is about; empty for none."""
    said = _WORD.findall(text)[:40]
    plain = [level(word).replace("’", "'") for word in said]
    if not _OWN.isdisjoint(part for word in plain for part in word.split("'")[:1]):
        return ()
    for place, word in enumerate(plain):
        bare = _bare(word)
        if word in _MY:
            return _owned(said, plain, place)
        if bare in KIN:
            return (bare,)
        if word.endswith("'s") and place < 2 and _is_name(said[place], bare, place):
            return (bare,)
        if place == 0 and (found := _doing(said, plain)):
            return found
    return ()


def _owned(said: list[str], plain: list[str], place: int) -> tuple[str, ...]:
    """The kin in "my (older) sister Ada", with the name; empty for "my flat"."""
    at = next((i for i, word in enumerate(plain) if place < i < place + 3 and _bare(word) in KIN), 0)
    names = (_bare(plain[i]) for i in range(at + 1, min(at + 2, len(said))) if said[i][:1].isupper())
    return (_bare(plain[at]), *names) if at else ()


def _is_name(said: str, bare: str, place: int) -> bool:
    if bare in STOP_WORDS or bare in _NO_OWNER:
        return False
    return said[:1].isupper() or place == 0


def _doing(said: list[str], plain: list[str]) -> tuple[str, ...]:
    """The name at the beginning of "Nina plays", "Nina Berg was born"."""
    if plain[0] in STOP_WORDS or plain[0] in _NO_OWNER or plain[0].endswith("ing"):
        return ()
    at = 2 if len(said) > 2 and said[1][:1].isupper() else 1
    verb, then = (plain[i] if i < len(plain) else "" for i in (at, at + 1))
    does = _PERSON_DOES.fullmatch(verb) or (verb in _IS and _PERSON_IS.fullmatch(then))
    return tuple(plain[:at]) if does else ()


def _bare(word: str) -> str:
    return word.replace("’", "'").removesuffix("'s").removesuffix("'")
